/* What the head of the report is as JSON. */
#include "json.h"
#include "json_row.h"
#include "report_json_parts.h"

#define SCHEMA "1"

static void add_rows(struct page *page, const char *name, const struct member *members, size_t count, const void *rows,
                     size_t number, size_t size)
{
    page_open_list(page, name);
    for (size_t i = 0; i < number; i++) {
        page_begin_row(page);
        json_row(&page->outlet.text, members, count, (const char *)rows + i * size);
    }
    page_close_list(page);
}

#define ADD_ROWS(page, name, members, rows, number)                                                                    \
    add_rows(page, name, members, sizeof(members) / sizeof *(members), rows, number, sizeof *(rows))

#define HEAD(member) offsetof(struct query_report_head, member)
static const struct member times[] = {
    { "at", MEMBER_TIME, HEAD(at) },
    { "since", MEMBER_TIME, HEAD(since) },
    { "oldest", MEMBER_TIME, HEAD(oldest) },
    { "past", MEMBER_TRUTH, HEAD(past) },
    { "judged", MEMBER_TIME, HEAD(judged_at) },
    { "first", MEMBER_TRUTH, HEAD(first) },
};
static const struct member population[] = {
    { "assets", MEMBER_NUMBER, HEAD(assets) },
    { "excluded", MEMBER_NUMBER, HEAD(excluded) },
    { "fresh", MEMBER_COUNT, HEAD(fresh) },
    { "stale", MEMBER_COUNT, HEAD(stale) },
    { "never_scanned", MEMBER_COUNT, HEAD(never) },
    { "covered", MEMBER_COUNT, HEAD(covered) },
    { "not_covered", MEMBER_COUNT, HEAD(not_covered) },
    { "shared", MEMBER_COUNT, HEAD(shared) },
    { "unread", MEMBER_COUNT, HEAD(unread) },
    { "footnoted", MEMBER_NUMBER, HEAD(footnoted) },
};
#undef HEAD

#define WISH(member) offsetof(struct query_report_wish, member)
static const struct member where[] = {
    { "owner", MEMBER_TEXT, WISH(owner) },
    { "site", MEMBER_TEXT, WISH(site) },
    { "server", MEMBER_TEXT, WISH(server) },
    { "workload", MEMBER_TEXT, WISH(workload) },
};
#undef WISH

static const struct member kinds[] = {
    { "kind", MEMBER_TEXT, offsetof(struct query_count, name) },
    { "assets", MEMBER_NUMBER, offsetof(struct query_count, assets) },
};

#define TARGET(member) offsetof(struct query_target, member)
static const struct member targets[] = {
    { "target", MEMBER_TEXT, TARGET(name) },     { "plugin", MEMBER_TEXT, TARGET(plugin) },
    { "scope", MEMBER_TEXT, TARGET(scope) },     { "result", MEMBER_WORD, TARGET(result) },
    { "message", MEMBER_WORD, TARGET(message) },
};
/* Of the past, these are not recorded. */
static const struct member target_state[] = {
    { "tags", MEMBER_TEXTS, TARGET(tags) },         { "state", MEMBER_WORD, TARGET(state) },
    { "started", MEMBER_TIME, TARGET(started_at) }, { "succeeded", MEMBER_TIME, TARGET(succeeded_at) },
    { "late", MEMBER_TRUTH, TARGET(late) },         { "max_age_ms", MEMBER_ID, TARGET(max_age_ms) },
};
#undef TARGET
static const struct member target_assets[] = { { "assets", MEMBER_NUMBER, 0 } };

#define FILE_OF(member) offsetof(struct query_report_file, member)
static const struct member files[] = {
    { "file", MEMBER_TEXT, FILE_OF(file) },     { "edition", MEMBER_TEXT, FILE_OF(edition) },
    { "date", MEMBER_TEXT, FILE_OF(date) },     { "hash", MEMBER_TEXT, FILE_OF(hash) },
    { "sha256", MEMBER_TEXT, FILE_OF(sha256) }, { "page", MEMBER_TEXT, FILE_OF(page) },
    { "used", MEMBER_TEXT, FILE_OF(used) },
};
#undef FILE_OF

#define RULING(member) offsetof(struct query_report_ruling, member)
static const struct member rulings[] = {
    { "what", MEMBER_TEXT, RULING(what) },       { "key", MEMBER_TEXT, RULING(key) },
    { "verdict", MEMBER_TEXT, RULING(verdict) }, { "who", MEMBER_TEXT, RULING(who) },
    { "basis", MEMBER_TEXT, RULING(basis) },     { "until", MEMBER_TIME, RULING(until) },
};
#undef RULING

#define SERVER(member) offsetof(struct query_report_server, member)
static const struct member servers[] = {
    { "server", MEMBER_TEXT, SERVER(name) },
    { "product", MEMBER_TEXT, SERVER(product) },
    { "product_from", MEMBER_TEXT, SERVER(product_from) },
    { "support_end", MEMBER_TIME, SERVER(support_end) },
    { "protections", MEMBER_NUMBER, SERVER(protections) },
    { "dpmdb", MEMBER_TRUTH, SERVER(read) },
    { "dpmdb_seen", MEMBER_TIME, SERVER(read_at) },
    { "dpmdb_late", MEMBER_TRUTH, SERVER(late) },
    { "scanned", MEMBER_TEXT, SERVER(scanned) },
    { "conflict", MEMBER_TEXT, SERVER(conflict) },
};
#undef SERVER

#define FOOTNOTE(member) offsetof(struct query_report_footnote, member)
static const struct member footnotes[] = {
    { "condition", MEMBER_TEXT, FOOTNOTE(condition) },
    { "text", MEMBER_TEXT, FOOTNOTE(text) },
    { "edition", MEMBER_TEXT, FOOTNOTE(edition) },
    { "protections", MEMBER_NUMBER, FOOTNOTE(protections) },
};
#undef FOOTNOTE

