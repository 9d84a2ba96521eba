/* Starts a thread while it is loaded, as some libraries for numbers do. */
#include "muster_plugin.h"

#include <pthread.h>
#include <unistd.h>

static void *wait_for_ever(void *nothing)
{
    while (pause() < 0)
        ;
    return nothing;
}

static __attribute__((constructor)) void start(void)
{
    pthread_t thread;

    pthread_create(&thread, NULL, wait_for_ever, NULL);
}

static int scan(struct muster *m)
{
    return m == NULL ? -1 : 0;
}

static const char *const kinds[] = { "machine", NULL };

MUSTER_PLUGIN(.name = "load_thread", .version = "1", .summary = "starts a thread while it is loaded", .kinds = kinds,
              .scan = scan);
