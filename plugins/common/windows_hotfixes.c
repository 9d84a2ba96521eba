#include "windows_hotfixes.h"

#include <string.h>
#include <strings.h>

/* Servers of old list files, too, by GUIDs or as "File 1": they are no updates. */
static void take(struct windows *windows, const struct cim_instance *instance)
{
    const char *number = cim_text(instance, "HotFixID");

    if (number != NULL && strncasecmp(number, "KB", 2) == 0 && number[2] != '\0' &&
        strspn(number + 2, "0123456789") == strlen(number + 2))
        windows_name(windows, arena_format(&windows->arena, "KB%s", number + 2));
}

static void finish(struct windows *windows)
{
    facts_set(&windows->computer, "os.hotfixes", windows->names.items, windows->names.count);
}

static const struct windows_query queries[] = {
    { "root/cimv2", "SELECT HotFixID FROM Win32_QuickFixEngineering", take },
};

const struct windows_section windows_hotfixes = {
    .name = "installed updates",
    .queries = queries,
    .query_count = 1,
    .finish = finish,
    .unread = { "os.hotfixes" },
};
