/* Works with threads, as it may. */
#include "muster_plugin.h"

#include <pthread.h>

static int parts[4];

static void *work(void *part)
{
    *(int *)part = 10;
    return NULL;
}

static int scan(struct muster *m)
{
    pthread_t threads[4];
    struct muster_item *item;
    int sum = 0;

    if (muster_bool(m, "well"))
        return 0;
    for (int i = 0; i < 4; i++) {
        if (pthread_create(&threads[i], NULL, work, &parts[i]) != 0)
            return muster_fail(m, MUSTER_UNSUPPORTED, "no thread can be started");
    }
    for (int i = 0; i < 4; i++) {
        pthread_join(threads[i], NULL);
        sum += parts[i];
    }
    item = muster_item(m, "machine", "host");
    muster_set(item, "note", muster_fmt(m, "the sum is %d", sum));
    return muster_emit(item);
}

static const struct muster_option options[] = {
    { .name = "well", .type = MUSTER_BOOL, .help = "do as one should" },
    { 0 },
};
static const char *const kinds[] = { "machine", NULL };

MUSTER_PLUGIN(.name = "threads", .version = "1", .summary = "works with threads", .options = options, .kinds = kinds,
              .scan = scan);
