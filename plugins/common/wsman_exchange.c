/* One message and its answer: sealed over HTTP, readable over TLS; a login where there is none, and what is tried
 * again. */
#include "wsman_exchange.h"

#include "clock.h"
#include "sealed.h"
#include "text.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <sys/random.h>
#include <time.h>

#define PATH "/wsman"
#define SOAP "application/soap+xml;charset=UTF-8"
#define PROTOCOL "application/HTTP-SPNEGO-session-encrypted"
#define MAX_TOKEN_TEXT (NEGOTIATE_MAX_TOKEN / 3 * 4 + 4)
#define MAX_OFFERED 256
#define TIMEOUT_MS 60000 /* of an operation there: what WinRM takes at most (MaxTimeoutms) */
#define FIRST_PAUSE_MS 1000
#define LAST_PAUSE_MS 16000
#define MAX_TRIES 20

/* Until everything must be over. */
static int64_t left_ms(const struct wsman *wsman)
{
    const struct http_settings *settings = &wsman->http_settings;

    return settings->left_ms != NULL ? settings->left_ms(settings->context) : INT64_MAX;
}

/* -------------------------------------------------------------------------------------------------- headers ---- */

static void add_offer(struct str *offered, const char *scheme)
{
    struct str word = STR_EMPTY;

    text_line(&word, scheme);
    if (offered->length + word.length + 2 <= MAX_OFFERED && strcasestr(str_text(offered), str_text(&word)) == NULL)
        str_format(offered, "%s%s", offered->length > 0 ? ", " : "", str_text(&word));
    str_finish(&word);
}

/* A scheme, and what comes with it. */
static void take_challenge(struct wsman *wsman, const char *value, size_t size)
{
    size_t length = 0, blanks = 0;
    char scheme[64];

    while (length < size && value[length] != ' ')
        length++;
    if (length == 0 || length >= sizeof scheme)
        return;
    memcpy(scheme, value, length);
    scheme[length] = '\0';
    add_offer(&wsman->offered, scheme);
    while (length + blanks < size && value[length + blanks] == ' ')
        blanks++;
    size -= length + blanks;
    if (strcasecmp(scheme, "Negotiate") != 0 || size > MAX_TOKEN_TEXT)
        return;
    str_clear(&wsman->token);
    str_add_bytes(&wsman->token, value + length + blanks, size);
}

static void take_header(void *context, const char *name, const char *value, size_t size)
{
    struct wsman *wsman = context;

    if (name == NULL) {
        str_clear(&wsman->offered);
        str_clear(&wsman->token);
    } else if (strcasecmp(name, "WWW-Authenticate") == 0) {
        take_challenge(wsman, value, size);
    }
}

void wsman_watch(struct wsman *wsman)
{
    wsman->http_settings.watch = (struct http_watch){ take_header, wsman };
}

/* ------------------------------------------------------------------------------------------------- statuses ---- */

/* What a status means that does not come from WinRM's SOAP. None is the credential's fault, so none is class denied. */
/* clang-format off */
static const struct status_words {
    int status;
    enum err_class class;
    const char *words;
} statuses[] = {
    { 400, ERR_PROTOCOL, "it does not understand the request: is it WinRM that listens there?" },
    { 403, ERR_UNSUPPORTED, "it forbids it: look at IPv4Filter and IPv6Filter of winrm get winrm/config/service" },
    { 404, ERR_UNSUPPORTED, "WinRM does not listen there; on the host: winrm quickconfig" },
    { 405, ERR_UNSUPPORTED, "WinRM does not listen there; on the host: winrm quickconfig" },
    { 413, ERR_PROTOCOL, "the request is too long for it" },
    { 502, ERR_UNREACHABLE, "a proxy does not reach it" },
    { 503, ERR_UNREACHABLE, "its service is not ready: look whether WinRM runs there (sc query winrm)" },
    { 504, ERR_UNREACHABLE, "a proxy does not reach it" },
};
/* clang-format on */

bool wsman_status_error(const struct wsman *wsman, struct err *err)
{
    const struct http_reply *reply = &wsman->connection;

    for (size_t i = 0; i < sizeof statuses / sizeof statuses[0]; i++) {
        if (statuses[i].status == reply->status)
            return err_set(err, statuses[i].class, "%s answers with HTTP %d: %s", str_text(&wsman->server),
                           reply->status, statuses[i].words);
    }
    return err_set(err, ERR_PROTOCOL, "%s answers with HTTP %d, which WinRM does not: look what listens there",
                   str_text(&wsman->server), reply->status);
}

