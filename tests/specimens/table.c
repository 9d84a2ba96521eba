/* A table of which one member is not as it should be: CMakeLists.txt compiles it once for each, and defines which. */
#include "muster_plugin.h"

#include <stddef.h>

#ifndef ABI
#define ABI MUSTER_ABI
#endif
#ifndef SIZE
#define SIZE sizeof(struct muster_plugin)
#endif
#ifndef OPTION_SIZE
#define OPTION_SIZE sizeof(struct muster_option)
#endif
#ifndef NAME
#define NAME "table"
#endif
#ifndef VERSION
#define VERSION "1"
#endif
#ifndef SUMMARY
#define SUMMARY "has a table with one defect"
#endif
#ifndef KINDS
#define KINDS kinds
#endif
#ifndef SCAN
#define SCAN scan
#endif

__attribute__((unused)) static int scan(struct muster *m)
{
    (void)m;
    return 0;
}

__attribute__((unused)) static const char *const kinds[] = { "machine", NULL };
__attribute__((unused)) static const char *const odd_kinds[] = { "machine", "Virtual Machine", NULL };
__attribute__((unused)) static const char *const endless_kinds[] = { [0 ... 99] = "machine" };

MUSTER_EXPORT const struct muster_plugin *muster_plugin_entry(void)
{
    static const struct muster_plugin plugin = {
        .abi = ABI,
        .size = SIZE,
        .option_size = OPTION_SIZE,
        .name = NAME,
        .version = VERSION,
        .summary = SUMMARY,
        .kinds = KINDS,
        .scan = SCAN,
    };

    return &plugin;
}
