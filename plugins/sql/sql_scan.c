#include "sql_scan.h"

#include "exterior.h"
#include "interior.h"
#include "mssql_options.h"
#include "names.h"
#include "sql_instance.h"
#include "ssrp.h"
#include "tds_tls.h"
#include "text.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

struct visit {
    struct muster *m;
    const struct mssql_settings *settings;
    const struct sql_scout_settings *aim;
    struct sql_scout *scout;
    struct err refused; /* by the first that refused the credential; class none: nobody did */
    struct err wrong;   /* what is wrong with the options, as only a login shows; class none: nothing */
    size_t records;     /* that were sent */
    bool tried;         /* the credential, at one of them at least */
    bool partial;
};

/* ------------------------------------------------------------------------------------------------------- time ---- */

/* What is kept back for sending: whoever is still asking at the deadline loses all that was read. */
#define FAREWELL_MS 3000

static int64_t left_ms(void *context)
{
    const struct mssql_settings *settings = ((const struct visit *)context)->settings;
    int64_t left = settings->left_ms == NULL ? INT64_MAX : settings->left_ms(settings->context);

    return left == INT64_MAX ? left : left > FAREWELL_MS ? left - FAREWELL_MS : 0;
}

/* ------------------------------------------------------------------------------------------------------ login ---- */

static struct mssql_settings settings_of(struct visit *visit, const struct instance *instance,
                                         const struct sql_scout_instance *found)
{
    struct mssql_settings settings = *visit->settings;

    settings.address = visit->scout->address;
    settings.port = found->port;
    settings.major = instance->major;
    settings.strict = found->strict;
    settings.left_ms = left_ms;
    settings.context = visit;
    return settings;
}

/* What stands in the way of a handshake. */
static bool can_be_reached(const struct sql_scout_instance *found, struct err *err)
{
    if (found->port == 0)
        return err_set(err, ERR_UNREACHABLE,
                       "SQL Server Browser names no TCP port of it: enable TCP/IP in SQL Server Configuration Manager");
    if (!found->seen && !found->strict) {
        *err = found->why;
        return false;
    }
    if (found->seen && found->prelogin.encryption == PRELOGIN_NOT_THERE)
        return err_set(
            err, ERR_PROTOCOL,
            "it can not encrypt, and nobody logs in through clear text: install a certificate, or the updates "
            "that bring encryption");
    return true;
}

/* What a login would bring along. */
static void shake_hands(struct visit *visit, struct instance *instance, const struct sql_scout_instance *found)
{
    const struct mssql_settings *settings = visit->settings;
    int64_t left = left_ms(visit);
    const struct tds_tls_settings wanted = {
        .address = visit->scout->address,
        .port = found->port,
        .name = settings->host,
        .ca_file = settings->ca_file,
        .fingerprint = settings->fingerprint,
        .tls_1_0 = settings->tls_1_0,
        .strict = found->strict,
        .timeout_ms = left < settings->login_ms ? left : settings->login_ms,
    };
    struct tds_tls tls;
    struct err err = ERR_EMPTY;

    tds_tls_look(&tls, &wanted, &err);
    if (tls.version[0] != '\0')
        exterior_tls(instance, tls.version);
    else
        facts_unread(&instance->item, "sql.tls", err.text);
    tds_tls_finish(&tls);
}

static bool may_log_in(struct visit *visit, struct err *err)
{
    if (!mssql_options_login(visit->settings))
        return err_set(err, ERR_CONFIG, "the target has no account: without a login nothing more is told");
    if (visit->refused.class != ERR_NONE)
        return err_set(err, ERR_DENIED, "another instance refused the credential, which is not tried again");
    if (visit->wrong.class != ERR_NONE) {
        *err = visit->wrong;
        return false;
    }
    if (left_ms(visit) == 0)
        return err_set(err, ERR_TIMEOUT, "no time is left of the scan's deadline for this instance");
    return true;
}

static bool log_in(struct visit *visit, struct instance *instance, const struct sql_scout_instance *found,
                   struct err *err)
{
    const struct mssql_settings settings = settings_of(visit, instance, found);

    instance->mssql = mssql_open(&settings, err);
    visit->tried |= instance->mssql != NULL;
    if (instance->mssql != NULL) {
        exterior_tls(instance, mssql_tls(instance->mssql));
        return true;
    }
    facts_unread(&instance->item, "sql.tls", err->text);
    if (err->class == ERR_DENIED) {
        visit->refused = *err;
        muster_refused(visit->m, "%s", err->text);
    }
    if (err->class == ERR_CONFIG) {
        visit->wrong = *err;
        muster_warn(visit->m, NULL, NULL, "nobody can log in: %s", err->text);
    }
    return false;
}

