#include "dpm_read.h"

#include "facts.h"
#include "protected_item.h"
#include "server_item.h"

#include <string.h>

/* ------------------------------------------------------------------------------------------------------ schema ---- */

static bool take_column(void *context, const struct mssql_row *row, struct err *err)
{
    (void)err;
    schema_take(context, row->values[0], row->values[1]);
    return true;
}

bool dpm_read_schema(struct dpmdb *dpmdb, struct schema *schema, struct err *err)
{
    const struct mssql_taker taker = { take_column, schema };

    return mssql_query(dpmdb->mssql, schema_statement(&schema->arena), &taker, err);
}

/* ---------------------------------------------------------------------------------------------------- sections ---- */

struct taking {
    struct holdings *holdings;
    enum section_id id;
};

static bool take_row(void *context, const struct mssql_row *row, struct err *err)
{
    const struct taking *taking = context;

    (void)err;
    holdings_take(taking->holdings, taking->id, row->values, row->count);
    return true;
}

static bool ask(struct dpmdb *dpmdb, const struct schema *schema, enum section_id id, struct holdings *holdings,
                struct err *err)
{
    struct taking taking = { holdings, id };
    const struct mssql_taker taker = { take_row, &taking };
    struct str statement = STR_EMPTY;
    bool good = section_ask(schema, &sections[id], &statement, err) &&
                mssql_query(dpmdb->mssql, str_text(&statement), &taker, err);

    str_finish(&statement);
    return good;
}

/* Whether there is no going on: the session is over; or data sources could be asked for, and were not told to the end.
 * What stands in for them has other keys, and is for who may never read them. */
static bool is_over(const struct dpmdb *dpmdb, enum section_id id, const struct err *why)
{
    return !mssql_alive(dpmdb->mssql) || (id == SECTION_SOURCES && why->class != ERR_UNSUPPORTED);
}

static bool read_section(struct dpmdb *dpmdb, const struct schema *schema, enum section_id id,
                         struct holdings *holdings, struct err *err)
{
    struct err why;

    if (ask(dpmdb, schema, id, holdings, &why)) {
        holdings_done(holdings, id);
        return true;
    }
    holdings_failed(holdings, id, why.text);
    if (is_over(dpmdb, id, &why)) {
        *err = why;
        return err_add(err, "dbo.%s", sections[id].object);
    }
    muster_warn(dpmdb->m, NULL, NULL, "%s; without it there is no word of %s", why.text, sections[id].tells);
    return true;
}

static bool read_sections(struct dpmdb *dpmdb, const struct schema *schema, struct holdings *holdings, struct err *err)
{
    for (size_t id = 0; id < SECTION_COUNT; id++) {
        if (id == SECTION_DISK_JOBS && holdings->read[SECTION_JOBS])
            continue;
        if (!read_section(dpmdb, schema, (enum section_id)id, holdings, err))
            return false;
    }
    return true;
}

bool dpm_read_all(struct dpmdb *dpmdb, struct holdings *holdings, struct err *err)
{
    struct schema schema;
    bool good;

    schema_init(&schema);
    good = dpm_read_schema(dpmdb, &schema, err) && read_sections(dpmdb, &schema, holdings, err);
    schema_finish(&schema);
    if (!good)
        return false;
    if (!holdings->read[SECTION_SOURCES] && !holdings->read[SECTION_REPLICAS])
        return err_set(err, ERR_UNSUPPORTED, "neither data sources nor replicas of %s can be read: %s; %s",
                       dpmdb->database, holdings->why[SECTION_SOURCES], holdings->why[SECTION_REPLICAS]);
    holdings_join(holdings);
    return true;
}

/* ----------------------------------------------------------------------------------------------------- records ---- */

static void warn_of_rows(const struct dpmdb *dpmdb, const struct holdings *holdings)
{
    for (size_t id = 0; id < SECTION_COUNT; id++) {
        if (holdings->passed_over[id] > 0)
            muster_warn(dpmdb->m, NULL, NULL, "%zu rows of dbo.%s make no sense, and are passed over",
                        holdings->passed_over[id], sections[id].object);
    }
    if (holdings->too_many)
        muster_warn(dpmdb->m, NULL, NULL, "there are more than %d data sources: those beyond are left out",
                    HOLDINGS_MAX_SOURCES);
}

static bool is_complete(const struct holdings *holdings)
{
    return holdings->read[SECTION_SOURCES] && holdings->passed_over[SECTION_SOURCES] == 0 && !holdings->too_many;
}

bool dpm_read_emit(const struct dpmdb *dpmdb, struct holdings *holdings, int *completeness, struct err *err)
{
    const char *option = muster_text(dpmdb->m, "server"), *other;
    const char *name = server_name(holdings, option, dpmdb->settings.host, &other, err);
    struct arena arena;
    struct item item;

    if (name == NULL)
        return false;
    if (other != NULL)
        muster_warn(dpmdb->m, "backup_server", name, "DPMDB calls its backup server %s, the option \"server\" %s",
                    other, name);
    warn_of_rows(dpmdb, holdings);
    server_item(&item, holdings, name, dpmdb->instance, dpmdb->database);
    facts_text(&item, "sql.tls", dpmdb->tls);
    facts_emit(dpmdb->m, &item);
    arena_init(&arena, ARENA_PLAIN);
    vec_each (source, &holdings->sources) {
        protected_item(&item, holdings, *source, name, &arena);
        facts_emit(dpmdb->m, &item);
        arena_reset(&arena);
    }
    arena_finish(&arena);
    *completeness = is_complete(holdings) ? MUSTER_COMPLETE : MUSTER_PARTIAL;
    return true;
}
