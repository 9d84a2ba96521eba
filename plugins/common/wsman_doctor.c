#include "wsman_doctor.h"

#include "arena.h"
#include "clock.h"
#include "probe.h"
#include "registry.h"
#include "text.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#define ROUTE_MS 10000
#define SKEW_MS INT64_C(300000) /* Kerberos takes no more (RFC 4120, 1.6; the default of Windows, too) */

#define LISTEN_TLS                                                                                                     \
    "on the host: winrm quickconfig -transport:https (it needs a certificate for Server Authentication), then winrm "  \
    "enumerate winrm/config/listener, and let the port through: netsh advfirewall firewall add rule name=\"WinRM "     \
    "HTTPS\" dir=in action=allow protocol=TCP localport=5986. Windows Server 2008 without KB968930 listens on 443: "   \
    "install it, or set port = 443"
#define LISTEN                                                                                                         \
    "on the host: winrm quickconfig, then winrm enumerate winrm/config/listener. Windows Server 2008 without "         \
    "KB968930 listens on 80: install it, or set port = 80"

struct examination {
    struct muster *m;
    const struct wsman_settings *settings;
    const struct wsman_doctor_right *rights;
    size_t count;
    struct wsman *wsman;
    struct probe probe;
    const char *schemes;
    int64_t answered_ms; /* our clock at its answer */
    struct err refusal;  /* of the credential; class none: it was not refused */
    bool over;           /* no further call makes sense */
};

enum verdict { WELL, FAILED };

static enum verdict tell(struct examination *x, const char *step, int state, const char *detail, const char *remedy)
{
    muster_step(x->m, step, state, detail, remedy);
    return state == MUSTER_STEP_FAILED ? FAILED : WELL;
}

/* ----------------------------------------------------------------------------------------------------- network ---- */

static int port_of(const struct wsman_settings *settings)
{
    if (settings->port != 0)
        return settings->port;
    return settings->tls ? 5986 : 5985;
}

static void aim(struct probe *probe, const char *host, int port)
{
    snprintf(probe->host, sizeof probe->host, "%s", host);
    snprintf(probe->port, sizeof probe->port, "%d", port);
}

/* With a proxy it is the proxy that must be found; the rest is its business. */
static const char *whose(const struct examination *x)
{
    return x->settings->http.proxy != NULL ? "the proxy " : "";
}

static enum verdict examine_name(struct examination *x, const char *step)
{
    struct str addresses = STR_EMPTY;
    struct err err;
    bool good;
    const char *detail;

    aim(&x->probe, x->settings->host, port_of(x->settings));
    if (x->settings->http.proxy != NULL && !probe_read(&x->probe, x->settings->http.proxy, "1080"))
        return tell(x, step, MUSTER_STEP_FAILED, "proxy names no host", "correct the option proxy");
    good = probe_name(&x->probe, &addresses, &err);
    detail = good ? muster_fmt(x->m, "%s%s is %s", whose(x), x->probe.host, str_text(&addresses)) : err.text;
    detail = muster_fmt(x->m, "%s", detail);
    str_finish(&addresses);
    return tell(x, step, good ? MUSTER_STEP_OK : MUSTER_STEP_FAILED, detail,
                good ? NULL : "correct host, or the name in DNS; on the host: ipconfig /registerdns");
}

/* Nothing here relies on it; but where the two disagree, the name in host is often an alias, which has no principal. */
static enum verdict examine_reverse(struct examination *x, const char *step)
{
    struct str name = STR_EMPTY;
    struct err err;
    const char *detail;
    int state = MUSTER_STEP_OK;

    if (!probe_reverse(&x->probe, &name, &err)) {
        detail = muster_fmt(x->m, "%s", err.text);
        state = MUSTER_STEP_WARNING;
    } else {
        detail = muster_fmt(x->m, "its address is %s", str_text(&name));
        if (strncasecmp(str_text(&name), x->probe.host, strlen(x->probe.host)) != 0)
            state = MUSTER_STEP_WARNING;
    }
    str_finish(&name);
    return tell(x, step, state, detail,
                state == MUSTER_STEP_OK ? NULL
                                        : "where Kerberos is used, name the computer as its principal does: setspn -L "
                                          "COMPUTER on the host lists its names; or set service_host");
}

