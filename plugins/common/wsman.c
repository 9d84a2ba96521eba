#include "wsman.h"

#include "mem.h"
#include "wsman_exchange.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MAX_PULLS 5000       /* of one query: a server that never ends is cut off */
#define MAX_INSTANCES 100000 /* the same */
#define MAX_EMPTY 100        /* pulls in a row that bring nothing */
#define MAX_REPLY (2U << 20)
#define MAX_WHAT 160

/* --------------------------------------------------------------------------------------------------- making ---- */

static const char *const host_characters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-_:";

/* What each way to log in needs, in one row. */
static const struct need {
    const char *name;
    bool tls, pair, certificate;
} needs[] = {
    [WSMAN_KERBEROS] = { "kerberos", false, false, false },     [WSMAN_NTLM] = { "ntlm", false, true, false },
    [WSMAN_NEGOTIATE] = { "negotiate", false, false, false },   [WSMAN_BASIC] = { "basic", true, true, false },
    [WSMAN_CERTIFICATE] = { "certificate", true, false, true },
};

static bool check_auth(const struct wsman_settings *settings, struct err *err)
{
    const struct need *need = &needs[settings->auth];
    bool pair = settings->user != NULL && settings->password != NULL;

    if (need->tls && !settings->tls)
        return err_set(err, ERR_CONFIG, "auth: %s goes over TLS only; set tls to true", need->name);
    if (need->pair && !pair)
        return err_set(err, ERR_CONFIG, "auth: %s needs username and password", need->name);
    if (need->certificate && settings->certificate == NULL)
        return err_set(err, ERR_CONFIG, "auth: %s needs the option certificate", need->name);
    if (!need->certificate && !pair && settings->keytab == NULL && settings->cache == NULL)
        return err_set(err, ERR_CONFIG, "auth: %s needs username and password, a keytab or a cache", need->name);
    if (settings->auth == WSMAN_KERBEROS && settings->user != NULL && strchr(settings->user, '\\') != NULL)
        return err_set(err, ERR_CONFIG, "username: kerberos wants user@REALM, not DOMAIN\\user");
    return settings->auth != WSMAN_BASIC || settings->user == NULL || strchr(settings->user, ':') == NULL ||
           err_set(err, ERR_CONFIG, "username: with basic it cannot hold a colon");
}

static bool check_host(const struct wsman_settings *settings, struct err *err)
{
    size_t length = strlen(settings->host);

    if (length == 0 || length > 255 || strspn(settings->host, host_characters) != length)
        return err_set(err, ERR_CONFIG, "host: it is a name or an address, without http:// and without a port");
    return (settings->port >= 0 && settings->port <= 65535) || err_set(err, ERR_CONFIG, "port: it is 1 to 65535");
}

static int port_of(const struct wsman_settings *settings)
{
    if (settings->port != 0)
        return settings->port;
    return settings->tls ? 5986 : 5985;
}

static void write_server(struct str *out, const struct wsman_settings *settings)
{
    bool brackets = strchr(settings->host, ':') != NULL;

    str_format(out, "%s%s%s:%d", brackets ? "[" : "", settings->host, brackets ? "]" : "", port_of(settings));
}

static void write_url(struct str *out, const struct wsman_settings *settings)
{
    str_add(out, settings->tls ? "https://" : "http://");
    write_server(out, settings);
}

/* As http.h wants them; the url is the caller's. */
static struct http_settings settings_of(const struct wsman_settings *settings, const char *url)
{
    struct http_settings http = settings->http;
    bool certificate = settings->auth == WSMAN_CERTIFICATE;

    http.url = url;
    http.sealed = !settings->tls;
    http.certificate = certificate ? settings->certificate : NULL;
    http.key = certificate ? settings->key : NULL;
    http.max_reply = MAX_REPLY;
    return http;
}

bool wsman_check(const struct wsman_settings *settings, struct err *err)
{
    struct str url = STR_EMPTY;
    struct http_settings http;
    bool good = check_host(settings, err) && check_auth(settings, err);

    write_url(&url, settings);
    http = settings_of(settings, str_text(&url));
    good = good && http_check(&http, err);
    str_finish(&url);
    return good;
}

struct wsman *wsman_create(const struct wsman_settings *settings, struct err *err)
{
    struct wsman *wsman;

