#include "http.h"

#include "http_error.h"
#include "http_exchange.h"
#include "mem.h"
#include "str.h"
#include "text.h"
#include "tls.h"

#include <curl/curl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define CONNECT_MS 30000 /* name, route, proxy and TLS together */

struct http {
    CURL *curl;
    struct http_settings settings;
    struct tls *tls;
    struct str base;            /* scheme://host:port */
    const char *server;         /* host:port in it */
    bool renew;                 /* the connection is not to be used again */
    char text[CURL_ERROR_SIZE]; /* what curl says of its last failure */
};

bool http_prepare(struct err *err)
{
    CURLcode code = curl_global_init(CURL_GLOBAL_DEFAULT);

    if (code != CURLE_OK)
        return err_set(err, ERR_SYSTEM, "libcurl: %s", curl_easy_strerror(code));
    tls_prepare();
    return true;
}

/* ------------------------------------------------------------------------------------------------ addresses ---- */

/* The part's text, to be freed with curl_free; NULL where it has none. */
static char *part_of(CURLU *url, CURLUPart part)
{
    char *text = NULL;

    return curl_url_get(url, part, &text, CURLU_DEFAULT_PORT) == CURLUE_OK ? text : NULL;
}

static bool has_part(CURLU *url, CURLUPart part)
{
    char *text = part_of(url, part);

    curl_free(text);
    return text != NULL;
}

static bool is_scheme(CURLU *url, const char *scheme)
{
    char *text = part_of(url, CURLUPART_SCHEME);
    bool same = text != NULL && strcmp(text, scheme) == 0;

    curl_free(text);
    return same;
}

/* What may hold a password is not shown. */
static const char *shown(char quote[TEXT_QUOTE_SIZE], const char *text)
{
    return strchr(text, '@') == NULL ? text_quote(quote, text) : "what is given";
}

/* option names the address in errors. */
static bool check_address(const char *option, const char *text, const char *scheme, CURLU *url, struct err *err)
{
    char quote[TEXT_QUOTE_SIZE];
    CURLUcode code = curl_url_set(url, CURLUPART_URL, text, CURLU_NON_SUPPORT_SCHEME);

    if (code != CURLUE_OK)
        return err_set(err, ERR_CONFIG, "%s: %s cannot be understood: %s; it is written %s://HOST or %s://HOST:PORT",
                       option, shown(quote, text), curl_url_strerror(code), scheme, scheme);
    if (!is_scheme(url, scheme))
        return err_set(err, ERR_CONFIG, "%s: %s does not begin with %s://", option, shown(quote, text), scheme);
    if (has_part(url, CURLUPART_USER) || has_part(url, CURLUPART_PASSWORD))
        return err_set(err, ERR_CONFIG, "%s: a user or password in an address is not supported", option);
    return true;
}

static void add_base(struct str *base, const char *scheme, CURLU *url)
{
    char *host = part_of(url, CURLUPART_HOST), *port = part_of(url, CURLUPART_PORT);

    str_format(base, "%s://%s:%s", scheme, host != NULL ? host : "", port != NULL ? port : "");
    curl_free(host);
    curl_free(port);
}

/* Adds scheme://host:port to base. */
static bool take_address(const char *option, const char *text, const char *scheme, struct str *base, struct err *err)
{
    CURLU *url = curl_url();
    bool good;

    if (url == NULL)
        mem_exhausted(sizeof(void *));
    good = check_address(option, text, scheme, url, err);
    if (good)
        add_base(base, scheme, url);
    curl_url_cleanup(url);
    return good;
}

static const char *scheme_of(const struct http_settings *settings)
{
    return settings->sealed && strncasecmp(settings->url, "http:", 5) == 0 ? "http" : "https";
}

bool http_check(const struct http_settings *settings, struct err *err)
{
    struct str base = STR_EMPTY, proxy = STR_EMPTY;
    bool good = take_address("url", settings->url, scheme_of(settings), &base, err) &&
                (settings->proxy == NULL || take_address("proxy", settings->proxy, "http", &proxy, err)) &&
                (settings->fingerprint == NULL || tls_check_fingerprint(settings->fingerprint, err));

    str_finish(&base);
    str_finish(&proxy);
    return good;
}

/* --------------------------------------------------------------------------------------------------- making ---- */

static CURLcode on_ssl_ctx(CURL *curl, void *ssl_ctx, void *tls)
{
    (void)curl;
    tls_attach(tls, ssl_ctx);
    return CURLE_OK;
}

/* Certificates are verified in tls.c, whose store curl must not replace by one that it kept; the name is curl's to
 * compare. A connection that is made anew is verified anew. */
