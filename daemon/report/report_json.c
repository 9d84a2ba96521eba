#include "report_json.h"

#include "json.h"
#include "json_row.h"
#include "report_json_parts.h"

#include <string.h>

/* -------------------------------------------------------------------------------------------------------- page ---- */

void page_name(struct page *page, const char *name)
{
    struct str *out = &page->outlet.text;

    str_add(out, out->length > 0 && str_text(out)[out->length - 1] == '{' ? "\n" : ",\n");
    json_add_text(out, name);
    str_add(out, ": ");
}

void page_open_list(struct page *page, const char *name)
{
    page_name(page, name);
    str_add_char(&page->outlet.text, '[');
    page->rows = 0;
}

void page_begin_row(struct page *page)
{
    str_add(&page->outlet.text, page->rows++ == 0 ? "\n  " : ",\n  ");
}

void page_close_list(struct page *page)
{
    str_add(&page->outlet.text, page->rows == 0 ? "]" : "\n]");
}

/* A row as it came from the reading; between two rows is the place to put out what there is. */
static bool add_row(struct page *page, const struct member *members, size_t count, const void *row, struct err *err)
{
    page_begin_row(page);
    json_row(&page->outlet.text, members, count, row);
    return outlet_spill(&page->outlet) || outlet_finish(&page->outlet, err);
}

#define ADD_ROW(context, members, row, err) add_row(context, members, sizeof(members) / sizeof *(members), row, err)

/* -------------------------------------------------------------------------------------------------------- rows ---- */

#define ROW(member) offsetof(struct query_report_protection, member)
#define OWN(member) ROW(protection.member)
static const struct member protections[] = {
    { "group", MEMBER_TEXT, ROW(group) },
    { "asset", MEMBER_NUMBER, OWN(asset.id) },
    { "kind", MEMBER_TEXT, OWN(asset.kind) },
    { "name", MEMBER_TEXT, OWN(asset.name) },
    { "workload", MEMBER_TEXT, OWN(workload) },
    { "version", MEMBER_WORD, OWN(version) },
    { "installation", MEMBER_WORD, OWN(installation) },
    { "method", MEMBER_TEXT, OWN(method) },
    { "server", MEMBER_TEXT, OWN(server) },
    { "product", MEMBER_TEXT, OWN(product) },
    { "verdict", MEMBER_TEXT, OWN(verdict) },
    { "class", MEMBER_WORD, OWN(class) },
    { "ruled", MEMBER_TEXT, OWN(ruled) },
    { "need", MEMBER_NEED, ROW(need) },
    { "stale", MEMBER_TRUTH, OWN(asset.stale) },
    { "reason", MEMBER_TEXT, OWN(reason) },
    { "step", MEMBER_TEXT, OWN(step) },
    { "cause", MEMBER_ID, OWN(cause) },
    { "cause_name", MEMBER_TEXT, OWN(cause_name) },
    { "owner", MEMBER_TEXT, OWN(owner) },
    { "site", MEMBER_TEXT, OWN(site) },
    { "criticality", MEMBER_TEXT, OWN(criticality) },
    { "by", MEMBER_TEXT, OWN(by) },
    { "since", MEMBER_TIME, OWN(since_at) },
    { "seen", MEMBER_TIME, ROW(seen_at) },
    { "support_end", MEMBER_TIME, OWN(support_end) },
    { "exemption", MEMBER_ID, ROW(exemption) },
    { "edition", MEMBER_WORD, ROW(edition) },
    { "rows", MEMBER_NUMBERS, ROW(rows) },
    { "page", MEMBER_WORD, ROW(page) },
    { "date", MEMBER_WORD, ROW(date) },
    { "basis", MEMBER_WORD, ROW(basis) },
    { "configured", MEMBER_TRUTH, ROW(configured) },
    { "installation_of", MEMBER_WORD, ROW(installation_of) },
    { "footnotes", MEMBER_TEXTS, ROW(footnotes) },
    { "step_support_end", MEMBER_TIME, OWN(step_end) },
    { "sources", MEMBER_TEXTS, ROW(sources) },
    { "more_sources", MEMBER_COUNT, ROW(more_sources) },
    { "coverage", MEMBER_TEXT, ROW(coverage) },
};
#undef OWN
#undef ROW

static bool add_protection(void *context, const struct query_report_protection *row, struct err *err)
{
    return ADD_ROW(context, protections, row, err);
}

#define EXCLUDED(member) offsetof(struct query_report_excluded, member)
static const struct member excluded[] = {
    { "asset", MEMBER_NUMBER, EXCLUDED(asset) },  { "kind", MEMBER_TEXT, EXCLUDED(kind) },
    { "name", MEMBER_TEXT, EXCLUDED(name) },      { "reason", MEMBER_TEXT, EXCLUDED(reason) },
    { "rules", MEMBER_NUMBERS, EXCLUDED(rules) },
};
#undef EXCLUDED

