#include "report_csv.h"

#include "clock.h"
#include "outlet.h"
#include "text.h"

#include <inttypes.h>

enum type { TEXT, NUMBER, COUNT, TRUTH, TIME, LIST, NEED };

/* A column, and where its cell stands in a row. Where a number or time is 0, or a count -1, the cell is empty. */
static const struct column {
    const char *name;
    enum type type;
    size_t offset;
} columns[] = {
#define ROW(member) offsetof(struct query_report_protection, member)
#define OWN(member) ROW(protection.member)
    { "asset", NUMBER, OWN(asset.id) },
    { "kind", TEXT, OWN(asset.kind) },
    { "name", TEXT, OWN(asset.name) },
    { "workload", TEXT, OWN(workload) },
    { "version", TEXT, OWN(version) },
    { "installation", TEXT, OWN(installation) },
    { "method", TEXT, OWN(method) },
    { "server", TEXT, OWN(server) },
    { "product", TEXT, OWN(product) },
    { "verdict", TEXT, OWN(verdict) },
    { "class", TEXT, OWN(class) },
    { "ruled", TEXT, OWN(ruled) },
    { "need", NEED, ROW(need) },
    { "stale", TRUTH, OWN(asset.stale) },
    { "reason", TEXT, OWN(reason) },
    { "step", TEXT, OWN(step) },
    { "cause", NUMBER, OWN(cause) },
    { "cause_name", TEXT, OWN(cause_name) },
    { "owner", TEXT, OWN(owner) },
    { "site", TEXT, OWN(site) },
    { "criticality", TEXT, OWN(criticality) },
    { "by", TEXT, OWN(by) },
    { "since", TIME, OWN(since_at) },
    { "seen", TIME, ROW(seen_at) },
    { "support_end", TIME, OWN(support_end) },
    { "exemption", NUMBER, ROW(exemption) },
    { "exempt_until", TIME, OWN(exempt_until) },
    { "exempt_by", TEXT, OWN(exempt_by) },
    { "exempt_ticket", TEXT, OWN(exempt_ticket) },
    { "exempt_reason", TEXT, OWN(exempt_reason) },
    { "edition", TEXT, ROW(edition) },
    { "rows", LIST, ROW(rows) },
    { "page", TEXT, ROW(page) },
    { "date", TEXT, ROW(date) },
    { "basis", TEXT, ROW(basis) },
    { "configured", TRUTH, ROW(configured) },
    { "installation_of", TEXT, ROW(installation_of) },
    { "footnotes", LIST, ROW(footnotes) },
    { "exempt_approved_by", TEXT, OWN(exempt_approved_by) },
    { "step_support_end", TIME, OWN(step_end) },
    { "sources", LIST, ROW(sources) },
    { "more_sources", COUNT, ROW(more_sources) },
    { "coverage", TEXT, ROW(coverage) },
#undef OWN
#undef ROW
};
enum { COLUMNS = sizeof columns / sizeof *columns };

static void add_list(struct str *out, const struct query_texts *list)
{
    struct str text = STR_EMPTY;

    for (size_t i = 0; i < list->count; i++)
        str_format(&text, "%s%s", i == 0 ? "" : "; ", list->texts[i]);
    text_csv(out, str_text(&text));
    str_finish(&text);
}

static void add_number(struct str *out, int64_t number, int64_t none)
{
    if (number != none)
        str_format(out, "%" PRId64, number);
}

static void add_time(struct str *out, int64_t at)
{
    char text[CLOCK_TEXT_SIZE];

    if (at != 0)
        str_add(out, clock_text(at, text));
}

static void add_text(struct str *out, const char *text)
{
    if (text != NULL)
        text_csv(out, text);
}

static void add_cell(struct str *out, const struct column *column, const struct query_report_protection *row)
{
    const void *cell = (const char *)row + column->offset;

    switch (column->type) {
    case TEXT: add_text(out, *(const char *const *)cell); break;
    case NUMBER: add_number(out, *(const int64_t *)cell, 0); break;
    case COUNT: add_number(out, *(const int64_t *)cell, -1); break;
    case TRUTH: str_add(out, *(const bool *)cell ? "true" : "false"); break;
    case TIME: add_time(out, *(const int64_t *)cell); break;
    case LIST: add_list(out, cell); break;
    case NEED: str_add(out, need_word(*(const enum need *)cell)); break;
    }
}

static bool add_row(void *context, const struct query_report_protection *row, struct err *err)
{
    struct outlet *outlet = context;

    for (size_t i = 0; i < COLUMNS; i++) {
        if (i > 0)
            str_add_char(&outlet->text, ',');
        add_cell(&outlet->text, &columns[i], row);
    }
    str_add(&outlet->text, "\r\n");
    return outlet_spill(outlet) || outlet_finish(outlet, err);
}

bool report_csv_write(const struct report *report, struct err *err)
{
    struct outlet outlet = { .out = report->out };
    bool good;

    for (size_t i = 0; i < COLUMNS; i++)
        str_format(&outlet.text, "%s%s", i == 0 ? "" : ",", columns[i].name);
    str_add(&outlet.text, "\r\n");
    good = query_report_protections(report->source, NEED_NOTHING, add_row, &outlet, err);
    return outlet_finish(&outlet, good ? err : NULL) && good;
}
