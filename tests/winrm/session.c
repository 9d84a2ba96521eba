#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "session.h"

#include "winpeer.h"

#include <stdio.h>
#include <string.h>

struct session session;

static struct peer *peer;
static char host[32];

void sessions_begin(const char *option, const char *value)
{
    assert_true(http_prepare(NULL));
    assert_true(negotiate_prepare(NULL));
    peer = winpeer_begin("--fleet", FLEET, option, value, NULL);
}

void sessions_end(void)
{
    session_end();
    peer_stop(peer);
}

struct peer *sessions_peer(void)
{
    return peer;
}

static int64_t left_ms(void *context)
{
    (void)context;
    return session.left_ms;
}

static void wait(void *context, int64_t ms)
{
    (void)context;
    session.pauses++;
    session.paused_ms += ms;
    session.left_ms -= ms;
}

void session_end(void)
{
    wsman_destroy(session.wsman);
    memset(&session, 0, sizeof session);
}

void session_to(const char *name, enum session_transport transport)
{
    session_end();
    snprintf(host, sizeof host, "%s", name);
    peer_tell(peer, "trick %s honest", host);
    peer_tell(peer, "allow %s", host);
    peer_tell(peer, "up %s", host);
    peer_tell(peer, "expire %s", host);
    peer_tell(peer, "reset");
    session.left_ms = 30000;
    session.settings = (struct wsman_settings){
        .host = "127.0.0.1",
        .port = winpeer_port(peer, host, transport == SESSION_TLS),
        .tls = transport == SESSION_TLS,
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
    if (++session.instances == session.refuse_at)
        return err_set(err, ERR_DENIED, "the taker has enough");
    if (instance->count > 0 && instance->properties[0].count > 0)
        snprintf(session.last, sizeof session.last, "%s", instance->properties[0].texts[0]);
    return true;
}

bool session_tries(const char *space, const char *wql)
{
    const struct wsman_taker taker = { take, NULL };

    session.err = ERR_EMPTY;
    session.instances = 0;
    if (session.wsman == NULL)
        session.wsman = wsman_create(&session.settings, &session.err);
    return session.wsman != NULL && wsman_query(session.wsman, space, wql, &taker, &session.err);
}

void session_asks(const char *space, const char *wql)
{
    if (!session_tries(space, wql))
        fail_msg("%s: %s", wql, session.err.text);
}

bool session_tries_hotfixes(void)
{
    return session_tries("root/cimv2", "SELECT HotFixID FROM Win32_QuickFixEngineering");
}

void session_failed(enum err_class class, enum wsman_meaning meaning, const char *words)
{
    if (strstr(session.err.text, words) == NULL)
        fail_msg("no \"%s\" in: %s", words, session.err.text);
    assert_string_equal(err_class_word(session.err.class), err_class_word(class));
    assert_int_equal(wsman_meaning(session.wsman), meaning);
}

int64_t session_count(const char *what)
{
    return winpeer_count(peer, what);
}
