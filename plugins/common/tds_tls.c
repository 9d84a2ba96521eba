#include "tds_tls.h"

#include "clock.h"
#include "sql_port.h"

#include <netdb.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>

static bool read_address(const char *address, struct sockaddr_storage *out, struct err *err)
{
    const struct addrinfo wanted = { .ai_socktype = SOCK_STREAM, .ai_flags = AI_NUMERICHOST };
    struct addrinfo *found;

    memset(out, 0, sizeof *out);
    if (getaddrinfo(address, NULL, &wanted, &found) != 0)
        return err_set(err, ERR_CONFIG, "%s is no numeric address", address);
    memcpy(out, found->ai_addr, found->ai_addrlen);
    freeaddrinfo(found);
    return true;
}

static void run(struct sql_port *port, int64_t timeout_ms)
{
    int64_t begun = clock_mono_ms(&clock_system);

    while (!port->over) {
        struct pollfd waiting = { .fd = port->descriptor, .events = port->events };
        int64_t left = timeout_ms - (clock_mono_ms(&clock_system) - begun);

        if (left <= 0)
            sql_port_expire(port, timeout_ms);
        else if (poll(&waiting, 1, left > INT32_MAX ? INT32_MAX : (int)left) > 0)
            sql_port_move(port);
    }
}

/* Also where it failed: what was shown until then. */
static void keep(struct tds_tls *tls, const struct sql_port *port, const struct tls *trust)
{
    snprintf(tls->version, sizeof tls->version, "%s",
             port->good ? tds_channel_version(port->channel) : tls_version(trust));
    snprintf(tls->fingerprint, sizeof tls->fingerprint, "%s", tls_fingerprint(trust));
    tls_pem(trust, &tls->certificate);
    tls_describe(trust, &tls->words);
}

bool tds_tls_look(struct tds_tls *tls, const struct tds_tls_settings *settings, struct err *err)
{
    struct tds_channel_settings channel = { .name = settings->fingerprint == NULL ? settings->name : NULL,
                                            .tls_1_0 = settings->tls_1_0,
                                            .strict = settings->strict };
    struct sql_port_wish wish = { .host = settings->name != NULL ? settings->name : settings->address,
                                  .port = settings->port,
                                  .tls = &channel };
    struct sql_port port;
    bool good;

    memset(tls, 0, sizeof *tls);
    if (!read_address(settings->address, &wish.address, err))
        return false;
    channel.tls = tls_create(settings->ca_file, settings->fingerprint, err);
    if (channel.tls == NULL)
        return false;
    sql_port_start(&port, &wish);
    run(&port, settings->timeout_ms);
    keep(tls, &port, channel.tls);
    good = port.good;
    if (!good && err != NULL)
        *err = port.why;
    sql_port_finish(&port);
    tls_destroy(channel.tls);
    return good;
}

void tds_tls_finish(struct tds_tls *tls)
{
    str_finish(&tls->certificate);
    str_finish(&tls->words);
}
