#include "loss.h"

#include "change.h"
#include "map.h"
#include "removal.h"
#include "str.h"
#include "target_row.h"

#include <stdio.h>
#include <string.h>

/* ----------------------------------------------------------------------------------------------------- judging ---- */

/* A missing one. elsewhere: another target of the scope sees it, so that nothing is lost by dropping it here. */
struct absent {
    const struct sighting *sighting;
    bool elsewhere;
};

struct absents {
    vec(struct absent) list;
    vec(struct removal_kind) kinds;
    struct map by_kind; /* -> removal_kind */
};

static void absents_finish(struct absents *absents)
{
    vec_finish(&absents->list);
    vec_finish(&absents->kinds);
    map_finish(&absents->by_kind);
}

static bool count_had(struct work *work, struct absents *absents, struct err *err)
{
    struct sql_query query;

    sql_query(
        &query, work->sql,
        "SELECT i.kind, count(*) FROM sighting s JOIN item i ON i.id = s.item WHERE s.target = ?1 GROUP BY i.kind");
    sql_bind_int(&query, 1, work->target.id);
    while (sql_row(&query)) {
        const struct removal_kind kind = {
            .kind = arena_text(&work->arena, sql_text(&query, 0)),
            .had = (size_t)sql_int(&query, 1),
        };

        vec_push(&absents->kinds, kind);
    }
    vec_each (kind, &absents->kinds)
        map_put(&absents->by_kind, kind->kind, kind);
    return sql_done(&query, err);
}

static bool look_at(struct work *work, struct absents *absents, const struct sighting *sighting, struct err *err)
{
    struct absent absent = { .sighting = sighting };
    struct removal_kind *kind;
    struct sql_query query;

    sql_query(&query, work->sql,
              "SELECT kind, EXISTS (SELECT 1 FROM sighting o WHERE o.item = item.id AND o.target <> ?2 AND o.held = 0"
              " AND o.missed_at IS NULL) FROM item WHERE id = ?1");
    sql_bind_int(&query, 1, sighting->item);
    sql_bind_int(&query, 2, work->target.id);
    if (sql_row(&query)) {
        absent.elsewhere = sql_int(&query, 1) != 0;
        kind = map_get(&absents->by_kind, sql_text(&query, 0));
        if (kind != NULL && !absent.elsewhere)
            kind->missing++;
    }
    vec_push(&absents->list, absent);
    return sql_done(&query, err);
}

static bool look_at_all(struct work *work, struct absents *absents, struct sightings *sightings, struct err *err)
{
    if (!count_had(work, absents, err))
        return false;
    vec_each (sighting, &sightings->missing) {
        if (!look_at(work, absents, sighting, err))
            return false;
    }
    return true;
}

/* ---------------------------------------------------------------------------------------------------- dropping ---- */

/* Who else sees the item of a sighting that was dropped. */
struct others {
    int64_t count, target; /* target: any of them, where there is one */
    bool says_where;       /* the item has a link runs_on */
};

static bool find_others(struct work *work, int64_t item, struct others *others, struct err *err)
{
    struct sql_query query;

    *others = (struct others){ 0 };
    sql_query(&query, work->sql,
              "SELECT count(*), max(target), EXISTS (SELECT 1 FROM link WHERE item = ?1 AND relation = 'runs_on')"
              " FROM sighting WHERE item = ?1");
    sql_bind_int(&query, 1, item);
    if (sql_row(&query)) {
        others->count = sql_int(&query, 0);
        others->target = sql_int(&query, 1);
        others->says_where = sql_int(&query, 2) != 0;
    }
    return sql_done(&query, err);
}

/* The item's facts may be those of the target that has lost it: the others tell theirs anew with their next scan. */
static bool ask_others(struct work *work, int64_t item, struct err *err)
{
    struct sql_query query;

    sql_query(&query, work->sql, "UPDATE sighting SET hash = x'' WHERE item = ?1");
    sql_bind_int(&query, 1, item);
    return sql_done(&query, err);
}

static bool lose(struct work *work, int64_t item, int64_t since, const char *why, struct err *err)
{
    struct sql_query query;

    work->lost = true;
    sql_query(&query, work->sql,
              "UPDATE item SET lost_at = ?2, lost_by = ?3, gone_why = ?4 WHERE id = ?1 AND gone_at IS NULL");
    sql_bind_int(&query, 1, item);
    sql_bind_int(&query, 2, since);
    sql_bind_int(&query, 3, work->target.id);
    sql_bind_text(&query, 4, why);
    return sql_done(&query, err);
}

/* One that a single other target sees, and that does not say itself where it runs, has moved there. */
static bool leave_to_others(struct work *work, const struct absent *absent, const struct others *others,
                            struct err *err)
{
    int64_t item = absent->sighting->item;
    const char *to;

    if (!ask_others(work, item, err))
        return false;
    if (!absent->elsewhere || others->count != 1 || others->says_where)
        return true;
    if (!target_row_name(work, others->target, &to, err))
        return false;
    change_note_move(work, item, work->target.name, to);
    return true;
}

