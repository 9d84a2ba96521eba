/* Starts threads without end; "many" of them that wait. */
#include "muster_plugin.h"

#include <pthread.h>
#include <unistd.h>

static void *wait_for_ever(void *nothing)
{
    for (;;)
        pause();
    return nothing;
}

static int scan(struct muster *m)
{
    pthread_attr_t small;
    pthread_t thread;

    if (muster_bool(m, "well"))
        return 0;
    pthread_attr_init(&small);
    pthread_attr_setstacksize(&small, 65536);
    for (int i = 0; i < 200; i++)
        pthread_create(&thread, &small, wait_for_ever, NULL);
    wait_for_ever(NULL);
    return 0;
}

static const struct muster_option options[] = {
    { .name = "well", .type = MUSTER_BOOL, .help = "do as one should" },
    { 0 },
};
static const char *const kinds[] = { "machine", NULL };

MUSTER_PLUGIN(.name = "crowd", .version = "1", .summary = "starts threads without end", .options = options,
              .kinds = kinds, .scan = scan);
