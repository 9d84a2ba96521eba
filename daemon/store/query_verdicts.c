/* How many verdicts of what, and groups of what is not supported. */
#include "query_protection.h"

#include "judging_state.h"
#include "reading_protection.h"
#include "reading_stale.h"
#include "roster.h"
#include "str.h"
#include "verdict.h"

#include <stdlib.h>
#include <string.h>

/* One protection of a group. */
struct sample {
    int64_t asset, judgement;
};

struct counting {
    enum query_grouping grouping;
    size_t limit;
    int64_t now;
    struct query_verdicts *verdicts;
    struct roster roster;
    struct stale stale;
    vec(struct query_verdict_count) counts;
    vec(struct query_group) groups;
    vec(struct sample) samples; /* of the groups: one of each */
};

/* ------------------------------------------------------------------------------------------------------ counts ---- */

/* One verdict with its class, as it is counted. */
struct tally {
    struct query_verdict_count count;
    number_vec assets;
    bool good; /* a stale one is not counted */
};

static void end_tally(struct counting *counting, struct tally *tally)
{
    if (tally->count.verdict == NULL)
        return;
    numbers_order(&tally->assets);
    tally->count.assets = (int64_t)tally->assets.count;
    vec_push(&counting->counts, tally->count);
    vec_clear(&tally->assets);
    tally->count = (struct query_verdict_count){ 0 };
}

static void begin_tally(struct query *query, struct tally *tally, struct sql_query *rows)
{
    tally->count.verdict = reading_text(query, rows, 0);
    tally->count.class = reading_text(query, rows, 1);
    tally->good = strcmp(tally->count.verdict, verdict_word(VERDICT_SUPPORTED)) == 0;
}

/* Those of one judgement. */
static void add_to_tally(struct counting *counting, struct tally *tally, int64_t judgement, bool ruled)
{
    size_t before = tally->assets.count, kept = before;

    roster_gather(&counting->roster, judgement, &tally->assets);
    counting->verdicts->protections += (int64_t)(tally->assets.count - before);
    for (size_t i = before; i < tally->assets.count; i++) {
        bool stale = stale_has(&counting->stale, tally->assets.items[i]);

        tally->count.stale += stale;
        if (!stale || !tally->good)
            tally->assets.items[kept++] = tally->assets.items[i];
    }
    tally->count.protections += (int64_t)(kept - before);
    tally->count.ruled += ruled ? (int64_t)(kept - before) : 0;
    tally->assets.count = kept;
}

static bool is_tally(const struct tally *tally, struct sql_query *rows)
{
    return tally->count.verdict != NULL && strcmp(tally->count.verdict, sql_text(rows, 0)) == 0 &&
           strcmp(tally->count.class, sql_text(rows, 1)) == 0;
}

static bool count_verdicts(struct query *query, struct counting *counting, struct err *err)
{
    struct tally tally = { .assets = VEC_EMPTY };
    struct sql_query rows;

    sql_query(&rows, &query->sql,
              "SELECT verdict, class, id, ruled FROM judgement WHERE counts = 1 ORDER BY verdict, class");
    while (sql_row(&rows)) {
        if (roster_count(&counting->roster, sql_int(&rows, 2)) == 0)
            continue;
        if (!is_tally(&tally, &rows)) {
            end_tally(counting, &tally);
            begin_tally(query, &tally, &rows);
        }
        add_to_tally(counting, &tally, sql_int(&rows, 2), !sql_is_null(&rows, 3));
    }
    end_tally(counting, &tally);
    vec_finish(&tally.assets);
    return sql_done(&rows, err);
}

static int rank(const char *verdict)
{
    return (int)verdict_find(verdict);
}

static int compare_counts(const void *one, const void *other)
{
    const struct query_verdict_count *a = one, *b = other;
    int order = rank(b->verdict) - rank(a->verdict);

    return order != 0 ? order : strcmp(a->class, b->class);
}

/* ------------------------------------------------------------------------------------------------------ groups ---- */

/* verdict, class, up to four parts of the key, id; what is one group comes together. */
#define GROUPED(key, from)                                                                                             \
    "SELECT j.verdict, j.class, " key ", j.id FROM judgement j" from                                                   \
    " WHERE j.counts = 1 AND j.verdict <> 'supported' ORDER BY j.verdict, j.class, "
static const char *const grouped[] = {
    [GROUPING_KEY] = GROUPED("j.workload, j.version, j.installation, j.product",
                             "") "j.workload, j.version, j.installation, j.product",
    [GROUPING_CAUSE] =
        GROUPED("coalesce(j.cause, 0), coalesce(c.name, ''), '', ''", " LEFT JOIN asset c ON c.id = j.cause") "3, 4",
    [GROUPING_OWNER] = GROUPED("coalesce(j.owner, ''), '', '', ''", "") "3",
    [GROUPING_SITE] = GROUPED("coalesce(j.site, ''), '', '', ''", "") "3",
    [GROUPING_SERVER] = GROUPED("j.server, '', '', ''", "") "3",
};

