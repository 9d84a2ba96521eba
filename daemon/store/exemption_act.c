#include "exemption_act.h"

#include "asset.h"
#include "clock.h"
#include "exemption_row.h"
#include "findings.h"
#include "mem.h"
#include "sql.h"
#include "store.h"
#include "text.h"
#include "unit.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

struct act {
    const struct exemption_wish *wishes;
    const char *const *asset_names;
    size_t count;
    const struct actor *by;
    int64_t now;
    struct exemption_result *results;
    /* of one transaction */
    struct sql *sql;
    struct arena arena;
    const char **subjects; /* what each is about, in words */
};

static const char *text_of(const char *text)
{
    return text == NULL ? "" : text;
}

static const char *keep(struct act *act, struct str *text)
{
    const char *kept = arena_text(&act->arena, str_text(text));

    str_finish(text);
    return kept;
}

/* ----------------------------------------------------------------------------------------------------- asking ---- */

/* The name of the asset, which is to be the one that was meant. */
static bool find_asset(struct act *act, int64_t asset, const char *expected, const char **name, struct err *err)
{
    char quote[TEXT_QUOTE_SIZE], expected_quote[TEXT_QUOTE_SIZE];
    struct asset_found found;

    if (!asset_find(act->sql, asset, &act->arena, &found, err))
        return false;
    *name = found.name;
    return expected == NULL || strcasecmp(expected, found.name) == 0 ||
           err_set(err, ERR_CONFIG,
                   "asset %" PRId64 " is called %s here, not %s: this may be of another database; if it is not, leave "
                   "the name out",
                   asset, text_quote(quote, found.name), text_quote(expected_quote, expected));
}

static bool is_room(struct act *act, struct err *err)
{
    struct sql_query query;
    int64_t count;

    sql_query(&query, act->sql, "SELECT count(*) FROM exemption WHERE ended_at IS NULL AND until_at > ?1");
    sql_bind_int(&query, 1, act->now);
    count = sql_row(&query) ? sql_int(&query, 0) : 0;
    if (!sql_done(&query, err))
        return false;
    return count < EXEMPTION_MAX ||
           err_set(err, ERR_CONFIG,
                   "%d exemptions are in force, and more are not possible: end some of them, or cover more with one",
                   EXEMPTION_MAX);
}

static void bind_wish(struct sql_query *query, const struct exemption_wish *wish, const char *selector)
{
    sql_bind_text(query, 1, selector);
    sql_bind_text(query, 2, wish->reason);
    sql_bind_text(query, 3, text_of(wish->ticket));
    sql_bind_text(query, 4, text_of(wish->approved_by));
    sql_bind_int(query, 5, wish->until_at);
}

/* One that says the same to the letter, but that its asset may have become part of this one; 0: none. */
static bool find_same(struct act *act, const struct exemption_wish *wish, const char *selector, int64_t *id,
                      struct err *err)
{
    struct sql_query query;

    sql_query(&query, act->sql,
              "SELECT min(id) FROM exemption WHERE ended_at IS NULL AND until_at = ?5 AND reason = ?2 AND ticket = ?3"
              " AND approved_by = ?4 AND (selector = ?1 OR (json_valid(selector) AND selector ->> 'asset' IN"
              " (SELECT id FROM asset WHERE merged_into = ?6)"
              " AND json_remove(selector, '$.asset') = json_remove(?1, '$.asset')))");
    bind_wish(&query, wish, selector);
    sql_bind_int(&query, 6, wish->selector.asset);
    *id = sql_row(&query) ? sql_int(&query, 0) : 0;
    return sql_done(&query, err);
}

/* ----------------------------------------------------------------------------------------------------- making ---- */

static bool insert(struct act *act, const struct exemption_wish *wish, const char *selector, int64_t *id,
                   struct err *err)
{
    struct sql_query query;

    sql_query(&query, act->sql,
              "INSERT INTO exemption (selector, reason, ticket, approved_by, until_at, uid, name, made_at)"
              " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)");
    bind_wish(&query, wish, selector);
    if (act->by->uid == ACTION_SYSTEM)
        sql_bind_null(&query, 6);
    else
        sql_bind_int(&query, 6, act->by->uid);
    sql_bind_text(&query, 7, act->by->name);
    sql_bind_int(&query, 8, act->now);
    if (!sql_done(&query, err))
        return false;
    *id = sqlite3_last_insert_rowid(act->sql->handle);
    return true;
}

