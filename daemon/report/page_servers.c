/* The backup servers: what they are, who says so, and whether their databases were read. */
#include "page.h"

#include <string.h>

/* What counts is the configuration; who signs is to know that it may be out of date. */
static void put_name(struct page *page, const struct query_report_server *server)
{
    page_cell_open(page);
    markup_put(&page->markup, "%s", server->name);
    if (server->conflict != NULL)
        markup_put(&page->markup, "<small><b class=\"warn\">%s</b></small>", server->conflict);
    page_cell_close(page);
}

/* Who says so; the configuration counts, and a scan may show the same. */
static const char *said_by(const struct query_report_server *server)
{
    if (strcmp(server->product_from, "configuration") != 0)
        return "as its own item says";
    if (server->scanned == NULL)
        return "as the configuration says";
    return strcmp(server->scanned, server->product) == 0 ? "as the configuration says, and its scan shows"
                                                         : "as the configuration says, and its scan does not show";
}

static void put_product(struct page *page, const struct query_report_server *server)
{
    page_cell_open(page);
    if (server->product == NULL)
        markup_put(&page->markup, "not known<small>neither the configuration nor a scan tells it</small>");
    else
        markup_put(&page->markup, "%s<small>%s</small>", server->product, said_by(server));
    page_cell_close(page);
}

static void put_read(struct page *page, const struct query_report_server *server)
{
    page_cell_open(page);
    if (server->read_at != 0)
        page_put_time(page, server->read_at, "");
    else if (page->head->past)
        markup_put(&page->markup, server->read ? "it was; when is not recorded" : "not recorded");
    else
        markup_put(&page->markup, "<b class=\"warn\">no entry of it was seen</b>");
    if (server->late)
        markup_put(&page->markup, "<small class=\"warn\">longer ago than its source may be old</small>");
    if (server->read_at != 0 && !server->read)
        markup_put(&page->markup, "<small>no protection of anything that is known</small>");
    page_cell_close(page);
}

void page_servers(struct page *page)
{
    static const struct page_column columns[] = { { "Backup server", false },  { "Product", false },
                                                  { "End of support", false }, { "Protections", true },
                                                  { "DPMDB read", false },     { 0 } };
    const struct query_report_head *head = page->head;
    size_t shown;

    markup_put(&page->markup, "<h3 id=\"servers\">Backup servers</h3>\n");
    if (head->server_count == 0) {
        markup_put(&page->markup, "<p>No backup server is configured, and nothing is judged for one.</p>\n");
        return;
    }
    shown = head->server_count < PAGE_MAX_MEMBERS ? head->server_count : PAGE_MAX_MEMBERS;
    page_table_open(page, columns, "Backup servers, and how many protections of this report are judged for each");
    for (size_t i = 0; i < shown; i++) {
        page_row_open(page);
        put_name(page, &head->servers[i]);
        put_product(page, &head->servers[i]);
        page_cell_end(page, head->servers[i].support_end, "not on record");
        page_cell_count(page, head->servers[i].protections);
        put_read(page, &head->servers[i]);
        page_row_close(page);
    }
    page_table_close(page);
    page_put_more(page, head->server_count - shown, "backup servers", "JSON");
}
