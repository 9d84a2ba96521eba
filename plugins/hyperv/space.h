/* The two namespaces of Hyper-V, and what is asked in each: few and wide queries with named columns. */
#ifndef SPACE_H
#define SPACE_H

#include "windows.h"

#include <stddef.h>

struct space {
    const char *name;  /* in the words of hyperv.namespace */
    const char *path;  /* root/virtualization/v2 */
    const char *since; /* the version of Windows that it came with */
    const struct windows_section *service, *systems, *exchange;
    const struct windows_section *settings,
        *settings_2012;                     /* the latter: of Windows Server 2012, without generations */
    const struct windows_section *versions; /* of configurations, where settings do not tell them; NULL: they do */
    const struct windows_section *resources;
    const struct windows_section *shared; /* disks that several may write; NULL: there are none */
};

/* The newest first. NULL at the end. */
extern const struct space *const spaces[];

#endif