static bool drop(struct work *work, const struct absent *absent, int64_t since, const char *why, struct err *err)
{
    const struct sighting *sighting = absent->sighting;
    struct others others;

    if (!sighting_drop(work, sighting, err) || !find_others(work, sighting->item, &others, err))
        return false;
    work->target.held_count -= sighting->held;
    return others.count > 0 ? leave_to_others(work, absent, &others, err) : lose(work, sighting->item, since, why, err);
}

/* ---------------------------------------------------------------------------------------------------- settling ---- */

/* One that was read last by the target's last good run. */
static bool mark(struct work *work, const struct sighting *sighting, bool held, struct err *err)
{
    work->target.held_count += held && !sighting->held;
    return sighting_miss(work, sighting, held, work->target.succeeded_at, err);
}

static bool settle_one(struct work *work, const struct absent *absent, bool waits, struct err *err)
{
    const struct sighting *sighting = absent->sighting;

    if (!absent->elsewhere && (waits || sighting->held))
        return mark(work, sighting, true, err);
    return drop(work, absent, work->at, sighting->gone ? "reported" : "missing", err);
}

static bool settle_missing(struct work *work, struct sightings *sightings, const char **why, struct err *err)
{
    struct absents absents = { 0 };
    struct str sentence = STR_EMPTY;
    bool good = look_at_all(work, &absents, sightings, err);
    bool waits = good && removal_waits(absents.kinds.items, absents.kinds.count, &sentence);

    for (size_t i = 0; good && i < absents.list.count; i++)
        good = settle_one(work, &absents.list.items[i], waits, err);
    if (waits)
        *why = arena_text(&work->arena, str_text(&sentence));
    str_finish(&sentence);
    absents_finish(&absents);
    return good;
}

static bool mark_missing(struct work *work, struct sightings *sightings, struct err *err)
{
    vec_each (sighting, &sightings->missing) {
        if (!mark(work, sighting, sighting->held, err))
            return false;
    }
    return true;
}

static void tell_held(struct work *work, int64_t before, const char *why)
{
    struct target_row *target = &work->target;

    work->held_differs = target->held_count != before;
    if (target->held_count == 0) {
        target->held_at = 0;
        target->held_why = "";
    } else {
        if (target->held_at == 0)
            target->held_at = work->at;
        target->held_why = why;
    }
    work->result->held = (uint64_t)target->held_count;
    snprintf(work->result->held_why, sizeof work->result->held_why, "%s", target->held_why);
}

bool loss_settle(struct work *work, struct sightings *sightings, struct err *err)
{
    int64_t before = work->target.held_count;
    const char *why = work->target.held_why;
    bool good;

    work->target.held_count = sightings->held;
    vec_each (sighting, &sightings->found)
        work->target.held_count -= sighting->held;
    if (sightings->missing.count == 0)
        good = true;
    else if (work->commit->completeness == PARTIAL)
        good = mark_missing(work, sightings, err);
    else
        good = settle_missing(work, sightings, &why, err);
    tell_held(work, before, why);
    return good;
}

/* What left the world before the target was last looked at has left since then at the latest. */
bool loss_accept(struct work *work, struct sightings *sightings, struct err *err)
{
    int64_t before = work->target.held_count;

    vec_each (sighting, &sightings->missing) {
        if (!drop(work, &(struct absent){ .sighting = sighting }, work->target.ended_at, "accepted", err))
            return false;
    }
    work->target.held_count = 0;
    tell_held(work, before, "");
    return true;
}

/* ---------------------------------------------------------------------------------------------------- sweeping ---- */

static bool end_item(struct work *work, int64_t item, const char *why, struct err *err)
{
    struct sql_query query;

    sql_query(&query, work->sql, "UPDATE item SET gone_at = ?2, lost_at = NULL, lost_by = NULL WHERE id = ?1");
    sql_bind_int(&query, 1, item);
    sql_bind_int(&query, 2, work->at);
    if (!sql_done(&query, err))
        return false;
    change_note_gone(work, item, why);
    work_touch(work, &(struct assets_item){ .id = item, .gone = true });
    return true;
}

struct ended {
    int64_t item;
    const char *why;
};

/* A time in the future is of a clock that was set back since: it proves nothing. */
static const char unseen_by_all[] =
    "SELECT i.id, coalesce(i.gone_why, 'missing') FROM item i"
    " WHERE i.scope = ?1 AND i.lost_at IS NOT NULL AND i.gone_at IS NULL AND NOT EXISTS ("
    " SELECT 1 FROM target t WHERE t.scope = ?1 AND t.configured = 1 AND t.id <> coalesce(i.lost_by, 0)"
    " AND (t.completed_at IS NULL OR t.completed_at <= i.lost_at OR t.completed_at > ?2))";

bool loss_sweep(struct work *work, struct err *err)
{
    vec(struct ended) ended = VEC_EMPTY;
    struct sql_query query;
    bool good;

    sql_query(&query, work->sql, unseen_by_all);
    sql_bind_int(&query, 1, work->target.scope);
    sql_bind_int(&query, 2, work->at);
    while (sql_row(&query))
        vec_push(&ended, (struct ended){ sql_int(&query, 0), arena_text(&work->arena, sql_text(&query, 1)) });
    good = sql_done(&query, err);
    for (size_t i = 0; good && i < ended.count; i++)
        good = end_item(work, ended.items[i].item, ended.items[i].why, err);
    vec_finish(&ended);
    return good;
}
