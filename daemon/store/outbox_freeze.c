/* Which bundles are due, and how many alerts they may become: maintenance, judging under way, storms, rates. */
#include "outbox_parts.h"
#include "sql.h"

#include <stdlib.h>
#include <string.h>

#define HOUR_MS INT64_C(3600000)
#define TOKEN 1000 /* one alert; what is kept are thousandths */
#define MAX_RATE 1000000
#define JUDGING_WAIT_MS INT64_C(60000) /* to look again: whoever judges says when that is done, too */

/* -------------------------------------------------------------------------------------------------------- rate ---- */

struct purse {
    int64_t tokens; /* of an hour's rate; what was not used for an hour is not kept */
    int64_t rate;   /* 0: any number */
    bool stalled;   /* the clock was set back behind the time at which it was written down */
};

static bool open_purse(struct outbox_turn *turn, struct purse *purse, struct err *err)
{
    int64_t most, passed, now = turn->setting->now;
    struct sql_query query;

    purse->stalled = false;
    purse->rate = turn->hook->rate > MAX_RATE ? MAX_RATE : (int64_t)turn->hook->rate;
    purse->tokens = most = purse->rate * TOKEN;
    if (purse->rate == 0)
        return true;
    sql_query(&query, turn->sql, "SELECT tokens, tokens_at FROM hook WHERE name = ?1 AND tokens IS NOT NULL");
    sql_bind_text(&query, 1, turn->hook->name);
    if (sql_row(&query)) {
        purse->stalled = now < sql_int(&query, 1);
        passed = purse->stalled ? 0 : now - sql_int(&query, 1);
        passed = passed > HOUR_MS ? HOUR_MS : passed;
        purse->tokens = sql_int(&query, 0) + passed * purse->rate * TOKEN / HOUR_MS;
        purse->tokens = purse->tokens > most ? most : purse->tokens;
    }
    return sql_done(&query, err);
}

static bool close_purse(struct outbox_turn *turn, const struct purse *purse, struct err *err)
{
    struct sql_query query;

    if (purse->rate == 0)
        return true;
    sql_query(&query, turn->sql, "UPDATE hook SET tokens = ?2, tokens_at = ?3 WHERE name = ?1");
    sql_bind_text(&query, 1, turn->hook->name);
    sql_bind_int(&query, 2, purse->tokens);
    sql_bind_int(&query, 3, turn->setting->now);
    return sql_done(&query, err);
}

static void come_at(struct outbox_turn *turn, int64_t at)
{
    if (turn->step->next == 0 || at < turn->step->next)
        turn->step->next = at;
}

/* --------------------------------------------------------------------------------------------------------- due ---- */

struct due {
    const char *bundle;
    int64_t first; /* event */
};

typedef vec(struct due) due_vec;

static int64_t horizon(const struct outbox_turn *turn)
{
    return turn->setting->now + turn->hook->grace_ms + turn->hook->window_ms;
}

static void of_hook(struct sql_query *query, struct outbox_turn *turn, const char *text)
{
    sql_query(query, turn->sql, text);
    sql_bind_text(query, 1, turn->hook->name);
}

static bool take_due(struct outbox_turn *turn, struct sql_query *query, due_vec *due, struct err *err)
{
    while (sql_row(query))
        vec_push(due, (struct due){ arena_text(&turn->arena, sql_text(query, 0)), sql_int(query, 1) });
    return sql_done(query, err);
}

/* A time that no event can have now was written before the clock was set back. */
static bool find_due(struct outbox_turn *turn, due_vec *due, struct err *err)
{
    struct sql_query query;

    of_hook(&query, turn,
            "SELECT bundle, min(abs(event)) FROM (SELECT bundle, event FROM pending WHERE hook = ?1 AND due_at <= ?2"
            " UNION ALL SELECT bundle, event FROM pending WHERE hook = ?1 AND due_at > ?3) GROUP BY bundle");
    sql_bind_int(&query, 2, turn->setting->now);
    sql_bind_int(&query, 3, horizon(turn));
    return take_due(turn, &query, due, err);
}

static bool is_open(const struct outbox_setting *setting, const char *window, int64_t *until)
{
    bool open = false;

    for (size_t i = 0; i < setting->quiet_count; i++) {
        if (strcmp(setting->quiet[i].window, window) == 0) {
            *until = !open || setting->quiet[i].until < *until ? setting->quiet[i].until : *until;
            open = true;
        }
    }
    return open;
}

