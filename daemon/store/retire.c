#include "retire.h"

#include "arena.h"
#include "asset.h"
#include "clock.h"
#include "exemption.h"
#include "judging.h"
#include "retirement.h"
#include "sql.h"
#include "store.h"
#include "text.h"
#include "unit.h"

#include <inttypes.h>

struct act {
    int64_t asset;
    const char *reason;
    const struct actor *by;
    struct retire_result *result;
    /* of one transaction */
    struct retirement retirement;
    struct arena arena;
    const char *name, *kind; /* name: as a sentence shows it */
};

/* ----------------------------------------------------------------------------------------------------- asking ---- */

static bool load_asset(struct act *act, struct err *err)
{
    char when[CLOCK_TEXT_SIZE], quote[TEXT_QUOTE_SIZE];
    struct asset_found found;

    if (!asset_find(act->retirement.sql, act->asset, &act->arena, &found, err))
        return false;
    act->name = arena_text(&act->arena, text_quote(quote, found.name));
    act->kind = found.kind;
    return found.gone_at == 0 ||
           err_set(err, ERR_CONFIG, "%s is gone since %s already", act->name, clock_text(found.gone_at, when));
}

/* What its next scan would bring back is not to be retired. */
static bool is_out_of_sight(struct act *act, struct err *err)
{
    const char *target = NULL;
    char when[CLOCK_TEXT_SIZE];
    struct sql_query query;
    int64_t seen_at = 0;

    sql_query(&query, act->retirement.sql,
              "SELECT t.name, coalesce(t.succeeded_at, 0) FROM item i JOIN sighting s ON s.item = i.id"
              " JOIN target t ON t.id = s.target WHERE i.asset = ?1 AND i.gone_at IS NULL AND s.missed_at IS NULL"
              " AND t.configured = 1 ORDER BY 2 DESC, 1 LIMIT 1");
    sql_bind_int(&query, 1, act->asset);
    if (sql_row(&query)) {
        target = arena_text(&act->arena, sql_text(&query, 0));
        seen_at = sql_int(&query, 1);
    }
    if (!sql_done(&query, err))
        return false;
    return target == NULL || err_set(err, ERR_CONFIG,
                                     "target %s saw %s in its last good run, at %s, and would bring it back: exempt it "
                                     "(muster exempt), or take it out of what the target reads",
                                     target, act->name, clock_text(seen_at, when));
}

/* --------------------------------------------------------------------------------------------------- retiring ---- */

static bool add_journal(struct act *act, struct err *err)
{
    struct sql_query query;

    sql_query(&query, act->retirement.sql,
              "INSERT INTO journal (kind, started_at, ended_at, result, message) VALUES ('retire', ?1, ?1, 'retired',"
              " ?2)");
    sql_bind_int(&query, 1, act->retirement.now);
    sql_bind_text(&query, 2, arena_format(&act->arena, "%s retired %s: %s", act->by->name, act->name, act->reason));
    if (!sql_done(&query, err))
        return false;
    act->retirement.journal = sqlite3_last_insert_rowid(act->retirement.sql->handle);
    return true;
}

static bool end_journal(struct act *act, struct err *err)
{
    struct sql_query query;

    sql_query(&query, act->retirement.sql, "UPDATE journal SET gone = ?2 WHERE id = ?1");
    sql_bind_int(&query, 1, act->retirement.journal);
    sql_bind_int(&query, 2, (int64_t)act->result->items);
    return sql_done(&query, err);
}

static bool run_with(struct act *act, const char *text, struct err *err)
{
    struct sql_query query;

    sql_query(&query, act->retirement.sql, text);
    sql_bind_int(&query, 1, act->asset);
    return sql_done(&query, err);
}

#define ITS_SIGHTINGS "FROM sighting s JOIN item i ON i.id = s.item WHERE i.asset = ?1 AND i.gone_at IS NULL"

/* A removal that waits has nothing to wait for any more. */
static const char *const forget_sightings[] = {
    ("UPDATE target SET held_count = held_count - (SELECT count(*) " ITS_SIGHTINGS
     " AND s.held = 1 AND s.target = target.id)"
     " WHERE held_count > 0 AND id IN (SELECT s.target " ITS_SIGHTINGS " AND s.held = 1)"),
    "UPDATE target SET held_at = NULL, held_why = '' WHERE held_count = 0 AND held_at IS NOT NULL AND ?1",
    "DELETE FROM sighting WHERE item IN (SELECT id FROM item WHERE asset = ?1)",
};

static bool gather_items(struct act *act, struct err *err)
{
    struct sql_query query;

    sql_query(&query, act->retirement.sql, "SELECT id FROM item WHERE asset = ?1 AND gone_at IS NULL ORDER BY id");
    sql_bind_int(&query, 1, act->asset);
    while (sql_row(&query))
        vec_push(&act->retirement.unseen, sql_int(&query, 0));
    return sql_done(&query, err);
}

static bool retire_items(struct act *act, struct err *err)
{
    if (!gather_items(act, err))
        return false;
    for (size_t i = 0; i < sizeof forget_sightings / sizeof *forget_sightings; i++) {
        if (!run_with(act, forget_sightings[i], err))
            return false;
    }
    if (!retirement_settle(&act->retirement, err))
        return false;
    act->result->items = act->retirement.retired.count;
    return true;
}

static bool log_it(struct act *act, struct err *err)
{
    char items[COUNT_TEXT_SIZE];
    const struct action action = {
        .at = act->retirement.now,
        .by = *act->by,
        .what = "retire",
        .subject = arena_format(&act->arena, "asset %" PRId64 " (%s)", act->asset, act->name),
        .before = arena_format(&act->arena, "a %s with %s", act->kind, count_text(act->result->items, "item", items)),
        .after = arena_format(&act->arena, "gone: %s", act->reason),
        .result = "done",
        .message = "",
    };

    return action_write(act->retirement.sql, &action, err);
}

static bool do_retire(struct act *act, struct err *err)
{
    return exemption_check_reason(act->reason, err) && load_asset(act, err) && is_out_of_sight(act, err) &&
           add_journal(act, err) && retire_items(act, err) && end_journal(act, err) && log_it(act, err) &&
           judging_waits(act->retirement.sql, &act->result->unjudged, err);
}

static bool retire_in(struct sql *sql, void *context, struct err *err)
{
    struct act *act = context;
    bool good;

    act->retirement = (struct retirement){ .sql = sql, .now = act->retirement.now };
    arena_init(&act->arena, ARENA_PLAIN);
    good = do_retire(act, err);
    retirement_finish(&act->retirement);
    arena_finish(&act->arena);
    return good;
}

bool retire_asset(struct store *store, int64_t asset, const char *reason, const struct actor *by, int64_t now,
                  struct retire_result *result, struct err *err)
{
    struct act act = { .asset = asset, .reason = reason, .by = by, .result = result, .retirement = { .now = now } };

    *result = (struct retire_result){ 0 };
    return store_transaction(store, retire_in, &act, err);
}
