/* What was read over an old TLS, by whom. */
#include "page.h"

#include <inttypes.h>
#include <string.h>

static void open_list(struct page *page)
{
    static const struct page_column columns[] = {
        { "Instance", false }, { "TLS", false }, { "Read by", false }, { 0 }
    };

    markup_put(
        &page->markup,
        "<h3 id=\"old-tls\">Read over an old TLS</h3>\n<p>These instances of SQL Server agree to no TLS newer than "
        "1.1, and are read all the same, as an option of their targets (allow_tls_1_0) allows it. Who is between "
        "may have read or changed what is told of them here. It ends with an update of SQL Server that brings "
        "TLS 1.2.</p>\n");
    page_table_open(page, columns, "Instances that were read over TLS 1.0 or 1.1");
}

static void put_name(struct page *page, const struct query_report_old_tls *row)
{
    bool server = strcmp(row->kind, "backup_server") == 0;

    page_cell_open(page);
    markup_put(&page->markup, "%s<small>%s", row->name, row->kind);
    if (row->asset != 0)
        markup_put(&page->markup, " %" PRId64, row->asset);
    markup_put(&page->markup, "%s</small>", server ? ": the instance of its DPMDB" : "");
    page_cell_close(page);
}

static void put_version(struct page *page, const struct query_report_old_tls *row)
{
    page_cell_open(page);
    markup_put(&page->markup, "%s", row->tls == NULL ? "not recorded; an old one now" : row->tls);
    if (row->unread != NULL)
        markup_put(&page->markup, "<small>earlier; the last scan could not tell: %s</small>", row->unread);
    page_cell_close(page);
}

static void put_sources(struct page *page, const struct query_report_old_tls *row)
{
    page_cell_open(page);
    for (size_t i = 0; i < row->sources.count; i++)
        markup_put(&page->markup, "%s%s", i == 0 ? "" : ", ", row->sources.texts[i]);
    if (row->more_sources > 0)
        markup_put(&page->markup, " and %'" PRId64 " more", row->more_sources);
    if (row->sources.count == 0)
        markup_put(&page->markup, row->more_sources < 0 ? "not recorded" : "no target any more");
    page_cell_close(page);
}

static bool take(void *context, const struct query_report_old_tls *row, struct err *err)
{
    struct page *page = context;

    (void)err;
    if (page->tally.old_tls++ == 0)
        open_list(page);
    if (page->tally.old_tls > PAGE_MAX_MEMBERS)
        return true;
    page_row_open(page);
    put_name(page, row);
    put_version(page, row);
    put_sources(page, row);
    page_row_close(page);
    return true;
}

bool page_old_tls(struct page *page, struct err *err)
{
    size_t count;

    if (!query_report_old_tls(page->report->source, take, page, err))
        return false;
    count = page->tally.old_tls;
    if (count == 0)
        return true;
    page_table_close(page);
    page_put_more(page, count < PAGE_MAX_MEMBERS ? 0 : count - PAGE_MAX_MEMBERS, "instances", "JSON");
    return true;
}
