/* What stood at the report's time, and what had ended by then, in one look at the verdicts of today and one at those of
 * the past. */
#include "reading_protection.h"
#include "reading_report.h"

#include <stdlib.h>

static const char tables[] =
    "CREATE TEMP TABLE report_state (id INTEGER PRIMARY KEY, asset INTEGER, judgement INTEGER, basis INTEGER,"
    " since_at INTEGER, need INTEGER, exemption INTEGER, stale INTEGER, seen_at INTEGER,"
    " sources TEXT);"
    "CREATE TEMP TABLE report_before (id INTEGER PRIMARY KEY, asset INTEGER, judgement INTEGER, until_at INTEGER,"
    " need INTEGER);"
    "CREATE TEMP TABLE report_excluded (asset INTEGER PRIMARY KEY, judgement INTEGER);"
    "CREATE TEMP TABLE report_reader (server TEXT PRIMARY KEY);"
    "CREATE TEMP TABLE report_asked (asset INTEGER PRIMARY KEY, judgement INTEGER, protections INTEGER,"
    " covered INTEGER, unread INTEGER, coverage INTEGER);"
    "CREATE TEMP TABLE report_counted (judgement INTEGER PRIMARY KEY, protections INTEGER);";

/* -------------------------------------------------------------------------------------------------- judgements ---- */

static const char judgements[] =
    "SELECT id, support_end, counts = 1 AND excluded IS NULL, excluded IS NOT NULL, by_what = 'dpmdb', verdict, class,"
    " ruled, workload, site, server IN (SELECT server FROM temp.report_reader), by_what = 'parts'"
    " FROM judgement WHERE (?1 IS NULL OR owner LIKE ?1" READING_ESCAPE
    ") AND (?2 IS NULL OR site LIKE ?2" READING_ESCAPE ") AND (?3 IS NULL OR server LIKE ?3" READING_ESCAPE
    ") AND (?4 IS NULL OR workload = ?4) ORDER BY id";

static void take_judgement(struct query_report *report, struct sql_query *rows)
{
    const char *verdict = sql_text(rows, REPORT_VERDICT), *class = sql_text(rows, REPORT_CLASS),
               *ruled = sql_text(rows, REPORT_RULED);
    struct report_said said = {
        .id = sql_int(rows, 0),
        .support_end = sql_int(rows, 1),
        .counts = sql_int(rows, 2) != 0,
        .excluded = sql_int(rows, 3) != 0,
        .listed = sql_int(rows, 4) != 0,
        .read = sql_int(rows, REPORT_READ) != 0,
        .parts = sql_int(rows, REPORT_PARTS) != 0,
    };

    said.need[false] = (unsigned char)need_of_words(verdict, class, ruled, false);
    said.need[true] = (unsigned char)need_of_words(verdict, class, ruled, true);
    if (said.counts)
        reading_report_find_groups(report, rows, &said);
    if (said.counts || said.excluded)
        vec_push(&report->said, said);
}

static bool load_judgements(struct query_report *report, struct err *err)
{
    const char *const patterns[] = { report->wish.owner, report->wish.site, report->wish.server };
    struct sql_query rows;

    sql_query(&rows, &report->query->sql, judgements);
    for (int i = 0; i < 3; i++)
        sql_bind_text(&rows, i + 1, patterns[i] == NULL ? NULL : reading_like(report->query, patterns[i], true));
    sql_bind_text(&rows, 4, report->wish.workload);
    while (sql_row(&rows))
        take_judgement(report, &rows);
    return sql_done(&rows, err);
}

static int compare_said(const void *one, const void *other)
{
    const struct report_said *a = one, *b = other;

    return (a->id > b->id) - (a->id < b->id);
}

struct report_said *reading_report_said(const struct query_report *report, int64_t judgement)
{
    struct report_said key = { .id = judgement };

    if (report->said.count == 0)
        return NULL;
    return bsearch(&key, report->said.items, report->said.count, sizeof key, compare_said);
}

/* -------------------------------------------------------------------------------------------------------- rows ---- */

/* A verdict, and how long it was in force. */
struct stay {
    int64_t asset, judgement, basis, from_at, until_at;
};

static bool add_excluded(struct query_report *report, const struct stay *stay, struct err *err)
{
    struct sql_query query;

    sql_query(&query, &report->query->sql,
              "INSERT INTO temp.report_excluded VALUES (?1, ?2) ON CONFLICT (asset) DO UPDATE SET"
              " judgement = min(judgement, excluded.judgement)");
    sql_bind_int(&query, 1, stay->asset);
    sql_bind_int(&query, 2, stay->judgement);
    return sql_done(&query, err);
}

static bool add_before(struct query_report *report, const struct stay *stay, const struct report_said *said,
                       struct err *err)
{
    struct sql_query query;

