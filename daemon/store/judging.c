#include "judging.h"

#include "hearing.h"
#include "judging_state.h"
#include "reach.h"
#include "sql.h"

/* Nothing ever judged, nothing to end. */
static bool any_protection(struct sql *sql, bool *any, struct err *err)
{
    int64_t found = 0;
    bool good = sql_number(sql, "SELECT EXISTS (SELECT 1 FROM guard)", &found, err);

    *any = found != 0;
    return good;
}

struct update {
    struct sql *sql;
    const struct basis *basis;
    const struct occasion *occasion;
    int64_t at;
};

static bool judge_all(const struct update *update, const struct reach *reach, struct err *err)
{
    struct hearing hearing;
    bool good;

    hearing_init(&hearing, update->sql, update->basis, update->occasion, update->at);
    good = hearing_judge(&hearing, reach->assets.items, reach->assets.count, err) && hearing_end(&hearing, err);
    hearing_finish(&hearing);
    return good;
}

static bool has_ended(struct sql *sql, int64_t asset, bool *ended, struct err *err)
{
    struct sql_query query;

    sql_query(&query, sql, "SELECT 1 FROM asset WHERE id = ?1 AND gone_at IS NULL AND merged_into IS NULL");
    sql_bind_int(&query, 1, asset);
    *ended = !sql_row(&query);
    return sql_done(&query, err);
}

static bool end_each(struct findings *findings, int64_t at, const struct reach *reach, struct err *err)
{
    bool ended;

    vec_each (asset, &reach->assets) {
        if (!has_ended(findings->sql, *asset, &ended, err) || (ended && !protections_end(findings, *asset, at, err)))
            return false;
    }
    return findings_write(findings, err);
}

/* Without anybody who judges: what does not live any more is protected no more, whatever the rest is now. */
static bool end_dead(const struct update *update, const struct reach *reach, struct err *err)
{
    struct findings findings;
    bool good;

    findings_init(&findings, update->sql, update->occasion, update->at);
    good = end_each(&findings, update->at, reach, err);
    findings_finish(&findings);
    return good && judging_mark(update->sql, err);
}

/* All that do not live, where they are too many to be named. */
static bool end_all_dead(const struct update *update, struct err *err)
{
    struct reach reach = { 0 };
    struct sql_query query;
    bool good;

    sql_query(&query, update->sql,
              "SELECT DISTINCT g.asset FROM guard g JOIN asset a ON a.id = g.asset"
              " WHERE a.gone_at IS NOT NULL OR a.merged_into IS NOT NULL");
    while (sql_row(&query))
        vec_push(&reach.assets, sql_int(&query, 0));
    good = sql_done(&query, err) && end_dead(update, &reach, err);
    reach_finish(&reach);
    return good;
}

static bool act(const struct update *update, const struct reach *reach, struct err *err)
{
    bool any;

    if (reach->more)
        return end_all_dead(update, err);
    if (update->basis != NULL)
        return judge_all(update, reach, err) && (!reach->server || judging_mark(update->sql, err));
    return any_protection(update->sql, &any, err) && (!any || end_dead(update, reach, err));
}

bool judging_update(struct sql *sql, const struct basis *basis, const struct occasion *occasion, int64_t at,
                    const struct assets_item *items, size_t count, struct err *err)
{
    const struct update update = { sql, basis, occasion, at };
    struct reach reach;
    bool good, any = basis != NULL;

    if (!any && (!any_protection(sql, &any, err) || !any))
        return !any;
    good = reach_find(sql, occasion == NULL ? 0 : occasion->journal, items, count, &reach, err) &&
           act(&update, &reach, err);
    reach_finish(&reach);
    return good || err_add(err, "judging what changed");
}

bool judging_waits(struct sql *sql, bool *waits, struct err *err)
{
    int64_t found = 0;
    bool good = sql_number(sql, "SELECT EXISTS (SELECT 1 FROM meta WHERE name = 'judging_next')", &found, err);

    *waits = found != 0;
    return good;
}
