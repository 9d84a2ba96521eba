/* What the report is about, and what it is not about: sources, kinds, what rules take out, and the documents. */
#include "attribute.h"
#include "page.h"

#include <inttypes.h>
#include <string.h>

#define MAX_EXCLUDED 1000 /* assets that are listed */
#define MAX_REASONS 200

/* It has no time of its own that could be told. */
static bool is_file(const struct query_target *target)
{
    return strcmp(target->plugin, "file") == 0;
}

static void put_source(struct page *page, const struct query_target *target, int64_t assets)
{
    char span[PAGE_TEXT_SIZE];

    page_row_open(page);
    page_cell(page, "%s<small>%s</small>", target->name, target->plugin);
    if (assets < 0)
        page_cell(page, "not recorded");
    else
        page_cell_count(page, assets);
    page_cell_open(page);
    page_put_time(page, target->succeeded_at, page->head->past ? "not recorded" : "never");
    if (target->succeeded_at != 0)
        markup_put(&page->markup, "<small>%s old%s</small>", page_span(span, page->head->at - target->succeeded_at),
                   is_file(target) ? ", as muster read the file; what is in it may be older" : "");
    page_cell_close(page);
    page_cell_open(page);
    if (page->head->past)
        markup_put(&page->markup, "not recorded");
    else if (target->late)
        markup_put(&page->markup, "<b class=\"warn\">not scanned lately</b>");
    else
        markup_put(&page->markup, "scanned lately");
    if (target->max_age_ms > 0)
        markup_put(&page->markup, "<small>limit: %s</small>", page_span(span, target->max_age_ms));
    markup_put(&page->markup, "<small>last scan: %s</small>", target->result);
    if (target->message != NULL && target->message[0] != '\0')
        markup_put(&page->markup, "<small>%s</small>", target->message);
    if (target->held_removals > 0)
        markup_put(&page->markup,
                   "<small>%'" PRId64 " of its things may be gone: a removal waits to be accepted</small>",
                   target->held_removals);
    page_cell_close(page);
    page_row_close(page);
}

/* Why the column of assets adds up to more than there are. */
static void put_shared(struct page *page)
{
    const struct query_report_head *head = page->head;
    int64_t sum = 0;

    if (head->shared <= 0)
        return;
    for (size_t i = 0; i < head->target_count; i++)
        sum += head->target_assets[i];
    markup_put(&page->markup,
               "<p>%'" PRId64 " %s by several sources and %s for each of them: added up, the column gives %'" PRId64
               ".</p>\n",
               head->shared, head->shared == 1 ? "asset is seen" : "assets are seen",
               head->shared == 1 ? "counts" : "count", sum);
}

/* Those that are late come first: they are what is missing. */
static void put_sources(struct page *page)
{
    static const struct page_column columns[] = {
        { "Source", false }, { "Assets", true }, { "Last good scan", false }, { "State", false }, { 0 }
    };
    const struct query_report_head *head = page->head;

    if (head->target_count == 0) {
        markup_put(&page->markup, "<p>There is no source.</p>\n");
        return;
    }
    page_table_open(page, columns, "Population by source: %'zu of them, %'" PRId64 " assets in all", head->target_count,
                    head->assets);
    for (int late = 1; late >= 0; late--) {
        for (size_t i = 0; i < head->target_count; i++) {
            if (head->targets[i].late == (late == 1))
                put_source(page, &head->targets[i], head->target_assets[i]);
        }
    }
    page_table_close(page);
    put_shared(page);
}

static void put_kinds(struct page *page)
{
    static const struct page_column columns[] = {
        { "Kind", false }, { "Assets", true }, { "What it is", false }, { 0 }
    };
    const struct query_report_head *head = page->head;

    if (head->kind_count == 0)
        return;
    page_table_open(page, columns, "Population by kind");
    for (size_t i = 0; i < head->kind_count; i++) {
        const struct attribute_word *kind = kind_find(head->kinds[i].name);

        page_row_open(page);
        page_cell(page, "%s", head->kinds[i].name);
        page_cell_count(page, head->kinds[i].assets);
        page_cell(page, "%s", kind == NULL ? "a kind of its plugin's own" : kind->meaning);
        page_row_close(page);
    }
    page_table_close(page);
}

/* What rules take out: how many for each reason, and the first of them by name. */
struct reason {
    const char *text, *rules; /* rules: "1, 3"; "" where it is none of the configuration's */
    size_t count;
};

struct excluded {
    struct page *page;
    struct query_report_excluded kept[MAX_EXCLUDED];
    struct reason reasons[MAX_REASONS]; /* in the order of their first asset */
    size_t reason_count, other;         /* other: for reasons beyond these */
};

