#include "sql_scout.h"

#include "clock.h"
#include "mem.h"
#include "sql_browser.h"
#include "sql_port.h"
#include "text.h"

#include <errno.h>
#include <netdb.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define MAX_ADDRESSES 4 /* of a name, that are tried one after the other */

struct way {
    struct sql_port *port; /* NULL: nothing is to be looked at there, or nothing any more */
    int64_t begun_ms, until_ms;
};

/* One computer at one address. ways[i] is to scout->instances[i]; the port that nobody named comes first. */
struct look {
    const struct sql_scout_settings *settings;
    struct sql_scout *scout;
    struct sockaddr_storage address;
    struct sql_browser browser; /* host NULL: it is not asked */
    struct way ways[SQL_SCOUT_MAX];
    int64_t end_ms; /* of everything */
    bool unnamed;   /* instances[0] is at a port that nobody named, so far */
};

static const struct tds_channel_settings anybody = { .strict = true };

static int64_t now(void)
{
    return clock_mono_ms(&clock_system);
}

static int64_t later(int64_t now_ms, int64_t ms)
{
    return ms > INT64_MAX - now_ms ? INT64_MAX : now_ms + ms;
}

static int64_t least(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

/* ---------------------------------------------------------------------------------------------------- ports ---- */

static void start(struct look *look, size_t index, const struct tds_channel_settings *tls)
{
    const struct sql_port_wish wish = {
        .host = look->settings->host, .address = look->address, .port = look->scout->instances[index].port, .tls = tls
    };

    sql_port_start(look->ways[index].port, &wish);
}

static void add_port(struct look *look, size_t index, int port)
{
    struct way *way = &look->ways[index];

    look->scout->instances[index].port = port;
    way->port = mem_new(1, sizeof *way->port);
    way->begun_ms = now();
    way->until_ms = least(later(way->begun_ms, look->settings->port_ms), look->end_ms);
    start(look, index, NULL);
}

static void close_way(struct way *way)
{
    if (way->port != NULL)
        sql_port_finish(way->port);
    free(way->port);
    way->port = NULL;
}

/* Both tries in one sentence. */
static void tell_why(struct sql_scout_instance *instance, const struct sql_port *port)
{
    char first[ERR_TEXT_SIZE];

    if (port->wish.tls == NULL) {
        instance->why = port->why;
        return;
    }
    memcpy(first, instance->why.text, sizeof first);
    err_set(&instance->why, instance->why.class, "%s, and takes no TLS before it either: %s", first,
            port->why.text + port->lead);
}

/* Where it closes at PRELOGIN, whether it takes TLS before that; the time goes on. */
static void settle(struct look *look, size_t index)
{
    struct sql_scout_instance *instance = &look->scout->instances[index];
    struct sql_port *port = look->ways[index].port;

    if (port->good) {
        instance->seen = true;
        instance->strict = port->wish.tls != NULL;
        instance->prelogin = port->prelogin;
        if (instance->strict) /* within TLS it has no more of it */
            instance->prelogin.encryption = PRELOGIN_REQUIRED;
        instance->why = ERR_EMPTY;
    } else {
        tell_why(instance, port);
        if (port->closed && port->wish.tls == NULL) {
            sql_port_finish(port);
            start(look, index, &anybody);
            return;
        }
    }
    close_way(&look->ways[index]);
}

/* ----------------------------------------------------------------------------------------------- the browser ---- */

static bool is_wanted(const struct look *look, const char *name)
{
    return look->settings->instance == NULL || strcasecmp(look->settings->instance, name) == 0;
}

static void take_name(struct sql_scout_instance *instance, const struct ssrp_instance *told)
{
    memcpy(instance->name, told->name, sizeof instance->name);
    memcpy(instance->browser_version, told->version, sizeof instance->browser_version);
    instance->by_browser = true;
    instance->clustered = told->clustered;
}

static void take_told(struct look *look, const struct ssrp_instance *told)
{
    size_t index = look->scout->count;
    char quote[TEXT_QUOTE_SIZE];

    if (look->unnamed && told->port == look->scout->instances[0].port && look->scout->instances[0].name[0] == '\0') {
        take_name(&look->scout->instances[0], told);
        return;
    }
    look->scout->count++;
    take_name(&look->scout->instances[index], told);
    if (told->port != 0)
        add_port(look, index, told->port);
    else
        err_set(&look->scout->instances[index].why, ERR_UNREACHABLE,
                "SQL Server Browser of %s tells no TCP port of instance %s: enable TCP/IP in SQL Server Configuration "
                "Manager, and start the instance again",
                look->settings->host, text_quote(quote, told->name));
}

/* Whether the one instance that is wanted is at another port than the one that nobody named, or another is there. */
static bool is_needless(const struct look *look, const struct ssrp_reply *reply)
{
    for (size_t i = 0; look->settings->instance != NULL && i < reply->count; i++) {
        int port = reply->instances[i].port;

        if (is_wanted(look, reply->instances[i].name) ? port != 0 : port == SQL_SCOUT_PORT)
            return true;
    }
    return false;
}

/* What the browser does not name there, it hides: it is waited for no longer than for the browser itself. */
static void take_reply(struct look *look, const struct ssrp_reply *reply)
{
    bool needless = look->unnamed && is_needless(look, reply);

    look->scout->browser = true;
    look->scout->left_out = reply->left_out;
    for (size_t i = 0; i < reply->count; i++)
        if (is_wanted(look, reply->instances[i].name))
            take_told(look, &reply->instances[i]);
    if (!look->unnamed || look->scout->instances[0].by_browser)
        return;
    if (needless) {
        close_way(&look->ways[0]);
        look->scout->instances[0].seen = false;
    }
    look->ways[0].until_ms = least(look->ways[0].until_ms, later(now(), look->settings->browser_ms));
}

static void move_browser(struct look *look)
{
    struct ssrp_reply *reply;

    if (look->browser.state != SQL_BROWSER_WAITS || look->browser.host == NULL)
        return;
    reply = mem_new(1, sizeof *reply);
    sql_browser_move(&look->browser, reply, now());
    if (look->browser.state == SQL_BROWSER_ANSWERED)
        take_reply(look, reply);
    else if (look->browser.state == SQL_BROWSER_SILENT)
        look->scout->browser_why = look->browser.why;
    free(reply);
}

/* ------------------------------------------------------------------------------------------------ one address ---- */

static void move_way(struct look *look, size_t index, bool ready)
{
    struct way *way = &look->ways[index];

    if (way->port != NULL && ready)
        sql_port_move(way->port);
    if (way->port != NULL && now() >= way->until_ms)
        sql_port_expire(way->port, way->until_ms - way->begun_ms);
    while (way->port != NULL && way->port->over)
        settle(look, index);
}

/* What to poll for, and until when; how many that are. */
static size_t list(const struct look *look, struct pollfd *waiting, size_t *indices, int64_t *until_ms)
{
    size_t count = 0;

    *until_ms = look->end_ms;
    for (size_t i = 0; i < look->scout->count; i++) {
        const struct way *way = &look->ways[i];

        if (way->port == NULL)
            continue;
        waiting[count] = (struct pollfd){ .fd = way->port->descriptor, .events = way->port->events };
        indices[count++] = i;
        *until_ms = least(*until_ms, way->until_ms);
    }
    if (look->browser.host != NULL && look->browser.state == SQL_BROWSER_WAITS) {
        waiting[count] = (struct pollfd){ .fd = look->browser.descriptor, .events = POLLIN };
        indices[count++] = SQL_SCOUT_MAX;
        *until_ms = least(*until_ms, sql_browser_next_ms(&look->browser));
    }
    return count;
}

static int wait_ms(int64_t until_ms)
{
    int64_t left = until_ms - now();

    return left < 0 ? 0 : (int)least(left, INT32_MAX);
}

static void run(struct look *look)
{
    struct pollfd waiting[SQL_SCOUT_MAX + 1];
    size_t indices[SQL_SCOUT_MAX + 1], count;
    int64_t until_ms;

    for (size_t i = 0; i < look->scout->count; i++)
        move_way(look, i, false);
    move_browser(look);
    while ((count = list(look, waiting, indices, &until_ms)) > 0) {
        if (poll(waiting, (nfds_t)count, wait_ms(until_ms)) < 0)
            continue;
        for (size_t i = 0; i < count; i++)
            if (indices[i] < SQL_SCOUT_MAX)
                move_way(look, indices[i], waiting[i].revents != 0);
        move_browser(look);
    }
}

/* An instance by its name can only be found by asking for it, but for the one that has none. */
static void begin(struct look *look)
{
    const struct sql_scout_settings *settings = look->settings;
    int64_t now_ms = now();

    look->end_ms = settings->left_ms == NULL ? INT64_MAX : later(now_ms, settings->left_ms(settings->context));
    look->unnamed = settings->port != 0 || is_wanted(look, SSRP_DEFAULT);
    if (settings->port == 0)
        sql_browser_ask(&look->browser, settings->host, &look->address,
                        least(settings->browser_ms, look->end_ms - now_ms), now_ms);
    else
        err_set(&look->scout->browser_why, ERR_CONFIG, "SQL Server Browser of %s is not asked: the option port is set",
                settings->host);
    if (!look->unnamed)
        return;
    look->scout->count = 1;
    add_port(look, 0, settings->port != 0 ? settings->port : SQL_SCOUT_PORT);
}

/* ---------------------------------------------------------------------------------------------------- result ---- */

static int compare(const void *a, const void *b)
{
    const struct sql_scout_instance *x = a, *y = b;

    return x->port != y->port ? (x->port > y->port) - (x->port < y->port) : strcmp(x->name, y->name);
}

static bool is_anything(const struct sql_scout *scout)
{
    for (size_t i = 0; i < scout->count; i++)
        if (scout->instances[i].by_browser || scout->instances[i].seen)
            return true;
    return false;
}

/* The browser answered, and this is none of what it named. */
static bool fail_instance(const struct look *look, struct err *err)
{
    char quote[TEXT_QUOTE_SIZE];

    text_quote(quote, look->settings->instance);
    if (look->scout->browser)
        return err_set(
            err, ERR_UNREACHABLE,
            "SQL Server Browser of %s names no instance %s: correct the option instance, or, where it is hidden, "
            "set port",
            look->settings->host, quote);
    *err = look->scout->browser_why;
    return err_add(err, "instance %s cannot be found; start SQL Server Browser and open UDP 1434, or set port", quote);
}

/* Silence, or a refusal, has the same few causes. */
static bool fail_port(const struct look *look, struct err *err)
{
    const struct sql_scout *scout = look->scout;
    const struct err *why = &scout->instances[0].why;

    if (look->settings->port != 0)
        return err_set(err, why->class, "%s; see that the instance listens there, and that no firewall is between",
                       why->text);
    return err_set(
        err, why->class,
        "%s; %s; see that SQL Server runs there with TCP/IP enabled, and that TCP %d and UDP %d are let through",
        why->text, scout->browser_why.text, SQL_SCOUT_PORT, SSRP_PORT);
}

static bool conclude(struct look *look, struct err *err)
{
    struct sql_scout *scout = look->scout;
    bool drop = look->unnamed && scout->browser && !scout->instances[0].by_browser && !scout->instances[0].seen;

    if (drop) {
        scout->count--;
        memmove(scout->instances, scout->instances + 1, scout->count * sizeof *scout->instances);
    }
    if (is_anything(scout)) {
        qsort(scout->instances, scout->count, sizeof *scout->instances, compare);
        return true;
    }
    if (look->settings->instance != NULL && (scout->browser || !look->unnamed))
        return fail_instance(look, err);
    return fail_port(look, err);
}

static bool look_at(struct sql_scout *scout, const struct sql_scout_settings *settings, const struct addrinfo *address,
                    struct err *err)
{
    struct look *look = mem_new(1, sizeof *look);
    bool good;

    memset(scout, 0, sizeof *scout);
    getnameinfo(address->ai_addr, address->ai_addrlen, scout->address, sizeof scout->address, NULL, 0, NI_NUMERICHOST);
    memcpy(&look->address, address->ai_addr, address->ai_addrlen);
    look->settings = settings;
    look->scout = scout;
    begin(look);
    run(look);
    good = conclude(look, err);
    sql_browser_finish(&look->browser);
    free(look);
    return good;
}

bool sql_scout(struct sql_scout *scout, const struct sql_scout_settings *settings, struct err *err)
{
    const struct addrinfo wanted = { .ai_socktype = SOCK_STREAM, .ai_flags = AI_ADDRCONFIG };
    struct err why = ERR_EMPTY;
    const char *target = settings->address != NULL ? settings->address : settings->host;
    struct addrinfo *found;
    int code = getaddrinfo(target, NULL, &wanted, &found), tried = 0;
    bool good = false;

    memset(scout, 0, sizeof *scout);
    if (code != 0)
        return err_set(err, ERR_UNREACHABLE, "%s has no address: %s; correct host, or give address", target,
                       code == EAI_SYSTEM ? strerror(errno) : gai_strerror(code));
    for (const struct addrinfo *at = found; at != NULL && !good && tried < MAX_ADDRESSES; at = at->ai_next, tried++)
        good = look_at(scout, settings, at, &why);
    freeaddrinfo(found);
    if (!good && err != NULL)
        *err = why;
    return good;
}