static void set_trust(struct http *http)
{
    CURL *curl = http->curl;

    curl_easy_setopt(curl, CURLOPT_SSL_VERIFYPEER, 1L);
    curl_easy_setopt(curl, CURLOPT_SSL_VERIFYHOST, http->settings.fingerprint != NULL ? 0L : 2L);
    curl_easy_setopt(curl, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
    curl_easy_setopt(curl, CURLOPT_CAINFO, NULL);
    curl_easy_setopt(curl, CURLOPT_CAPATH, NULL);
    curl_easy_setopt(curl, CURLOPT_CA_CACHE_TIMEOUT, 0L);
    curl_easy_setopt(curl, CURLOPT_SSL_SESSIONID_CACHE, 0L);
    curl_easy_setopt(curl, CURLOPT_SSL_CTX_FUNCTION, on_ssl_ctx);
    curl_easy_setopt(curl, CURLOPT_SSL_CTX_DATA, http->tls);
}

static void set_certificate(struct http *http)
{
    const struct http_settings *settings = &http->settings;

    if (settings->certificate == NULL)
        return;
    curl_easy_setopt(http->curl, CURLOPT_SSLCERT, settings->certificate);
    curl_easy_setopt(http->curl, CURLOPT_SSLKEY, settings->key != NULL ? settings->key : settings->certificate);
    curl_easy_setopt(http->curl, CURLOPT_KEYPASSWD, ""); /* never asked for on a terminal */
}

/* An empty proxy keeps the environment's out; an empty file of cookies lets curl keep them in memory. */
static void set_rules(struct http *http)
{
    CURL *curl = http->curl;

    curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, http->text);
    curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(curl, CURLOPT_BUFFERSIZE, 32768L);
    curl_easy_setopt(curl, CURLOPT_QUICK_EXIT, 1L); /* a name server that is silent is not waited for */
    curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, scheme_of(&http->settings));
    curl_easy_setopt(curl, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
    curl_easy_setopt(curl, CURLOPT_FOLLOWLOCATION, 0L);
    curl_easy_setopt(curl, CURLOPT_PATH_AS_IS, 1L);
    curl_easy_setopt(curl, CURLOPT_USERAGENT, "muster");
    curl_easy_setopt(curl, CURLOPT_TCP_KEEPALIVE, 1L);
    curl_easy_setopt(curl, CURLOPT_MAXCONNECTS, 1L);
    curl_easy_setopt(curl, CURLOPT_COOKIEFILE, "");
    curl_easy_setopt(curl, CURLOPT_PROXY, http->settings.proxy != NULL ? http->settings.proxy : "");
    curl_easy_setopt(curl, CURLOPT_NOPROXY, "");
    curl_easy_setopt(curl, CURLOPT_HTTPPROXYTUNNEL, 1L);
    curl_easy_setopt(curl, CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
}

struct http *http_create(const struct http_settings *settings, struct err *err)
{
    struct http *http;
    struct tls *tls;

    if (!http_check(settings, err))
        return NULL;
    tls = tls_create(settings->ca_file, settings->fingerprint, err);
    if (tls == NULL)
        return NULL;
    http = mem_new(1, sizeof *http);
    http->settings = *settings;
    http->tls = tls;
    take_address("url", settings->url, scheme_of(settings), &http->base, NULL);
    http->server = strstr(str_text(&http->base), "://") + strlen("://");
    http->curl = curl_easy_init();
    if (http->curl == NULL)
        mem_exhausted(sizeof *http);
    set_rules(http);
    set_trust(http);
    set_certificate(http);
    return http;
}

void http_destroy(struct http *http)
{
    if (http == NULL)
        return;
    curl_easy_cleanup(http->curl);
    tls_destroy(http->tls);
    str_finish(&http->base);
    free(http);
}

/* ------------------------------------------------------------------------------------------------- requests ---- */

/* Headers and cookies may hold what is secret. */
static void wipe_lines(struct curl_slist *lines)
{
    for (struct curl_slist *line = lines; line != NULL; line = line->next)
        explicit_bzero(line->data, strlen(line->data));
    curl_slist_free_all(lines);
}

static struct curl_slist *add_line(struct curl_slist *lines, const char *line)
{
    struct curl_slist *more = curl_slist_append(lines, line);

    if (more == NULL)
        mem_exhausted(strlen(line));
    return more;
}

/* "Expect:" keeps curl from asking before a large body. */
static struct curl_slist *set_headers(CURL *curl, const char *const *headers)
{
    struct curl_slist *lines = add_line(NULL, "Expect:");

    for (size_t i = 0; headers != NULL && headers[i] != NULL; i++)
        lines = add_line(lines, headers[i]);
    curl_easy_setopt(curl, CURLOPT_HTTPHEADER, lines);
    return lines;
}

static void set_body(CURL *curl, const void *body, size_t size)
{
    if (body == NULL) {
        curl_easy_setopt(curl, CURLOPT_HTTPGET, 1L);
        return;
    }
    curl_easy_setopt(curl, CURLOPT_POST, 1L);
    curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)size);
    curl_easy_setopt(curl, CURLOPT_POSTFIELDS, body);
}

/* The exchange looks at the deadline too, about once a second, in case it moves; these end it in time where it does
 * not. */
static bool set_time(struct http *http, int64_t left_ms, struct err *err)
{
    if (left_ms <= 0)
        return err_set(err, ERR_TIMEOUT, "%s: the time that a scan may take is over", http->server);
    curl_easy_setopt(http->curl, CURLOPT_TIMEOUT_MS, left_ms < INT_MAX ? (long)left_ms : 0L);
    curl_easy_setopt(http->curl, CURLOPT_CONNECTTIMEOUT_MS, left_ms < CONNECT_MS ? (long)left_ms : (long)CONNECT_MS);
    return true;
}

