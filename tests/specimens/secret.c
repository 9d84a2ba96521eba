/* Looks for its secret where others could see it. */
#include "muster_plugin.h"

#include <stdio.h>
#include <string.h>

static const char *const places[] = { "/proc/self/cmdline", "/proc/self/environ" };

static int scan(struct muster *m)
{
    static char bytes[1 << 16];
    const char *secret = muster_secret(m, "password", NULL);

    if (muster_bool(m, "well"))
        return 0;
    for (size_t i = 0; i < sizeof places / sizeof places[0]; i++) {
        FILE *file = fopen(places[i], "r");
        size_t size;

        /* What the process itself may not read, no other of its user may. */
        if (file == NULL && i > 0)
            continue;
        size = file == NULL ? 0 : fread(bytes, 1, sizeof bytes, file);
        if (size == 0)
            return muster_fail(m, MUSTER_BUG, "%s cannot be read", places[i]);
        if (memmem(bytes, size, secret, strlen(secret)) != NULL)
            return muster_fail(m, MUSTER_BUG, "the secret is in %s", places[i]);
        fclose(file);
    }
    return 0;
}

static const struct muster_option options[] = {
    { .name = "well", .type = MUSTER_BOOL, .help = "do as one should" },
    { .name = "password", .type = MUSTER_SECRET, .fallback = NULL, .help = "the secret" },
    { 0 },
};
static const char *const kinds[] = { "machine", NULL };

MUSTER_PLUGIN(.name = "secret", .version = "1", .summary = "looks for its secret", .options = options, .kinds = kinds,
              .scan = scan);