enum { KEY_COLUMN = 2, KEY_PARTS = 4, JUDGEMENT_COLUMN = 6 };

/* The group under way; texts are in the str, one after the other, each with its NUL. */
struct gathering {
    struct str key;
    number_vec assets; /* in no order */
    bool open;
};

static const char *text_of(struct sql_query *rows, int column)
{
    const char *text = sql_text(rows, column);

    return text == NULL ? "" : text;
}

static bool is_group(const struct gathering *gathering, struct sql_query *rows)
{
    const char *part = gathering->key.bytes;

    for (int i = 0; i < KEY_COLUMN + KEY_PARTS; i++, part += strlen(part) + 1) {
        if (strcmp(part, text_of(rows, i)) != 0)
            return false;
    }
    return true;
}

static const char *group_name(struct query *query, enum query_grouping grouping, struct sql_query *rows)
{
    const char *part[KEY_PARTS];

    for (int i = 0; i < KEY_PARTS; i++)
        part[i] = text_of(rows, KEY_COLUMN + i);
    if (grouping == GROUPING_CAUSE)
        return arena_text(query->arena, part[1]);
    if (grouping != GROUPING_KEY)
        return arena_text(query->arena, part[0]);
    return arena_format(query->arena, "%s%s%s, %s, %s", part[0], part[1][0] == '\0' ? "" : " ", part[1], part[2],
                        part[3]);
}

static void begin_group(struct query *query, struct counting *counting, struct gathering *gathering,
                        struct sql_query *rows)
{
    struct query_group group = { .name = group_name(query, counting->grouping, rows),
                                 .verdict = reading_text(query, rows, 0),
                                 .class = reading_text(query, rows, 1) };

    if (counting->grouping == GROUPING_CAUSE)
        group.asset = sql_int(rows, KEY_COLUMN);
    str_clear(&gathering->key);
    for (int i = 0; i < KEY_COLUMN + KEY_PARTS; i++)
        str_add_bytes(&gathering->key, text_of(rows, i), strlen(text_of(rows, i)) + 1);
    gathering->open = true;
    vec_push(&counting->groups, group);
    vec_push(&counting->samples, (struct sample){ 0 });
}

/* The sample is that of the lowest number. */
static void add_to_group(struct counting *counting, struct gathering *gathering, int64_t judgement)
{
    struct sample *sample = &vec_last(&counting->samples);
    size_t before = gathering->assets.count;

    roster_gather(&counting->roster, judgement, &gathering->assets);
    for (size_t i = before; i < gathering->assets.count; i++) {
        if (sample->asset == 0 || gathering->assets.items[i] < sample->asset)
            *sample = (struct sample){ gathering->assets.items[i], judgement };
    }
}

static void end_group(struct counting *counting, struct gathering *gathering)
{
    numbers_order(&gathering->assets);
    if (gathering->open)
        vec_last(&counting->groups).assets = (int64_t)gathering->assets.count;
    vec_clear(&gathering->assets);
}

static bool gather_groups(struct query *query, struct counting *counting, struct err *err)
{
    struct gathering gathering = { .key = STR_EMPTY, .assets = VEC_EMPTY };
    struct sql_query rows;

    sql_query(&rows, &query->sql, grouped[counting->grouping]);
    while (sql_row(&rows)) {
        int64_t judgement = sql_int(&rows, JUDGEMENT_COLUMN);

        if (roster_count(&counting->roster, judgement) == 0)
            continue;
        if (!gathering.open || !is_group(&gathering, &rows)) {
            end_group(counting, &gathering);
            begin_group(query, counting, &gathering, &rows);
        }
        add_to_group(counting, &gathering, judgement);
    }
    end_group(counting, &gathering);
    vec_finish(&gathering.assets);
    str_finish(&gathering.key);
    return sql_done(&rows, err);
}

struct ranked {
    struct query_group group;
    struct sample sample;
};

static int compare_groups(const void *one, const void *other)
{
    const struct query_group *a = &((const struct ranked *)one)->group, *b = &((const struct ranked *)other)->group;
    int order = rank(b->verdict) - rank(a->verdict);

    if (order == 0)
        order = (a->assets < b->assets) - (a->assets > b->assets);
    if (order == 0)
        order = strcmp(a->class, b->class);
    return order != 0 ? order : strcmp(a->name, b->name);
}

/* What is told to the first of its assets goes for all. */
static bool read_sample(struct query *query, const struct sample *sample, struct query_group *group, struct err *err)
{
    struct sql_query rows;

    sql_query(&rows, &query->sql, "SELECT reason, step FROM protection WHERE asset = ?1 AND judgement = ?2");
    sql_bind_int(&rows, 1, sample->asset);
    sql_bind_int(&rows, 2, sample->judgement);
    if (sql_row(&rows)) {
        group->reason = reading_some(query, &rows, 0);
        group->step = reading_text(query, &rows, 1);
    }
    return sql_done(&rows, err);
}