static const char *join(struct page *page, const struct query_texts *texts)
{
    const char *joined = "";

    for (size_t i = 0; i < texts->count; i++)
        joined = arena_format(&page->arena, "%s%s%s", joined, i == 0 ? "" : ", ", texts->texts[i]);
    return joined;
}

static void count_reason(struct excluded *excluded, const char *text, const struct query_texts *rules)
{
    size_t i = 0;

    while (i < excluded->reason_count && strcmp(excluded->reasons[i].text, text) != 0)
        i++;
    if (i == MAX_REASONS) {
        excluded->other++;
        return;
    }
    if (i == excluded->reason_count) {
        excluded->reason_count++;
        excluded->reasons[i].text = page_keep(excluded->page, text);
        excluded->reasons[i].rules = join(excluded->page, rules);
    }
    excluded->reasons[i].count++;
}

static bool take(void *context, const struct query_report_excluded *row, struct err *err)
{
    struct excluded *excluded = context;
    struct page *page = excluded->page;

    (void)err;
    if (page->tally.excluded < MAX_EXCLUDED)
        excluded->kept[page->tally.excluded] = (struct query_report_excluded){ .asset = row->asset,
                                                                               .kind = page_keep(page, row->kind),
                                                                               .name = page_keep(page, row->name),
                                                                               .reason = page_keep(page, row->reason) };
    page->tally.excluded++;
    count_reason(excluded, row->reason, &row->rules);
    return true;
}

static void put_reasons(const struct excluded *excluded)
{
    static const struct page_column columns[] = {
        { "Reason that is given", false }, { "Rule of assign", false }, { "Assets", true }, { 0 }
    };
    struct page *page = excluded->page;

    page_table_open(page, columns, "Taken out by rules: %'zu in all", page->tally.excluded);
    for (size_t i = 0; i < excluded->reason_count; i++) {
        page_row_open(page);
        page_cell(page, "%s", excluded->reasons[i].text);
        page_cell(page, "%s",
                  excluded->reasons[i].rules[0] == '\0' ? "none: muster does by itself" : excluded->reasons[i].rules);
        page_cell(page, "%'zu", excluded->reasons[i].count);
        page_row_close(page);
    }
    if (excluded->other > 0) {
        page_row_open(page);
        page_cell(page, "other reasons");
        page_cell(page, "others");
        page_cell(page, "%'zu", excluded->other);
        page_row_close(page);
    }
    page_table_close(page);
}

static void put_excluded_assets(const struct excluded *excluded)
{
    static const struct page_column columns[] = { { "Asset", false }, { "Reason", false }, { 0 } };
    struct page *page = excluded->page;
    size_t shown = page->tally.excluded < MAX_EXCLUDED ? page->tally.excluded : MAX_EXCLUDED;

    page_table_open(page, columns, "Each of them");
    for (size_t i = 0; i < shown; i++) {
        page_row_open(page);
        page_cell(page, "%s<small>%s %" PRId64 "</small>", excluded->kept[i].name, excluded->kept[i].kind,
                  excluded->kept[i].asset);
        page_cell(page, "%s", excluded->kept[i].reason);
        page_row_close(page);
    }
    page_table_close(page);
    page_put_more(page, page->tally.excluded - shown, "taken out", "JSON");
}

static bool put_excluded(struct page *page, struct err *err)
{
    struct excluded *excluded = arena_alloc(&page->arena, sizeof *excluded);

    excluded->page = page;
    markup_put(&page->markup, "<h3 id=\"excluded\">Taken out by rules</h3>\n");
    if (!query_report_excluded(page->report->source, take, excluded, err))
        return false;
    if (page->tally.excluded == 0) {
        markup_put(&page->markup, "<p>No rule takes anything out.</p>\n");
        return true;
    }
    markup_put(&page->markup,
               "<p>A rule is told by its place in assign of the configuration, from 1; where several give one "
               "reason, all of them are.</p>\n");
    put_reasons(excluded);
    put_excluded_assets(excluded);
    return true;
}

bool page_complete(struct page *page, struct err *err)
{
    page_section_open(page, SECTION_COMPLETE);
    markup_put(
        &page->markup,
        "<p>Verdicts exist for what these sources brought. What none of them sees is not in this report. A source "
        "is late, and what it alone saw is stale, once its last good scan is older than its limit: its "
        "max_age, else three times its every.</p>\n<div id=\"sources\">\n");
    put_sources(page);
    markup_put(&page->markup, "</div>\n");
    put_kinds(page);
    page_servers(page);
    if (!page_old_tls(page, err) || !put_excluded(page, err))
        return false;
    markup_put(&page->markup, "<h3 id=\"files\">Documents</h3>\n");
    page_files(page, page->head->files, page->head->file_count);
    page_section_close(page);
    return true;
}
