/* The trend: how many verdicts asked for something at the end of each day. Each verdict adds one where its time begins
 * and takes it away where that ends, so that one look at each is enough. */
#include "reading_report.h"

static int64_t day_of(int64_t at)
{
    return at / REPORT_DAY_MS;
}

/* The first is the oldest one whose end is known; the last one ends with the report. */
void reading_report_days(struct query_report *report)
{
    int64_t last = day_of(report->at), first = last - REPORT_MAX_DAYS + 1;

    if (first < day_of(report->oldest))
        first = day_of(report->oldest);
    if (first < 0)
        first = 0;
    report->day_count = last < first ? 0 : (size_t)(last - first + 1);
    for (size_t i = 0; i < report->day_count; i++)
        report->days[i].at = (first + (int64_t)i + 1) * REPORT_DAY_MS - 1;
    if (report->day_count > 0)
        report->days[report->day_count - 1].at = report->at;
}

/* The first day that ends at this time or after it; the number of days where none does. */
static size_t find_day(const struct query_report *report, int64_t at)
{
    int64_t first = day_of(report->days[0].at), day = day_of(at) - first;

    if (at > report->at)
        return report->day_count;
    return at <= report->days[0].at ? 0 : (size_t)day;
}

static void add(struct query_report_day *day, enum need need, int64_t number)
{
    switch (need) {
    case NEED_NOTHING: break;
    case NEED_LOOK: day->look += number; break;
    case NEED_DECIDE: day->decide += number; break;
    case NEED_ACT: day->act += number; break;
    }
}

void reading_report_count(struct query_report *report, enum need need, int64_t from_at, int64_t until_at)
{
    size_t from, until;

    if (need == NEED_NOTHING || report->day_count == 0)
        return;
    from = find_day(report, from_at);
    until = find_day(report, until_at);
    if (from >= until)
        return;
    add(&report->days[from], need, 1);
    if (until < report->day_count)
        add(&report->days[until], need, -1);
}

void reading_report_count_end(struct query_report *report)
{
    for (size_t i = 1; i < report->day_count; i++) {
        report->days[i].act += report->days[i - 1].act;
        report->days[i].decide += report->days[i - 1].decide;
        report->days[i].look += report->days[i - 1].look;
    }
}
