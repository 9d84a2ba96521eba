#include "exemption_tick.h"

#include "clock.h"
#include "event_row.h"
#include "exemption_row.h"
#include "findings.h"
#include "json.h"
#include "mem.h"
#include "sql.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#define LOOK_AGAIN_MS ((int64_t)3600 * 1000) /* whether one covers more, or nothing any more */

enum { SUBJECT_SIZE = 48 };

struct row {
    int64_t id, made_at, until_at, covered, warned_at, idle_at;
    const char *reason, *ticket;
};

struct tick {
    struct sql *sql;
    const struct occasion *occasion;
    struct arena arena;
    int64_t now, next;
    vec(struct row) rows; /* that have not ended, by number */
    bool expired;
};

static bool load_rows(struct tick *tick, struct err *err)
{
    struct sql_query query;

    sql_query(&query, tick->sql,
              "SELECT id, made_at, until_at, covered, warned_at, idle_at, reason, ticket FROM exemption"
              " WHERE ended_at IS NULL ORDER BY id");
    while (sql_row(&query)) {
        const struct row row = {
            .id = sql_int(&query, 0),
            .made_at = sql_int(&query, 1),
            .until_at = sql_int(&query, 2),
            .covered = sql_int(&query, 3),
            .warned_at = sql_int(&query, 4),
            .idle_at = sql_int(&query, 5),
            .reason = arena_text(&tick->arena, sql_text(&query, 6)),
            .ticket = arena_text(&tick->arena, sql_text(&query, 7)),
        };

        vec_push(&tick->rows, row);
    }
    return sql_done(&query, err);
}

/* ---------------------------------------------------------------------------------------------------- telling ---- */

#define NOT_TOLD (-1)

/* covered: now; before: what it was, or NOT_TOLD. */
static bool tell(struct tick *tick, const struct row *row, enum event_what what, int64_t covered, int64_t before,
                 struct err *err)
{
    char subject[SUBJECT_SIZE], until[CLOCK_TEXT_SIZE];
    struct event_row event = { .at = tick->now, .what = what, .subject = subject, .state = EVENT_STATE_ONCE };
    struct str detail = STR_EMPTY;
    bool good;

    snprintf(subject, sizeof subject, "exemption %" PRId64, row->id);
    str_format(&detail, "{\"exemption\":%" PRId64 ",\"until\":\"%s\",\"reason\":", row->id,
               clock_text(row->until_at, until));
    json_add_text(&detail, row->reason);
    str_add(&detail, ",\"ticket\":");
    json_add_text(&detail, row->ticket);
    str_format(&detail, ",\"covered\":%" PRId64, covered);
    if (before != NOT_TOLD)
        str_format(&detail, ",\"before\":%" PRId64, before);
    str_add(&detail, "}");
    event.detail = str_text(&detail);
    good = event_write(tick->sql, &event, err);
    str_finish(&detail);
    return good;
}

/* Statements with the number, then a value. */
static bool set(struct tick *tick, const char *text, int64_t id, int64_t value, struct err *err)
{
    struct sql_query query;

    sql_query(&query, tick->sql, text);
    sql_bind_int(&query, 1, id);
    sql_bind_number(&query, 2, value);
    return sql_done(&query, err);
}

/* ------------------------------------------------------------------------------------------------------- ends ---- */

static bool end_due(struct tick *tick, struct err *err)
{
    vec_each (row, &tick->rows) {
        if (row->until_at > tick->now)
            continue;
        tick->expired = true;
        if (!set(tick, "UPDATE exemption SET ended_at = ?2, ended_why = 'expired' WHERE id = ?1", row->id, tick->now,
                 err) ||
            !tell(tick, row, EVENT_EXEMPTION_EXPIRED, row->covered, NOT_TOLD, err))
            return false;
    }
    return true;
}

/* ---------------------------------------------------------------------------------------------- what it covers ---- */

static bool see_grown(struct tick *tick, const struct row *row, int64_t covered, struct err *err)
{
    if (covered <= row->covered)
        return true;
    return set(tick, "UPDATE exemption SET covered = ?2 WHERE id = ?1", row->id, covered, err) &&
           tell(tick, row, EVENT_EXEMPTION_GROWN, covered, row->covered, err);
}

static bool see_idle(struct tick *tick, const struct row *row, int64_t covered, struct err *err)
{
    static const char text[] = "UPDATE exemption SET idle_at = ?2 WHERE id = ?1";

    if (covered > 0)
        return row->idle_at == 0 || set(tick, text, row->id, 0, err);
    return row->idle_at != 0 ||
           (set(tick, text, row->id, tick->now, err) && tell(tick, row, EVENT_EXEMPTION_IDLE, 0, NOT_TOLD, err));
}

static void ask_again(struct tick *tick, int64_t at)
{
    if (at < tick->next)
        tick->next = at;
}

static bool see_end(struct tick *tick, const struct row *row, int64_t covered, struct err *err)
{
    int64_t warn_at = exemption_warn_at(row->made_at, row->until_at);

    ask_again(tick, row->warned_at == 0 && warn_at > tick->now ? warn_at : row->until_at);
    if (row->warned_at != 0 || warn_at > tick->now)
        return true;
    return set(tick, "UPDATE exemption SET warned_at = ?2 WHERE id = ?1", row->id, tick->now, err) &&
           tell(tick, row, EVENT_EXEMPTION_EXPIRING, covered, NOT_TOLD, err);
}

static bool see_all(struct tick *tick, const struct exemptions *exemptions, const int64_t *counts, struct err *err)
{
    size_t at = 0;

    vec_each (row, &tick->rows) {
        int64_t covered = 0;

        if (row->until_at <= tick->now)
            continue;
        while (at < exemptions->list.count && exemptions->list.items[at].id < row->id)
            at++;
        if (at < exemptions->list.count && exemptions->list.items[at].id == row->id)
            covered = counts[at];
        if (!see_end(tick, row, covered, err) || !see_grown(tick, row, covered, err) ||
            !see_idle(tick, row, covered, err))
            return false;
        ask_again(tick, tick->now + LOOK_AGAIN_MS);
    }
    return true;
}

static bool see_covered(struct tick *tick, struct err *err)
{
    struct exemptions exemptions;
    int64_t *counts;
    bool good;

    if (!exemptions_load(&exemptions, tick->sql, tick->now, err))
        return false;
    counts = mem_new(exemptions.list.count + 1, sizeof *counts);
    good = exemptions_count(&exemptions, tick->sql, counts, err) && see_all(tick, &exemptions, counts, err);
    free(counts);
    exemptions_finish(&exemptions);
    return good;
}

static bool run(struct tick *tick, struct err *err)
{
    if (!load_rows(tick, err))
        return false;
    if (tick->rows.count == 0)
        return true;
    if (!end_due(tick, err))
        return false;
    if (tick->expired && !findings_recount(tick->sql, tick->occasion, tick->now, err))
        return false;
    return see_covered(tick, err);
}

bool exemption_tick(struct sql *sql, const struct occasion *occasion, int64_t now, int64_t *next, struct err *err)
{
    struct tick tick = { .sql = sql, .occasion = occasion, .now = now, .next = *next };
    bool good;

    arena_init(&tick.arena, ARENA_PLAIN);
    good = run(&tick, err);
    *next = tick.next;
    vec_finish(&tick.rows);
    arena_finish(&tick.arena);
    return good || err_add(err, "exemptions and the clock");
}