static bool make_one(struct act *act, size_t i, struct err *err)
{
    const struct exemption_wish *wish = &act->wishes[i];
    struct str selector = STR_EMPTY, words = STR_EMPTY;
    const char *name = NULL, *json;
    int64_t id;

    if (!exemption_check(wish, act->now, err) ||
        (wish->selector.asset != 0 &&
         !find_asset(act, wish->selector.asset, act->asset_names == NULL ? NULL : act->asset_names[i], &name, err)))
        return false;
    exemption_say(&words, &wish->selector, name);
    act->subjects[i] = keep(act, &words);
    exemption_write(&selector, &wish->selector);
    json = keep(act, &selector);
    if (!find_same(act, wish, json, &id, err))
        return false;
    act->results[i].known = id != 0;
    if (id == 0 && (!is_room(act, err) || !insert(act, wish, json, &id, err)))
        return false;
    act->results[i].id = id;
    return true;
}

static bool make_all(struct act *act, bool *any, struct err *err)
{
    *any = false;
    for (size_t i = 0; i < act->count; i++) {
        if (!make_one(act, i, err))
            return act->count > 1 ? err_add(err, "exemption %zu of %zu", i + 1, act->count) : false;
        *any = *any || !act->results[i].known;
    }
    return true;
}

/* ----------------------------------------------------------------------------------------------------- telling ---- */

static bool count_covered(struct act *act, struct err *err)
{
    struct exemptions exemptions;
    int64_t *counts;
    bool good;

    if (!exemptions_load(&exemptions, act->sql, act->now, err))
        return false;
    counts = mem_new(exemptions.list.count + 1, sizeof *counts);
    good = exemptions_count(&exemptions, act->sql, counts, err);
    for (size_t i = 0; i < act->count; i++) /* there is one place more for those that are not there */
        act->results[i].covered = counts[exemptions_place(&exemptions, act->results[i].id)];
    free(counts);
    exemptions_finish(&exemptions);
    return good;
}

/* Who makes one that covers nothing is told so at once. */
static bool save_covered(struct act *act, const struct exemption_result *result, struct err *err)
{
    struct sql_query query;

    sql_query(&query, act->sql,
              "UPDATE exemption SET covered = ?2, idle_at = CASE WHEN ?2 = 0 THEN ?3 END WHERE id = ?1");
    sql_bind_int(&query, 1, result->id);
    sql_bind_int(&query, 2, result->covered);
    sql_bind_int(&query, 3, act->now);
    return sql_done(&query, err);
}

/* "until 2027-03-31T23:59:59Z: REASON (ticket T, approved by A)". */
static const char *terms_of(struct act *act, int64_t until_at, const char *reason, const char *ticket,
                            const char *approved_by)
{
    char until[CLOCK_TEXT_SIZE];
    struct str text = STR_EMPTY;

    str_format(&text, "until %s: %s", clock_text(until_at, until), reason);
    if (ticket[0] != '\0')
        str_format(&text, ", ticket %s", ticket);
    if (approved_by[0] != '\0')
        str_format(&text, ", approved by %s", approved_by);
    return keep(act, &text);
}

static bool log_one(struct act *act, size_t i, struct err *err)
{
    const struct exemption_wish *wish = &act->wishes[i];
    const struct exemption_result *result = &act->results[i];
    char findings[COUNT_TEXT_SIZE];
    const struct action action = {
        .at = act->now,
        .by = *act->by,
        .what = "exempt",
        .subject = act->subjects[i],
        .before = "",
        .after =
            arena_format(&act->arena, "exemption %" PRId64 " %s; covers %s", result->id,
                         terms_of(act, wish->until_at, wish->reason, text_of(wish->ticket), text_of(wish->approved_by)),
                         count_text((uint64_t)result->covered, "open finding", findings)),
        .result = "done",
        .message = "",
    };

    return action_write(act->sql, &action, err);
}

static bool tell_all(struct act *act, struct err *err)
{
    for (size_t i = 0; i < act->count; i++) {
        if (!act->results[i].known && (!save_covered(act, &act->results[i], err) || !log_one(act, i, err)))
            return false;
    }
    return true;
}

static bool make_in(struct sql *sql, void *context, struct err *err)
{
    struct act *act = context;
    bool any, good;

    act->sql = sql;
    arena_init(&act->arena, ARENA_PLAIN);
    act->subjects = arena_alloc(&act->arena, (act->count + 1) * sizeof *act->subjects);
    good = make_all(act, &any, err) && (!any || findings_recount(sql, &(const struct occasion){ 0 }, act->now, err)) &&
           count_covered(act, err) && tell_all(act, err);
    arena_finish(&act->arena);
    return good;
}

