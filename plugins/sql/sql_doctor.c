#include "sql_doctor.h"

#include "privileges.h"
#include "product.h"
#include "sql_section.h"
#include "version.h"

/* The first right that serves is the one to grant. Nobody who only reads is asked for more than that: hence the last.
 */
static const struct need {
    const char *step;
    unsigned rights;
    int state; /* without it */
    const char *without;
} needs[] = {
    { "databases", MAY(VIEW_ANY_DATABASE), MUSTER_STEP_FAILED, "databases are not shown, and the scan is partial" },
    { "definitions", MAY(VIEW_ANY_DEFINITION), MUSTER_STEP_FAILED,
      "files of databases and availability groups are not shown, and the scan is partial" },
    { "state", MAY_SEE_STATE, MUSTER_STEP_WARNING,
      "nodes and shared volumes of a failover cluster instance, and the cluster of availability groups, are unread" },
    { "backups", MAY(SELECT_BACKUPSET), MUSTER_STEP_WARNING, "last backups are unread" },
    { "offline", MAY_SEE_OFFLINE, MUSTER_STEP_OK,
      "databases that are offline are known by their files only; while there are any, the scan is partial" },
};

static void tell(struct instance *instance, struct muster *m, const char *label, const struct need *need)
{
    enum right right = privileges_first(instance, need->rights);

    if (privileges_allows(instance, need->rights))
        muster_step(m, need->step, MUSTER_STEP_OK, muster_fmt(m, "%s: %s", label, privileges_name(right)), NULL);
    else if (instance->blind != NULL)
        muster_step(m, need->step, MUSTER_STEP_FAILED,
                    muster_fmt(m, "%s: %s", label, privileges_needs(instance, need->rights)), NULL);
    else
        muster_step(m, need->step, need->state,
                    muster_fmt(m, "%s: the login lacks %s: %s", label, privileges_name(right), need->without),
                    need->state == MUSTER_STEP_OK
                        ? NULL
                        : muster_fmt(m, "on the instance: %s", privileges_grant(instance, right)));
}

/* Nothing is asked of a service of Azure, as nothing is by a scan. */
static const char *why_not(const struct instance *instance, const struct mssql *mssql)
{
    if (mssql == NULL)
        return "nobody is logged in";
    return instance->foreign ? INSTANCE_FOREIGN : NULL;
}

void sql_doctor_examine(void *context, struct muster *m, const char *label, const struct sql_scout_instance *found,
                        struct mssql *mssql)
{
    struct instance instance;
    const char *why;

    instance_init(&instance, NULL, context, found->name);
    instance.mssql = mssql;
    instance.major = (int)version_number(found->prelogin.build, 0);
    if (mssql != NULL)
        section_look(&instance, &product_section);
    why = why_not(&instance, mssql);
    if (why == NULL)
        section_look(&instance, &privileges_section);
    for (size_t i = 0; i < sizeof needs / sizeof *needs; i++) {
        if (why != NULL)
            muster_step(m, needs[i].step, MUSTER_STEP_SKIPPED, muster_fmt(m, "%s: %s", label, why), NULL);
        else
            tell(&instance, m, label, &needs[i]);
    }
    instance_finish(&instance);
}
