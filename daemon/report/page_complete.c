/* What the report is about, and what it is not about: sources, kinds, what rules take out, and the documents. */
#include "page.h"

#include <inttypes.h>
#include <string.h>

#define MAX_EXCLUDED 1000 /* assets that are listed */
#define MAX_REASONS 200

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
    page_put_time(page, target->succeeded_at, "never");
    if (target->succeeded_at != 0)
        markup_put(&page->markup, "<small>%s old</small>", page_span(span, page->head->at - target->succeeded_at));
    page_cell_close(page);
    page_cell_open(page);
    if (target->late)
        markup_put(&page->markup, "<b class=\"warn\">not scanned lately</b>");
    else
        markup_put(&page->markup, "scanned lately");
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
}

static void put_kinds(struct page *page)
{
    markup_put(&page->markup,
               "<p id=\"kinds\"><b>Population by kind</b></p>\n<ul class=\"list\" aria-labelledby=\"kinds\">");
    for (size_t i = 0; i < page->head->kind_count; i++)
        markup_put(&page->markup, "<li>%s %'" PRId64 "</li>", page->head->kinds[i].name, page->head->kinds[i].assets);
    markup_put(&page->markup, "</ul>\n");
}

void page_files(struct page *page, const struct query_report_file *files, size_t count)
{
    static const struct page_column columns[] = {
        { "File", false }, { "Edition", false }, { "Date", false }, { "SHA-256", false }, { 0 }
    };

    if (count == 0) {
        markup_put(&page->markup, "<p>No document is recorded: nothing was judged then.</p>\n");
        return;
    }
    page_table_open(page, columns, "Documents that the verdicts rest on");
    for (size_t i = 0; i < count; i++) {
        const struct query_report_file *file = &files[i];

        page_row_open(page);
        page_cell(page, "%s", file->file);
        page_cell(page, "%s", file->edition == NULL ? "none of the matrix" : file->edition);
        page_cell(page, "%s", file->date == NULL ? "none" : file->date);
        page_cell(page, "<code>%s</code>", file->sha256 == NULL ? "not recorded" : file->sha256);
        page_row_close(page);
    }
    page_table_close(page);
}

/* What rules take out: how many for each reason, and the first of them by name. */
struct reason {
    const char *text;
    size_t count;
};

struct excluded {
    struct page *page;
    struct query_report_excluded kept[MAX_EXCLUDED];
    struct reason reasons[MAX_REASONS]; /* in the order of their first asset */
    size_t reason_count, other;         /* other: for reasons beyond these */
};

static void count_reason(struct excluded *excluded, const char *text)
{
    size_t i = 0;

    while (i < excluded->reason_count && strcmp(excluded->reasons[i].text, text) != 0)
        i++;
    if (i == MAX_REASONS) {
        excluded->other++;
        return;
    }
    if (i == excluded->reason_count)
        excluded->reasons[excluded->reason_count++].text = page_keep(excluded->page, text);
    excluded->reasons[i].count++;
}

static bool take(void *context, const struct query_report_excluded *row, struct err *err)
{
    struct excluded *excluded = context;
    struct page *page = excluded->page;

    (void)err;
    if (page->tally.excluded < MAX_EXCLUDED)
        excluded->kept[page->tally.excluded] =
            (struct query_report_excluded){ row->asset, page_keep(page, row->kind), page_keep(page, row->name),
                                            page_keep(page, row->reason) };
    page->tally.excluded++;
    count_reason(excluded, row->reason);
    return true;
}

static void put_reasons(const struct excluded *excluded)
{
    static const struct page_column columns[] = { { "Reason that the rule gives", false }, { "Assets", true }, { 0 } };
    struct page *page = excluded->page;

    page_table_open(page, columns, "Taken out by rules: %'zu in all", page->tally.excluded);
    for (size_t i = 0; i < excluded->reason_count; i++) {
        page_row_open(page);
        page_cell(page, "%s", excluded->reasons[i].text);
        page_cell(page, "%'zu", excluded->reasons[i].count);
        page_row_close(page);
    }
    if (excluded->other > 0) {
        page_row_open(page);
        page_cell(page, "other reasons");
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
    page_put_more(page, page->tally.excluded - shown, "taken out");
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
    if (excluded->reason_count > 1)
        put_reasons(excluded);
    put_excluded_assets(excluded);
    return true;
}

bool page_complete(struct page *page, struct err *err)
{
    page_section_open(page, SECTION_COMPLETE);
    markup_put(&page->markup,
               "<p>Verdicts exist for what these sources brought. What none of them sees is not in this report."
               "</p>\n<div id=\"sources\">\n");
    put_sources(page);
    markup_put(&page->markup, "</div>\n");
    put_kinds(page);
    if (!put_excluded(page, err))
        return false;
    markup_put(&page->markup, "<h3 id=\"files\">Documents</h3>\n");
    page_files(page, page->head->files, page->head->file_count);
    page_section_close(page);
    return true;
}
