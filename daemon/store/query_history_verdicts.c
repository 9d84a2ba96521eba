/* What became of verdicts: the other half of the history. A row of guard_past says how a verdict was until it ended;
 * what it became stands in the row that begins when it ended. */
#include "json.h"
#include "map.h"
#include "reading_history.h"
#include "str.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define PAGE 2000 /* rows at once: reading ends with a page of which all is too old */
#define PAGE_TEXT "2000"

#define PAST                                                                                                           \
    "SELECT p.asset, p.from_at, p.until_at, p.judgement, p.id FROM guard_past p"                                       \
    " WHERE p.id < ?1 AND (?2 = 0 OR p.asset IN (WITH RECURSIVE part(id) AS (SELECT ?2 UNION SELECT a.id FROM part"    \
    " JOIN asset a ON a.merged_into = part.id) SELECT id FROM part)) ORDER BY p.id DESC LIMIT " PAGE_TEXT

/* What a judgement says, as far as the history tells it. */
struct said {
    const char *method, *server, *workload, *verdict, *class, *reason;
    bool counts;
};

/* A protection after the change that is looked at: what was said of it, and since when. */
struct state {
    const struct said *said;
    int64_t from_at;
};

struct past {
    int64_t asset, from_at, until_at, judgement;
};

struct walk {
    struct query *query;
    struct map said;              /* by number of the judgement */
    struct map states;            /* by asset, method and server */
    struct map assets;            /* by number: those whose present state was read */
    int64_t asset, since, before; /* before: the rows that were read have this number or more */
    size_t limit;
    reading_change_vec *list;
    vec(struct past) page;
};

static bool is_full(const struct walk *walk)
{
    return walk->limit > 0 && walk->list->count >= walk->limit;
}

/* ------------------------------------------------------------------------------------------------- what was said -- */

static bool read_said(struct walk *walk, int64_t judgement, struct said *said, struct err *err)
{
    struct query *query = walk->query;
    struct sql_query rows;

    sql_query(&rows, &query->sql,
              "SELECT method, server, workload, verdict, class, reason, counts FROM judgement WHERE id = ?1");
    sql_bind_int(&rows, 1, judgement);
    *said = (struct said){ "", "", "", "", "", "", false };
    if (sql_row(&rows)) {
        said->method = reading_text(query, &rows, 0);
        said->server = reading_text(query, &rows, 1);
        said->workload = reading_text(query, &rows, 2);
        said->verdict = reading_text(query, &rows, 3);
        said->class = reading_text(query, &rows, 4);
        said->reason = reading_text(query, &rows, 5);
        said->counts = sql_int(&rows, 6) != 0;
    }
    return sql_done(&rows, err);
}

/* NULL: the reading failed. */
static const struct said *said_by(struct walk *walk, int64_t judgement, struct err *err)
{
    struct said *said = map_get_bytes(&walk->said, (const char *)&judgement, sizeof judgement);

    if (said != NULL)
        return said;
    said = arena_alloc(walk->query->arena, sizeof *said);
    if (!read_said(walk, judgement, said, err))
        return NULL;
    map_put_bytes(&walk->said, arena_bytes(walk->query->arena, &judgement, sizeof judgement), sizeof judgement, said);
    return said;
}

/* The place for the state of a protection; all zero where nothing is known of it. */
static struct state *state_of(struct walk *walk, int64_t asset, const struct said *said)
{
    struct str key = STR_EMPTY;
    struct state *state;

    str_format(&key, "%" PRId64 " %s %s", asset, said->method, said->server);
    state = map_get(&walk->states, str_text(&key));
    if (state == NULL) {
        state = arena_alloc(walk->query->arena, sizeof *state);
        *state = (struct state){ NULL, 0 };
        map_put(&walk->states, arena_text(walk->query->arena, str_text(&key)), state);
    }
    str_finish(&key);
    return state;
}

static bool read_present(struct walk *walk, int64_t asset, struct err *err)
{
    struct sql_query rows;
    bool good = true;

    if (map_get_bytes(&walk->assets, (const char *)&asset, sizeof asset) != NULL)
        return true;
    map_put_bytes(&walk->assets, arena_bytes(walk->query->arena, &asset, sizeof asset), sizeof asset, walk);
    sql_query(&rows, &walk->query->sql, "SELECT judgement, since_at FROM guard WHERE asset = ?1");
    sql_bind_int(&rows, 1, asset);
    while (good && sql_row(&rows)) {
        const struct said *said = said_by(walk, sql_int(&rows, 0), err);

        good = said != NULL;
        if (good)
            *state_of(walk, asset, said) = (struct state){ said, sql_int(&rows, 1) };
    }
    return sql_done(&rows, good ? err : NULL) && good;
}

/* ------------------------------------------------------------------------------------------------------- a change --
 */

static void add_member(struct str *out, const char *name, const char *text)
{
    if (out->length == 0)
        str_add(out, "{");
    json_add_name(out, name);
    if (text == NULL)
        str_add(out, "null");
    else
        json_add_text(out, text);
}

