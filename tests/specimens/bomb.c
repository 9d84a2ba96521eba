/* Forks as often as it can, and each of its processes too; 200 processes are enough to tell. */
#include "muster_plugin.h"

#include <stdatomic.h>
#include <sys/mman.h>
#include <unistd.h>

static int scan(struct muster *m)
{
    atomic_int *count = mmap(NULL, sizeof *count, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    pid_t scan = getpid();
    int forks;

    if (muster_bool(m, "well"))
        return 0;
    for (int i = 0; i < 200 && atomic_fetch_add(count, 1) < 200; i++) {
        if (fork() < 0)
            atomic_fetch_sub(count, 1);
        else if (atomic_load(count) % 3 == 0)
            setsid();
    }
    while (getpid() != scan)
        pause();
    forks = atomic_load(count);
    return muster_fail(m, MUSTER_UNSUPPORTED, "%d processes came of it", forks < 200 ? forks : 200);
}

static const struct muster_option options[] = {
    { .name = "well", .type = MUSTER_BOOL, .help = "do as one should" },
    { 0 },
};
static const char *const kinds[] = { "machine", NULL };

MUSTER_PLUGIN(.name = "bomb", .version = "1", .summary = "is a fork bomb", .options = options, .kinds = kinds,
              .scan = scan);
