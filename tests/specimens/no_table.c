/* Has the symbol of a plugin, and no table behind it. */
#include "muster_plugin.h"

MUSTER_EXPORT const struct muster_plugin *muster_plugin_entry(void)
{
    return NULL;
}