static void add_verdict(struct str *out, const struct said *said)
{
    if (said == NULL)
        str_add(out, "none");
    else if (said->class[0] == '\0')
        str_add(out, said->verdict);
    else
        str_format(out, "%s (%s)", said->verdict, said->class);
}

static void describe(struct walk *walk, const struct said *before, const struct said *now, struct query_change *change)
{
    struct str words = STR_EMPTY, detail = STR_EMPTY;

    str_format(&words, "%s by %s: ", before->method, before->server);
    add_verdict(&words, before);
    str_add(&words, " -> ");
    add_verdict(&words, now);
    str_format(&words, "%s%s", now == NULL ? "" : "; ", now == NULL ? "" : now->reason);
    add_member(&detail, "method", before->method);
    add_member(&detail, "server", before->server);
    add_member(&detail, "workload", now == NULL ? before->workload : now->workload);
    add_member(&detail, "before", before->verdict);
    add_member(&detail, "before_class", before->class);
    add_member(&detail, "now", now == NULL ? NULL : now->verdict);
    add_member(&detail, "now_class", now == NULL ? NULL : now->class);
    add_member(&detail, "reason", now == NULL ? before->reason : now->reason);
    str_add(&detail, "}");
    change->words = arena_text(walk->query->arena, str_text(&words));
    change->detail = arena_text(walk->query->arena, str_text(&detail));
    str_finish(&words);
    str_finish(&detail);
}

static bool is_change(const struct said *before, const struct said *now)
{
    if (now == NULL)
        return before->counts;
    return (before->counts || now->counts) &&
           (strcmp(before->verdict, now->verdict) != 0 || strcmp(before->class, now->class) != 0);
}

static bool name_asset(struct walk *walk, struct query_change *change, struct err *err)
{
    struct sql_query rows;

    change->kind = change->name = "";
    sql_query(&rows, &walk->query->sql, "SELECT kind, name FROM asset WHERE id = ?1");
    sql_bind_int(&rows, 1, change->asset);
    if (sql_row(&rows)) {
        change->kind = reading_text(walk->query, &rows, 0);
        change->name = reading_text(walk->query, &rows, 1);
    }
    return sql_done(&rows, err);
}

/* What became of it: the state that begins when it ends. */
static bool take(struct walk *walk, const struct past *past, struct err *err)
{
    struct query_change change = { .at = past->until_at, .asset = past->asset, .what = "verdict" };
    const struct said *before = said_by(walk, past->judgement, err), *now;
    struct state *state;

    if (before == NULL || !read_present(walk, past->asset, err))
        return false;
    state = state_of(walk, past->asset, before);
    now = state->from_at == past->until_at ? state->said : NULL;
    *state = (struct state){ before, past->from_at };
    if (past->until_at < walk->since || !is_change(before, now))
        return true;
    if (!name_asset(walk, &change, err))
        return false;
    describe(walk, before, now, &change);
    vec_push(walk->list, change);
    return true;
}

/* -------------------------------------------------------------------------------------------------- the way back -- */

static bool read_page(struct walk *walk, struct err *err)
{
    struct sql_query rows;

    vec_clear(&walk->page);
    sql_query(&rows, &walk->query->sql, PAST);
    sql_bind_int(&rows, 1, walk->before);
    sql_bind_int(&rows, 2, walk->asset);
    while (sql_row(&rows)) {
        vec_push(&walk->page,
                 (struct past){ sql_int(&rows, 0), sql_int(&rows, 1), sql_int(&rows, 2), sql_int(&rows, 3) });
        walk->before = sql_int(&rows, 4);
    }
    return sql_done(&rows, err);
}

/* Rows end in the order of their numbers, so what is before a page that is too old is older; a clock that was set back
 * in between makes a little of it younger. */
static bool is_too_old(const struct walk *walk)
{
    vec_each (past, &walk->page) {
        if (past->until_at >= walk->since)
            return false;
    }
    return true;
}

static bool walk_back(struct walk *walk, struct err *err)
{
    do {
        if (!read_page(walk, err))
            return false;
        for (size_t i = 0; i < walk->page.count && !is_full(walk); i++) {
            if (!take(walk, &walk->page.items[i], err))
                return false;
        }
    } while (walk->page.count == PAGE && !is_full(walk) && !is_too_old(walk));
    return true;
}

bool reading_verdict_changes(struct query *query, int64_t asset, int64_t since, size_t limit, reading_change_vec *list,
                             struct err *err)
{
    struct walk walk = { .query = query,
                         .said = MAP_EMPTY,
                         .states = MAP_EMPTY,
                         .assets = MAP_EMPTY,
                         .asset = asset,
                         .since = since,
                         .before = INT64_MAX,
                         .limit = limit,
                         .list = list };
    bool good = walk_back(&walk, err);

    map_finish(&walk.said);
    map_finish(&walk.states);
    map_finish(&walk.assets);
    vec_finish(&walk.page);
    return good;
}