    sql_query(&query, &report->query->sql,
              "INSERT INTO temp.report_before (asset, judgement, until_at, need) VALUES (?1, ?2, ?3, ?4)");
    sql_bind_int(&query, 1, stay->asset);
    sql_bind_int(&query, 2, stay->judgement);
    sql_bind_int(&query, 3, stay->until_at);
    sql_bind_int(&query, 4, said->need[false]);
    return sql_done(&query, err);
}

/* As findings are exempt: what asks something of people but for its age, or is past its vendor's support. */
static bool find_exemption(struct query_report *report, const struct stay *stay, const struct report_said *said,
                           int64_t *exemption, struct err *err)
{
    *exemption = 0;
    if (said->need[false] == NEED_NOTHING && (said->support_end == 0 || said->support_end >= report->at))
        return true;
    return exemptions_cover(&report->exemptions, &report->query->sql, stay->asset, stay->judgement, exemption, err);
}

static bool add_state(struct query_report *report, const struct stay *stay, const struct report_said *said,
                      struct err *err)
{
    bool stale = !report->past && stale_has(&report->stale, stay->asset);
    struct sql_query query;
    int64_t exemption;

    if (!find_exemption(report, stay, said, &exemption, err))
        return false;
    sql_query(&query, &report->query->sql,
              "INSERT INTO temp.report_state (asset, judgement, basis, since_at, need, exemption, stale)"
              " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)");
    sql_bind_int(&query, 1, stay->asset);
    sql_bind_int(&query, 2, stay->judgement);
    sql_bind_int(&query, 3, stay->basis);
    sql_bind_int(&query, 4, stay->from_at);
    sql_bind_int(&query, 5, said->need[stale]);
    sql_bind_int(&query, 6, exemption);
    sql_bind_int(&query, 7, stale);
    return sql_done(&query, err);
}

static bool take_stay(struct query_report *report, const struct stay *stay, struct err *err)
{
    const struct report_said *said = reading_report_said(report, stay->judgement);
    bool there = stay->until_at > report->at;

    if (said == NULL)
        return true;
    if (said->excluded)
        return !there || add_excluded(report, stay, err);
    reading_report_count(report, said->need[false], stay->from_at, stay->until_at);
    if (there)
        return add_state(report, stay, said, err);
    return stay->from_at > report->then || stay->until_at <= report->then || add_before(report, stay, said, err);
}

/* What stands today stands without an end. A clock that was set back leaves some that began after now. */
static bool take_present(struct query_report *report, struct err *err)
{
    struct sql_query rows;
    bool good = true;

    sql_query(&rows, &report->query->sql, "SELECT asset, judgement, basis, since_at FROM guard WHERE since_at <= ?1");
    sql_bind_int(&rows, 1, report->past ? report->at : INT64_MAX);
    while (good && sql_row(&rows)) {
        const struct stay stay = { sql_int(&rows, 0), sql_int(&rows, 1), sql_int(&rows, 2), sql_int(&rows, 3),
                                   INT64_MAX };

        good = take_stay(report, &stay, err);
    }
    return sql_done(&rows, good ? err : NULL) && good;
}

/* The table has no index over times: it is gone through once, whatever is asked. */
static bool take_past(struct query_report *report, struct err *err)
{
    int64_t first = report->since;
    struct sql_query rows;
    bool good = true;

    if (report->day_count > 0 && report->days[0].at < first)
        first = report->days[0].at;
    sql_query(
        &rows, &report->query->sql,
        "SELECT asset, judgement, basis, from_at, until_at FROM guard_past WHERE until_at > ?1 AND from_at <= ?2");
    sql_bind_int(&rows, 1, first);
    sql_bind_int(&rows, 2, report->at);
    while (good && sql_row(&rows)) {
        const struct stay stay = { sql_int(&rows, 0), sql_int(&rows, 1), sql_int(&rows, 2), sql_int(&rows, 3),
                                   sql_int(&rows, 4) };

        good = (report->past || stay.until_at <= report->at) ? take_stay(report, &stay, err) : true;
    }
    return sql_done(&rows, good ? err : NULL) && good;
}

static bool load_exemptions(struct query_report *report, struct err *err)
{
    struct sql *sql = &report->query->sql;

    return report->past ? exemptions_load_then(&report->exemptions, sql, report->at, err)
                        : exemptions_load(&report->exemptions, sql, report->at, err);
}

bool reading_report_gather(struct query_report *report, struct err *err)
{
    reading_report_days(report);
    if (!sql_run(&report->query->sql, tables, err) || !reading_report_readers(report, err) ||
        !load_judgements(report, err) || !load_exemptions(report, err) ||
        (!report->past && !stale_load(&report->stale, report->query, report->at, err)))
        return false;
    if (!take_present(report, err) || !take_past(report, err))
        return false;
    reading_report_count_end(report);
    return true;
}
