/* Of which type a data source is. DPMDB tells it by a GUID (AppId), of which few are published; the rest follows from
 * how data sources of a type are named. Pure. */
#ifndef KIND_H
#define KIND_H

#include "holdings.h"

#include <stdbool.h>

enum kind_of {
    KIND_UNKNOWN,
    KIND_FILES,
    KIND_SYSTEM,
    KIND_SQL,
    KIND_EXCHANGE,
    KIND_SHAREPOINT,
    KIND_HYPERV,
    KIND_VMWARE
};

struct kind {
    enum kind_of of;
    const char *word; /* protected.type; NULL where it is not known */
    bool inferred;    /* no document says so */
};

/* Never NULL. */
const struct kind *kind_find(const struct holdings_source *source);

#endif
