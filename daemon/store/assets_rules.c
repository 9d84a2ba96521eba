#include "assets_rules.h"

#include "assets.h"
#include "judging.h"
#include "sql.h"
#include "store.h"

struct taking {
    const struct identity_rules *rules;
    int64_t at;
};

static bool any_ruled(struct sql *sql, bool *any, struct err *err)
{
    int64_t found = 0;
    bool good = sql_number(sql, "SELECT EXISTS (SELECT 1 FROM claim WHERE fact = 'rule')", &found, err);

    *any = found != 0;
    return good;
}

static bool add_entry(struct sql *sql, int64_t at, struct err *err)
{
    struct sql_query query;

    sql_query(&query, sql,
              "INSERT INTO journal (kind, started_at, ended_at, result, message)"
              " VALUES ('configuration', ?1, ?1, 'complete', 'identity rules')");
    sql_bind_int(&query, 1, at);
    return sql_done(&query, err);
}

/* An entry that nothing came of says nothing. */
static bool drop_entry(struct sql *sql, int64_t journal, struct err *err)
{
    struct sql_query query;

    sql_query(&query, sql, "DELETE FROM journal WHERE id = ?1");
    sql_bind_int(&query, 1, journal);
    return sql_done(&query, err);
}

static bool take(struct sql *sql, void *context, struct err *err)
{
    const struct taking *taking = context;
    struct occasion occasion = { 0 };
    int64_t changes;
    bool any;

    if (!any_ruled(sql, &any, err))
        return false;
    if (!any && taking->rules->count == 0)
        return true;
    if (!add_entry(sql, taking->at, err))
        return false;
    occasion.journal = sqlite3_last_insert_rowid(sql->handle);
    changes = sqlite3_total_changes64(sql->handle);
    if (!assets_apply_rules(sql, occasion.journal, taking->at, taking->rules, err))
        return false;
    if (sqlite3_total_changes64(sql->handle) == changes)
        return drop_entry(sql, occasion.journal, err);
    return judging_update(sql, NULL, &occasion, taking->at, NULL, 0, err);
}

bool assets_rules_take(struct store *store, const struct identity_rules *rules, int64_t at, struct err *err)
{
    struct taking taking = { rules, at };

    return store_transaction(store, take, &taking, err) || err_add(err, "the configuration's identity rules");
}