/* Names of windows, one after the other without looking at what waits in each. It began before all else. */
static bool find_windows(struct outbox_turn *turn, due_vec *due, struct err *err)
{
    struct sql_query query;

    of_hook(&query, turn,
            "WITH RECURSIVE w(bundle) AS (SELECT min(bundle) FROM pending WHERE hook = ?1"
            " AND bundle >= '" OUTBOX_MAINTENANCE "' AND bundle < 'maintenance!'"
            " UNION ALL SELECT (SELECT min(bundle) FROM pending WHERE hook = ?1 AND bundle > w.bundle"
            " AND bundle < 'maintenance!') FROM w WHERE w.bundle IS NOT NULL)"
            " SELECT bundle, 0 FROM w WHERE bundle IS NOT NULL");
    return take_due(turn, &query, due, err);
}

/* Those whose window is over, or is not configured any more. */
static bool find_ended(struct outbox_turn *turn, due_vec *due, struct err *err)
{
    due_vec windows = VEC_EMPTY;
    bool good = find_windows(turn, &windows, err);
    int64_t until = 0;

    for (size_t i = 0; good && i < windows.count; i++) {
        if (is_open(turn->setting, outbox_bundle_rest(windows.items[i].bundle, OUTBOX_MAINTENANCE), &until))
            come_at(turn, until);
        else
            vec_push(due, windows.items[i]);
    }
    vec_finish(&windows);
    return good;
}

/* What another basis brings is one alert: it is made when all is judged under it. */
static bool withhold(struct outbox_turn *turn, due_vec *due, struct err *err)
{
    int64_t judging;

    if (!sql_number(turn->sql, "SELECT EXISTS (SELECT 1 FROM meta WHERE name = 'judging_next')", &judging, err))
        return false;
    for (size_t i = due->count; judging != 0 && i-- > 0;) {
        if (outbox_bundle_rest(due->items[i].bundle, OUTBOX_BASIS) == NULL)
            continue;
        come_at(turn, turn->setting->now + JUDGING_WAIT_MS);
        vec_remove(due, i);
    }
    return true;
}

/* ---------------------------------------------------------------------------------------------------- grouping ---- */

static bool move_bundle(struct outbox_turn *turn, const char *from, const char *to, struct err *err)
{
    struct sql_query query;

    sql_query(&query, turn->sql, "UPDATE OR REPLACE pending SET bundle = ?3 WHERE hook = ?1 AND bundle = ?2");
    sql_bind_text(&query, 1, turn->hook->name);
    sql_bind_text(&query, 2, from);
    sql_bind_text(&query, 3, to);
    return sql_done(&query, err);
}

/* Whether its host fails, too, may have been found out since it was collected. */
static bool find_cause(struct outbox_turn *turn, struct due *due, struct err *err)
{
    outbox_news_vec news = VEC_EMPTY;
    struct outbox_matter matter;
    const char *bundle = due->bundle;
    bool good = outbox_news_waiting(turn, due->bundle, &news, err);

    if (good && news.count > 0) {
        good = outbox_matter_read(turn, &vec_last(&news), &matter, err);
        bundle = good ? outbox_bundle_of(turn, &vec_last(&news), &matter, err) : NULL;
        good = bundle != NULL;
    }
    if (good && outbox_bundle_rest(bundle, OUTBOX_CAUSE) != NULL) {
        good = move_bundle(turn, due->bundle, bundle, err);
        due->bundle = bundle;
    }
    vec_finish(&news);
    return good;
}

static bool find_causes(struct outbox_turn *turn, due_vec *due, struct err *err)
{
    for (size_t i = 0; i < due->count; i++) {
        const char *bundle = due->items[i].bundle;

        if ((outbox_bundle_rest(bundle, "target ") != NULL || outbox_bundle_rest(bundle, "finding ") != NULL) &&
            !find_cause(turn, &due->items[i], err))
            return false;
    }
    return true;
}

static int by_bundle(const void *a, const void *b)
{
    return strcmp(((const struct due *)a)->bundle, ((const struct due *)b)->bundle);
}

static int by_event(const void *a, const void *b)
{
    const struct due *one = a, *other = b;

    return (one->first > other->first) - (one->first < other->first);
}

