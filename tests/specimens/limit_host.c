/* Lowers a limit of its plugin host, by an address whose lower half is zero. */
#include "muster_plugin.h"

#include <errno.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

static int scan(struct muster *m)
{
    void *address = (void *)(uintptr_t)UINT64_C(0x200000000000);
    struct rlimit *limit =
        mmap(address, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0);

    if (muster_bool(m, "well"))
        return 0;
    if (limit != address)
        return muster_fail(m, MUSTER_BUG, "mmap: %s", strerror(errno));
    getrlimit(RLIMIT_CORE, limit);
    if (prlimit(getppid(), RLIMIT_CORE, limit, NULL) == 0)
        return 0;
    return muster_fail(m, MUSTER_UNSUPPORTED, "prlimit: %s", strerror(errno));
}

static const struct muster_option options[] = {
    { .name = "well", .type = MUSTER_BOOL, .help = "do as one should" },
    { 0 },
};
static const char *const kinds[] = { "machine", NULL };

MUSTER_PLUGIN(.name = "limit_host", .version = "1", .summary = "lowers a limit of its host", .options = options,
              .kinds = kinds, .scan = scan);
