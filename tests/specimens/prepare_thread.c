/* Leaves a thread behind. */
#include "muster_plugin.h"

#include <pthread.h>
#include <unistd.h>

static void *wait_for_ever(void *nothing)
{
    while (pause() < 0)
        ;
    return nothing;
}

static int prepare(struct muster_error *error)
{
    pthread_t thread;

    (void)error;
    return pthread_create(&thread, NULL, wait_for_ever, NULL);
}

static int scan(struct muster *m)
{
    (void)m;
    return 0;
}

static const char *const kinds[] = { "machine", NULL };

MUSTER_PLUGIN(.name = "prepare_thread", .version = "1", .summary = "leaves a thread behind", .kinds = kinds,
              .scan = scan, .prepare = prepare);
