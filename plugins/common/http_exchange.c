#include "http_exchange.h"

#include "clock.h"
#include "text.h"

#include <ctype.h>
#include <curl/curl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

/* Ends the transfer for a reason of ours; false. */
static bool refuse(struct http_exchange *exchange, enum err_class class, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

static bool refuse(struct http_exchange *exchange, enum err_class class, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    err_vset(exchange->err, class, format, args);
    va_end(args);
    exchange->told = true;
    return err_add(exchange->err, "%s", exchange->server);
}

int64_t http_exchange_left_ms(const struct http_exchange *exchange)
{
    const struct http_settings *settings = exchange->settings;

    return settings->left_ms != NULL ? settings->left_ms(settings->context) : INT64_MAX;
}

/* ------------------------------------------------------------------------------------------------ headers ---- */

static bool take_encoding(struct http_exchange *exchange, const char *value)
{
    char quote[TEXT_QUOTE_SIZE];

    return strcasecmp(value, "identity") == 0 || value[0] == '\0' ||
           refuse(exchange, ERR_PROTOCOL, "the reply is compressed (%s), which was not asked for; %s",
                  text_quote(quote, value), "look which proxy stands before the server");
}

/* curl would unpack a compressed transfer of itself. */
static bool take_transfer(struct http_exchange *exchange, const char *value)
{
    return strcasecmp(value, "chunked") == 0 || take_encoding(exchange, value);
}

static bool take_type(struct http_exchange *exchange, const char *value)
{
    char *type = exchange->reply->type;
    size_t length = strcspn(value, "; \t");
    int whole = snprintf(exchange->reply->whole_type, sizeof exchange->reply->whole_type, "%s", value);

    if (whole < 0 || (size_t)whole >= sizeof exchange->reply->whole_type)
        exchange->reply->whole_type[0] = '\0';

    if (length >= sizeof exchange->reply->type)
        return refuse(exchange, ERR_PROTOCOL, "the reply's Content-Type has %zu bytes", length);
    for (size_t i = 0; i < length; i++)
        type[i] = (char)tolower((unsigned char)value[i]);
    type[length] = '\0';
    return true;
}

static bool take_date(struct http_exchange *exchange, const char *value)
{
    time_t date = curl_getdate(value, NULL);

    exchange->reply->date_ms = date > 0 ? (int64_t)date * 1000 : 0;
    return true;
}

static bool take_location(struct http_exchange *exchange, const char *value)
{
    snprintf(exchange->location, sizeof exchange->location, "%s", value);
    return true;
}

static const struct header_taker {
    const char *name;
    bool (*take)(struct http_exchange *exchange, const char *value);
} takers[] = {
    { "Content-Encoding", take_encoding }, { "Content-Type", take_type },          { "Date", take_date },
    { "Location", take_location },         { "Transfer-Encoding", take_transfer },
};

static bool take_field(struct http_exchange *exchange, const char *name, const char *value)
{
    for (size_t i = 0; i < sizeof takers / sizeof takers[0]; i++) {
        if (strcasecmp(name, takers[i].name) == 0)
            return takers[i].take(exchange, value);
    }
    return true;
}

/* The line of which text is the copy, as far as there was room for it. */
static void tell(const struct http_exchange *exchange, const char *text, const char *value, const char *bytes,
                 size_t size)
{
    const struct http_watch *watch = &exchange->settings->watch;
    size_t before = (size_t)(value - text);

    if (watch->take != NULL && before <= size)
        watch->take(watch->context, text, bytes + before, size - before);
}

/* What is too long for the line's copy is no header that is looked at here, but a redirect's, which may be cut. */
static bool take_line(struct http_exchange *exchange, const char *bytes, size_t size)
{
    char line[1024];
    char *colon;
    const char *value;

    while (size > 0 && isspace((unsigned char)bytes[size - 1]))
        size--;
    snprintf(line, sizeof line, "%.*s", (int)(size < sizeof line ? size : sizeof line - 1), bytes);
    colon = strchr(line, ':');
    if (colon == NULL)
        return true;
    *colon = '\0';
    value = colon + 1 + strspn(colon + 1, " \t");
    tell(exchange, line, value, bytes, size);
    return take_field(exchange, line, value);
}

static bool end_headers(struct http_exchange *exchange)
{
    long status = 0;
    char quote[TEXT_QUOTE_SIZE];

    curl_easy_getinfo(exchange->curl, CURLINFO_RESPONSE_CODE, &status);
    exchange->reply->status = (int)status;
    exchange->head_whole = status >= 200;
    if (status < 300 || status > 399)
        return true;
    return refuse(exchange, ERR_PROTOCOL, "it answers %ld, a redirect to %s; redirects are not followed: %s", status,
                  exchange->location[0] != '\0' ? text_quote(quote, exchange->location) : "nowhere",
                  "give the address that is meant");
}

/* A reply may follow others (100 Continue): only the last one's lines count, but all of their bytes. */
static void begin_headers(struct http_exchange *exchange)
{
    exchange->location[0] = exchange->reply->type[0] = exchange->reply->whole_type[0] = '\0';
    exchange->reply->date_ms = 0;
    if (exchange->settings->watch.take != NULL)
        exchange->settings->watch.take(exchange->settings->watch.context, NULL, NULL, 0);
}

static size_t on_header(char *bytes, size_t one, size_t size, void *context)
{
    struct http_exchange *exchange = context;
    bool good;

    (void)one;
    if (size > HTTP_MAX_HEADER - exchange->header_bytes) {
        refuse(exchange, ERR_PROTOCOL, "the reply has more than %d bytes of headers", HTTP_MAX_HEADER);
        return 0;
    }
    exchange->header_bytes += size;
    if (size >= 5 && memcmp(bytes, "HTTP/", 5) == 0)
        begin_headers(exchange);
    good = size <= 2 ? end_headers(exchange) : take_line(exchange, bytes, size);
    return good ? size : 0;
}

/* --------------------------------------------------------------------------------------------------- body ---- */

static size_t on_body(char *bytes, size_t one, size_t size, void *context)
{
    struct http_exchange *exchange = context;
    uint64_t limit = exchange->settings->max_reply;

    (void)one;
    if (size > limit - exchange->body_bytes) {
        refuse(exchange, ERR_PROTOCOL, "the reply has more than %" PRIu64 " bytes", limit);
        return CURL_WRITEFUNC_ERROR;
    }
    exchange->body_bytes += size;
    if (exchange->sink->take(exchange->sink->context, bytes, size, exchange->err))
        return size;
    exchange->told = true;
    return CURL_WRITEFUNC_ERROR;
}

/* --------------------------------------------------------------------------------------------------- time ---- */

static bool has_begun(const struct http_exchange *exchange)
{
    curl_off_t first = 0;

    curl_easy_getinfo(exchange->curl, CURLINFO_STARTTRANSFER_TIME_T, &first);
    return first > 0;
}

static bool is_wanted(struct http_exchange *exchange)
{
    const struct http_sink *sink = exchange->sink;

    if (sink->wanted == NULL || sink->wanted(sink->context, exchange->err))
        return true;
    exchange->told = true;
    return false;
}

static bool goes_on(struct http_exchange *exchange)
{
    uint64_t bytes = exchange->header_bytes + exchange->body_bytes;

    if (!is_wanted(exchange))
        return false;
    if (http_exchange_left_ms(exchange) <= 0)
        return refuse(exchange, ERR_TIMEOUT,
                      "the time that a scan may take is over, after %" PRIu64 " bytes of a reply", bytes);
    if (has_begun(exchange) && !pace_holds(&exchange->pace, clock_mono_ms(&clock_system), bytes))
        return refuse(exchange, ERR_TIMEOUT, "it began to answer, and then sent less than %d bytes in %d seconds",
                      PACE_BYTES, PACE_MS / 1000);
    return true;
}

/* curl asks about once a second while nothing comes. */
static int on_progress(void *context, curl_off_t wanted, curl_off_t got, curl_off_t to_send, curl_off_t sent)
{
    (void)wanted, (void)got, (void)to_send, (void)sent;
    return goes_on(context) ? 0 : 1;
}

/* Before each time that a request is sent. curl would repeat one on a new connection when an old one breaks: but what a
 * server did with one that it did not answer is not known, and each wrong password counts.
 * NOLINTNEXTLINE(readability-non-const-parameter): the type is curl's */
static int on_request(void *context, char *to, char *from, int to_port, int from_port)
{
    struct http_exchange *exchange = context;

    (void)to, (void)from, (void)to_port, (void)from_port;
    return exchange->requests++ == 0 ? CURL_PREREQFUNC_OK : CURL_PREREQFUNC_ABORT;
}

void http_exchange_attach(struct http_exchange *exchange)
{
    CURL *curl = exchange->curl;

    curl_easy_setopt(curl, CURLOPT_PREREQFUNCTION, on_request);
    curl_easy_setopt(curl, CURLOPT_PREREQDATA, exchange);
    curl_easy_setopt(curl, CURLOPT_HEADERFUNCTION, on_header);
    curl_easy_setopt(curl, CURLOPT_HEADERDATA, exchange);
    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, on_body);
    curl_easy_setopt(curl, CURLOPT_WRITEDATA, exchange);
    curl_easy_setopt(curl, CURLOPT_XFERINFOFUNCTION, on_progress);
    curl_easy_setopt(curl, CURLOPT_XFERINFODATA, exchange);
    curl_easy_setopt(curl, CURLOPT_NOPROGRESS, 0L);
}
