#include "old_tls.h"

#include <stddef.h>
#include <string.h>

bool old_tls_is(const char *version)
{
#define ELEMENT(name) name,
    static const char *const old[] = { OLD_TLS_EACH(ELEMENT) };
#undef ELEMENT

    for (size_t i = 0; i < sizeof old / sizeof *old; i++) {
        if (strcmp(version, old[i]) == 0)
            return true;
    }
    return false;
}