/* ------------------------------------------------------------------------------------------------- requests ---- */

static bool ignore(void *context, const char *bytes, size_t size, struct err *err)
{
    (void)context, (void)bytes, (void)size, (void)err;
    return true;
}

bool wsman_knock(struct wsman *wsman, const char *authorization, struct err *err)
{
    const char *const headers[] = { "Content-Type: " SOAP, authorization, NULL };
    const struct http_request request = { PATH, headers, "", 0 };
    const struct http_sink sink = { .take = ignore };

    return http_send(wsman->http, &request, &sink, &wsman->connection, err);
}

/* What is not read to its end would cost the connection: a reply that is broken goes on into nothing. */
struct answer {
    struct wsman *wsman;
    bool good;
    struct err err;
};

static void read_bytes(struct answer *answer, const char *bytes, size_t size)
{
    answer->good = answer->good && wsman_reader_feed(answer->wsman->reader, bytes, size, &answer->err);
}

static bool is_answer(const struct wsman *wsman)
{
    return wsman->connection.status == 200 || wsman->connection.status == 500;
}

static bool is_soap(const struct wsman *wsman)
{
    return strcmp(wsman->connection.type, "application/soap+xml") == 0;
}

static bool take_body(void *context, const char *bytes, size_t size, struct err *err)
{
    struct answer *answer = context;

    (void)err;
    if (!answer->wsman->settings.tls)
        str_add_bytes(&answer->wsman->body, bytes, size);
    else if (is_answer(answer->wsman) && is_soap(answer->wsman))
        read_bytes(answer, bytes, size);
    return true;
}

static bool seal(struct wsman *wsman, struct str *body, struct err *err)
{
    struct str header = STR_EMPTY, data = STR_EMPTY;
    bool good = negotiate_wrap(wsman->negotiate, wsman->request.bytes, wsman->request.length, &header, &data, err) ||
                err_add(err, "%s", str_text(&wsman->server));

    if (good)
        sealed_write(body, PROTOCOL, wsman->request.length, header.bytes, header.length, data.bytes, data.length);
    str_finish(&header);
    str_finish(&data);
    return good;
}

static bool post_sealed(struct wsman *wsman, const struct http_sink *sink, struct err *err)
{
    const char *const headers[] = { "Content-Type: " SEALED_TYPE_SPNEGO, NULL };
    struct http_request request = { .path = PATH, .headers = headers };
    struct str body = STR_EMPTY;
    bool good = seal(wsman, &body, err);

    request.body = body.bytes;
    request.size = body.length;
    good = good && http_send(wsman->http, &request, sink, &wsman->connection, err);
    str_finish(&body);
    return good;
}

static bool post_readable(struct wsman *wsman, const struct http_sink *sink, struct err *err)
{
    const char *authorization = wsman->authorization.length > 0 ? str_text(&wsman->authorization) : NULL;
    const char *const headers[] = { "Content-Type: " SOAP, authorization, NULL };
    const struct http_request request = { PATH, headers, wsman->request.bytes, wsman->request.length };

    return http_send(wsman->http, &request, sink, &wsman->connection, err);
}

/* ------------------------------------------------------------------------------------------------ answers ---- */

/* What was sealed is ours to overwrite. */
static bool unseal(struct wsman *wsman, const struct sealed_part *part, struct negotiate_message *message,
                   struct err *err)
{
    if (!negotiate_unwrap(wsman->negotiate, part->header, part->header_size, (void *)part->data, part->data_size,
                          message, err))
        return false;
    return message->size == part->plain_size ||
           err_set(err, ERR_PROTOCOL, "the sealed reply holds %zu bytes and tells %zu", message->size,
                   part->plain_size);
}

static bool refuse_readable(const struct wsman *wsman, struct err *err)
{
    char quote[TEXT_QUOTE_SIZE];

    return err_set(err, ERR_PROTOCOL, "it answers with HTTP %d and %s, unsealed: that is not believed",
                   wsman->connection.status,
                   wsman->connection.type[0] != '\0' ? text_quote(quote, wsman->connection.type) : "no type");
}

