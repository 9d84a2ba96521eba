#include "staleness.h"

#include "age.h"
#include "findings.h"
#include "mem.h"
#include "sql.h"
#include "vec.h"

#include <stdlib.h>

/* A few are told with what else befalls their host; of more, that it is many is what there is to tell. */
enum { MANY = 20 };

/* What becomes of one target's finding. */
enum turn { TURN_NONE, TURN_STALE, TURN_FRESH, TURN_GONE };

struct turning {
    int64_t target;
    enum turn turn;
};

struct staleness {
    const struct tick_setting *setting;
    vec(int64_t) quiet; /* in the order of numbers */
    vec(struct turning) turns;
    int64_t next;
};

struct row {
    int64_t target, most, from; /* from: the last success, else the configuration; 0: nobody knows */
    bool configured, open;      /* open: it has a finding */
};

static int by_number(const void *one, const void *other)
{
    const int64_t a = *(const int64_t *)one, b = *(const int64_t *)other;

    return (a > b) - (a < b);
}

static void sort_quiet(struct staleness *staleness)
{
    for (size_t i = 0; i < staleness->setting->quiet_count; i++)
        vec_push(&staleness->quiet, staleness->setting->quiet[i]);
    if (staleness->quiet.count > 1)
        qsort(staleness->quiet.items, staleness->quiet.count, sizeof *staleness->quiet.items, by_number);
}

static bool is_quiet(const struct staleness *staleness, int64_t target)
{
    return staleness->quiet.count > 0 && bsearch(&target, staleness->quiet.items, staleness->quiet.count,
                                                 sizeof *staleness->quiet.items, by_number) != NULL;
}

/* Wall time from which on it is stale. While the daemon was down, or the clock was wrong, nobody could scan it in time.
 */
static int64_t due_at(const struct staleness *staleness, const struct row *row)
{
    int64_t patience = row->most < TICK_PATIENCE_MS ? row->most : TICK_PATIENCE_MS;
    int64_t due = row->from + row->most, heard = staleness->setting->since + patience;

    return (due > heard ? due : heard) + 1;
}

/* One that is quiet is looked at again when it can have been scanned, were it not quiet any more by then. */
static enum turn wait_for(struct staleness *staleness, const struct row *row, int64_t due)
{
    int64_t now = staleness->setting->now;
    bool quiet = is_quiet(staleness, row->target);

    if (quiet && due < now + TICK_PATIENCE_MS)
        due = now + TICK_PATIENCE_MS;
    if (due <= now)
        return TURN_STALE;
    if (due < staleness->next)
        staleness->next = due;
    return TURN_NONE;
}

/* A scan that lies in the future says that the clock was set back: nobody knows how old it is, but that it was before
 * the clock ran evenly. */
static int64_t seen_at(const struct staleness *staleness, const struct row *row)
{
    if (row->from <= staleness->setting->now || row->open)
        return row->from;
    return staleness->setting->since;
}

static enum turn look_at(struct staleness *staleness, const struct row *known)
{
    int64_t now = staleness->setting->now;
    struct row seen = *known, *row = &seen;

    row->from = seen_at(staleness, known);

    if (!row->configured)
        return row->open ? TURN_GONE : TURN_NONE;
    if (row->from == 0 || row->from > now)
        return TURN_NONE;
    if (row->open)
        return now - row->from <= row->most ? TURN_FRESH : TURN_NONE;
    return wait_for(staleness, row, due_at(staleness, row));
}

static bool find_turns(struct sql *sql, struct staleness *staleness, struct err *err)
{
    struct sql_query query;

    sql_query(&query, sql,
              "SELECT t.id, t.configured, " AGE_MOST ", max(coalesce(t.succeeded_at, 0), coalesce(t.configured_at, 0)),"
              " f.id IS NOT NULL FROM target t"
              " LEFT JOIN finding f ON f.kind = 'stale' AND f.target = t.id AND f.state = 'open'"
              " WHERE t.configured = 1 OR f.id IS NOT NULL");
    while (sql_row(&query)) {
        const struct row row = { .target = sql_int(&query, 0),
                                 .configured = sql_int(&query, 1) != 0,
                                 .most = sql_int(&query, 2),
                                 .from = sql_int(&query, 3),
                                 .open = sql_int(&query, 4) != 0 };
        enum turn turn = look_at(staleness, &row);

        if (turn != TURN_NONE)
            vec_push(&staleness->turns, (struct turning){ row.target, turn });
    }
    return sql_done(&query, err);
}

static bool take_turn(struct sql *sql, const struct turning *turning, const struct occasion *occasion, int64_t at,
                      struct err *err)
{
    if (turning->turn == TURN_STALE)
        return findings_stale(sql, turning->target, occasion, at, err);
    return findings_excuse(sql, turning->target, turning->turn == TURN_GONE, occasion, at, err);
}

bool staleness_tick(struct sql *sql, const struct tick_setting *setting, const struct occasion *occasion, int64_t *next,
                    struct err *err)
{
    struct staleness staleness = { .setting = setting, .next = *next };
    bool good;

    sort_quiet(&staleness);
    good = find_turns(sql, &staleness, err);
    if (staleness.turns.count <= MANY)
        occasion = NULL;
    for (size_t i = 0; good && i < staleness.turns.count; i++)
        good = take_turn(sql, &staleness.turns.items[i], occasion, setting->now, err);
    vec_finish(&staleness.quiet);
    vec_finish(&staleness.turns);
    *next = staleness.next;
    return good;
}
