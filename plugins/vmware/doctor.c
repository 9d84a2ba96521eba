#include "doctor.h"

#include "clock.h"
#include "licence.h"
#include "probe.h"
#include "sight.h"
#include "version.h"

#include <inttypes.h>
#include <string.h>

#define ROUTE_MS 10000
#define SKEW_MS INT64_C(300000) /* more than that, and signatures, tickets and certificates begin to fail */
#define MANY_SESSIONS 800       /* a vCenter Server refuses logins at a thousand or two */

struct examination {
    struct vcenter *vcenter;
    struct muster *m;
    struct probe probe;
    const struct vim_about *about; /* NULL: it could not be read, and why says so */
    struct err why;
    int64_t answered_ms, date_ms; /* our clock at its answer, and its own; 0: it told none */
    struct err refusal;           /* of the credential; class none: it was not refused */
};

enum verdict { WELL, FAILED };

static enum verdict tell(struct examination *x, const char *step, int state, const char *detail, const char *remedy)
{
    muster_step(x->m, step, state, detail, remedy);
    return state == MUSTER_STEP_FAILED ? FAILED : WELL;
}

/* -------------------------------------------------------------------------------------------------- network ---- */

static const char *whose(const struct examination *x)
{
    return x->vcenter->http.proxy != NULL ? "the proxy " : "";
}

static enum verdict examine_name(struct examination *x, const char *step)
{
    struct str addresses = STR_EMPTY;
    struct err err = ERR_EMPTY;
    const char *url = x->vcenter->http.url, *proxy = x->vcenter->http.proxy, *detail;
    bool good = probe_read(&x->probe, proxy != NULL ? proxy : url, proxy != NULL ? "1080" : "443") ||
                err_set(&err, ERR_CONFIG, "%.200s names no host", proxy != NULL ? proxy : url);

    good = good && probe_name(&x->probe, &addresses, &err);
    detail = good ? muster_fmt(x->m, "%s%s is %s", whose(x), x->probe.host, str_text(&addresses))
                  : muster_fmt(x->m, "%s%s", whose(x), err.text);
    str_finish(&addresses);
    return tell(x, step, good ? MUSTER_STEP_OK : MUSTER_STEP_FAILED, detail,
                good ? NULL : "correct url, or the name in DNS; see that this machine's resolver can answer for it");
}

static enum verdict examine_route(struct examination *x, const char *step)
{
    struct str address = STR_EMPTY;
    struct err err;
    bool good = probe_route(&x->probe, ROUTE_MS, &address, &err);
    const char *detail = good ? muster_fmt(x->m, "%sport %s answers at %s", whose(x), x->probe.port, str_text(&address))
                              : muster_fmt(x->m, "%s%s", whose(x), err.text);

    str_finish(&address);
    return tell(x, step, good ? MUSTER_STEP_OK : MUSTER_STEP_FAILED, detail,
                good ? NULL : "let this machine through to it in firewalls, and see that the service runs");
}

/* One call tells both: whether TLS came about, and what speaks behind it. */
static enum verdict examine_trust(struct examination *x, const char *step)
{
    const char *how =
        x->vcenter->http.fingerprint != NULL ? "it is the one that is configured" : "a trusted CA signed it";
    const struct http_reply *seen;
    struct str certificate = STR_EMPTY;
    const char *detail;

    x->about = vim_about(x->vcenter->vim, &x->why);
    x->answered_ms = clock_wall_ms(&clock_system);
    seen = vim_connection(x->vcenter->vim);
    x->date_ms = seen->date_ms;
    if (x->about == NULL && seen->status == 0)
        return tell(x, step, MUSTER_STEP_FAILED, x->why.text,
                    "set ca_file to the CA that signed the certificate, or fingerprint after comparing it on the "
                    "server itself");
    vim_certificate(x->vcenter->vim, &certificate);
    detail = muster_fmt(x->m, "%s, certificate%s: %s", seen->tls, str_text(&certificate), how);
    str_finish(&certificate);
    return tell(x, step, MUSTER_STEP_OK, detail, NULL);
}

static enum verdict examine_api(struct examination *x, const char *step)
{
    const char *detail;

    if (x->about == NULL)
        return tell(x, step, MUSTER_STEP_FAILED, x->why.text,
                    "name a vCenter Server or an ESXi host in url; where it is one, see that its services run");
    detail = muster_fmt(x->m, "%s (%s), API %s", x->about->full_name, x->about->api_type, x->about->api_version);
    if (version_compare(x->about->api_version, "5.5") < 0)
        return tell(x, step, MUSTER_STEP_WARNING, detail, "muster is made for API 5.5 and later: some facts will lack");
    return tell(x, step, MUSTER_STEP_OK, detail, NULL);
}

static enum verdict examine_clock(struct examination *x, const char *step)
{
    int64_t skew = x->answered_ms - x->date_ms;
    const char *detail;

    if (x->date_ms == 0)
        return tell(x, step, MUSTER_STEP_SKIPPED, "its replies have no date", NULL);
    detail = muster_fmt(x->m, "its clock is %" PRId64 " s %s this machine's", (skew < 0 ? -skew : skew) / 1000,
                        skew < 0 ? "ahead of" : "behind");
    if (skew > SKEW_MS || skew < -SKEW_MS)
        return tell(x, step, MUSTER_STEP_WARNING, detail, "let both take their time from one NTP server");
    return tell(x, step, MUSTER_STEP_OK, detail, NULL);
}