    if (!wsman_check(settings, err))
        return NULL;
    wsman = mem_new(1, sizeof *wsman);
    wsman->settings = *settings;
    write_server(&wsman->server, settings);
    write_url(&wsman->to, settings);
    str_add(&wsman->to, "/wsman");
    wsman->http_settings = settings_of(settings, str_text(&wsman->to));
    wsman_watch(wsman);
    wsman_limits_init(&wsman->limits);
    wsman->http = http_create(&wsman->http_settings, err);
    if (wsman->http != NULL)
        return wsman;
    wsman_destroy(wsman);
    return NULL;
}

static void finish_texts(struct wsman *wsman)
{
    struct str *texts[] = { &wsman->to,    &wsman->server,  &wsman->authorization, &wsman->offered,
                            &wsman->token, &wsman->request, &wsman->body };

    wsman_forget_authorization(wsman);
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        str_finish(texts[i]);
}

void wsman_destroy(struct wsman *wsman)
{
    if (wsman == NULL)
        return;
    if (wsman->http != NULL)
        wsman_logout(wsman);
    http_destroy(wsman->http);
    wsman_reader_destroy(wsman->reader);
    finish_texts(wsman);
    free(wsman);
}

/* -------------------------------------------------------------------------------------------------- knowing ---- */

const struct http_reply *wsman_connection(const struct wsman *wsman)
{
    return &wsman->connection;
}

void wsman_certificate(const struct wsman *wsman, struct str *out)
{
    if (wsman->http != NULL)
        http_certificate(wsman->http, out);
}

const struct wsman_fault *wsman_fault(const struct wsman *wsman)
{
    static const struct wsman_fault none = { .code = "", .subcode = "", .detail = "", .text = "" };

    return wsman->reader != NULL ? &wsman_reader_reply(wsman->reader)->fault : &none;
}

enum wsman_meaning wsman_meaning(const struct wsman *wsman)
{
    return wsman->meaning;
}

size_t wsman_requests(const struct wsman *wsman)
{
    return wsman->requests;
}

/* -------------------------------------------------------------------------------------------------- Identify ---- */

static void write_identify(const struct wsman_call *call, const struct wsman_header *header, uint32_t elements,
                           struct str *out)
{
    (void)call, (void)header, (void)elements;
    wsman_request_identify(out);
}

bool wsman_identify(struct wsman *wsman, const struct wsman_reply **reply, struct err *err)
{
    const struct wsman_call call = { .what = "Identify", .write = write_identify, .expected = WSMAN_REPLY_IDENTIFY };

    if (!wsman_exchange(wsman, &call, reply, err))
        return false;
    wsman->identified = true;
    wsman_limits_identify(&wsman->limits, (*reply)->version);
    return true;
}

/* A computer that refuses to tell its generation is asked as the oldest. */
static bool know_limits(struct wsman *wsman, struct err *err)
{
    const struct wsman_reply *reply;

    if (wsman->identified)
        return true;
    wsman->identified = true;
    return wsman_identify(wsman, &reply, err) || wsman->meaning != WSMAN_FATAL;
}

/* -------------------------------------------------------------------------------------------------- queries ---- */

static void write_enumerate(const struct wsman_call *call, const struct wsman_header *header, uint32_t elements,
                            struct str *out)
{
    wsman_request_enumerate(out, header, call->space, call->text, elements);
}

static void write_pull(const struct wsman_call *call, const struct wsman_header *header, uint32_t elements,
                       struct str *out)
{
    wsman_request_pull(out, header, call->space, call->text, elements);
}

static void write_release(const struct wsman_call *call, const struct wsman_header *header, uint32_t elements,
                          struct str *out)
{
    (void)elements;
    wsman_request_release(out, header, call->space, call->text);
}

/* An enumeration that is left holds one of the few operations that an old computer allows (15 on 2008 R2). What the
 * failure was stays as it is. */
static void release(struct wsman *wsman, const struct wsman_call *left, const char *context)
{
    struct wsman_call call = *left;
    struct wsman_reader *reader = wsman->reader;
    enum wsman_meaning meaning = wsman->meaning;
    const struct wsman_reply *reply;

    call.write = write_release;
    call.expected = WSMAN_REPLY_EMPTY;
    call.taker = NULL;
    call.text = context;
    wsman->reader = NULL;
    wsman_exchange(wsman, &call, &reply, NULL);
    wsman_reader_destroy(wsman->reader);
    wsman->reader = reader;
    wsman->meaning = meaning;
}

