#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "trip.h"

#include "https_server.h"

#include <stdio.h>
#include <string.h>

struct trip trip;

static int64_t left_ms(void *context)
{
    (void)context;
    if (trip.over_at > 0 && trip.body.length >= trip.over_at)
        return 0;
    return trip.looks_left == 0 || ++trip.looks <= trip.looks_left ? 60000 : 0;
}

static bool take(void *context, const char *bytes, size_t size, struct err *err)
{
    (void)context;
    if (trip.full)
        return err_set(err, ERR_DENIED, "the sink is full");
    str_add_bytes(&trip.body, bytes, size);
    return true;
}

static bool wanted(void *context, struct err *err)
{
    (void)context;
    return !trip.unwanted || err_set(err, ERR_BUG, "nobody waits any more");
}

void end_trip(void)
{
    http_destroy(trip.http);
    str_finish(&trip.body);
    memset(&trip, 0, sizeof trip);
}

void set_out(const char *server)
{
    char fact[32];

    end_trip();
    snprintf(fact, sizeof fact, "port.%s", server);
    snprintf(trip.url, sizeof trip.url, "https://127.0.0.1:%s/ignored", https_server_fact(fact));
    trip.settings = (struct http_settings){
        .url = trip.url,
        .ca_file = https_server_fact("file.root"),
        .max_reply = 10000000,
        .left_ms = left_ms,
    };
}

void use_proxy(const char *proxy)
{
    snprintf(trip.proxy, sizeof trip.proxy, "http://127.0.0.1:%s", https_server_fact(proxy));
    trip.settings.proxy = trip.proxy;
}

bool post(const char *path, const void *body, size_t size)
{
    static const char *const headers[] = { "Content-Type: text/xml; charset=utf-8", "SOAPAction: \"urn:vim25/5.5\"",
                                           NULL };
    const struct http_request request = { path, headers, body, size };
    const struct http_sink sink = { .take = take, .wanted = wanted };

    str_clear(&trip.body);
    trip.err = ERR_EMPTY;
    if (trip.http == NULL)
        trip.http = http_create(&trip.settings, &trip.err);
    return trip.http != NULL && http_send(trip.http, &request, &sink, &trip.reply, &trip.err);
}

bool get(const char *path)
{
    return post(path, NULL, 0);
}

void assert_has(const char *text, const char *part)
{
    if (strstr(text, part) == NULL)
        fail_msg("no \"%s\" in: %s", part, text);
}

void assert_got(const char *path, const char *body)
{
    if (!get(path))
        fail_msg("%s: %s", path, trip.err.text);
    assert_string_equal(str_text(&trip.body), body);
}

void assert_fails(const char *path, enum err_class class, const char *part)
{
    assert_false(get(path));
    assert_has(trip.err.text, part);
    assert_string_equal(err_class_word(trip.err.class), err_class_word(class));
}

void nobody_was_asked(void)
{
    static const char *const servers[] = { "good", "other", "expired", "misnamed", "selfsigned" };

    for (size_t i = 0; i < sizeof servers / sizeof servers[0]; i++) {
        char fact[32];

        set_out(servers[i]);
        snprintf(fact, sizeof fact, "fingerprint.%s", servers[i]);
        trip.settings.fingerprint = https_server_fact(fact);
        assert_got("/steals", "0");
    }
}

int trips_begin(void **state)
{
    (void)state;
    https_server_start();
    assert_true(http_prepare(NULL));
    return 0;
}

int trips_end(void **state)
{
    (void)state;
    end_trip();
    https_server_stop();
    return 0;
}
