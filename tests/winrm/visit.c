#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "visit.h"

#include "winpeer.h"

#include <stdio.h>
#include <string.h>

struct visit visit;

static struct peer *peer;
static char host[32];

void visits_begin(const char *option, const char *value)
{
    assert_true(http_prepare(NULL));
    assert_true(negotiate_prepare(NULL));
    peer = winpeer_begin("--fleet", FLEET, option, value, NULL);
}

void visits_end(void)
{
    visit_end();
    peer_stop(peer);
}

struct peer *visits_peer(void)
{
    return peer;
}

static int64_t left_ms(void *context)
{
    (void)context;
    return visit.left_ms;
}

static void wait(void *context, int64_t ms)
{
    (void)context;
    visit.pauses++;
    visit.paused_ms += ms;
    visit.left_ms -= ms;
}

void visit_end(void)
{
    wsman_destroy(visit.wsman);
    memset(&visit, 0, sizeof visit);
}

void visit_to(const char *name, enum visit_transport transport)
{
    visit_end();
    snprintf(host, sizeof host, "%s", name);
    peer_tell(peer, "trick %s honest", host);
    peer_tell(peer, "allow %s", host);
    peer_tell(peer, "up %s", host);
    peer_tell(peer, "expire %s", host);
    peer_tell(peer, "ahead %s 0", host);
    peer_tell(peer, "reset");
    visit.left_ms = 30000;
    visit.settings = (struct wsman_settings){
        .host = "127.0.0.1",
        .port = winpeer_port(peer, host, transport == VISIT_TLS),
        .tls = transport == VISIT_TLS,
        .auth = WSMAN_NTLM,
        .user = "CORP\\scan",
        .password = "right",
        .http = { .ca_file = peer_fact(peer, "ca_file"), .left_ms = left_ms },
        .pause = wait,
    };
}

static bool take(void *context, const struct cim_instance *instance, struct err *err)
{
    (void)context;
    if (++visit.instances == visit.refuse_at)
        return err_set(err, ERR_DENIED, "the taker has enough");
    if (instance->count > 0 && instance->properties[0].count > 0)
        snprintf(visit.last, sizeof visit.last, "%s", instance->properties[0].texts[0]);
    return true;
}

bool visit_tries(const char *space, const char *wql)
{
    const struct wsman_taker taker = { take, NULL };

    visit.err = ERR_EMPTY;
    visit.instances = 0;
    if (visit.wsman == NULL)
        visit.wsman = wsman_create(&visit.settings, &visit.err);
    return visit.wsman != NULL && wsman_query(visit.wsman, space, wql, &taker, &visit.err);
}

void visit_asks(const char *space, const char *wql)
{
    if (!visit_tries(space, wql))
        fail_msg("%s: %s", wql, visit.err.text);
}

bool visit_tries_hotfixes(void)
{
    return visit_tries("root/cimv2", "SELECT HotFixID FROM Win32_QuickFixEngineering");
}

void visit_failed(enum err_class class, enum wsman_meaning meaning, const char *words)
{
    if (strstr(visit.err.text, words) == NULL)
        fail_msg("no \"%s\" in: %s", words, visit.err.text);
    assert_string_equal(err_class_word(visit.err.class), err_class_word(class));
    assert_int_equal(wsman_meaning(visit.wsman), meaning);
}

int64_t visit_count(const char *what)
{
    return winpeer_count(peer, what);
}
