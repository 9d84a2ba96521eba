/* usage: vim_dump [--keep]
 * Replies on standard input, each as a line with its size and the size of the parts to feed it in (0: all in one),
 * followed by its bytes. For each: the lines of dump.h, and an empty line; the reasons of refusals on standard error.
 * --keep passes over each element within a value whose name starts with a letter behind m. */
#include "dump.h"
#include "mem.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MAX_REPLY ((size_t)1 << 30)

static bool keeps_half(const char *name, const char *type)
{
    (void)type;
    return name[0] <= 'm';
}

static size_t same_size(void *context)
{
    return *(size_t *)context;
}

/* False at the end of the input, or where it is none of the form above. */
static bool read_reply(char **bytes, size_t *size, size_t *part)
{
    if (scanf("%zu %zu", size, part) != 2 || getchar() != '\n' || *size > MAX_REPLY)
        return false;
    *bytes = mem_new(*size + 1, 1);
    return fread(*bytes, 1, *size, stdin) == *size;
}

static void dump(const char *bytes, size_t size, size_t part, bool (*keep)(const char *name, const char *type))
{
    struct dump_parts parts = { .next = same_size, .context = &part };
    struct str out = STR_EMPTY;
    struct err err = ERR_EMPTY;

    if (!dump_reply(&out, bytes, size, part == 0 ? NULL : &parts, keep, &err))
        fprintf(stderr, "%s\n", err.text);
    printf("%s\n", str_text(&out));
    fflush(stdout);
    str_finish(&out);
}

int main(int argc, char **argv)
{
    bool keep = argc == 2 && strcmp(argv[1], "--keep") == 0;
    char *bytes = NULL;
    size_t size, part;

    if (argc > 2 || (argc == 2 && !keep)) {
        fprintf(stderr, "usage: vim_dump [--keep]\n");
        return 2;
    }
    while (read_reply(&bytes, &size, &part)) {
        dump(bytes, size, part, keep ? keeps_half : NULL);
        free(bytes);
        bytes = NULL;
    }
    free(bytes);
    return 0;
}