static const char *other_port(struct examination *x)
{
    int port = x->settings->tls ? 5985 : 5986;
    struct str address = STR_EMPTY;
    struct probe other = x->probe;
    struct err err;
    bool good;

    if (x->settings->http.proxy != NULL || port == port_of(x->settings))
        return "";
    aim(&other, x->settings->host, port);
    good = probe_route(&other, ROUTE_MS / 5, &address, &err);
    str_finish(&address);
    return muster_fmt(x->m, "; port %d %s", port, good ? "answers, too" : "does not answer");
}

static enum verdict examine_route(struct examination *x, const char *step)
{
    struct str address = STR_EMPTY;
    struct err err;
    bool good = probe_route(&x->probe, ROUTE_MS, &address, &err);
    const char *detail =
        good ? muster_fmt(x->m, "%sport %s answers at %s%s", whose(x), x->probe.port, str_text(&address), other_port(x))
             : muster_fmt(x->m, "%s%s%s", whose(x), err.text, other_port(x));

    str_finish(&address);
    return tell(x, step, good ? MUSTER_STEP_OK : MUSTER_STEP_FAILED, detail,
                good ? NULL : (x->settings->tls ? LISTEN_TLS : LISTEN));
}

/* One call tells both: whether TLS came about, and what is offered behind it. */
static enum verdict examine_trust(struct examination *x, const char *step)
{
    const struct http_reply *seen;
    struct str certificate = STR_EMPTY;
    struct err err = ERR_EMPTY;
    bool good = wsman_offers(x->wsman, &x->schemes, &err);
    const char *detail;

    x->answered_ms = clock_wall_ms(&clock_system);
    seen = wsman_connection(x->wsman);
    if (!good)
        x->schemes = NULL;
    if (!good && seen->status == 0)
        return tell(x, step, MUSTER_STEP_FAILED, err.text,
                    x->settings->tls
                        ? "set ca_file to the CA that signed the certificate, or fingerprint after comparing "
                          "it on the host: certutil -store My"
                        : LISTEN);
    if (!x->settings->tls)
        return tell(x, step, MUSTER_STEP_OK, "no TLS: every message is encrypted by the login's own key", NULL);
    wsman_certificate(x->wsman, &certificate);
    detail = muster_fmt(x->m, "%s, certificate%s: %s", seen->tls, str_text(&certificate),
                        x->settings->http.fingerprint != NULL ? "it is the one that is configured"
                                                              : "a trusted CA signed it");
    str_finish(&certificate);
    return tell(x, step, MUSTER_STEP_OK, detail, NULL);
}

/* ------------------------------------------------------------------------------------------------------- login ---- */

static const struct {
    enum wsman_auth auth;
    const char *schemes[3]; /* one of them must be offered */
    const char *remedy;
} ways[] = {
    { WSMAN_KERBEROS, { "Kerberos", "Negotiate" }, "winrm set winrm/config/service/auth @{Kerberos=\"true\"}" },
    { WSMAN_NTLM, { "Negotiate" }, "winrm set winrm/config/service/auth @{Negotiate=\"true\"}" },
    { WSMAN_NEGOTIATE, { "Negotiate", "Kerberos" }, "winrm set winrm/config/service/auth @{Negotiate=\"true\"}" },
    { WSMAN_BASIC,
      { "Basic" },
      "winrm set winrm/config/service/auth @{Basic=\"true\"}; better, set auth = \"negotiate\"" },
    { WSMAN_CERTIFICATE, { NULL }, NULL },
};

static enum verdict examine_schemes(struct examination *x, const char *step)
{
    const char *detail;

    if (x->schemes == NULL)
        return tell(x, step, MUSTER_STEP_FAILED, "it did not ask for a login",
                    "see whether that port is WinRM's: winrm enumerate winrm/config/listener on the host");
    detail = muster_fmt(x->m, "offered: %s", x->schemes[0] == '\0' ? "none" : x->schemes);
    for (size_t i = 0; i < sizeof ways / sizeof *ways; i++) {
        if (ways[i].auth != x->settings->auth)
            continue;
        for (size_t j = 0; ways[i].schemes[j] != NULL; j++) {
            if (strcasestr(x->schemes, ways[i].schemes[j]) != NULL)
                return tell(x, step, MUSTER_STEP_OK, detail, NULL);
        }
        if (ways[i].schemes[0] != NULL)
            return tell(x, step, MUSTER_STEP_FAILED, detail, muster_fmt(x->m, "on the host: %s", ways[i].remedy));
    }
    return tell(x, step, MUSTER_STEP_OK, detail, NULL);
}

