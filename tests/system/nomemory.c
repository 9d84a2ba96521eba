/* Takes memory away from musterd, and from nothing that it starts: a library to be preloaded.
 *
 *     NOMEMORY_COUNT=FILE   writes into FILE how many allocations there were, when the process exits
 *     NOMEMORY_AT=N         the Nth allocation gets nothing
 *     NOMEMORY_LASTING=1    nor do those after it
 *
 * An allocation is a malloc, calloc, realloc or aligned allocation, by whichever library, from where the program and
 * its libraries are loaded. A process that musterd forks goes on counting for itself. */
#include <errno.h>
#include <malloc.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define SHOWN __attribute__((visibility("default")))

/* The C library's own, under the names that it keeps for those who replace the usual ones. */
void *__libc_malloc(size_t size);
void *__libc_calloc(size_t count, size_t size);
void *__libc_realloc(void *memory, size_t size);
void *__libc_memalign(size_t alignment, size_t size);

static atomic_ulong count;
static unsigned long at; /* 0: nothing fails */
static bool counts, lasts;
static pid_t own;

static unsigned long number_of(const char *variable)
{
    const char *text = getenv(variable);

    return text == NULL ? 0 : strtoul(text, NULL, 10);
}

__attribute__((constructor)) static void begin(void)
{
    if (strcmp(program_invocation_short_name, "musterd") != 0)
        return;
    own = getpid();
    at = number_of("NOMEMORY_AT");
    lasts = number_of("NOMEMORY_LASTING") != 0;
    counts = true;
}

__attribute__((destructor)) static void end(void)
{
    const char *path = getenv("NOMEMORY_COUNT");
    unsigned long total = count;
    FILE *file;

    if (!counts || path == NULL || getpid() != own)
        return;
    counts = false;
    file = fopen(path, "w");
    if (file == NULL)
        return;
    fprintf(file, "%lu\n", total);
    fclose(file);
}

static bool is_refused(void)
{
    unsigned long number;

    if (!counts)
        return false;
    number = atomic_fetch_add(&count, 1) + 1;
    if (at == 0 || number < at || (number > at && !lasts))
        return false;
    errno = ENOMEM;
    return true;
}

SHOWN void *malloc(size_t size)
{
    return is_refused() ? NULL : __libc_malloc(size);
}

SHOWN void *calloc(size_t number, size_t size)
{
    return is_refused() ? NULL : __libc_calloc(number, size);
}

SHOWN void *realloc(void *memory, size_t size)
{
    return is_refused() ? NULL : __libc_realloc(memory, size);
}

SHOWN void *memalign(size_t alignment, size_t size)
{
    return is_refused() ? NULL : __libc_memalign(alignment, size);
}

SHOWN void *aligned_alloc(size_t alignment, size_t size)
{
    return is_refused() ? NULL : __libc_memalign(alignment, size);
}

SHOWN int posix_memalign(void **memory, size_t alignment, size_t size)
{
    void *got = is_refused() ? NULL : __libc_memalign(alignment, size);

    if (got == NULL)
        return ENOMEM;
    *memory = got;
    return 0;
}