static bool open_body(struct wsman *wsman, struct negotiate_message *message, struct err *err)
{
    const char *body = wsman->body.bytes != NULL ? wsman->body.bytes : "";
    struct sealed_part part;

    if (strcmp(wsman->connection.type, "multipart/encrypted") != 0)
        return refuse_readable(wsman, err);
    return sealed_read(&part, wsman->connection.whole_type, body, wsman->body.length, err) &&
           unseal(wsman, &part, message, err);
}

/* What was opened where it lay. */
static bool is_in_body(const struct wsman *wsman, const struct negotiate_message *message)
{
    return message->bytes >= wsman->body.bytes && message->bytes < wsman->body.bytes + wsman->body.length;
}

/* The key stream is lost with one message that cannot be opened: so is the context, and the scan. The sealed reply,
 * half a megabyte perhaps, goes where the opened one lies beside it; else its memory is the next one's. */
static bool open_sealed(struct answer *answer, struct err *err)
{
    struct wsman *wsman = answer->wsman;
    struct negotiate_message message = { "", 0 };
    bool good = open_body(wsman, &message, err);

    if (!is_in_body(wsman, &message))
        str_finish(&wsman->body);
    if (!good) {
        wsman_logout(wsman);
        return err_add(err, "%s", str_text(&wsman->server));
    }
    read_bytes(answer, message.bytes, message.size);
    negotiate_let_go(wsman->negotiate);
    return true;
}

static bool check_readable(const struct wsman *wsman, struct err *err)
{
    char quote[TEXT_QUOTE_SIZE];

    if (is_soap(wsman))
        return true;
    return err_set(err, ERR_PROTOCOL, "%s answers with HTTP %d and %s in place of SOAP: look what listens there",
                   str_text(&wsman->server), wsman->connection.status,
                   wsman->connection.type[0] != '\0' ? text_quote(quote, wsman->connection.type) : "no type");
}

/* A reply that came whole, and cannot be read: that concerns this call alone. */
static bool end_reply(struct answer *answer, struct err *err)
{
    struct wsman *wsman = answer->wsman;

    answer->good = answer->good && wsman_reader_end(wsman->reader, &answer->err);
    if (answer->good)
        return true;
    wsman->meaning = WSMAN_BROKEN;
    return err_set(err, answer->err.class, "%s: %s", str_text(&wsman->server), answer->err.text);
}

/* A transfer that did not come to its end. An answer that is too long, or no HTTP any more, concerns this call alone:
 * the next one makes a connection of its own. */
static bool lose(struct wsman *wsman, const struct err *reason, struct err *err)
{
    if (is_answer(wsman) && reason->class == ERR_PROTOCOL)
        wsman->meaning = WSMAN_BROKEN;
    wsman_logout(wsman);
    return err_set(err, reason->class, "%s", reason->text);
}

/* True: an answer that was read, or a 401. */
static bool send_once(struct wsman *wsman, const struct wsman_taker *taker, struct err *err)
{
    struct answer answer = { .wsman = wsman, .good = true };
    const struct http_sink sink = { .take = take_body, .context = &answer };
    struct err reason;

    wsman_reader_destroy(wsman->reader);
    wsman->reader = wsman_reader_create(taker);
    str_clear(&wsman->body);
    wsman->requests++;
    wsman->connection.status = 0;
    if (wsman->settings.tls ? !post_readable(wsman, &sink, &reason) : !post_sealed(wsman, &sink, &reason))
        return lose(wsman, &reason, err);
    if (wsman->connection.status == 401)
        return true;
    if (!is_answer(wsman))
        return wsman_status_error(wsman, err);
    wsman->proved = true;
    if (wsman->settings.tls ? !check_readable(wsman, err) : !open_sealed(&answer, err))
        return false;
    return end_reply(&answer, err);
}

/* ------------------------------------------------------------------------------------------------- one call ---- */

static void write_id(char id[40])
{
    unsigned char bytes[16];

    if (getrandom(bytes, sizeof bytes, 0) != sizeof bytes)
        memset(bytes, 0, sizeof bytes);
    bytes[6] = (unsigned char)((bytes[6] & 0x0F) | 0x40); /* version 4 (RFC 9562) */
    bytes[8] = (unsigned char)((bytes[8] & 0x3F) | 0x80);
    for (size_t i = 0; i < sizeof bytes; i++, id += 2)
        id += snprintf(id, 4, "%s%02x", i == 4 || i == 6 || i == 8 || i == 10 ? "-" : "", bytes[i]) - 2;
}