/* What goes with every request is looked at with the first. */
static bool log_in(struct examination *x, struct err *err)
{
    enum wsman_auth auth = x->settings->auth;
    const struct wsman_reply *reply;

    if (!wsman_login(x->wsman, err))
        return false;
    return (auth != WSMAN_BASIC && auth != WSMAN_CERTIFICATE) || wsman_identify(x->wsman, &reply, err) ||
           wsman_meaning(x->wsman) != WSMAN_FATAL;
}

/* The error has its own words on what to do: no KDC, skew, no principal. */
static enum verdict examine_login(struct examination *x, const char *step)
{
    struct err err;

    if (!log_in(x, &err)) {
        if (err.class == ERR_DENIED)
            x->refusal = err;
        return tell(x, step, MUSTER_STEP_FAILED, err.text,
                    "correct username and password before further attempts lock the account: net user ACCOUNT /domain "
                    "tells whether it is locked");
    }
    return tell(x, step, MUSTER_STEP_OK, muster_fmt(x->m, "logged in by %s", wsman_login_word(x->wsman)), NULL);
}

static enum verdict examine_kerberos(struct examination *x, const char *step)
{
    const char *word = wsman_login_word(x->wsman), *why = wsman_login_reason(x->wsman);

    if (strcmp(word, "Kerberos") == 0)
        return tell(x, step, MUSTER_STEP_OK, "a ticket was had, and taken", NULL);
    if (why == NULL || why[0] == '\0')
        return tell(x, step, MUSTER_STEP_SKIPPED, "auth does not ask for it", NULL);
    return tell(
        x, step, MUSTER_STEP_WARNING, muster_fmt(x->m, "%s was used instead: %s", word, why),
        "see that the domain's controllers are found by this machine (krb5.conf or DNS), and that setspn -L "
        "COMPUTER lists HTTP/NAME or HOST/NAME for the name in host; who keeps this machine from the controllers "
        "brings it to this: auth = \"kerberos\" forbids it");
}

static enum verdict examine_generation(struct examination *x, const char *step)
{
    const struct wsman_reply *reply;
    char vendor[TEXT_QUOTE_SIZE], version[TEXT_QUOTE_SIZE];
    struct err err;

    if (!wsman_identify(x->wsman, &reply, &err))
        return tell(x, step, MUSTER_STEP_WARNING, muster_fmt(x->m, "%s", err.text), NULL);
    return tell(x, step, MUSTER_STEP_OK,
                muster_fmt(x->m, "%s, %s",
                           text_quote(vendor, reply->vendor == NULL ? "vendor not told" : reply->vendor),
                           text_quote(version, reply->version == NULL ? "version not told" : reply->version)),
                NULL);
}

static enum verdict examine_clock(struct examination *x, const char *step)
{
    int64_t date = wsman_connection(x->wsman)->date_ms, skew = x->answered_ms - date;
    const char *detail;

    if (date == 0)
        return tell(x, step, MUSTER_STEP_SKIPPED, "its replies have no date", NULL);
    detail = muster_fmt(x->m, "its clock is %" PRId64 " s %s this machine's", (skew < 0 ? -skew : skew) / 1000,
                        skew < 0 ? "ahead of" : "behind");
    if (skew > SKEW_MS || skew < -SKEW_MS)
        return tell(x, step, MUSTER_STEP_WARNING, detail,
                    "Kerberos allows five minutes; on the host: w32tm /resync, and w32tm /query /status");
    return tell(x, step, MUSTER_STEP_OK, detail, NULL);
}

/* ------------------------------------------------------------------------------------------------------ rights ---- */

static bool count_instance(void *context, const struct cim_instance *instance, struct err *err)
{
    (void)instance;
    (void)err;
    ++*(size_t *)context;
    return true;
}

