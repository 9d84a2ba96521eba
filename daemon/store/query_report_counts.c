/* How many protections and assets of what. Which groups a judgement is counted in is known when judgements are read;
 * then one look at each protection is enough. */
#include "reading_protection.h"
#include "reading_report.h"
#include "verdict.h"

#include <stdlib.h>
#include <string.h>

/* ------------------------------------------------------------------------------------------------------ groups ---- */

static const char *keep(struct query_report *report, const char *text)
{
    return text == NULL ? NULL : arena_text(&report->arena, text);
}

static void name_key(struct str *key, char dimension, const char *name, struct sql_query *rows)
{
    str_clear(key);
    str_format(key, "%c%s", dimension, name);
    for (int column = REPORT_VERDICT; column <= REPORT_RULED; column++) {
        const char *text = sql_text(rows, column);

        str_add_char(key, '\0');
        str_add(key, text == NULL ? "" : text);
    }
}

/* The place of the group of this name, made where there is none. */
static uint32_t find_group(struct query_report *report, enum report_dimension dimension, const char *name,
                           struct sql_query *rows)
{
    struct report_group group = { .dimension = dimension };
    const uint32_t *known;
    const char *key;
    uint32_t *place;

    name_key(&report->key, (char)('0' + dimension), name, rows);
    known = map_get_bytes(&report->places, report->key.bytes, report->key.length);
    if (known != NULL)
        return *known;
    group.count.name = keep(report, name);
    group.count.verdict = keep(report, sql_text(rows, REPORT_VERDICT));
    group.count.class = keep(report, sql_text(rows, REPORT_CLASS));
    group.count.ruled = keep(report, sql_text(rows, REPORT_RULED));
    place = arena_alloc(&report->arena, sizeof *place);
    *place = (uint32_t)report->groups.count;
    vec_push(&report->groups, group);
    key = arena_bytes(&report->arena, report->key.bytes, report->key.length);
    map_put_bytes(&report->places, key, report->key.length, place);
    return *place;
}

void reading_report_find_groups(struct query_report *report, struct sql_query *rows, struct report_said *said)
{
    static const int columns[REPORT_DIMENSIONS] = { -1, REPORT_WORKLOAD, REPORT_SITE };

    for (int i = 0; i < REPORT_DIMENSIONS; i++) {
        const char *name = columns[i] < 0 ? NULL : sql_text(rows, columns[i]);

        said->groups[i] = find_group(report, (enum report_dimension)i, name == NULL ? "" : name, rows);
    }
    said->verdict = report->groups.items[said->groups[REPORT_WHOLE]].count.verdict;
    said->ruled = report->groups.items[said->groups[REPORT_WHOLE]].count.ruled;
}

/* ------------------------------------------------------------------------------------------------------ counts ---- */

/* What is counted of one asset comes in a row. */
struct counting {
    struct query_report *report;
    struct query_report_head *head;
    int64_t assets, covered; /* covered: assets that count as such */
    struct report_asked asked;
};

static bool end_asset(struct counting *counting, struct err *err)
{
    if (counting->asked.protections == 0)
        return true;
    counting->assets++;
    counting->covered += counting->asked.sum.listed;
    return reading_report_ask(counting->report, &counting->asked, err);
}

/* Of an asset for which its parts speak, nothing is asked. */
static void ask(struct report_asked *asked, const struct report_said *said)
{
    if (said->parts)
        return;
    if (asked->protections++ == 0)
        asked->judgement = said->id;
    coverage_add(&asked->sum, said->listed, said->verdict, said->ruled);
    asked->unread = asked->unread && !said->read;
}

static bool count_row(struct counting *counting, struct sql_query *rows, struct err *err)
{
    int64_t asset = sql_int(rows, 0), need = sql_int(rows, 2);
    struct report_said *said = reading_report_said(counting->report, sql_int(rows, 1));

    if (asset != counting->asked.asset) {
        if (!end_asset(counting, err))
            return false;
        counting->asked = (struct report_asked){ .asset = asset, .unread = true };
    }
    said->protections++;
    ask(&counting->asked, said);
    counting->head->need[need]++;
    counting->head->exempt[need] += sql_int(rows, 3) != 0;
    for (int i = 0; i < REPORT_DIMENSIONS; i++) {
        struct report_group *group = &counting->report->groups.items[said->groups[i]];

        group->count.protections++;
        group->count.stale += sql_int(rows, 4) != 0;
        group->count.assets += group->last != asset;
        group->last = asset;
    }
    return true;
}

