#include "http_error.h"

#include "text.h"

#include <curl/curl.h>

/* What users meet, in their words. */
/* clang-format off */
static const struct ending_words {
    CURLcode code;
    enum err_class class;
    const char *what, *remedy;
} endings[] = {
    { CURLE_COULDNT_RESOLVE_HOST, ERR_UNREACHABLE, "the name cannot be resolved",
      "look at the name that is configured, and at the name servers of this machine" },
    { CURLE_COULDNT_RESOLVE_PROXY, ERR_UNREACHABLE, "the proxy's name cannot be resolved", "look at the option proxy" },
    { CURLE_COULDNT_CONNECT, ERR_UNREACHABLE, "no connection",
      "look whether the service runs there, and whether a firewall lets this machine through" },
    { CURLE_OPERATION_TIMEDOUT, ERR_TIMEOUT, "no answer in time",
      "look whether the server is up and how busy it is, and whether a firewall drops what goes there" },
    { CURLE_SSL_CONNECT_ERROR, ERR_PROTOCOL, "TLS cannot be agreed on",
      "look whether HTTPS is spoken on that port, with TLS 1.2 or later" },
    { CURLE_SSL_CIPHER, ERR_PROTOCOL, "TLS cannot be agreed on", "look which ciphers the server offers" },
    { CURLE_GOT_NOTHING, ERR_UNREACHABLE, "the connection was closed without an answer",
      "look whether the server has just been restarted" },
    { CURLE_SEND_ERROR, ERR_UNREACHABLE, "the connection broke off", "look whether the server has just been restarted" },
    { CURLE_RECV_ERROR, ERR_UNREACHABLE, "the connection broke off", "look whether the server has just been restarted" },
    { CURLE_PARTIAL_FILE, ERR_UNREACHABLE, "the answer is cut off",
      "look whether the server, or a proxy before it, has just been restarted" },
    { CURLE_UNSUPPORTED_PROTOCOL, ERR_PROTOCOL, "what answers does not speak HTTP", "look at the port" },
    { CURLE_WEIRD_SERVER_REPLY, ERR_PROTOCOL, "what answers does not speak HTTP", "look at the port" },
    { CURLE_SSL_CERTPROBLEM, ERR_CONFIG, "the client's certificate cannot be used",
      "give it in PEM, with its key in PEM and without a password" },
    { CURLE_OUT_OF_MEMORY, ERR_SYSTEM, "not enough memory", "look at the memory limit of scans" },
    { CURLE_URL_MALFORMAT, ERR_CONFIG, "the address cannot be understood", "look at what is configured" },
};
/* clang-format on */

static const struct ending_words other = { CURLE_OK, ERR_PROTOCOL, "the exchange failed", NULL };

static const struct ending_words *words_of(int code)
{
    for (size_t i = 0; i < sizeof endings / sizeof endings[0]; i++) {
        if ((int)endings[i].code == code)
            return &endings[i];
    }
    return &other;
}

static void add_reason(struct str *out, const struct http_ending *ending)
{
    text_line(out, ending->text[0] != '\0' ? ending->text : curl_easy_strerror((CURLcode)ending->code));
}

/* Says who failed and what, then why in curl's words; the rest is the caller's. */
static void begin(struct str *out, const struct http_ending *ending, const char *what)
{
    str_format(out, "%s: %s: ", ending->server, what);
    add_reason(out, ending);
    if (ending->proxy != NULL)
        str_format(out, " (by the proxy %s)", ending->proxy);
}

static enum err_class certificate_refused(struct str *out, const struct http_ending *ending)
{
    begin(out, ending, "its certificate is refused");
    str_add(out, "; it showed one");
    tls_describe(ending->tls, out);
    str_format(out, "; %s", tls_remedy(ending->tls));
    return ERR_PROTOCOL;
}

static enum err_class proxy_refused(struct str *out, const struct http_ending *ending)
{
    str_format(out, "%s: the proxy %s does not connect there: it answers %ld%s", ending->server, ending->proxy,
               ending->proxy_status,
               ending->proxy_status == 407 ? ", and asks for a login, which is not supported" : "");
    str_add(out, "; look at its rules, and at the option proxy");
    return ERR_UNREACHABLE;
}

static enum err_class other_ending(struct str *out, const struct http_ending *ending)
{
    const struct ending_words *words = words_of(ending->code);

    begin(out, ending, words->what);
    if (words->remedy != NULL)
        str_format(out, "; %s", words->remedy);
    return words->class;
}

bool http_error(const struct http_ending *ending, struct err *err)
{
    struct str sentence = STR_EMPTY;
    enum err_class class;

    if (ending->code == CURLE_PEER_FAILED_VERIFICATION)
        class = certificate_refused(&sentence, ending);
    else if (ending->proxy != NULL && ending->proxy_status != 0 && ending->proxy_status / 100 != 2)
        class = proxy_refused(&sentence, ending);
    else
        class = other_ending(&sentence, ending);
    err_set(err, class, "%s", str_text(&sentence));
    str_finish(&sentence);
    return false;
}
