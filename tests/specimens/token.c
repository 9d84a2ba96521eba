/* Keeps a token from scan to scan, and gives it back. */
#include "muster_plugin.h"

#include <string.h>

static int scan(struct muster *m)
{
    struct muster_item *item = muster_item(m, "machine", "host");
    size_t size;
    const char *token = muster_token(m, &size);

    muster_set(item, "note", token == NULL ? "no token" : token);
    muster_emit(item);
    muster_keep_token(m, "old", 4);
    muster_keep_token(m, "session-2", strlen("session-2") + 1);
    return 0;
}

static int release(struct muster *m)
{
    size_t size;
    const char *token = muster_token(m, &size);

    return muster_fail(m, MUSTER_UNREACHABLE, "%s is gone already", token == NULL ? "nothing" : token);
}

static const char *const kinds[] = { "machine", NULL };

MUSTER_PLUGIN(.name = "token", .version = "1", .summary = "keeps a token", .kinds = kinds, .scan = scan,
              .release = release);
