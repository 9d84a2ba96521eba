#include "target_name.h"

#include "pattern.h"

#include <string.h>

/* The entry's own name may have slashes, too. */
bool target_name_fits(const char *pattern, const char *name)
{
    const char *slash = strrchr(name, '/');

    return pattern_fits(pattern, name) || (slash != NULL && pattern_fits_bytes(pattern, name, (size_t)(slash - name)));
}
