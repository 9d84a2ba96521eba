#include "tidings.h"

#include "event_row.h"
#include "findings.h"
#include "json.h"
#include "sql.h"
#include "str.h"
#include "target_row.h"
#include "work.h"

#include <stdio.h>
#include <string.h>

enum { SUBJECT_SIZE = 48 };

/* What a target is told of: how the subject ends, and the state while it lasts. */
static const struct {
    const char *subject, *state;
} standings[EVENT_COUNT_END] = {
    [EVENT_SCAN_FAILING] = { "scan", "failing" },
    [EVENT_SCAN_RECOVERED] = { "scan", "" },
    [EVENT_TARGET_QUARANTINED] = { "quarantine", "quarantined" },
    [EVENT_REMOVAL_HELD] = { "removal", "held" },
};

struct tiding {
    int64_t target, journal, at;
    enum event_what what;
    bool over;
    const char *detail; /* may be NULL */
};

static bool tell(struct sql *sql, const struct tiding *tiding, struct err *err)
{
    char subject[SUBJECT_SIZE];
    const struct event_row event = { .at = tiding->at,
                                     .what = tiding->what,
                                     .subject = subject,
                                     .state = tiding->over ? "" : standings[tiding->what].state,
                                     .target = tiding->target,
                                     .journal = tiding->journal,
                                     .detail = tiding->detail };

    snprintf(subject, sizeof subject, "target %lld %s", (long long)tiding->target, standings[tiding->what].subject);
    return event_write(sql, &event, err);
}

static bool tell_of(struct work *work, enum event_what what, bool over, const char *detail, struct err *err)
{
    const struct tiding tiding = { .target = work->target.id,
                                   .journal = work->result->journal,
                                   .at = work->at,
                                   .what = what,
                                   .over = over,
                                   .detail = detail };

    return tell(work->sql, &tiding, err);
}

/* An object of one or two members; the second may be NULL. */
static const char *detail_of(struct arena *arena, const char *name, const char *text, const char *other,
                             const char *more)
{
    struct str out = STR_EMPTY;
    const char *kept;

    str_add(&out, "{");
    json_add_name(&out, name);
    json_add_text(&out, text);
    if (other != NULL) {
        json_add_name(&out, other);
        json_add_text(&out, more == NULL ? "" : more);
    }
    str_add(&out, "}");
    kept = arena_text(arena, str_text(&out));
    str_finish(&out);
    return kept;
}

/* ------------------------------------------------------------------------------------------------------- a run ---- */

static bool mark_failing(struct work *work, int64_t since, struct err *err)
{
    struct sql_query query;

    sql_query(&query, work->sql, "UPDATE target SET failing_at = ?2 WHERE id = ?1");
    sql_bind_int(&query, 1, work->target.id);
    sql_bind_number(&query, 2, since);
    return sql_done(&query, err);
}

static bool tell_failing(struct work *work, struct err *err)
{
    const struct commit *commit = work->commit;
    const char *detail;

    if (commit->good && commit->class == ERR_NONE)
        return work->target.failing_at == 0 ||
               (mark_failing(work, 0, err) && tell_of(work, EVENT_SCAN_RECOVERED, true, NULL, err));
    if (work->target.failing_at != 0 || commit->quiet)
        return true;
    detail = detail_of(&work->arena, "result", err_class_word(commit->class), "message",
                       commit->message == NULL ? "" : commit->message);
    return mark_failing(work, work->at, err) && tell_of(work, EVENT_SCAN_FAILING, false, detail, err);
}

static bool tell_quarantine(struct work *work, struct err *err)
{
    const struct commit *commit = work->commit;
    bool over;

    if (commit->state == NULL || commit->state->quarantined == work->target.quarantined)
        return true;
    over = !commit->state->quarantined;
    return tell_of(
        work, EVENT_TARGET_QUARANTINED, over,
        over ? NULL : detail_of(&work->arena, "message", commit->message == NULL ? "" : commit->message, NULL, NULL),
        err);
}

bool tidings_of_removals(struct work *work, struct err *err)
{
    const struct target_row *row = &work->target;
    struct str detail = STR_EMPTY;
    bool good;

    if ((row->held_count != 0) == (row->held_before != 0))
        return true;
    if (row->held_count == 0)
        return tell_of(work, EVENT_REMOVAL_HELD, true, NULL, err);
    str_format(&detail, "{\"count\":%lld,\"why\":", (long long)row->held_count);
    json_add_text(&detail, row->held_why);
    str_add(&detail, "}");
    good = tell_of(work, EVENT_REMOVAL_HELD, false, str_text(&detail), err);
    str_finish(&detail);
    return good;
}

bool tidings_of_run(struct work *work, struct err *err)
{
    if (!tell_failing(work, err) || !tell_quarantine(work, err) || !tidings_of_removals(work, err))
        return false;
    return !work->commit->good || findings_fresh(work->sql, work->target.id, work->at, err);
}

/* ---------------------------------------------------------------------------------------------------- the rest ---- */

bool tidings_of_retired(struct sql *sql, int64_t target, int64_t journal, int64_t at, struct err *err)
{
    static const enum event_what whats[] = { EVENT_SCAN_RECOVERED, EVENT_TARGET_QUARANTINED, EVENT_REMOVAL_HELD };
    const struct occasion occasion = { .journal = journal, .target = target };
    bool stands[sizeof whats / sizeof *whats] = { false };
    struct sql_query query;
    bool good;

    sql_query(&query, sql, "SELECT failing_at IS NOT NULL, quarantined, held_count > 0 FROM target WHERE id = ?1");
    sql_bind_int(&query, 1, target);
    if (sql_row(&query)) {
        for (size_t i = 0; i < sizeof whats / sizeof *whats; i++)
            stands[i] = sql_int(&query, (int)i) != 0;
    }
    good = sql_done(&query, err);
    for (size_t i = 0; good && i < sizeof whats / sizeof *whats; i++) {
        const struct tiding tiding = { .target = target, .journal = journal, .at = at, .what = whats[i], .over = true };

        good = !stands[i] || tell(sql, &tiding, err);
    }
    return good && findings_excuse(sql, target, true, &occasion, at, err);
}

bool tidings_of_credential(struct sql *sql, const char *name, enum credential_word before, enum credential_word now,
                           const char *why, int64_t at, struct err *err)
{
    bool over = now != CREDENTIAL_HELD;
    struct event_row event = { .at = at, .state = over ? "" : "held" };
    struct arena arena;
    bool good;

    if ((before == CREDENTIAL_HELD) == (now == CREDENTIAL_HELD))
        return true;
    arena_init(&arena, ARENA_PLAIN);
    event.what = over ? EVENT_CREDENTIAL_FREED : EVENT_CREDENTIAL_HELD;
    event.subject = arena_format(&arena, "credential %s", name);
    event.detail = detail_of(&arena, "credential", name, over ? NULL : "why", why);
    good = event_write(sql, &event, err);
    arena_finish(&arena);
    return good;
}