static void set_path(struct http *http, const char *path)
{
    struct str url = STR_EMPTY;

    str_format(&url, "%s%s", str_text(&http->base), path);
    curl_easy_setopt(http->curl, CURLOPT_URL, str_text(&url));
    str_finish(&url);
}

static bool judge(struct http *http, CURLcode code, const struct http_exchange *exchange, struct err *err)
{
    struct http_ending ending = {
        .code = (int)code,
        .text = http->text,
        .server = http->server,
        .proxy = http->settings.proxy,
        .tls = http->tls,
    };

    if (exchange->told)
        return false;
    if (code == CURLE_OK && exchange->head_whole)
        return true;
    if (code == CURLE_OK)
        ending.code = CURLE_PARTIAL_FILE;
    if (exchange->requests > 1) {
        ending.code = CURLE_GOT_NOTHING;
        ending.text = "";
    }
    curl_easy_getinfo(http->curl, CURLINFO_HTTP_CONNECTCODE, &ending.proxy_status);
    return http_error(&ending, err);
}

static bool perform(struct http *http, struct http_exchange *exchange, struct err *err)
{
    CURLcode code;
    long connects = 0;

    http->text[0] = '\0';
    http_exchange_attach(exchange);
    curl_easy_setopt(http->curl, CURLOPT_FRESH_CONNECT, http->renew ? 1L : 0L);
    http->renew = false;
    code = curl_easy_perform(http->curl);
    curl_easy_getinfo(http->curl, CURLINFO_NUM_CONNECTS, &connects);
    exchange->reply->fresh = connects > 0;
    snprintf(exchange->reply->fingerprint, sizeof exchange->reply->fingerprint, "%s", tls_fingerprint(http->tls));
    snprintf(exchange->reply->tls, sizeof exchange->reply->tls, "%s", tls_version(http->tls));
    return judge(http, code, exchange, err);
}

bool http_send(struct http *http, const struct http_request *request, const struct http_sink *sink,
               struct http_reply *reply, struct err *err)
{
    struct http_exchange exchange = {
        .curl = http->curl,
        .server = http->server,
        .settings = &http->settings,
        .sink = sink,
        .reply = reply,
        .err = err,
    };
    struct curl_slist *lines;
    bool good;

    memset(reply, 0, sizeof *reply);
    if (!set_time(http, http_exchange_left_ms(&exchange), err))
        return false;
    set_path(http, request->path);
    set_body(http->curl, request->body, request->size);
    lines = set_headers(http->curl, request->headers);
    good = perform(http, &exchange, err);
    curl_easy_setopt(http->curl, CURLOPT_HTTPHEADER, NULL);
    curl_easy_setopt(http->curl, CURLOPT_POSTFIELDS, NULL);
    wipe_lines(lines);
    return good;
}

void http_renew(struct http *http)
{
    http->renew = true;
}

size_t http_end_point(const struct http *http, unsigned char hash[HTTP_MAX_END_POINT])
{
    return tls_end_point(http->tls, hash);
}

/* -------------------------------------------------------------------------------------------------- cookies ---- */

/* One line of curl's own form for each cookie. */
bool http_cookies(struct http *http, char *buffer, size_t size)
{
    struct curl_slist *lines = NULL;
    size_t length = 0;
    bool fits = size > 0;

    curl_easy_getinfo(http->curl, CURLINFO_COOKIELIST, &lines);
    for (struct curl_slist *line = lines; line != NULL && fits; line = line->next) {
        size_t part = strlen(line->data);

        fits = part + 1 < size - length;
        if (fits) {
            memcpy(buffer + length, line->data, part);
            buffer[length + part] = '\n';
            length += part + 1;
        }
    }
    if (size > 0)
        buffer[fits ? length : 0] = '\0';
    wipe_lines(lines);
    return fits;
}

/* A line that is none of curl's form would be taken for the header of a reply, or a command. */
static bool is_cookie(const char *line)
{
    size_t tabs = 0;

    for (const char *at = line; *at != '\0'; at++)
        tabs += *at == '\t';
    return tabs == 6;
}

static bool set_cookies(CURL *curl, char *lines)
{
    char *rest = NULL;

    for (char *line = strtok_r(lines, "\n", &rest); line != NULL; line = strtok_r(NULL, "\n", &rest)) {
        if (!is_cookie(line) || curl_easy_setopt(curl, CURLOPT_COOKIELIST, line) != CURLE_OK)
            return false;
    }
    return true;
}

bool http_set_cookies(struct http *http, const char *cookies)
{
    size_t size = strlen(cookies) + 1;
    char *copy = mem_text(cookies);
    bool good = curl_easy_setopt(http->curl, CURLOPT_COOKIELIST, "ALL") == CURLE_OK && set_cookies(http->curl, copy);

    explicit_bzero(copy, size);
    free(copy);
    return good;
}

void http_certificate(const struct http *http, struct str *out)
{
    tls_describe(http->tls, out);
}
