/* Who we are: the handshake of Negotiate by hand, over the one connection; or what goes with every request. */
#include "base64.h"
#include "clock.h"
#include "text.h"
#include "wsman_exchange.h"

#include <inttypes.h>
#include <string.h>

#define MAX_LEGS 8
#define SKEW_MS 300000 /* between two clocks, that Kerberos allows */

/* What says that a client's certificate is the login (DSP0226, annex C: the profile https/mutual). */
#define MUTUAL "Authorization: http://schemas.dmtf.org/wbem/wsman/1/wsman/secprofile/https/mutual"

static const char *user_of(const struct wsman *wsman)
{
    return wsman->settings.user != NULL ? wsman->settings.user : "";
}

const char *wsman_login_word(const struct wsman *wsman)
{
    if (wsman->negotiate != NULL)
        return negotiate_mechanism(wsman->negotiate) == NEGOTIATE_KERBEROS ? "Kerberos" : "NTLM";
    if (wsman->settings.auth == WSMAN_BASIC)
        return "Basic";
    return wsman->settings.auth == WSMAN_CERTIFICATE ? "certificate" : "";
}

const char *wsman_login_reason(const struct wsman *wsman)
{
    return wsman->negotiate != NULL ? negotiate_reason(wsman->negotiate) : "";
}

void wsman_logout(struct wsman *wsman)
{
    if (wsman->negotiate != NULL)
        http_renew(wsman->http);
    negotiate_destroy(wsman->negotiate);
    wsman->negotiate = NULL;
    wsman->logged_in = wsman->proved = false;
}

void wsman_forget_authorization(struct wsman *wsman)
{
    if (wsman->authorization.bytes != NULL)
        explicit_bzero(wsman->authorization.bytes, wsman->authorization.capacity);
    str_clear(&wsman->authorization);
}

/* --------------------------------------------------------------------------------------------------- errors ---- */

/* A 401 that offers nothing at all does not say that much. */
static bool is_offered(const struct wsman *wsman, const char *scheme)
{
    return wsman->offered.length == 0 || strcasestr(str_text(&wsman->offered), scheme) != NULL;
}

/* The option of WinRM's service that switches a scheme on; NULL: the login was none of it. */
static const char *switch_of(const struct wsman *wsman)
{
    if (wsman->settings.auth == WSMAN_BASIC)
        return is_offered(wsman, "Basic") ? NULL : "Basic";
    if (wsman->settings.auth == WSMAN_CERTIFICATE)
        return NULL;
    return is_offered(wsman, "Negotiate") ? NULL : "Negotiate";
}

static bool not_offered(struct wsman *wsman, const char *scheme, struct err *err)
{
    return err_set(err, ERR_UNSUPPORTED,
                   "%s does not offer %s, but: %s; on the host: winrm set winrm/config/service/auth @{%s=\"true\"}",
                   str_text(&wsman->server), scheme, str_text(&wsman->offered), scheme);
}

/* How far the server's clock is from ours, where that is too far for Kerberos. */
static void add_skew(const struct wsman *wsman, struct str *out)
{
    int64_t apart = wsman->connection.date_ms - clock_wall_ms(&clock_system);

    if (wsman->connection.date_ms == 0 || wsman->negotiate == NULL ||
        negotiate_mechanism(wsman->negotiate) != NEGOTIATE_KERBEROS || (apart < SKEW_MS && apart > -SKEW_MS))
        return;
    str_format(out, "; its clock is %" PRId64 " s %s that of this machine, and Kerberos allows %d: w32tm /resync",
               apart < 0 ? -apart / 1000 : apart / 1000, apart < 0 ? "behind" : "ahead of", SKEW_MS / 1000);
}