static bool enter(struct visit *visit, struct instance *instance, const struct sql_scout_instance *found,
                  struct err *err)
{
    if (!can_be_reached(found, err)) {
        facts_unread(&instance->item, "sql.tls", err->text);
        return false;
    }
    if (!may_log_in(visit, err)) {
        shake_hands(visit, instance, found);
        return false;
    }
    return log_in(visit, instance, found, err);
}

/* ------------------------------------------------------------------------------------------------------ visit ---- */

static void leave_out(struct visit *visit, const struct sql_scout_instance *found, const char *why)
{
    char quote[TEXT_QUOTE_SIZE];
    bool named = found->name[0] != '\0';

    muster_warn(visit->m, NULL, NULL, "the instance %s%sat port %d was left out: %s",
                named ? text_quote(quote, found->name) : "", named ? " " : "", found->port, why);
    visit->partial = true;
}

/* The name by which keys know it; "": only a login will tell it. */
static const char *name_of(const struct visit *visit, const struct sql_scout_instance *found)
{
    const char *wanted = visit->aim->instance;

    if (found->name[0] != '\0')
        return found->name;
    return wanted != NULL ? wanted : "";
}

/* One without a name is at the port that is the default instance's own: for any other, check() wants its name. */
static void name_by_port(struct instance *instance)
{
    if (instance->name[0] == '\0')
        instance_call(instance, SSRP_DEFAULT);
}

/* A record beyond the most would end the scan, and all of it would be lost: then this instance's databases are. */
static void keep_within(struct visit *visit, struct instance *instance)
{
    size_t own = 1 + instance->groups.count;

    if (visit->records + own + instance->databases.count > MUSTER_MAX_ITEMS) {
        instance_warn(instance, "its %zu databases were left out: a scan has at most %d records",
                      instance->databases.count, MUSTER_MAX_ITEMS);
        instance->partial = true;
        vec_clear(&instance->databases);
    }
    visit->records += own + instance->databases.count;
}

static void send(struct visit *visit, struct instance *instance, const struct sql_scout_instance *found)
{
    char quote[TEXT_QUOTE_SIZE], why[256];

    name_by_port(instance);
    if (instance->stranger != NULL) {
        snprintf(why, sizeof why, "it calls itself %s", text_quote(quote, instance->stranger));
        leave_out(visit, found, why);
        return;
    }
    keep_within(visit, instance);
    interior_emit(instance);
    visit->partial |= instance->partial;
}

static void look_at(struct visit *visit, const struct sql_scout_instance *found)
{
    const char *name = name_of(visit, found);
    struct instance instance;
    struct err err = ERR_EMPTY;

    if (name[0] != '\0' && !names_is_instance(name)) {
        leave_out(visit, found, "no instance can be called so");
        return;
    }
    instance_init(&instance, visit->m, visit->settings->host, name);
    exterior_record(&instance, found);
    if (enter(visit, &instance, found, &err))
        interior_look(&instance);
    else
        interior_unread(&instance, err.text);
    mssql_close(instance.mssql);
    send(visit, &instance, found);
    instance_finish(&instance);
}

static void tell_browser(struct visit *visit)
{
    const struct sql_scout *scout = visit->scout;

    if (scout->left_out > 0) {
        muster_warn(visit->m, NULL, NULL, "%zu instances that SQL Server Browser named were left out", scout->left_out);
        visit->partial = true;
    }
    if (!scout->browser && visit->aim->port == 0) {
        muster_warn(visit->m, NULL, NULL, "SQL Server Browser does not answer, so only port %d was looked at: %s",
                    SQL_SCOUT_PORT, scout->browser_why.text);
        visit->partial = true;
    }
}

bool sql_scan(struct muster *m, const struct mssql_settings *settings, const struct sql_scout_settings *aim,
              int *completeness, struct err *err)
{
    struct visit visit = { .m = m, .settings = settings, .aim = aim, .scout = muster_alloc(m, sizeof *visit.scout) };

    if (!sql_scout(visit.scout, aim, err))
        return false;
    tell_browser(&visit);
    for (size_t i = 0; i < visit.scout->count; i++)
        look_at(&visit, &visit.scout->instances[i]);
    if (!visit.tried && visit.refused.class == ERR_NONE && mssql_options_login(settings))
        muster_untried(m);
    *completeness = visit.partial ? MUSTER_PARTIAL : MUSTER_COMPLETE;
    return true;
}
