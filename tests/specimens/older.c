/* Was built when the table ended with scan. Behind its table there is no memory. */
#include "muster_plugin.h"

#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

static int scan(struct muster *m)
{
    return muster_bool(m, "well") ? 0 : muster_fail(m, MUSTER_DENIED, "it is as bad as ever");
}

static const struct muster_option options[] = {
    { .name = "well", .type = MUSTER_BOOL, .help = "do as one should" },
    { 0 },
};
static const char *const kinds[] = { "machine", NULL };

static const struct muster_plugin plugin = {
    .abi = MUSTER_ABI,
    .size = offsetof(struct muster_plugin, doctor),
    .option_size = sizeof(struct muster_option),
    .name = "older",
    .version = "1",
    .summary = "has a shorter table than today's",
    .options = options,
    .kinds = kinds,
    .scan = scan,
};

MUSTER_EXPORT const struct muster_plugin *muster_plugin_entry(void)
{
    size_t page = (size_t)sysconf(_SC_PAGESIZE);
    char *pages = mmap(NULL, 2 * page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

    if (pages == MAP_FAILED || mprotect(pages + page, page, PROT_NONE) != 0)
        return NULL;
    return memcpy(pages + page - plugin.size, &plugin, plugin.size);
}
