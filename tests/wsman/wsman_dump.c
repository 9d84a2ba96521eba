/* usage: wsman_dump
 * Replies on standard input, each as a line with its size and the size of the parts to feed it in (0: all in one),
 * followed by its bytes. For each: the lines of reply_dump.h, and an empty line; the reasons of refusals on standard
 * error.
 */
#include "mem.h"
#include "reply_dump.h"

#include <stdio.h>
#include <stdlib.h>

#define MAX_REPLY ((size_t)1 << 30)

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

static void dump(const char *bytes, size_t size, size_t part)
{
    struct reply_parts parts = { .next = same_size, .context = &part };
    struct str out = STR_EMPTY;
    struct err err = ERR_EMPTY;

    if (!reply_dump(&out, bytes, size, part == 0 ? NULL : &parts, &err))
        fprintf(stderr, "%s\n", err.text);
    printf("%s\n", str_text(&out));
    fflush(stdout);
    str_finish(&out);
}

int main(void)
{
    char *bytes = NULL;
    size_t size, part;

    while (read_reply(&bytes, &size, &part)) {
        dump(bytes, size, part);
        free(bytes);
        bytes = NULL;
    }
    free(bytes);
    return 0;
}