#define COVERAGE(member) offsetof(struct query_report_coverage, member)
static const struct member coverage[] = {
    { "kind", MEMBER_TEXT, COVERAGE(kind) },
    { "assets", MEMBER_NUMBER, COVERAGE(assets) },
    { "covered", MEMBER_NUMBER, COVERAGE(covered) },
    { "not_covered", MEMBER_NUMBER, COVERAGE(not_covered) },
    { "excluded", MEMBER_NUMBER, COVERAGE(excluded) },
    { "other", MEMBER_COUNT, COVERAGE(other) },
    { "protected_supported", MEMBER_NUMBER, COVERAGE(answers[COVERAGE_WELL]) },
    { "protected_unsupported", MEMBER_NUMBER, COVERAGE(answers[COVERAGE_BROKEN]) },
    { "unprotected_supported", MEMBER_NUMBER, COVERAGE(answers[COVERAGE_BARE]) },
    { "unprotected_unsupported", MEMBER_NUMBER, COVERAGE(answers[COVERAGE_NEITHER]) },
};
#undef COVERAGE

#define COUNT(member) offsetof(struct query_report_count, member)
static const struct member counts[] = {
    { "name", MEMBER_WORD, COUNT(name) },
    { "verdict", MEMBER_TEXT, COUNT(verdict) },
    { "class", MEMBER_WORD, COUNT(class) },
    { "ruled", MEMBER_TEXT, COUNT(ruled) },
    { "protections", MEMBER_NUMBER, COUNT(protections) },
    { "assets", MEMBER_NUMBER, COUNT(assets) },
    { "stale", MEMBER_NUMBER, COUNT(stale) },
};
#undef COUNT

#define DAY(member) offsetof(struct query_report_day, member)
static const struct member days[] = {
    { "at", MEMBER_TIME, DAY(at) },
    { "act", MEMBER_NUMBER, DAY(act) },
    { "decide", MEMBER_NUMBER, DAY(decide) },
    { "look", MEMBER_NUMBER, DAY(look) },
};
#undef DAY

static void add_targets(struct page *page)
{
    const struct query_report_head *head = page->report->head;

    page_open_list(page, "targets");
    for (size_t i = 0; i < head->target_count; i++) {
        struct str *out = &page->outlet.text;

        page_begin_row(page);
        str_add_char(out, '{');
        json_row_members(out, targets, sizeof targets / sizeof *targets, &head->targets[i]);
        if (!head->past) {
            json_row_members(out, target_state, sizeof target_state / sizeof *target_state, &head->targets[i]);
            json_row_members(out, target_assets, 1, &head->target_assets[i]);
        }
        str_add_char(out, '}');
    }
    page_close_list(page);
}

static void add_need(struct str *out, const struct query_report_head *head, enum need need)
{
    static const struct member parts[] = { { "protections", MEMBER_NUMBER, 0 },
                                           { "exempt", MEMBER_NUMBER, sizeof(int64_t) } };
    const int64_t numbers[] = { head->need[need], head->exempt[need] };

    json_add_name(out, need == NEED_NOTHING ? "nothing" : need_word(need));
    JSON_ROW(out, parts, numbers);
}

/* By what they ask for, the most first. */
static void add_needs(struct page *page)
{
    struct str *out = &page->outlet.text;

    page_name(page, "needs");
    str_add_char(out, '{');
    for (int need = NEED_ACT; need >= NEED_NOTHING; need--)
        add_need(out, page->report->head, (enum need)need);
    str_add_char(out, '}');
}

void page_add_figures(struct page *page)
{
    const struct query_report_head *head = page->report->head;

    add_needs(page);
    ADD_ROWS(page, "verdicts", counts, head->whole, head->whole_count);
    ADD_ROWS(page, "by_workload", counts, head->by_workload, head->by_workload_count);
    ADD_ROWS(page, "by_site", counts, head->by_site, head->by_site_count);
    ADD_ROWS(page, "trend", days, head->days, head->day_count);
}

void page_add_title(struct page *page)
{
    struct str *out = &page->outlet.text;

    str_add_char(out, '{');
    page_name(page, "schema");
    str_add(out, SCHEMA);
    page_name(page, "title");
    json_add_text(out, page->report->title);
    page_name(page, "muster");
    json_add_text(out, page->report->version);
    page_name(page, "host");
    if (page->report->host[0] == '\0')
        str_add(out, "null");
    else
        json_add_text(out, page->report->host);
    page_name(page, "note");
    json_add_text(out, REPORT_NO_PROOF);
    page_name(page, "state");
    JSON_ROW(out, times, page->report->head);
    page_name(page, "where");
    JSON_ROW(out, where, page->report->wish);
}

void page_add_population(struct page *page)
{
    const struct query_report_head *head = page->report->head;

    page_name(page, "population");
    JSON_ROW(&page->outlet.text, population, head);
    ADD_ROWS(page, "kinds", kinds, head->kinds, head->kind_count);
    add_targets(page);
    ADD_ROWS(page, "servers", servers, head->servers, head->server_count);
    ADD_ROWS(page, "files", files, head->files, head->file_count);
}

void page_add_rulings(struct page *page)
{
    ADD_ROWS(page, "rulings", rulings, page->report->head->rulings, page->report->head->ruling_count);
    ADD_ROWS(page, "footnotes", footnotes, page->report->head->footnotes, page->report->head->footnote_count);
}

void page_add_coverage(struct page *page)
{
    ADD_ROWS(page, "coverage", coverage, page->report->head->coverage, page->report->head->coverage_count);
}