/* -------------------------------------------------------------------------------------------------- account ---- */

static enum verdict examine_login(struct examination *x, const char *step)
{
    struct err err;

    if (!vcenter_login(x->vcenter, &err)) {
        if (err.class == ERR_DENIED)
            x->refusal = err;
        return tell(x, step, MUSTER_STEP_FAILED, err.text,
                    "correct username (user@domain) and password, before further attempts lock the account");
    }
    return tell(x, step, MUSTER_STEP_OK, muster_fmt(x->m, "logged in as %s", vim_user(x->vcenter->vim)), NULL);
}

static enum verdict examine_sight(struct examination *x, const char *step)
{
    struct err why;

    if (sight_prove(x->vcenter->vim, &why) == SIGHT_PROVEN)
        return tell(x, step, MUSTER_STEP_OK, "the account sees all from the root folder down", NULL);
    return tell(x, step, MUSTER_STEP_FAILED, why.text,
                "without it every scan is partial, and nothing is ever seen to be gone");
}

static enum verdict examine_licences(struct examination *x, const char *step)
{
    struct licences *licences = licences_read(x->vcenter->vim);
    const char *why = licences_why(licences);
    enum verdict verdict;

    if (why != NULL)
        verdict = tell(x, step, MUSTER_STEP_WARNING, why,
                       "give the account the privilege Global.Licenses: without it no host's edition is known");
    else
        verdict = tell(x, step, MUSTER_STEP_OK, "licence editions can be read", NULL);
    licences_destroy(licences);
    return verdict;
}

struct sessions {
    size_t all, own;
    const char *user, *fault;
    struct muster *m;
};

static bool take_sessions(void *context, const struct vim_object *object, struct err *err)
{
    struct sessions *sessions = context;
    const struct vim_value *list = vim_property(object, "sessionList");

    (void)err;
    for (const struct vim_value *at = list == NULL ? NULL : list->first; at != NULL; at = at->next) {
        const char *user = vim_text(at, "userName");

        sessions->all++;
        sessions->own += user != NULL && strcmp(user, sessions->user) == 0;
    }
    if (object->missing_count > 0)
        sessions->fault = muster_fmt(sessions->m, "%s", object->missing[0].fault);
    return true;
}

static bool count_sessions(struct examination *x, struct sessions *sessions, struct err *err)
{
    static const char *const list[] = { "sessionList" };
    const struct vim_wanted wanted = { "SessionManager", list, 1 };
    const struct vim_source source = { .type = wanted.type, .morefs = &x->about->sessions, .count = 1 };
    const struct vim_reading reading = { .taker = { take_sessions, sessions } };

    return vim_retrieve(x->vcenter->vim, &wanted, 1, &source, &reading, err);
}

static enum verdict examine_sessions(struct examination *x, const char *step)
{
    struct sessions sessions = { .user = vim_user(x->vcenter->vim), .m = x->m };
    struct err err;
    const char *detail;

    if (!count_sessions(x, &sessions, &err))
        return tell(x, step, MUSTER_STEP_SKIPPED, err.text, NULL);
    if (sessions.all == 0)
        return tell(x, step, MUSTER_STEP_SKIPPED,
                    muster_fmt(x->m, "the account may not list sessions (%s); that needs Sessions.TerminateSession",
                               sessions.fault == NULL ? "none are shown" : sessions.fault),
                    NULL);
    detail = muster_fmt(x->m, "open sessions: %zu, of which %zu of this account", sessions.all, sessions.own);
    if (sessions.all > MANY_SESSIONS)
        return tell(x, step, MUSTER_STEP_WARNING, detail,
                    "find out who leaves sessions open before logins are refused");
    return tell(x, step, MUSTER_STEP_OK, detail, NULL);
}

/* ---------------------------------------------------------------------------------------------------- steps ---- */

enum { NAME, ROUTE, TRUST, API, LOGIN, SIGHT, LICENCES, SESSIONS, CLOCK, STEPS };

struct step {
    const char *name;
    int needs; /* the step that must not have failed; -1: none */
    enum verdict (*examine)(struct examination *x, const char *step);
};

static const struct step steps[STEPS] = {
    [NAME] = { "name", -1, examine_name },
    [ROUTE] = { "route", NAME, examine_route },
    [TRUST] = { "trust", ROUTE, examine_trust },
    [API] = { "api", TRUST, examine_api },
    [LOGIN] = { "login", API, examine_login },
    [SIGHT] = { "sight", LOGIN, examine_sight },
    [LICENCES] = { "licences", LOGIN, examine_licences },
    [SESSIONS] = { "sessions", LOGIN, examine_sessions },
    [CLOCK] = { "clock", TRUST, examine_clock },
};

bool doctor_examine(struct vcenter *vcenter, struct err *err)
{
    struct examination x = { .vcenter = vcenter, .m = vcenter->m };
    bool failed[STEPS] = { 0 };

    for (int i = 0; i < STEPS; i++) {
        const struct step *step = &steps[i];

        if (step->needs >= 0 && failed[step->needs]) {
            failed[i] = true;
            muster_step(vcenter->m, step->name, MUSTER_STEP_SKIPPED, NULL, NULL);
        } else {
            failed[i] = step->examine(&x, step->name) == FAILED;
        }
    }
    *err = x.refusal;
    return x.refusal.class == ERR_NONE;
}
