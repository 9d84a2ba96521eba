#include "retirement.h"

#include "assets.h"
#include "history.h"
#include "judging.h"
#include "mem.h"
#include "sql.h"
#include "tidings.h"

#include <stdlib.h>

void retirement_finish(struct retirement *retirement)
{
    vec_finish(&retirement->unseen);
    vec_finish(&retirement->retired);
    vec_finish(&retirement->moved);
}

/* Of the values, a statement takes as many as it has places for. */
static bool run_with(struct sql *sql, const char *text, int64_t first, int64_t second, int64_t third, struct err *err)
{
    const int64_t values[] = { first, second, third };
    struct sql_query query;

    sql_query(&query, sql, text);
    for (int i = 0; i < 3 && i < sqlite3_bind_parameter_count(query.statement); i++)
        sql_bind_int(&query, i + 1, values[i]);
    return sql_done(&query, err);
}

/* Appends the items that a statement with up to two values gives. */
static bool gather(struct retirement *retirement, const char *text, int64_t first, int64_t second, struct err *err)
{
    struct sql_query query;

    sql_query(&query, retirement->sql, text);
    if (sqlite3_bind_parameter_count(query.statement) > 0)
        sql_bind_int(&query, 1, first);
    if (sqlite3_bind_parameter_count(query.statement) > 1)
        sql_bind_int(&query, 2, second);
    while (sql_row(&query))
        vec_push(&retirement->unseen, sql_int(&query, 0));
    return sql_done(&query, err);
}

/* What a target's row says of what is taken from it. */
static const char *const forget_target[] = {
    "DELETE FROM sighting WHERE target = ?1",
    "DELETE FROM offer WHERE target = ?1",
    "DELETE FROM warning WHERE target = ?1",
    ("UPDATE target SET configured = 0, held_at = NULL, held_count = 0, held_why = '', warnings = 0,"
     " warnings_hash = NULL, failing_at = NULL, quarantined = 0, deaths = 0 WHERE id = ?1"),
};

bool retirement_of_target(struct retirement *retirement, int64_t target, struct err *err)
{
    if (!gather(retirement, "SELECT item FROM sighting WHERE target = ?1", target, 0, err) ||
        !tidings_of_retired(retirement->sql, target, retirement->journal, retirement->now, err))
        return false;
    for (size_t i = 0; i < sizeof forget_target / sizeof *forget_target; i++) {
        if (!run_with(retirement->sql, forget_target[i], target, 0, 0, err))
            return false;
    }
    return true;
}

static bool move_item(struct sql *sql, int64_t item, int64_t scope, bool *moved, struct err *err)
{
    bool good = run_with(
        sql,
        "UPDATE item SET scope = ?2 WHERE id = ?1"
        " AND NOT EXISTS (SELECT 1 FROM sighting s JOIN target t ON t.id = s.target"
        " WHERE s.item = ?1 AND t.scope <> ?2)"
        " AND NOT EXISTS (SELECT 1 FROM item o WHERE o.scope = ?2 AND o.kind = item.kind AND o.key = item.key)",
        item, scope, 0, err);

    *moved = good && sqlite3_changes(sql->handle) > 0;
    return good;
}

bool retirement_move_scope(struct retirement *retirement, int64_t target, int64_t scope, struct err *err)
{
    size_t from = retirement->unseen.count, kept = from;
    bool good = gather(retirement,
                       "SELECT s.item FROM sighting s JOIN item i ON i.id = s.item"
                       " WHERE s.target = ?1 AND i.scope <> ?2",
                       target, scope, err);

    for (size_t i = from; good && i < retirement->unseen.count; i++) {
        int64_t item = retirement->unseen.items[i];
        bool moved;

        good = move_item(retirement->sql, item, scope, &moved, err);
        if (moved)
            vec_push(&retirement->moved, item);
        if (!good || moved)
            continue;
        retirement->unseen.items[kept++] = item;
        good = run_with(retirement->sql, "DELETE FROM sighting WHERE item = ?1 AND target = ?2", item, target, 0, err);
    }
    retirement->unseen.count = kept;
    return good;
}

/* One that others see keeps what the target said until they have told theirs anew. */
static bool leave_to_others(struct retirement *retirement, int64_t item, struct err *err)
{
    return run_with(retirement->sql, "UPDATE sighting SET hash = x'' WHERE item = ?1 AND hash <> x''", item, 0, 0, err);
}

static bool retire(struct retirement *retirement, int64_t item, struct err *err)
{
    vec_push(&retirement->retired, item);
    return run_with(retirement->sql, "UPDATE item SET gone_at = ?2, gone_why = 'retired' WHERE id = ?1", item,
                    retirement->now, 0, err);
}

/* Their assets follow, and so do verdicts. Rules of identity are taken up after every change of the configuration, and
 * everything is judged anew: not here. */
static bool settle_assets(struct retirement *retirement, struct err *err)
{
    const struct occasion occasion = { .journal = retirement->journal };
    size_t count = retirement->retired.count + retirement->moved.count, at = 0;
    struct assets_item *items = mem_new(count + 1, sizeof *items);
    bool good;

    vec_each (item, &retirement->retired)
        items[at++] = (struct assets_item){ .id = *item, .gone = true };
    vec_each (item, &retirement->moved)
        items[at++] = (struct assets_item){ .id = *item, .identity_changed = true };
    good = assets_update(retirement->sql, retirement->journal, retirement->now, items, count, NULL, err) &&
           judging_update(retirement->sql, NULL, &occasion, retirement->now, items, count, err);
    free(items);
    return good;
}

static bool record(struct retirement *retirement, int64_t item, struct err *err)
{
    const struct history_row row = {
        .journal = retirement->journal,
        .at = retirement->now,
        .item = item,
        .what = "retired",
        .detail = "{}",
    };

    return history_write(retirement->sql, &row, err);
}

static bool settle_item(struct retirement *retirement, int64_t item, struct err *err)
{
    struct sql_query query;
    bool good, living, seen = false;

    sql_query(&query, retirement->sql,
              "SELECT EXISTS (SELECT 1 FROM sighting WHERE item = ?1) FROM item WHERE id = ?1 AND gone_at IS NULL");
    sql_bind_int(&query, 1, item);
    living = sql_row(&query);
    if (living)
        seen = sql_int(&query, 0) != 0;
    good = sql_done(&query, err);
    if (!good || !living)
        return good;
    return seen ? leave_to_others(retirement, item, err) : retire(retirement, item, err);
}

bool retirement_settle(struct retirement *retirement, struct err *err)
{
    bool good = gather(retirement,
                       "SELECT id FROM item WHERE lost_at IS NOT NULL AND gone_at IS NULL"
                       " AND NOT EXISTS (SELECT 1 FROM target t WHERE t.scope = item.scope AND t.configured = 1)",
                       0, 0, err);

    for (size_t i = 0; good && i < retirement->unseen.count; i++)
        good = settle_item(retirement, retirement->unseen.items[i], err);
    good = good && settle_assets(retirement, err);
    for (size_t i = 0; good && i < retirement->retired.count; i++)
        good = record(retirement, retirement->retired.items[i], err);
    return good;
}