/* Where the enumeration goes on, also after a failure; one that the server does not know any more goes on nowhere. */
static void keep_context(struct str *context, const struct wsman_reply *reply)
{
    bool unknown = reply->fault.is && strcmp(reply->fault.subcode, "InvalidEnumerationContext") == 0;

    if (unknown || reply->context != NULL)
        str_clear(context);
    if (!unknown && reply->context != NULL)
        str_add(context, reply->context);
}

static bool endless(struct wsman *wsman, const struct wsman_call *call, struct err *err)
{
    wsman->meaning = WSMAN_BROKEN;
    return err_set(err, ERR_PROTOCOL, "%s does not come to an end with %s", str_text(&wsman->server), call->what);
}

/* What has begun to tell its instances is there: that it is lost in between is a failure. */
static void judge_pull(struct wsman *wsman, const struct wsman_call *call)
{
    if (call->expected == WSMAN_REPLY_PULL && wsman->meaning == WSMAN_ABSENT)
        wsman->meaning = WSMAN_BROKEN;
}

/* Call is the enumeration, and each pull in turn. */
static bool pull_all(struct wsman *wsman, struct wsman_call *call, struct str *context, struct err *err)
{
    size_t empty = 0, instances = 0;

    for (size_t pulls = 0; pulls < MAX_PULLS && instances < MAX_INSTANCES && empty < MAX_EMPTY; pulls++) {
        const struct wsman_reply *reply;
        bool good = wsman_exchange(wsman, call, &reply, err);

        keep_context(context, reply);
        if (!good)
            judge_pull(wsman, call);
        if (!good || reply->ended)
            return good;
        if (context->length == 0)
            break;
        empty = reply->instances == 0 ? empty + 1 : 0;
        instances += reply->instances;
        call->write = write_pull;
        call->expected = WSMAN_REPLY_PULL;
        call->text = str_text(context);
    }
    return endless(wsman, call, err);
}

bool wsman_query(struct wsman *wsman, const char *space, const char *wql, const struct wsman_taker *taker,
                 struct err *err)
{
    char what[MAX_WHAT];
    struct wsman_call call = { .what = what,
                               .write = write_enumerate,
                               .expected = WSMAN_REPLY_ENUMERATE,
                               .taker = taker,
                               .space = space,
                               .text = wql };
    struct str context = STR_EMPTY;
    bool good;

    snprintf(what, sizeof what, "a query in %s", space);
    if (!know_limits(wsman, err))
        return false;
    good = pull_all(wsman, &call, &context, err);
    if (!good && wsman->meaning != WSMAN_FATAL && context.length > 0)
        release(wsman, &call, str_text(&context));
    str_finish(&context);
    return good;
}

/* --------------------------------------------------------------------------------------------- Get, Invoke ---- */

static void write_get(const struct wsman_call *call, const struct wsman_header *header, uint32_t elements,
                      struct str *out)
{
    (void)elements;
    wsman_request_get(out, header, call->object);
}

bool wsman_get(struct wsman *wsman, const struct wsman_object *object, const struct wsman_taker *taker, struct err *err)
{
    char what[MAX_WHAT];
    const struct wsman_call call = {
        .what = what, .write = write_get, .expected = WSMAN_REPLY_ANSWER, .taker = taker, .object = object
    };
    const struct wsman_reply *reply;

    snprintf(what, sizeof what, "an instance of %s in %s", object->class, object->space);
    return know_limits(wsman, err) && wsman_exchange(wsman, &call, &reply, err);
}

static void write_invoke(const struct wsman_call *call, const struct wsman_header *header, uint32_t elements,
                         struct str *out)
{
    (void)elements;
    wsman_request_invoke(out, header, call->method);
}

bool wsman_invoke(struct wsman *wsman, const struct wsman_method *method, const struct wsman_taker *taker,
                  struct err *err)
{
    char what[MAX_WHAT];
    const struct wsman_call call = {
        .what = what, .write = write_invoke, .expected = WSMAN_REPLY_ANSWER, .taker = taker, .method = method
    };
    const struct wsman_reply *reply;

    snprintf(what, sizeof what, "%s.%s in %s", method->class, method->name, method->space);
    return know_limits(wsman, err) && wsman_exchange(wsman, &call, &reply, err);
}