static const char *remedy_of(const struct wsman *wsman)
{
    switch (wsman->settings.auth) {
    case WSMAN_CERTIFICATE:
        return "map the certificate to an account there (New-Item WSMan:\\localhost\\ClientCertificate), and allow it: "
               "winrm set winrm/config/service/auth @{Certificate=\"true\"}";
    case WSMAN_BASIC: return "check username and password (a local account's), and that it is not locked";
    default:
        return "check username and password, that the account is not locked, and that it may log on over the network";
    }
}

bool wsman_login_refused(struct wsman *wsman, struct err *err)
{
    const char *scheme = switch_of(wsman);
    char quote[TEXT_QUOTE_SIZE];
    struct str more = STR_EMPTY;

    if (scheme != NULL)
        return not_offered(wsman, scheme, err);
    add_skew(wsman, &more);
    if (wsman_login_reason(wsman)[0] != '\0')
        str_format(&more, "; Kerberos was not tried: %s", wsman_login_reason(wsman));
    err_set(err, ERR_DENIED, "%s refuses the login of %s by %s (HTTP 401): %s%s", str_text(&wsman->server),
            text_quote(quote, user_of(wsman)), wsman_login_word(wsman), remedy_of(wsman), str_text(&more));
    str_finish(&more);
    return false;
}

/* ------------------------------------------------------------------------------------------------ handshake ---- */

static const enum negotiate_mechanism mechanisms[] = {
    [WSMAN_KERBEROS] = NEGOTIATE_KERBEROS,
    [WSMAN_NTLM] = NEGOTIATE_NTLM,
    [WSMAN_NEGOTIATE] = NEGOTIATE_EITHER,
};

static bool create_context(struct wsman *wsman, struct err *err)
{
    const struct wsman_settings *settings = &wsman->settings;
    unsigned char hash[HTTP_MAX_END_POINT];
    size_t size = settings->tls ? http_end_point(wsman->http, hash) : 0;
    const struct negotiate_settings wanted = {
        .mechanism = mechanisms[settings->auth],
        .host = settings->service_host != NULL ? settings->service_host : settings->host,
        .user = settings->user,
        .password = settings->password,
        .keytab = settings->keytab,
        .cache = settings->cache,
        .binding = size > 0 ? hash : NULL,
        .binding_size = size,
    };

    wsman->negotiate = negotiate_create(&wanted, err);
    return wsman->negotiate != NULL || err_add(err, "%s", str_text(&wsman->server));
}

static bool send_token(struct wsman *wsman, const struct str *token, struct err *err)
{
    str_clear(&wsman->authorization);
    str_add(&wsman->authorization, "Authorization: Negotiate ");
    base64_write(&wsman->authorization, token->bytes, token->length);
    return wsman_knock(wsman, str_text(&wsman->authorization), err);
}

static bool no_step(const struct wsman *wsman, const struct err *reason, struct err *err)
{
    struct str more = STR_EMPTY;

    add_skew(wsman, &more);
    err_set(err, reason->class, "%s: %s%s", str_text(&wsman->server), reason->text, str_text(&more));
    str_finish(&more);
    return false;
}

/* What the server's last token leads to; out is empty where nothing is left to say. */
static bool step(struct wsman *wsman, struct str *out, bool *done, struct err *err)
{
    struct str in = STR_EMPTY;
    struct err reason;
    bool good = base64_read(&in, str_text(&wsman->token), wsman->token.length) ||
                err_set(&reason, ERR_PROTOCOL, "its token is no base 64");

    str_clear(out);
    good = good && negotiate_step(wsman->negotiate, in.bytes, in.length, out, done, &reason);
    str_finish(&in);
    return good || no_step(wsman, &reason, err);
}

static bool lost_in_handshake(struct wsman *wsman, struct err *err)
{
    return err_set(err, ERR_UNREACHABLE,
                   "%s, or a proxy before it, ended the connection in the middle of the login: it must keep it",
                   str_text(&wsman->server));
}

/* A 401 with a token asks for the next one; without, or after the last, it is a refusal. */
static bool is_refused(const struct wsman *wsman, bool done)
{
    return wsman->connection.status == 401 && (wsman->token.length == 0 || done);
}

