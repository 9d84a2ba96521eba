#include "sql_browser.h"

#include "mem.h"

#include <errno.h>
#include <inttypes.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static socklen_t size_of(const struct sockaddr_storage *address)
{
    return address->ss_family == AF_INET6 ? sizeof(struct sockaddr_in6) : sizeof(struct sockaddr_in);
}

static in_port_t port_of(const struct sockaddr_storage *address)
{
    struct sockaddr_in four;
    struct sockaddr_in6 six;

    memcpy(&four, address, sizeof four);
    memcpy(&six, address, sizeof six);
    return address->ss_family == AF_INET6 ? six.sin6_port : four.sin_port;
}

static void give_up(struct sql_browser *browser, enum err_class class, const char *why)
{
    browser->state = SQL_BROWSER_SILENT;
    if (browser->why.class == ERR_NONE)
        err_set(&browser->why, class, "SQL Server Browser of %s (UDP %d): %s", browser->host, SSRP_PORT, why);
}

static void send_request(struct sql_browser *browser)
{
    if (sendto(browser->descriptor, ssrp_request, sizeof ssrp_request, MSG_NOSIGNAL,
               (const struct sockaddr *)&browser->address, size_of(&browser->address)) < 0 &&
        errno != EAGAIN && errno != EINTR)
        give_up(browser, ERR_UNREACHABLE, strerror(errno));
}

/* The socket is not connected: a cluster answers from another address. So the kernel has to be asked to tell that
 * nobody listens. */
static bool open_socket(struct sql_browser *browser)
{
    bool six = browser->address.ss_family == AF_INET6;
    int yes = 1;

    browser->descriptor = socket(browser->address.ss_family, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    return browser->descriptor >= 0 && setsockopt(browser->descriptor, six ? IPPROTO_IPV6 : IPPROTO_IP,
                                                  six ? IPV6_RECVERR : IP_RECVERR, &yes, sizeof yes) == 0;
}

void sql_browser_ask(struct sql_browser *browser, const char *host, const struct sockaddr_storage *address, int64_t ms,
                     int64_t now_ms)
{
    memset(browser, 0, sizeof *browser);
    browser->host = host;
    browser->address = *address;
    if (address->ss_family == AF_INET6)
        ((struct sockaddr_in6 *)&browser->address)->sin6_port = htons(SSRP_PORT);
    else
        ((struct sockaddr_in *)&browser->address)->sin_port = htons(SSRP_PORT);
    browser->until_ms = ms > INT64_MAX - now_ms ? INT64_MAX : now_ms + ms;
    browser->again_ms = browser->until_ms - ms / 2;
    if (open_socket(browser))
        send_request(browser);
    else
        give_up(browser, ERR_SYSTEM, strerror(errno));
}

/* -------------------------------------------------------------------------------------------------- answers ---- */

static void refuse(struct sql_browser *browser, const struct err *why)
{
    browser->why = *why;
    err_add(&browser->why, "SQL Server Browser of %s (UDP %d)", browser->host, SSRP_PORT);
    if (browser->seen == SQL_BROWSER_MAX)
        browser->state = SQL_BROWSER_SILENT;
}

/* False: there is no more. */
static bool take(struct sql_browser *browser, unsigned char *bytes, struct ssrp_reply *reply)
{
    struct sockaddr_storage from = { 0 };
    socklen_t from_size = sizeof from;
    ssize_t size = recvfrom(browser->descriptor, bytes, SSRP_MAX_REPLY, 0, (struct sockaddr *)&from, &from_size);
    struct err err = ERR_EMPTY;

    if (size < 0 && (errno == EAGAIN || errno == EINTR))
        return false;
    if (size < 0) {
        give_up(browser, ERR_UNREACHABLE, strerror(errno));
        return false;
    }
    browser->seen++;
    if (port_of(&from) != port_of(&browser->address))
        err_set(&err, ERR_PROTOCOL, "an answer came from another port, %d", ntohs(port_of(&from)));
    else if (ssrp_read(reply, bytes, (size_t)size, &err))
        browser->state = SQL_BROWSER_ANSWERED;
    if (browser->state == SQL_BROWSER_WAITS)
        refuse(browser, &err);
    return browser->state == SQL_BROWSER_WAITS;
}

void sql_browser_move(struct sql_browser *browser, struct ssrp_reply *reply, int64_t now_ms)
{
    unsigned char *bytes;

    if (browser->state != SQL_BROWSER_WAITS)
        return;
    bytes = mem_new(SSRP_MAX_REPLY, 1);
    while (take(browser, bytes, reply))
        ;
    free(bytes);
    if (browser->state != SQL_BROWSER_WAITS)
        return;
    if (now_ms >= browser->until_ms) {
        give_up(browser, ERR_TIMEOUT, "no answer in time");
    } else if (now_ms >= browser->again_ms && !browser->asked_again) {
        browser->asked_again = true;
        send_request(browser);
    }
}

int64_t sql_browser_next_ms(const struct sql_browser *browser)
{
    if (browser->state != SQL_BROWSER_WAITS)
        return INT64_MAX;
    return browser->asked_again ? browser->until_ms : browser->again_ms;
}

void sql_browser_finish(struct sql_browser *browser)
{
    if (browser->host != NULL && browser->descriptor >= 0)
        close(browser->descriptor);
    browser->host = NULL;
}