static bool keep_groups(struct query *query, struct counting *counting, struct err *err)
{
    size_t count = counting->groups.count, kept = count;
    struct ranked *ranked = arena_alloc(query->arena, (count + 1) * sizeof *ranked);
    bool good = true;

    if (counting->limit > 0 && kept > counting->limit)
        kept = counting->limit;
    for (size_t i = 0; i < count; i++)
        ranked[i] = (struct ranked){ counting->groups.items[i], counting->samples.items[i] };
    qsort(ranked, count, sizeof *ranked, compare_groups);
    counting->verdicts->groups = arena_alloc(query->arena, (kept + 1) * sizeof *counting->verdicts->groups);
    for (size_t i = 0; good && i < kept; i++) {
        good = read_sample(query, &ranked[i].sample, &ranked[i].group, err);
        counting->verdicts->groups[i] = ranked[i].group;
    }
    counting->verdicts->group_count = kept;
    counting->verdicts->more_groups = count - kept;
    return good;
}

/* ------------------------------------------------------------------------------------------------------- whole ---- */

static bool count_excluded(struct query *query, struct counting *counting, struct err *err)
{
    struct sql_query rows;

    sql_query(&rows, &query->sql, "SELECT id FROM judgement WHERE excluded IS NOT NULL");
    while (sql_row(&rows))
        counting->verdicts->excluded += (int64_t)roster_count(&counting->roster, sql_int(&rows, 0));
    return sql_done(&rows, err);
}

/* Those that rejudge.c will come to. */
static bool count_waiting(struct query *query, struct counting *counting, struct err *err)
{
    struct query_verdicts *verdicts = counting->verdicts;

    if (!reading_judged_at(query, &verdicts->judged_at, err))
        return false;
    return verdicts->judged_at != 0 ||
           sql_number(&query->sql,
                      "SELECT count(*) FROM asset WHERE gone_at IS NULL AND merged_into IS NULL AND id >="
                      " coalesce((SELECT CAST(value AS INTEGER) FROM meta WHERE name = 'judging_next'), 0)"
                      " AND kind NOT IN " JUDGING_NO_SUBJECT,
                      &verdicts->waiting, err);
}

static bool read_verdicts(struct query *query, void *context, struct err *err)
{
    struct counting *counting = context;
    bool good = roster_read(&counting->roster, &query->sql, ROSTER_ASSETS, err) &&
                stale_load(&counting->stale, query, counting->now, err) && count_verdicts(query, counting, err) &&
                count_excluded(query, counting, err) && count_waiting(query, counting, err) &&
                gather_groups(query, counting, err) && keep_groups(query, counting, err);

    if (counting->counts.count > 0)
        qsort(counting->counts.items, counting->counts.count, sizeof *counting->counts.items, compare_counts);
    READING_KEEP(query, &counting->counts, counting->verdicts->counts, counting->verdicts->count);
    roster_finish(&counting->roster);
    stale_finish(&counting->stale);
    vec_finish(&counting->groups);
    vec_finish(&counting->samples);
    return good;
}

static bool read_state(struct query *query, void *context, struct err *err)
{
    struct counting *counting = context;
    struct query_verdicts *verdicts = counting->verdicts;

    return sql_number(&query->sql,
                      "SELECT EXISTS (SELECT 1 FROM guard g CROSS JOIN judgement j WHERE j.id = g.judgement"
                      " AND j.counts = 1)",
                      &verdicts->protections, err) &&
           sql_number(&query->sql,
                      "SELECT EXISTS (SELECT 1 FROM (SELECT 1 FROM judgement WHERE excluded IS NOT NULL LIMIT 1)"
                      " CROSS JOIN guard WHERE judgement IN (SELECT id FROM judgement WHERE excluded IS NOT NULL))",
                      &verdicts->excluded, err) &&
           count_waiting(query, counting, err);
}

bool query_verdict_state(struct query *query, struct arena *arena, struct query_verdicts *verdicts, struct err *err)
{
    struct counting counting = { .verdicts = verdicts };

    *verdicts = (struct query_verdicts){ 0 };
    return reading_run(query, arena, read_state, &counting, err);
}

bool query_verdict_summary(struct query *query, enum query_grouping grouping, size_t limit, int64_t now,
                           struct arena *arena, struct query_verdicts *verdicts, struct err *err)
{
    struct counting counting = { .grouping = grouping, .limit = limit, .now = now, .verdicts = verdicts };

    *verdicts = (struct query_verdicts){ 0 };
    return reading_run(query, arena, read_verdicts, &counting, err);
}
