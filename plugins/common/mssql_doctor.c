#include "mssql_doctor.h"

#include "mssql_options.h"
#include "old_tls.h"
#include "probe.h"
#include "tds_tls.h"
#include "text.h"
#include "version.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#define START_BROWSER                                                                                                  \
    "on the server: Set-Service SQLBrowser -StartupType Automatic; Start-Service SQLBrowser; and let it through: "     \
    "netsh advfirewall firewall add rule name=\"SQL Server Browser\" dir=in action=allow protocol=UDP "                \
    "localport=1434. Where it shall stay off: set port, one target for each instance"
#define OPEN_PORT                                                                                                      \
    "on the server: SQL Server Configuration Manager, Protocols of the instance, TCP/IP: enable it, see its port "     \
    "under IPAll, start the instance again; and let the port through: netsh advfirewall firewall add rule "            \
    "name=\"SQL Server\" dir=in action=allow protocol=TCP localport=PORT"
#define NO_SERVER "see what listens at that port: on the server netstat -abno; correct port, or the option host"
#define INSTALL_CERTIFICATE                                                                                            \
    "on the server: SQL Server Configuration Manager, Protocols of the instance, Properties, Certificate: choose one " \
    "for Server Authentication that has the name in host, and start the instance again; its CA is ca_file. A server "  \
    "without one makes its own at each start, so that its fingerprint does not last"
#define UPDATE_TLS                                                                                                     \
    "install the update of SQL Server that brings TLS 1.2 (KB3135244); until then allow_tls_1_0 = true is needed, "    \
    "and is reported"

enum verdict { WELL, FAILED };

struct examination {
    struct muster *m;
    const struct mssql_settings *settings;
    const struct sql_scout_settings *aim;
    const struct mssql_doctor_rights *rights;
    struct sql_scout scout;
    const struct sql_scout_instance *instance; /* that is looked at */
    const char *label;
    struct mssql *mssql;
    struct err refusal; /* of the credential; class none: it was not refused */
};

static enum verdict tell(struct examination *x, const char *step, int state, const char *detail, const char *remedy)
{
    muster_step(x->m, step, state, detail, remedy);
    return state == MUSTER_STEP_FAILED ? FAILED : WELL;
}

/* The same of one instance. */
static enum verdict tell_of(struct examination *x, const char *step, int state, const char *detail, const char *remedy)
{
    return tell(x, step, state, muster_fmt(x->m, "%s: %s", x->label, detail), remedy);
}

/* ----------------------------------------------------------------------------------------------- the computer ---- */

static void aim_probe(const struct examination *x, struct probe *probe)
{
    snprintf(probe->host, sizeof probe->host, "%s", x->aim->address != NULL ? x->aim->address : x->aim->host);
    snprintf(probe->port, sizeof probe->port, "%d", x->aim->port != 0 ? x->aim->port : SQL_SCOUT_PORT);
}

static enum verdict examine_name(struct examination *x, const char *step)
{
    struct str addresses = STR_EMPTY;
    struct probe probe;
    const char *detail;
    struct err err;
    bool good;

    aim_probe(x, &probe);
    if (x->aim->address != NULL)
        return tell(x, step, MUSTER_STEP_OK,
                    muster_fmt(x->m, "%s is %s, by the option address", x->aim->host, x->aim->address), NULL);
    good = probe_name(&probe, &addresses, &err);
    detail = good ? muster_fmt(x->m, "%s is %s", probe.host, str_text(&addresses)) : muster_fmt(x->m, "%s", err.text);
    str_finish(&addresses);
    return tell(x, step, good ? MUSTER_STEP_OK : MUSTER_STEP_FAILED, detail,
                good ? NULL : "correct host, or the name in DNS; on the server: ipconfig /registerdns");
}

/* Where the two disagree, the name in host is often an alias, which neither a certificate nor a principal has. */
static void examine_reverse(struct examination *x, const char *step)
{
    struct str name = STR_EMPTY;
    struct probe probe;
    struct err err;
    bool known, same;

    aim_probe(x, &probe);
    known = probe_reverse(&probe, &name, &err);
    same = known && strncasecmp(str_text(&name), x->aim->host, strlen(x->aim->host)) == 0;
    tell(
        x, step, same ? MUSTER_STEP_OK : MUSTER_STEP_WARNING,
        known ? muster_fmt(x->m, "its address is %s", str_text(&name)) : muster_fmt(x->m, "%s", err.text),
        same
            ? NULL
            : "host must be a name that the certificate has, and, for Kerberos, one of MSSQLSvc/NAME:PORT in setspn -L "
              "of the account that the instance runs as");
    str_finish(&name);
}