static void write_request(struct wsman *wsman, const struct wsman_call *call)
{
    int64_t left = left_ms(wsman);
    char id[40];
    const struct wsman_header header = {
        .to = str_text(&wsman->to),
        .message_id = id,
        .max_envelope = wsman->limits.envelope,
        .timeout_ms = left > 0 && left < TIMEOUT_MS ? (uint32_t)left : TIMEOUT_MS,
    };

    write_id(id);
    str_clear(&wsman->request);
    call->write(call, &header, wsman->limits.elements, &wsman->request);
}

/* A 401 to a call after a good one says that the context is gone, with the connection perhaps: nothing was begun. One
 * to the first call is a refusal. */
static bool is_lost(const struct wsman *wsman)
{
    return wsman->negotiate != NULL && wsman->proved;
}

static bool refuse(struct wsman *wsman, struct err *err)
{
    bool torn = wsman->negotiate != NULL && wsman->connection.fresh;

    wsman_login_refused(wsman, err);
    if (torn)
        err_set(err, ERR_UNREACHABLE, "%s, or a proxy before it, ends the connection after the login: it must keep it",
                str_text(&wsman->server));
    wsman_logout(wsman);
    return false;
}

static bool send_call(struct wsman *wsman, const struct wsman_call *call, struct err *err)
{
    for (;;) {
        if (!wsman_login(wsman, err))
            return false;
        write_request(wsman, call);
        if (!send_once(wsman, call->taker, err))
            return false;
        if (wsman->connection.status != 401)
            return true;
        if (!is_lost(wsman))
            return refuse(wsman, err);
        wsman_logout(wsman);
    }
}

static void sleep_ms(void *context, int64_t ms)
{
    struct timespec time = { .tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000 };

    (void)context;
    while (nanosleep(&time, &time) != 0)
        continue;
}

/* False: there is no time left for it. */
static bool wait_for_quota(struct wsman *wsman, int64_t *pause_ms)
{
    if (left_ms(wsman) <= 2 * *pause_ms)
        return false;
    (wsman->settings.pause != NULL ? wsman->settings.pause : sleep_ms)(wsman->http_settings.context, *pause_ms);
    *pause_ms = 2 * *pause_ms < LAST_PAUSE_MS ? 2 * *pause_ms : LAST_PAUSE_MS;
    return true;
}

static bool is_worth_another(struct wsman *wsman, const struct wsman_fault *fault, int64_t *pause_ms)
{
    if (wsman_limits_shrink(&wsman->limits, fault))
        return true;
    return wsman_fault_passes(fault) && wait_for_quota(wsman, pause_ms);
}

static bool is_expected(struct wsman *wsman, const struct wsman_call *call, const struct wsman_reply *reply,
                        struct err *err)
{
    if (call->expected == WSMAN_REPLY_EMPTY || call->expected == reply->kind)
        return true;
    wsman->meaning = WSMAN_BROKEN;
    return err_set(err, ERR_PROTOCOL, "%s answers %s with the answer to something else", str_text(&wsman->server),
                   call->what);
}

bool wsman_exchange(struct wsman *wsman, const struct wsman_call *call, const struct wsman_reply **reply,
                    struct err *err)
{
    static const struct wsman_reply nothing = { .fault = { .code = "", .subcode = "", .detail = "", .text = "" } };
    int64_t pause_ms = FIRST_PAUSE_MS;

    *reply = &nothing;
    wsman_reader_destroy(wsman->reader);
    wsman->reader = NULL;
    for (int tries = 1;; tries++) {
        bool good;

        wsman->meaning = WSMAN_FATAL;
        good = send_call(wsman, call, err);
        if (wsman->reader != NULL)
            *reply = wsman_reader_reply(wsman->reader);
        if (!good)
            return false;
        if (!(*reply)->fault.is)
            return is_expected(wsman, call, *reply, err);
        if (tries == MAX_TRIES || !is_worth_another(wsman, &(*reply)->fault, &pause_ms))
            break;
    }
    wsman->meaning = wsman_fault_meaning(&(*reply)->fault);
    return wsman_fault_tell(&(*reply)->fault, str_text(&wsman->server), call->what, err);
}