bool exemption_make(struct store *store, const struct exemption_wishes *wishes, const struct actor *by, int64_t now,
                    struct exemption_result *results, struct err *err)
{
    struct act act = { .wishes = wishes->list,
                       .asset_names = wishes->asset_names,
                       .count = wishes->count,
                       .by = by,
                       .now = now,
                       .results = results };

    memset(results, 0, wishes->count * sizeof *results);
    return store_transaction(store, make_in, &act, err);
}

/* ----------------------------------------------------------------------------------------------------- ending ---- */

struct ending {
    struct act act;
    int64_t id;
    const char *reason;
    /* the row */
    bool found;
    int64_t ended_at;
    const char *subject, *terms;
};

static const char *say_selector(struct act *act, int64_t id, struct err *err)
{
    struct exemptions exemptions;
    struct str text = STR_EMPTY;

    if (!exemptions_load_all(&exemptions, act->sql, err))
        return NULL;
    vec_each (entry, &exemptions.list) {
        if (entry->id == id)
            exemption_say(&text, &entry->selector, NULL);
    }
    exemptions_finish(&exemptions);
    return keep(act, &text);
}

static bool load_row(struct ending *ending, struct err *err)
{
    struct act *act = &ending->act;
    struct sql_query query;

    sql_query(&query, act->sql, "SELECT ended_at, until_at, reason, ticket, approved_by FROM exemption WHERE id = ?1");
    sql_bind_int(&query, 1, ending->id);
    ending->found = sql_row(&query);
    if (ending->found) {
        ending->ended_at = sql_int(&query, 0);
        ending->terms =
            terms_of(act, sql_int(&query, 1), sql_text(&query, 2), sql_text(&query, 3), sql_text(&query, 4));
    }
    return sql_done(&query, err);
}

static bool check_row(const struct ending *ending, struct err *err)
{
    char ended[CLOCK_TEXT_SIZE];

    if (!ending->found)
        return err_set(err, ERR_CONFIG, "there is no exemption %" PRId64 "; muster exemptions lists them", ending->id);
    return ending->ended_at == 0 || err_set(err, ERR_CONFIG, "exemption %" PRId64 " ended at %s already", ending->id,
                                            clock_text(ending->ended_at, ended));
}

static bool end_row(struct ending *ending, struct err *err)
{
    struct sql_query query;

    sql_query(&query, ending->act.sql, "UPDATE exemption SET ended_at = ?2, ended_why = ?3 WHERE id = ?1");
    sql_bind_int(&query, 1, ending->id);
    sql_bind_int(&query, 2, ending->act.now);
    sql_bind_text(&query, 3, ending->reason);
    return sql_done(&query, err);
}

static bool log_end(struct ending *ending, struct err *err)
{
    struct act *act = &ending->act;
    const struct action action = {
        .at = act->now,
        .by = *act->by,
        .what = "exempt-end",
        .subject = arena_format(&act->arena, "exemption %" PRId64 ": %s", ending->id, ending->subject),
        .before = ending->terms,
        .after = arena_format(&act->arena, "ended: %s", ending->reason),
        .result = "done",
        .message = "",
    };

    return action_write(act->sql, &action, err);
}

static bool end_it(struct ending *ending, struct err *err)
{
    struct act *act = &ending->act;

    if (!exemption_check_reason(ending->reason, err) || !load_row(ending, err) || !check_row(ending, err))
        return false;
    ending->subject = say_selector(act, ending->id, err);
    return ending->subject != NULL && end_row(ending, err) &&
           findings_recount(act->sql, &(const struct occasion){ 0 }, act->now, err) && log_end(ending, err);
}

static bool end_in(struct sql *sql, void *context, struct err *err)
{
    struct ending *ending = context;
    bool good;

    ending->act.sql = sql;
    arena_init(&ending->act.arena, ARENA_PLAIN);
    good = end_it(ending, err);
    arena_finish(&ending->act.arena);
    return good;
}

bool exemption_end(struct store *store, int64_t id, const char *reason, const struct actor *by, int64_t now,
                   struct err *err)
{
    struct ending ending = { .act = { .by = by, .now = now }, .id = id, .reason = reason };

    return store_transaction(store, end_in, &ending, err);
}
