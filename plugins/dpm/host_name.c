#include "host_name.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

/* Letters beyond ASCII as a server may give them. */
bool host_name_is(const char *name)
{
    size_t length = strnlen(name, HOST_NAME_MAX_BYTES + 1);

    for (size_t i = 0; i < length; i++) {
        if (!isalnum((unsigned char)name[i]) && strchr("-_.", name[i]) == NULL && (unsigned char)name[i] < 0x80)
            return false;
    }
    return length > 0 && length <= HOST_NAME_MAX_BYTES && name[0] != '.';
}

const char *host_name_lower(struct arena *arena, const char *name)
{
    size_t length = strlen(name);
    char *copy = arena_text(arena, name);

    if (length > 1 && copy[length - 1] == '.')
        copy[length - 1] = '\0';
    for (char *at = copy; *at != '\0'; at++)
        *at = (char)tolower((unsigned char)*at);
    return copy;
}

bool host_name_is_short_of(const char *name, size_t length, const char *full)
{
    return strcspn(full, ".") == length && strncasecmp(name, full, length) == 0;
}