static bool add_excluded(void *context, const struct query_report_excluded *row, struct err *err)
{
    return ADD_ROW(context, excluded, row, err);
}

#define OLD_TLS(member) offsetof(struct query_report_old_tls, member)
static const struct member old_tls[] = {
    { "asset", MEMBER_ID, OLD_TLS(asset) },
    { "kind", MEMBER_TEXT, OLD_TLS(kind) },
    { "name", MEMBER_TEXT, OLD_TLS(name) },
    { "tls", MEMBER_TEXT, OLD_TLS(tls) },
    { "unread", MEMBER_TEXT, OLD_TLS(unread) },
    { "sources", MEMBER_TEXTS, OLD_TLS(sources) },
    { "more_sources", MEMBER_COUNT, OLD_TLS(more_sources) },
};
#undef OLD_TLS

static bool add_old_tls(void *context, const struct query_report_old_tls *row, struct err *err)
{
    return ADD_ROW(context, old_tls, row, err);
}

#define UNCOVERED(member) offsetof(struct query_report_uncovered, member)
static const struct member uncovered[] = {
    { "asset", MEMBER_NUMBER, UNCOVERED(asset) },  { "kind", MEMBER_TEXT, UNCOVERED(kind) },
    { "name", MEMBER_TEXT, UNCOVERED(name) },      { "owner", MEMBER_TEXT, UNCOVERED(owner) },
    { "site", MEMBER_TEXT, UNCOVERED(site) },      { "protections", MEMBER_NUMBER, UNCOVERED(protections) },
    { "method", MEMBER_TEXT, UNCOVERED(method) },  { "server", MEMBER_TEXT, UNCOVERED(server) },
    { "unread", MEMBER_TRUTH, UNCOVERED(unread) }, { "coverage", MEMBER_TEXT, UNCOVERED(coverage) },
};
#undef UNCOVERED

static bool add_uncovered(void *context, const struct query_report_uncovered *row, struct err *err)
{
    return ADD_ROW(context, uncovered, row, err);
}

#define CHANGE(member) offsetof(struct query_report_change, member)
static const struct member changes[] = {
    { "at", MEMBER_TIME, CHANGE(at) },
    { "asset", MEMBER_NUMBER, CHANGE(asset) },
    { "kind", MEMBER_TEXT, CHANGE(kind) },
    { "name", MEMBER_TEXT, CHANGE(name) },
    { "method", MEMBER_TEXT, CHANGE(method) },
    { "server", MEMBER_TEXT, CHANGE(server) },
    { "workload", MEMBER_TEXT, CHANGE(workload) },
    { "before", MEMBER_TEXT, CHANGE(before) },
    { "before_class", MEMBER_WORD, CHANGE(before_class) },
    { "before_need", MEMBER_NEED, CHANGE(need_before) },
    { "now", MEMBER_TEXT, CHANGE(now) },
    { "now_class", MEMBER_WORD, CHANGE(now_class) },
    { "now_need", MEMBER_NEED, CHANGE(need_now) },
    { "reason", MEMBER_TEXT, CHANGE(reason) },
};
#undef CHANGE

static bool add_change(void *context, const struct query_report_change *row, struct err *err)
{
    return ADD_ROW(context, changes, row, err);
}

#define EXEMPTION(member) offsetof(struct query_report_exemption, member)
static const struct member exemptions[] = {
    { "exemption", MEMBER_NUMBER, EXEMPTION(id) },
    { "what", MEMBER_TEXT, EXEMPTION(what) },
    { "covers", MEMBER_NUMBER, EXEMPTION(covers) },
    { "reason", MEMBER_TEXT, EXEMPTION(reason) },
    { "ticket", MEMBER_WORD, EXEMPTION(ticket) },
    { "approved_by", MEMBER_WORD, EXEMPTION(approved_by) },
    { "by", MEMBER_TEXT, EXEMPTION(name) },
    { "made", MEMBER_TIME, EXEMPTION(made_at) },
    { "until", MEMBER_TIME, EXEMPTION(until_at) },
    { "ended", MEMBER_TIME, EXEMPTION(ended_at) },
    { "ended_why", MEMBER_WORD, EXEMPTION(ended_why) },
};
#undef EXEMPTION

static bool add_exemption(void *context, const struct query_report_exemption *row, struct err *err)
{
    return ADD_ROW(context, exemptions, row, err);
}

