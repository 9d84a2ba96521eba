/* What the backup servers' own databases show to be protected, and by name what they do not. */
#include "page.h"

#include <inttypes.h>
#include <string.h>

#define MAX_OF_KIND 500 /* assets that are named */

/* Why assets of a kind have no protection that counts: what is not here may have one. */
static const struct {
    const char *kind, *why;
} without[] = {
    { "availability_group", "its databases are asked about" },
    { "backup_server", "its machine is asked about" },
    { "cluster", "its nodes and roles are asked about" },
    { "csv", "a volume of a cluster, protected with what lies on it" },
    { "datastore", "the machines on it are asked about" },
    { "esxi_host", "the machines on it are asked about" },
    { "protected", "an entry in the database of a backup server, which is about another asset" },
    { "vapp", "its machines are asked about" },
    { "vcenter", "the machines that it manages are asked about" },
    { "volume", "protected with its machine" },
};

static const char *why_without(const char *kind)
{
    for (size_t i = 0; i < sizeof without / sizeof without[0]; i++) {
        if (strcmp(without[i].kind, kind) == 0)
            return without[i].why;
    }
    return "no protection of it counts";
}

static void put_kind(struct page *page, const struct query_report_coverage *kind)
{
    page_row_open(page);
    page_cell_open(page);
    markup_put(&page->markup, "%s", kind->kind);
    if (kind->other > 0)
        markup_put(&page->markup, "<small>no protection of its own: %s</small>", why_without(kind->kind));
    page_cell_close(page);
    page_cell_count(page, kind->covered);
    page_cell_count(page, kind->not_covered);
    page_cell_count(page, kind->excluded);
    if (kind->other < 0)
        page_cell(page, "not told");
    else
        page_cell_count(page, kind->other);
    page_cell_count(page, kind->assets);
    page_row_close(page);
}

static void put_total(struct page *page)
{
    struct query_report_coverage all = { .kind = "all" };

    for (size_t i = 0; i < page->head->coverage_count; i++) {
        const struct query_report_coverage *kind = &page->head->coverage[i];

        all.assets += kind->assets;
        all.covered += kind->covered;
        all.not_covered += kind->not_covered;
        all.excluded += kind->excluded;
        all.other = kind->other < 0 ? -1 : all.other + kind->other;
    }
    page_row_open(page);
    page_cell(page, "all of them");
    page_cell_count(page, all.covered);
    page_cell_count(page, all.not_covered);
    page_cell_count(page, all.excluded);
    if (all.other < 0)
        page_cell(page, "not told");
    else
        page_cell_count(page, all.other);
    page_cell_count(page, all.assets);
    page_row_close(page);
}

static void put_kinds(struct page *page)
{
    static const struct page_column columns[] = { { "Kind", false },
                                                  { "In a protection group", true },
                                                  { "In none", true },
                                                  { "Taken out by a rule", true },
                                                  { "No protection of its own", true },
                                                  { "Assets", true },
                                                  { 0 } };

    if (page->head->coverage_count == 0)
        return;
    page_table_open(page, columns, "Every asset, by whether a DPMDB shows a protection of it");
    for (size_t i = 0; i < page->head->coverage_count; i++)
        put_kind(page, &page->head->coverage[i]);
    put_total(page);
    page_table_close(page);
}

/* ------------------------------------------------------------------------------------------------------- names ---- */

struct naming {
    struct page *page;
    const char *kind; /* of the table that is open; NULL: none is */
    size_t count;     /* of that kind */
};

static void end_kind(struct naming *naming)
{
    if (naming->kind == NULL)
        return;
    page_table_close(naming->page);
    if (naming->count > MAX_OF_KIND)
        page_put_more(naming->page, naming->count - MAX_OF_KIND, naming->kind);
    naming->kind = NULL;
}

static void begin_kind(struct naming *naming, const char *kind)
{
    static const struct page_column columns[] = {
        { "Asset", false }, { "Site", false }, { "Owner", false }, { "Possible way", false }, { 0 }
    };

    naming->kind = page_keep(naming->page, kind);
    naming->count = 0;
    page_table_open(naming->page, columns, "In no protection group: %s", kind);
}

static void put_uncovered(struct page *page, const struct query_report_uncovered *row)
{
    page_row_open(page);
    page_cell(page, "%s<small>%s %" PRId64 "</small>", row->name, row->kind, row->asset);
    page_cell(page, "%s", row->site == NULL ? "none" : row->site);
    page_cell(page, "%s", row->owner == NULL ? "none" : row->owner);
    page_cell_open(page);
    markup_put(&page->markup, "%s by %s", row->method, row->server);
    if (row->protections > 1)
        markup_put(&page->markup, "<small>and %'" PRId64 " more</small>", row->protections - 1);
    if (row->unread)
        markup_put(&page->markup, "<small class=\"warn\">its DPMDB shows nothing: cannot be told</small>");
    page_cell_close(page);
    page_row_close(page);
}

static bool take(void *context, const struct query_report_uncovered *row, struct err *err)
{
    struct naming *naming = context;

    (void)err;
    if (naming->kind != NULL && strcmp(naming->kind, row->kind) != 0)
        end_kind(naming);
    if (naming->kind == NULL)
        begin_kind(naming, row->kind);
    if (naming->count++ < MAX_OF_KIND)
        put_uncovered(naming->page, row);
    return true;
}

static bool put_names(struct page *page, struct err *err)
{
    struct naming naming = { .page = page };

    if (page->head->not_covered <= 0)
        return true;
    markup_put(&page->markup, "<h3 id=\"uncovered\">In no protection group</h3>\n");
    if (page->head->unread > 0)
        markup_put(&page->markup,
                   "<p class=\"doubt\">For %'" PRId64 " of them, nothing at all is known of the database of the backup "
                   "server: whether they are protected cannot be told.</p>\n",
                   page->head->unread);
    if (!query_report_uncovered(page->report->source, take, &naming, err))
        return false;
    end_kind(&naming);
    return true;
}

bool page_coverage(struct page *page, struct err *err)
{
    const struct query_report_head *head = page->head;

    page_section_open(page, SECTION_COVERAGE);
    if (head->covered < 0) {
        markup_put(&page->markup,
                   "<p>The database of no backup server (DPMDB) is read, or it was not recorded then: this report "
                   "cannot say what is in a protection group.</p>\n");
    } else {
        markup_put(&page->markup,
                   "<p>The backup servers' own databases (DPMDB) protect <b>%'" PRId64 "</b> assets. <b>%'" PRId64
                   "</b> could be protected, and are in no protection group.</p>\n",
                   head->covered, head->not_covered);
        put_kinds(page);
    }
    if (head->covered >= 0 && !put_names(page, err))
        return false;
    markup_put(&page->markup, "<p>" REPORT_NO_PROOF "</p>\n");
    page_section_close(page);
    return true;
}
