/* Of which type a data source is. DPMDB tells it by a GUID (AppId), of which few are published; the rest follows from
 * how data sources of a type are named. Pure. */
#ifndef SOURCE_TYPE_H
#define SOURCE_TYPE_H

#include "holdings.h"

#include <stdbool.h>

enum source_type_of {
    TYPE_UNKNOWN,
    TYPE_FILES,
    TYPE_SYSTEM,
    TYPE_SQL,
    TYPE_EXCHANGE,
    TYPE_SHAREPOINT,
    TYPE_HYPERV,
    TYPE_VMWARE
};

struct source_type {
    enum source_type_of of;
    const char *word; /* protected.type; NULL where it is not known */
    bool inferred;    /* no document says so */
};

/* Never NULL. */
const struct source_type *source_type_find(const struct holdings_source *source);

#endif
