/* Opening and closing a report: its time, and how far back one can go. */
#include "query_report.h"

#include "clock.h"
#include "mem.h"
#include "meta.h"
#include "reading_report.h"

#include <stdlib.h>

#define WEEK_MS (7 * REPORT_DAY_MS)

void reading_report_into(struct query_report *report, struct arena *arena)
{
    report->query->arena = arena;
}

static const char *keep(struct query_report *report, const char *text)
{
    return text == NULL ? NULL : arena_text(&report->arena, text);
}

static bool take_wish(struct query_report *report, const struct query_report_wish *wish, struct err *err)
{
    report->past = wish->at != 0;
    report->at = report->past ? wish->at : wish->now;
    report->since = wish->since == 0 ? report->at - WEEK_MS : wish->since;
    report->wish = *wish;
    report->wish.owner = keep(report, wish->owner);
    report->wish.site = keep(report, wish->site);
    report->wish.server = keep(report, wish->server);
    report->wish.workload = keep(report, wish->workload);
    if (report->at > wish->now)
        return err_set(err, ERR_CONFIG, "a report of the future cannot be made: name a day that is over");
    return report->since <= report->at ||
           err_set(err, ERR_CONFIG,
                   "changes cannot be told since a time after that of the report: name an earlier one");
}

/* Of what is older than what was forgotten, something may be missing; before the first verdict there was none. */
static bool find_oldest(struct query_report *report, struct err *err)
{
    struct sql *sql = &report->query->sql;
    int64_t forgotten, first = 0;

    if (!meta_read_number(sql, "forgotten_before", &forgotten, err) ||
        !sql_number(sql, "SELECT min(first_at) FROM basis", &first, err))
        return false;
    if (first == 0)
        first = report->wish.now;
    report->oldest = first > forgotten ? first : forgotten;
    report->first = first > forgotten && report->since <= first;
    return true;
}

static bool check_at(struct query_report *report, struct err *err)
{
    char day[CLOCK_TEXT_SIZE];

    if (!report->past || report->at >= report->oldest)
        return true;
    clock_text(report->oldest, day);
    return err_set(
        err, ERR_CONFIG,
        "the verdicts of that day are not known any more, or not yet: the oldest day that can be reported is "
        "%.10s",
        day);
}

static bool begin(struct query_report *report, struct err *err)
{
    struct query *query = report->query;

    query->sql.failure = 0;
    query->deadline = clock_mono_ms(&clock_system) + QUERY_REPORT_MAX_MS;
    reading_report_into(report, &report->arena);
    if (!sql_run(&query->sql, "BEGIN", err) || !find_oldest(report, err) || !check_at(report, err))
        return false;
    if (report->since < report->oldest)
        report->since = report->oldest < report->at ? report->oldest : report->at;
    report->then = report->since - report->first;
    return reading_report_gather(report, err);
}

bool reading_report_failed(struct query_report *report, struct err *err)
{
    struct sql *sql = &report->query->sql;

    if ((sql->failure & 0xff) == SQLITE_INTERRUPT)
        err_set(err, ERR_SYSTEM,
                "database %s: the report took longer than %d s and was given up; ask for less, or when the machine is "
                "less busy",
                sql->path, QUERY_REPORT_MAX_MS / 1000);
    return false;
}

struct query_report *query_report_open(struct query *query, const struct query_report_wish *wish, struct err *err)
{
    struct query_report *report = mem_new(1, sizeof *report);

    report->query = query;
    arena_init(&report->arena, ARENA_PLAIN);
    arena_init(&report->row, ARENA_PLAIN);
    if (take_wish(report, wish, err) && begin(report, err))
        return report;
    reading_report_failed(report, err);
    query_report_close(report);
    return NULL;
}

void query_report_close(struct query_report *report)
{
    if (report == NULL)
        return;
    /* Ends also what was given up. */
    report->query->deadline = INT64_MAX;
    sql_cancel(&report->query->sql);
    stale_finish(&report->stale);
    exemptions_finish(&report->exemptions);
    vec_finish(&report->said);
    vec_finish(&report->groups);
    map_finish(&report->places);
    str_finish(&report->key);
    arena_finish(&report->row);
    arena_finish(&report->arena);
    free(report);
}