/* What came; false with why. */
static bool ask(struct examination *x, const struct wsman_doctor_right *right, size_t *count, struct err *err)
{
    const struct wsman_taker taker = { count_instance, count };
    struct arena arena;
    const char *const *names;
    enum registry_result result;

    if (right->key == NULL)
        return wsman_query(x->wsman, right->space, right->wql, &taker, err) ||
               (right->older != NULL && wsman_meaning(x->wsman) == WSMAN_ABSENT &&
                wsman_query(x->wsman, right->older, right->wql, &taker, err));
    arena_init(&arena, ARENA_PLAIN);
    result = registry_keys(x->wsman, right->key, &arena, &names, count, err);
    arena_finish(&arena);
    return result == REGISTRY_FOUND || result == REGISTRY_ABSENT;
}

static void examine_right(struct examination *x, const struct wsman_doctor_right *right)
{
    int bad = right->needed ? MUSTER_STEP_FAILED : MUSTER_STEP_WARNING;
    const char *without = right->without == NULL ? "" : muster_fmt(x->m, "; without it: %s", right->without);
    size_t count = 0;
    struct err err;

    if (!ask(x, right, &count, &err)) {
        x->over = wsman_meaning(x->wsman) == WSMAN_FATAL;
        if (wsman_meaning(x->wsman) == WSMAN_ABSENT && !right->needed)
            muster_step(x->m, right->step, MUSTER_STEP_OK, "it is not there, so nothing is lacking", NULL);
        else
            muster_step(x->m, right->step, bad, muster_fmt(x->m, "%s%s", err.text, without), right->remedy);
        return;
    }
    if (count == 0 && right->must_bring)
        muster_step(x->m, right->step, bad,
                    muster_fmt(x->m, "the answer is empty: the account may not see it%s", without), right->remedy);
    else
        muster_step(x->m, right->step, MUSTER_STEP_OK, NULL, NULL);
}

/* ------------------------------------------------------------------------------------------------------- steps ---- */

enum { NAME, REVERSE, ROUTE, TRUST, SCHEMES, LOGIN, KERBEROS, GENERATION, CLOCK, STEPS };

static const struct step {
    const char *name;
    int needs; /* the step that must not have failed; -1: none */
    enum verdict (*examine)(struct examination *x, const char *step);
} steps[STEPS] = {
    [NAME] = { "name", -1, examine_name },
    [REVERSE] = { "reverse", NAME, examine_reverse },
    [ROUTE] = { "route", NAME, examine_route },
    [TRUST] = { "trust", ROUTE, examine_trust },
    [SCHEMES] = { "schemes", TRUST, examine_schemes },
    [LOGIN] = { "login", SCHEMES, examine_login },
    [KERBEROS] = { "kerberos", LOGIN, examine_kerberos },
    [GENERATION] = { "generation", LOGIN, examine_generation },
    [CLOCK] = { "clock", TRUST, examine_clock },
};

static void examine_rights(struct examination *x)
{
    for (size_t i = 0; i < x->count; i++) {
        if (x->over)
            muster_step(x->m, x->rights[i].step, MUSTER_STEP_SKIPPED, NULL, NULL);
        else
            examine_right(x, &x->rights[i]);
    }
}

bool wsman_doctor(struct muster *m, const struct wsman_settings *settings, const struct wsman_doctor_right *rights,
                  size_t count, struct err *err)
{
    struct examination x = { .m = m, .settings = settings, .rights = rights, .count = count };
    bool failed[STEPS] = { 0 };

    x.wsman = wsman_create(settings, err);
    if (x.wsman == NULL)
        return false;
    for (int i = 0; i < STEPS; i++) {
        const struct step *step = &steps[i];

        if (step->needs >= 0 && failed[step->needs]) {
            failed[i] = true;
            muster_step(m, step->name, MUSTER_STEP_SKIPPED, NULL, NULL);
        } else {
            failed[i] = step->examine(&x, step->name) == FAILED;
        }
    }
    x.over = failed[LOGIN];
    examine_rights(&x);
    wsman_destroy(x.wsman);
    *err = x.refusal;
    return x.refusal.class == ERR_NONE;
}