static void add_names(const struct examination *x, struct str *out)
{
    char quote[TEXT_QUOTE_SIZE];

    for (size_t i = 0; i < x->scout.count; i++) {
        const struct sql_scout_instance *instance = &x->scout.instances[i];

        if (!instance->by_browser)
            continue;
        str_format(out, "%s%s", out->length == 0 ? "it names " : ", ", text_quote(quote, instance->name));
        if (instance->port != 0)
            str_format(out, " (port %d)", instance->port);
        else
            str_add(out, " (no TCP port)");
    }
    if (out->length == 0)
        str_add(out, "it answers");
    if (x->scout.left_out > 0)
        str_format(out, "; %zu more make no sense", x->scout.left_out);
}

static void tell_browser(struct examination *x, const char *step, bool anything)
{
    struct str names = STR_EMPTY;

    if (x->scout.browser) {
        add_names(x, &names);
        tell(x, step, x->scout.left_out > 0 ? MUSTER_STEP_WARNING : MUSTER_STEP_OK, str_text(&names), NULL);
        str_finish(&names);
    } else if (x->aim->port != 0) {
        tell(x, step, MUSTER_STEP_SKIPPED, "it is not asked: the option port is set", NULL);
    } else {
        tell(x, step, anything ? MUSTER_STEP_WARNING : MUSTER_STEP_FAILED, x->scout.browser_why.text, START_BROWSER);
    }
}

/* ----------------------------------------------------------------------------------------------- one instance ---- */

static enum verdict examine_prelogin(struct examination *x, const char *step)
{
    const struct sql_scout_instance *instance = x->instance;
    const char *detail;

    if (!instance->seen)
        return tell_of(x, step, MUSTER_STEP_FAILED, instance->why.text,
                       instance->why.class == ERR_PROTOCOL ? NO_SERVER : OPEN_PORT);
    detail = muster_fmt(x->m, "build %s, encryption %s%s", instance->prelogin.build,
                        prelogin_encryption_word(instance->prelogin.encryption),
                        instance->strict ? ", TLS before anything else" : "");
    if (instance->prelogin.encryption == PRELOGIN_NOT_THERE)
        return tell_of(x, step, MUSTER_STEP_FAILED, muster_fmt(x->m, "%s: nobody logs in through clear text", detail),
                       INSTALL_CERTIFICATE);
    return tell_of(x, step, MUSTER_STEP_OK, detail, NULL);
}

static struct tds_tls_settings handshake(const struct examination *x)
{
    return (struct tds_tls_settings){ .address = x->scout.address,
                                      .port = x->instance->port,
                                      .name = x->settings->host,
                                      .ca_file = x->settings->ca_file,
                                      .fingerprint = x->settings->fingerprint,
                                      .tls_1_0 = x->settings->tls_1_0,
                                      .strict = x->instance->strict,
                                      .timeout_ms = x->aim->port_ms };
}

static enum verdict examine_tls(struct examination *x, const char *step)
{
    const struct tds_tls_settings settings = handshake(x);
    struct err err = ERR_EMPTY;
    struct tds_tls tls;
    bool good = tds_tls_look(&tls, &settings, &err), old = good && old_tls_is(tls.version);
    enum verdict verdict;

    if (good)
        verdict = tell_of(
            x, step, old ? MUSTER_STEP_WARNING : MUSTER_STEP_OK,
            muster_fmt(x->m, "%s, certificate%s: %s", tls.version, str_text(&tls.words),
                       settings.fingerprint != NULL ? "it is the one that is configured" : "a trusted CA signed it"),
            old ? UPDATE_TLS : NULL);
    else
        verdict = tell_of(x, step, MUSTER_STEP_FAILED, err.text,
                          tls.fingerprint[0] != '\0' ? INSTALL_CERTIFICATE : UPDATE_TLS);
    tds_tls_finish(&tls);
    return verdict;
}

static const char *login_remedy(enum err_class class)
{
    switch (class) {
    case ERR_DENIED:
        return "correct username and password before further attempts lock the account; on the server its error log "
               "has the state of error 18456, which tells why. SQL logins need SQL Server and Windows Authentication "
               "mode";
    case ERR_CONFIG: return "correct the option; the driver is installed by apt-get install tdsodbc";
    case ERR_UNSUPPORTED: return "give the login access to the database: CREATE USER ... FOR LOGIN ...";
    default: return NULL;
    }
}

