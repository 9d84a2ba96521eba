#include "probe.h"

#include "clock.h"

#include <errno.h>
#include <netdb.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* ------------------------------------------------------------------------------------------------- address ---- */

/* size bytes as a text; false where there are none or too many. */
static bool copy(char *to, size_t room, const char *from, size_t size)
{
    if (size == 0 || size >= room)
        return false;
    memcpy(to, from, size);
    to[size] = '\0';
    return true;
}

bool probe_read(struct probe *probe, const char *url, const char *default_port)
{
    const char *scheme = strstr(url, "://"), *host = scheme == NULL ? url : scheme + 3, *end, *port;

    if (host[0] == '[') {
        host++;
        end = host + strcspn(host, "]/");
        port = end[0] == ']' ? end + 1 : end;
    } else {
        end = host + strcspn(host, ":/?#");
        port = end;
    }
    if (port[0] == ':')
        port++;
    else
        port = default_port;
    return copy(probe->host, sizeof probe->host, host, (size_t)(end - host)) &&
           copy(probe->port, sizeof probe->port, port, strspn(port, "0123456789"));
}

static bool resolve(const struct probe *probe, struct addrinfo **found, struct err *err)
{
    const struct addrinfo wanted = { .ai_socktype = SOCK_STREAM, .ai_flags = AI_ADDRCONFIG };
    int code = getaddrinfo(probe->host, probe->port, &wanted, found);

    if (code == 0)
        return true;
    return err_set(err, ERR_UNREACHABLE, "%s has no address: %s", probe->host,
                   code == EAI_SYSTEM ? strerror(errno) : gai_strerror(code));
}

static void add_address(struct str *out, const struct addrinfo *address)
{
    char text[64];

    if (getnameinfo(address->ai_addr, address->ai_addrlen, text, sizeof text, NULL, 0, NI_NUMERICHOST) != 0)
        return;
    if (out->length > 0)
        str_add_char(out, ' ');
    str_add(out, text);
}

bool probe_name(const struct probe *probe, struct str *addresses, struct err *err)
{
    struct addrinfo *found;

    if (!resolve(probe, &found, err))
        return false;
    for (const struct addrinfo *at = found; at != NULL; at = at->ai_next)
        add_address(addresses, at);
    freeaddrinfo(found);
    return true;
}

bool probe_reverse(const struct probe *probe, struct str *name, struct err *err)
{
    struct addrinfo *found;
    char text[NI_MAXHOST];
    int code;

    if (!resolve(probe, &found, err))
        return false;
    code = getnameinfo(found->ai_addr, found->ai_addrlen, text, sizeof text, NULL, 0, NI_NAMEREQD);
    freeaddrinfo(found);
    if (code != 0)
        return err_set(err, ERR_UNREACHABLE, "the address of %s has no name: %s", probe->host,
                       code == EAI_SYSTEM ? strerror(errno) : gai_strerror(code));
    str_add(name, text);
    return true;
}

/* --------------------------------------------------------------------------------------------------- route ---- */

/* 0, or the errno of what went wrong. */
static int await(int descriptor, int64_t until_ms)
{
    struct pollfd waiting = { .fd = descriptor, .events = POLLOUT };
    int64_t left = until_ms - clock_mono_ms(&clock_system);
    socklen_t size = sizeof(int);
    int code = 0;

    if (left <= 0 || poll(&waiting, 1, left > INT32_MAX ? INT32_MAX : (int)left) == 0)
        return ETIMEDOUT;
    return getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &code, &size) == 0 ? code : errno;
}

static int try_address(const struct addrinfo *address, int64_t until_ms)
{
    int descriptor = socket(address->ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0), code = 0;

    if (descriptor < 0)
        return errno;
    if (connect(descriptor, address->ai_addr, address->ai_addrlen) != 0)
        code = errno == EINPROGRESS ? await(descriptor, until_ms) : errno;
    close(descriptor);
    return code;
}

bool probe_route(const struct probe *probe, int64_t left_ms, struct str *address, struct err *err)
{
    int64_t now = clock_mono_ms(&clock_system), until = left_ms > INT64_MAX - now ? INT64_MAX : now + left_ms;
    const struct addrinfo *at;
    struct addrinfo *found;
    int code = 0;

    if (!resolve(probe, &found, err))
        return false;
    for (at = found; at != NULL && (code = try_address(at, until)) != 0; at = at->ai_next)
        ;
    if (at != NULL)
        add_address(address, at);
    freeaddrinfo(found);
    return code == 0 || err_set(err, code == ETIMEDOUT ? ERR_TIMEOUT : ERR_UNREACHABLE, "port %s of %s: %s",
                                probe->port, probe->host, strerror(code));
}