static void forget_counts(struct query_report *report)
{
    vec_each (group, &report->groups) {
        group->count.protections = group->count.assets = group->count.stale = 0;
        group->last = 0;
    }
    vec_each (said, &report->said)
        said->protections = 0;
}

static bool count_rows(struct counting *counting, struct err *err)
{
    struct sql_query rows;
    bool good = true;

    forget_counts(counting->report);
    sql_query(&rows, &counting->report->query->sql,
              "SELECT asset, judgement, need, exemption, stale FROM temp.report_state ORDER BY asset, judgement");
    while (good && sql_row(&rows))
        good = count_row(counting, &rows, err);
    return sql_done(&rows, good ? err : NULL) && good && end_asset(counting, err);
}

/* The worst first, of one name. */
static int compare_counts(const void *one, const void *other)
{
    const struct query_report_count *a = one, *b = other;
    int order = strcmp(a->name, b->name);

    if (order == 0)
        order = (int)verdict_find(b->verdict) - (int)verdict_find(a->verdict);
    if (order == 0)
        order = strcmp(a->class, b->class);
    return order != 0 ? order : strcmp(a->ruled == NULL ? "" : a->ruled, b->ruled == NULL ? "" : b->ruled);
}

static void keep_counts(struct query_report *report, enum report_dimension dimension, struct query_report_count **list,
                        size_t *number)
{
    vec(struct query_report_count) counts = VEC_EMPTY;

    vec_each (group, &report->groups) {
        if (group->dimension == dimension && group->count.protections > 0)
            vec_push(&counts, group->count);
    }
    if (counts.count > 0)
        qsort(counts.items, counts.count, sizeof *counts.items, compare_counts);
    READING_KEEP(report->query, &counts, *list, *number);
}

/* What a DPMDB lists is an asset of its own kind, whether anything is known of what it protects or not; and what it
 * shows may be in another part of the fleet than the report. */
static bool find_lists(struct query_report *report, bool *any, struct err *err)
{
    struct sql_query rows;

    sql_query(&rows, &report->query->sql,
              "SELECT 1 FROM asset WHERE kind = 'protected' AND merged_into IS NULL AND created_at <= ?1"
              " AND (gone_at IS NULL OR gone_at > ?1) UNION ALL SELECT 1 FROM temp.report_reader LIMIT 1");
    sql_bind_int(&rows, 1, report->at);
    *any = sql_row(&rows);
    return sql_done(&rows, err);
}

static bool count_covered(struct counting *counting, struct err *err)
{
    bool any;

    if (!find_lists(counting->report, &any, err))
        return false;
    counting->report->listed = any;
    counting->head->covered = any ? counting->covered : -1;
    counting->head->not_covered = any ? counting->assets - counting->covered : -1;
    return true;
}

static bool count_ages(struct query_report *report, struct query_report_head *head, struct err *err)
{
    head->fresh = head->stale = head->never = -1;
    if (report->past)
        return true;
    head->fresh = head->stale = 0;
    for (size_t i = 0; i < head->whole_count; i++) {
        head->fresh += head->whole[i].protections - head->whole[i].stale;
        head->stale += head->whole[i].stale;
    }
    if (!sql_number(&report->query->sql,
                    "SELECT count(*) FROM temp.report_state g WHERE g.stale AND NOT EXISTS (SELECT 1 FROM item i"
                    " JOIN sighting s ON s.item = i.id JOIN target t ON t.id = s.target WHERE i.asset = g.asset"
                    " AND i.gone_at IS NULL AND coalesce(s.missed_at, t.succeeded_at) > 0)",
                    &head->never, err))
        return false;
    head->stale -= head->never;
    return true;
}

bool reading_report_counts(struct query_report *report, struct query_report_head *head, struct err *err)
{
    struct counting counting = { .report = report, .head = head };

    if (!count_rows(&counting, err))
        return false;
    keep_counts(report, REPORT_WHOLE, &head->whole, &head->whole_count);
    keep_counts(report, REPORT_BY_WORKLOAD, &head->by_workload, &head->by_workload_count);
    keep_counts(report, REPORT_BY_SITE, &head->by_site, &head->by_site_count);
    return count_covered(&counting, err) && count_ages(report, head, err) &&
           sql_number(&report->query->sql, "SELECT count(*) FROM temp.report_excluded", &head->excluded, err);
}