static enum verdict examine_login(struct examination *x, const char *step)
{
    struct mssql_settings settings = *x->settings;
    struct err err = ERR_EMPTY;

    if (!mssql_options_login(x->settings)) {
        tell_of(x, step, MUSTER_STEP_SKIPPED, "there is no account: only what is told without a login is scanned",
                NULL);
        return FAILED;
    }
    if (x->refusal.class != ERR_NONE) {
        tell_of(x, step, MUSTER_STEP_SKIPPED, "the credential was refused, and is not tried again", NULL);
        return FAILED;
    }
    settings.address = x->scout.address;
    settings.port = x->instance->port;
    settings.strict = x->instance->strict;
    settings.major = (int)version_number(x->instance->prelogin.build, 0);
    x->mssql = mssql_open(&settings, &err);
    if (x->mssql != NULL)
        return tell_of(x, step, MUSTER_STEP_OK, muster_fmt(x->m, "logged in by %s", mssql_login_word(x->mssql)), NULL);
    if (err.class == ERR_DENIED)
        x->refusal = err;
    return tell_of(x, step, MUSTER_STEP_FAILED, err.text, login_remedy(err.class));
}

static const struct {
    const char *name;
    enum verdict (*examine)(struct examination *x, const char *step);
} steps[] = { { "prelogin", examine_prelogin }, { "tls", examine_tls }, { "login", examine_login } };

static const char *label_of(struct examination *x, const struct sql_scout_instance *instance)
{
    char quote[TEXT_QUOTE_SIZE];

    if (instance->name[0] == '\0')
        return muster_fmt(x->m, "port %d", instance->port);
    text_quote(quote, instance->name);
    return instance->port == 0 ? muster_fmt(x->m, "%s", quote)
                               : muster_fmt(x->m, "%s at port %d", quote, instance->port);
}

/* What needs a step that failed is skipped; failed: one before these. */
static void examine_instance(struct examination *x, const struct sql_scout_instance *instance, bool failed)
{
    x->instance = instance;
    x->label = label_of(x, instance);
    x->mssql = NULL;
    for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
        if (failed)
            tell(x, steps[i].name, MUSTER_STEP_SKIPPED, x->label, NULL);
        else
            failed = steps[i].examine(x, steps[i].name) == FAILED;
    }
    if (x->rights != NULL)
        x->rights->examine(x->rights->context, x->m, x->label, instance, x->mssql);
    mssql_close(x->mssql);
}

/* ---------------------------------------------------------------------------------------------------------- all ----
 */

/* Nothing is there: the steps of an instance are told of the one that was looked for. */
static void tell_nothing(struct examination *x, const struct err *why, bool named)
{
    struct sql_scout_instance nothing = { .port = x->aim->port != 0 ? x->aim->port : SQL_SCOUT_PORT };

    nothing.why = *why;
    if (x->aim->instance != NULL)
        snprintf(nothing.name, sizeof nothing.name, "%s", x->aim->instance);
    if (x->aim->instance != NULL && x->aim->port == 0)
        nothing.port = 0;
    examine_instance(x, &nothing, !named);
}

bool mssql_doctor(struct muster *m, const struct mssql_settings *settings, const struct sql_scout_settings *aim,
                  const struct mssql_doctor_rights *rights, struct err *err)
{
    struct examination *x = muster_alloc(m, sizeof *x);
    struct err why = ERR_EMPTY;
    bool named, anything = false;

    x->m = m;
    x->settings = settings;
    x->aim = aim;
    x->rights = rights;
    named = examine_name(x, "name") == WELL;
    if (named) {
        examine_reverse(x, "reverse");
        anything = sql_scout(&x->scout, aim, &why);
        tell_browser(x, "browser", anything);
    } else {
        tell(x, "reverse", MUSTER_STEP_SKIPPED, NULL, NULL);
        tell(x, "browser", MUSTER_STEP_SKIPPED, NULL, NULL);
    }
    for (size_t i = 0; anything && i < x->scout.count; i++)
        examine_instance(x, &x->scout.instances[i], false);
    if (!anything)
        tell_nothing(x, &why, named);
    *err = x->refusal;
    return x->refusal.class == ERR_NONE;
}
