#include "names.h"

#include "ssrp.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

enum { NETBIOS_MAX = 15, LABEL_MAX = 63 };

static char *turned(struct arena *arena, const char *text, size_t size, int (*turn)(int))
{
    char *copy = arena_bytes(arena, text, size);

    for (char *at = copy; *at != '\0'; at++)
        *at = (char)turn((unsigned char)*at);
    return copy;
}

const char *names_host(struct arena *arena, const char *host)
{
    size_t size = strlen(host);

    if (size > 1 && host[size - 1] == '.')
        size--;
    return turned(arena, host, size, tolower);
}

static bool is_address(const char *host)
{
    return strchr(host, ':') != NULL || strspn(host, "0123456789.") == strlen(host);
}

bool names_is_full(const char *host)
{
    const char *dot = strchr(host, '.');

    return dot != NULL && dot != host && dot[1] != '\0' && !is_address(host);
}

const char *names_short(struct arena *arena, const char *host)
{
    size_t size = strcspn(host, ".");

    if (is_address(host))
        return arena_text(arena, host);
    return turned(arena, host, size > NETBIOS_MAX ? NETBIOS_MAX : size, toupper);
}

bool names_is_label(const char *text)
{
    size_t size = strlen(text);

    for (size_t i = 0; i < size; i++) {
        if (!isalnum((unsigned char)text[i]) && text[i] != '-' && text[i] != '_')
            return false;
    }
    return size >= 1 && size <= LABEL_MAX;
}

const char *names_beside(struct arena *arena, const char *host, const char *other)
{
    if (!names_is_full(host) || other == NULL || !names_is_label(other))
        return NULL;
    return arena_format(arena, "%s%s", turned(arena, other, strlen(other), tolower), strchr(host, '.'));
}

bool names_agree(const char *host, const char *netbios)
{
    size_t label = strcspn(host, "."), size = strlen(netbios);

    if (label > NETBIOS_MAX && size == NETBIOS_MAX)
        label = NETBIOS_MAX;
    return label == size && strncasecmp(host, netbios, size) == 0;
}

bool names_is_instance(const char *name)
{
    size_t size = strlen(name);

    for (size_t i = 0; i < size; i++) {
        if (iscntrl((unsigned char)name[i]) || name[i] == '\\' || name[i] == '/')
            return false;
    }
    return size >= 1 && size <= 255;
}

const char *names_show(struct arena *arena, const char *host, const char *instance)
{
    const char *computer = names_short(arena, host);

    return strcasecmp(instance, SSRP_DEFAULT) == 0 ? computer : arena_format(arena, "%s\\%s", computer, instance);
}