/* In the order in which it all began, each bundle once. */
static void sort(due_vec *due)
{
    size_t kept = 0;

    if (due->count == 0)
        return;
    qsort(due->items, due->count, sizeof *due->items, by_bundle);
    for (size_t i = 1; i < due->count; i++) {
        if (strcmp(due->items[i].bundle, due->items[kept].bundle) != 0)
            due->items[++kept] = due->items[i];
        else if (due->items[i].first < due->items[kept].first)
            due->items[kept].first = due->items[i].first;
    }
    due->count = kept + 1;
    qsort(due->items, due->count, sizeof *due->items, by_event);
}

/* How many alerts: one for each bundle, but one for all in a storm, and one for what would pass the rate. */
static size_t count_groups(const struct outbox_turn *turn, const struct purse *purse, size_t due)
{
    size_t groups = due;

    if (turn->hook->storm > 0 && due > turn->hook->storm)
        groups = 1;
    if (purse->rate > 0 && groups > (size_t)(purse->tokens / TOKEN))
        groups = (size_t)(purse->tokens / TOKEN);
    return groups;
}

static bool freeze_group(struct outbox_turn *turn, const struct due *due, size_t count, struct purse *purse,
                         struct err *err)
{
    const char **bundles = arena_alloc(&turn->arena, count * sizeof *bundles);
    const struct outbox_group group = { bundles, count };
    bool made = false;

    for (size_t i = 0; i < count; i++)
        bundles[i] = due[i].bundle;
    if (!outbox_group_freeze(turn, &group, &made, err))
        return false;
    if (made) {
        purse->tokens -= TOKEN;
        turn->step->frozen++;
    }
    return true;
}

/* The last group takes all that is left. */
static bool freeze_all(struct outbox_turn *turn, const due_vec *due, size_t groups, struct purse *purse,
                       struct err *err)
{
    size_t frozen = turn->step->frozen;
    size_t now = groups;

    if (now > turn->most) {
        now = turn->most;
        turn->step->more = true;
    }
    for (size_t i = 0; i < now; i++) {
        size_t count = i == groups - 1 ? due->count - i : 1;

        if (!freeze_group(turn, &due->items[i], count, purse, err))
            return false;
    }
    return turn->step->frozen == frozen || close_purse(turn, purse, err);
}

static bool find_all(struct outbox_turn *turn, due_vec *due, struct err *err)
{
    return find_due(turn, due, err) && find_ended(turn, due, err) && withhold(turn, due, err);
}

static bool freeze_due(struct outbox_turn *turn, due_vec *due, struct purse *purse, struct err *err)
{
    if (!find_all(turn, due, err) || !find_causes(turn, due, err))
        return false;
    sort(due);
    return due->count == 0 || freeze_all(turn, due, count_groups(turn, purse, due->count), purse, err);
}

/* When the next bundle is due. */
static bool plan(struct outbox_turn *turn, struct err *err)
{
    struct sql_query query;

    of_hook(&query, turn, "SELECT min(due_at) FROM pending WHERE hook = ?1 AND due_at > ?2");
    sql_bind_int(&query, 2, turn->setting->now);
    if (sql_row(&query) && !sql_is_null(&query, 0))
        come_at(turn, sql_int(&query, 0));
    return sql_done(&query, err);
}

/* When there is an alert to spend again. */
static bool plan_rate(struct outbox_turn *turn, const struct purse *purse, struct err *err)
{
    struct sql_query query;

    of_hook(&query, turn, "SELECT 1 FROM pending WHERE hook = ?1 LIMIT 1");
    if (sql_row(&query))
        come_at(turn, turn->setting->now + (TOKEN - purse->tokens) * HOUR_MS / (purse->rate * TOKEN) + 1);
    return sql_done(&query, err) && (!purse->stalled || close_purse(turn, purse, err));
}

bool outbox_freeze(struct outbox_turn *turn, struct err *err)
{
    due_vec due = VEC_EMPTY;
    struct purse purse;
    bool good = open_purse(turn, &purse, err);

    if (good && purse.rate > 0 && purse.tokens < TOKEN)
        return plan_rate(turn, &purse, err);
    good = good && freeze_due(turn, &due, &purse, err) && plan(turn, err);
    vec_finish(&due);
    return good;
}