#define LIFECYCLE(member) offsetof(struct query_report_lifecycle, member)
static const struct member lifecycles[] = {
    { "workload", MEMBER_TEXT, LIFECYCLE(workload) },
    { "version", MEMBER_TEXT, LIFECYCLE(version) },
    { "support_end", MEMBER_TIME, LIFECYCLE(support_end) },
    { "assets", MEMBER_NUMBER, LIFECYCLE(assets) },
    { "of", MEMBER_WORD, LIFECYCLE(of) },
    { "protections", MEMBER_COUNT, LIFECYCLE(protections) },
    { "exempt", MEMBER_NUMBER, LIFECYCLE(exempt) },
};
#undef LIFECYCLE

/* Those without an end are in a list of their own, so that who reads this one finds an end in each row. They are few,
 * and come behind the others. */
static bool add_lifecycle(void *context, const struct query_report_lifecycle *row, struct err *err)
{
    struct page *page = context;

    if (row->support_end != 0)
        return ADD_ROW(page, lifecycles, row, err);
    str_add(&page->endless, page->endless.length == 0 ? "\n  " : ",\n  ");
    JSON_ROW(&page->endless, lifecycles, row);
    return true;
}

#define CONDITION(member) offsetof(struct query_report_condition, member)
static const struct member conditions[] = {
    { "id", MEMBER_TEXT, CONDITION(id) },
    { "text", MEMBER_TEXT, CONDITION(text) },
    { "editions", MEMBER_TEXTS, CONDITION(editions) },
};
#undef CONDITION

static bool add_condition(void *context, const struct query_report_condition *row, struct err *err)
{
    return ADD_ROW(context, conditions, row, err);
}

/* ------------------------------------------------------------------------------------------------------- whole ---- */

static bool read_excluded(struct page *page, struct err *err)
{
    return query_report_excluded(page->report->source, add_excluded, page, err);
}

static bool read_old_tls(struct page *page, struct err *err)
{
    return query_report_old_tls(page->report->source, add_old_tls, page, err);
}

static bool read_changes(struct page *page, struct err *err)
{
    return query_report_changes(page->report->source, add_change, page, err);
}

static bool read_act(struct page *page, struct err *err)
{
    return query_report_protections(page->report->source, NEED_ACT, add_protection, page, err);
}

static bool read_decide(struct page *page, struct err *err)
{
    return query_report_protections(page->report->source, NEED_DECIDE, add_protection, page, err);
}

static bool read_look(struct page *page, struct err *err)
{
    return query_report_protections(page->report->source, NEED_LOOK, add_protection, page, err);
}

static bool read_exemptions(struct page *page, struct err *err)
{
    return query_report_exemptions(page->report->source, add_exemption, page, err);
}

static bool read_lifecycles(struct page *page, struct err *err)
{
    return query_report_lifecycles(page->report->source, add_lifecycle, page, err);
}

static void add_endless(struct page *page)
{
    page_open_list(page, "no_support_end");
    str_add(&page->outlet.text, str_text(&page->endless));
    page->rows = page->endless.length;
    page_close_list(page);
}

static bool read_conditions(struct page *page, struct err *err)
{
    return query_report_conditions(page->report->source, add_condition, page, err);
}

static bool read_uncovered(struct page *page, struct err *err)
{
    return page->report->head->covered < 0 || query_report_uncovered(page->report->source, add_uncovered, page, err);
}

/* Parts in their order: of the head, or read row by row into a list of that name. */
static const struct part {
    void (*add)(struct page *page);
    const char *name;
    bool (*read)(struct page *page, struct err *err);
} parts[] = {
    { .add = page_add_title },
    { .add = page_add_population },
    { .name = "old_tls", .read = read_old_tls },
    { .name = "excluded", .read = read_excluded },
    { .add = page_add_figures },
    { .name = "changes", .read = read_changes },
    { .name = "act", .read = read_act },
    { .name = "decide", .read = read_decide },
    { .name = "look", .read = read_look },
    { .name = "exemptions", .read = read_exemptions },
    { .add = page_add_rulings },
    { .name = "lifecycle", .read = read_lifecycles },
    { .add = add_endless },
    { .name = "conditions", .read = read_conditions },
    { .add = page_add_coverage },
    { .name = "uncovered", .read = read_uncovered },
};

static bool add_part(struct page *page, const struct part *part, struct err *err)
{
    bool good = true;

    if (part->add != NULL) {
        part->add(page);
        return true;
    }
    page_open_list(page, part->name);
    good = part->read(page, err);
    page_close_list(page);
    return good;
}

bool report_json_write(const struct report *report, struct err *err)
{
    struct page page = { .report = report, .outlet = { .out = report->out } };
    bool good = true;

    for (size_t i = 0; good && i < sizeof parts / sizeof *parts; i++)
        good = add_part(&page, &parts[i], err);
    str_add(&page.outlet.text, "\n}\n");
    str_finish(&page.endless);
    return outlet_finish(&page.outlet, good ? err : NULL) && good;
}
