#include "dpm_rights.h"

#include "dpm_read.h"
#include "dpmdb.h"
#include "mssql_doctor.h"
#include "mssql_options.h"
#include "section.h"

#include <string.h>

#define REGISTRY                                                                                                       \
    "on the backup server: reg query \"HKLM\\SOFTWARE\\Microsoft\\Microsoft Data Protection Manager\\DB\" says which " \
    "instance and database it uses; CREATE USER for the login there"

/* One instance while it is examined. */
struct examination {
    struct muster *m;
    struct dpmdb dpmdb;
    struct schema schema;
    bool whole; /* data sources, or replicas at least, can be read */
};

static void skip(struct muster *m, const char *why)
{
    muster_step(m, "database", MUSTER_STEP_SKIPPED, why, NULL);
    muster_step(m, "objects", MUSTER_STEP_SKIPPED, why, NULL);
}

/* ---------------------------------------------------------------------------------------------------- objects ---- */

static bool take_right(void *context, const struct mssql_row *row, struct err *err)
{
    bool *has = context;

    (void)err;
    *has = row->values[0] != NULL && strcmp(row->values[0], "1") == 0;
    return true;
}

static bool may_read(struct examination *examination, const struct section *section, struct err *err)
{
    bool has = false;
    const struct mssql_taker taker = { take_right, &has };
    const char *statement =
        muster_fmt(examination->m, "SELECT HAS_PERMS_BY_NAME(N'dbo.%s', N'OBJECT', N'SELECT') AS c1", section->object);

    if (!mssql_query(examination->dpmdb.mssql, statement, &taker, err))
        return false;
    return has || err_set(err, ERR_UNSUPPORTED, "the login may not read dbo.%s", section->object);
}

static bool can_be_asked(struct examination *examination, const struct section *section, struct err *err)
{
    struct str statement = STR_EMPTY;
    bool good = section_ask(&examination->schema, section, &statement, err);

    str_finish(&statement);
    return good && may_read(examination, section, err);
}

static const char *grant_of(struct examination *examination, const struct section *section)
{
    return muster_fmt(examination->m, "in %s: GRANT SELECT ON dbo.%s TO [%s]; without it there is no word of %s",
                      examination->dpmdb.database, section->object,
                      examination->dpmdb.settings.user == NULL ? "its user" : examination->dpmdb.settings.user,
                      section->tells);
}

/* What stands in for another object, or is left out, is no failure of the scan. */
static void examine_object(struct examination *examination, enum section_id id)
{
    const struct section *section = &sections[id];
    struct err err = ERR_EMPTY;

    if (can_be_asked(examination, section, &err)) {
        examination->whole |= id == SECTION_SOURCES || id == SECTION_REPLICAS;
        muster_step(examination->m, section->object, MUSTER_STEP_OK, "can be read", NULL);
        return;
    }
    muster_step(examination->m, section->object, MUSTER_STEP_WARNING, err.text, grant_of(examination, section));
}

static void examine_objects(struct examination *examination)
{
    struct err err = ERR_EMPTY;

    schema_init(&examination->schema);
    if (!dpm_read_schema(&examination->dpmdb, &examination->schema, &err)) {
        muster_step(examination->m, "objects", MUSTER_STEP_FAILED, err.text, NULL);
    } else {
        for (size_t id = 0; id < SECTION_COUNT; id++)
            examine_object(examination, (enum section_id)id);
        muster_step(examination->m, "objects", examination->whole ? MUSTER_STEP_OK : MUSTER_STEP_FAILED,
                    examination->whole ? "there is what a scan needs" : "neither data sources nor replicas can be read",
                    examination->whole ? NULL : "see the grants above; plugins/dpm/README.md has them in one script");
    }
    schema_finish(&examination->schema);
}

/* --------------------------------------------------------------------------------------------------- database ---- */

/* With the session of the doctor, which may be of another database: then one of its own goes on. */
static void examine(void *context, struct muster *m, const char *label, const struct sql_scout_instance *instance,
                    struct mssql *mssql)
{
    struct examination examination = { .m = m };
    const struct mssql_settings *settings = context;
    struct err err = ERR_EMPTY;

    (void)label;
    if (mssql == NULL) {
        skip(m, "nobody is logged in");
        return;
    }
    examination.dpmdb = (struct dpmdb){ .m = m, .settings = *settings, .database = settings->database };
    if (!dpmdb_enter(&examination.dpmdb, instance, mssql, &err)) {
        muster_step(m, "database", MUSTER_STEP_FAILED, err.text, REGISTRY);
        muster_step(m, "objects", MUSTER_STEP_SKIPPED, "there is no database to look at", NULL);
        return;
    }
    muster_step(m, "database", MUSTER_STEP_OK, examination.dpmdb.database, NULL);
    examine_objects(&examination);
    dpmdb_leave(&examination.dpmdb, mssql);
}

bool dpm_rights_doctor(struct muster *m, struct err *err)
{
    struct sql_scout_settings aim;
    struct mssql_settings settings;
    struct mssql_doctor_rights rights = { examine, &settings };

    mssql_options_read(&settings, &aim, m);
    settings.database = muster_text(m, "database");
    return mssql_doctor(m, &settings, &aim, &rights, err);
}
