#include "report_html.h"

#include "page.h"

static bool write_sections(struct page *page, struct err *err)
{
    page_figures(page);
    if (!page_complete(page, err) || !page_changes(page, err) || !page_findings(page, NEED_ACT, err) ||
        !page_findings(page, NEED_DECIDE, err) || !page_findings(page, NEED_LOOK, err) || !page_exemptions(page, err))
        return false;
    page_rulings(page);
    page_attestations(page);
    if (!page_lifecycle(page, err))
        return false;
    page_contradictions(page);
    if (!page_coverage(page, err) || !page_conditions(page, err))
        return false;
    page_words(page);
    return true;
}

/* The sections into the spool, and what the first screen tells of them into page->tally. */
static bool spool_sections(struct page *page, FILE *spool, struct err *err)
{
    struct err writing;

    markup_init(&page->markup, spool);
    if (!write_sections(page, err)) {
        /* What is wrong with the reading is the better sentence. */
        markup_finish(&page->markup, &writing);
        return false;
    }
    return markup_finish(&page->markup, err) || err_add(err, "its temporary file");
}

static bool write_page(struct page *page, FILE *spool, struct err *err)
{
    markup_init(&page->markup, page->report->out);
    page_open(page, page->report->title, page->report->version);
    page_first(page);
    markup_append(&page->markup, spool);
    markup_put(&page->markup,
               "</main>\n<footer>\n<p>%s: muster %s. The same report as CSV lists every protection.</p>\n"
               "</footer>\n</body>\n</html>\n",
               page->report->title, page->report->version);
    return markup_finish(&page->markup, err);
}

bool report_html_write(const struct report *report, struct err *err)
{
    struct page page = { .report = report, .head = report->head };
    FILE *spool = tmpfile();
    bool good;

    if (spool == NULL)
        return err_system(err, "no temporary file for the report could be made");
    arena_init(&page.arena, ARENA_PLAIN);
    good = spool_sections(&page, spool, err) && write_page(&page, spool, err);
    map_finish(&page.remedies);
    arena_finish(&page.arena);
    fclose(spool);
    return good;
}