static bool shake(struct wsman *wsman, struct str *out, struct err *err)
{
    bool done = false;

    str_clear(&wsman->token);
    for (int leg = 0; leg < MAX_LEGS; leg++) {
        if (!step(wsman, out, &done, err))
            return false;
        if (done && out->length == 0)
            return true;
        if (!send_token(wsman, out, err))
            return false;
        if (wsman->connection.fresh && leg > 0)
            return lost_in_handshake(wsman, err);
        if (is_refused(wsman, done))
            return wsman_login_refused(wsman, err);
        if (wsman->connection.status != 401 && wsman->connection.status / 100 != 2)
            return wsman_status_error(wsman, err);
        if (done)
            return true;
    }
    return err_set(err, ERR_PROTOCOL, "%s: the login does not come to an end", str_text(&wsman->server));
}

/* Over TLS the certificate must have been seen before the context begins, which is bound to it. */
static bool see_certificate(struct wsman *wsman, struct err *err)
{
    if (!wsman->settings.tls)
        return true;
    if (!wsman_knock(wsman, NULL, err))
        return false;
    if (wsman->connection.status == 401 && !is_offered(wsman, "Negotiate"))
        return not_offered(wsman, "Negotiate", err);
    return true;
}

static bool handshake(struct wsman *wsman, struct err *err)
{
    struct str out = STR_EMPTY;
    bool good = see_certificate(wsman, err) && create_context(wsman, err) && shake(wsman, &out, err);

    str_finish(&out);
    wsman_forget_authorization(wsman);
    if (good && !wsman->settings.tls && !negotiate_seals(wsman->negotiate))
        good = err_set(err, ERR_PROTOCOL, "%s: what it agreed to by %s cannot encrypt, and nothing goes unencrypted",
                       str_text(&wsman->server), wsman_login_word(wsman));
    if (!good)
        wsman_logout(wsman);
    return good;
}

/* ------------------------------------------------------------------------------------------- other logins ---- */

/* In one piece of memory, which is wiped. */
static bool prepare_basic(struct wsman *wsman, struct err *err)
{
    size_t size = strlen(user_of(wsman)) + strlen(wsman->settings.password) + 2;
    struct str pair = STR_EMPTY;

    str_clear(&wsman->authorization);
    (void)err;
    str_room(&pair, size);
    str_room(&wsman->authorization, 64 + 2 * size);
    str_add(&pair, user_of(wsman));
    str_add_char(&pair, ':');
    str_add(&pair, wsman->settings.password);
    str_add(&wsman->authorization, "Authorization: Basic ");
    base64_write(&wsman->authorization, pair.bytes, pair.length);
    explicit_bzero(pair.bytes, pair.capacity);
    str_finish(&pair);
    return true;
}

static bool prepare_certificate(struct wsman *wsman, struct err *err)
{
    (void)err;
    str_clear(&wsman->authorization);
    str_add(&wsman->authorization, MUTUAL);
    return true;
}

static bool (*const logins[])(struct wsman *wsman, struct err *err) = {
    [WSMAN_KERBEROS] = handshake,
    [WSMAN_NTLM] = handshake,
    [WSMAN_NEGOTIATE] = handshake,
    [WSMAN_BASIC] = prepare_basic,
    [WSMAN_CERTIFICATE] = prepare_certificate,
};

bool wsman_login(struct wsman *wsman, struct err *err)
{
    if (!wsman->logged_in)
        wsman->logged_in = logins[wsman->settings.auth](wsman, err);
    return wsman->logged_in;
}

bool wsman_offers(struct wsman *wsman, const char **schemes, struct err *err)
{
    wsman_logout(wsman);
    if (!wsman_knock(wsman, NULL, err))
        return false;
    *schemes = str_text(&wsman->offered);
    return wsman->connection.status == 401 || wsman_status_error(wsman, err);
}
