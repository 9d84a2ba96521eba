/* Versions whose support by their vendor is over or ends soon, and those of which nobody wrote down when. */
#include "page.h"

#include <string.h>

static const struct page_column columns[] = {
    { "Version", false }, { "Of", false }, { "Assets", true }, { "End of support", false }, { 0 }
};

static void put_owner(struct page *page, const struct query_report_lifecycle *row)
{
    page_cell_open(page);
    if (strcmp(row->workload, REPORT_BACKUP_SERVER) == 0)
        markup_put(&page->markup, "backup servers");
    else if (row->of[0] != '\0')
        markup_put(&page->markup, "the %s that it runs on<small>under workload %s</small>", row->of, row->workload);
    else
        markup_put(&page->markup, "workload %s", row->workload);
    page_cell_close(page);
}

static void count(struct page_tally *tally, const struct query_report_lifecycle *row, int64_t at)
{
    if (row->support_end == 0)
        return;
    if (row->support_end <= at)
        tally->support_over++;
    else
        tally->support_soon++;
}

static bool take(void *context, const struct query_report_lifecycle *row, struct err *err)
{
    struct page *page = context;

    (void)err;
    if (page->columns == NULL)
        page_table_open(
            page, columns,
            "Versions whose support by their vendor is over, ends within 180 days, or has no end on record");
    count(&page->tally, row, page->head->at);
    page_row_open(page);
    page_cell(page, "%s", row->version);
    put_owner(page, row);
    page_cell_count(page, row->assets);
    page_cell_end(page, row->support_end,
                  strstr(row->version, " or ") != NULL ? "not told: which version it is, is not known"
                                                       : "end of support not on record");
    page_row_close(page);
    return true;
}

/* Behind the editions, the first file is products.conf. */
static const struct query_report_file *find_source(const struct query_report_head *head)
{
    for (size_t i = 0; i < head->file_count; i++) {
        if (head->files[i].edition == NULL)
            return &head->files[i];
    }
    return NULL;
}

static void put_source(struct page *page)
{
    const struct query_report_file *file = find_source(page->head);
    const char *name;

    if (file == NULL)
        return;
    name = strrchr(file->file, '/');
    markup_put(&page->markup, "<p>Dates are those of <a href=\"#files\">%s</a>", name == NULL ? file->file : name + 1);
    if (file->date != NULL)
        markup_put(&page->markup, " as of %s", file->date);
    markup_put(&page->markup,
               ", which names their sources; no scan tells them. The last day itself is still supported. Paid support "
               "beyond it does not count. Of each protection, the report as CSV has the end of support.</p>\n");
}

bool page_lifecycle(struct page *page, struct err *err)
{
    bool good;

    page_section_open(page, SECTION_LIFECYCLE);
    put_source(page);
    good = query_report_lifecycles(page->report->source, take, page, err);
    if (page->columns != NULL)
        page_table_close(page);
    else
        markup_put(&page->markup, "<p>No version is out of its vendor's support, or will be within 180 days.</p>\n");
    page_section_close(page);
    return good;
}
