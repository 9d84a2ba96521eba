/* The conditions of the matrix that the verdicts cite, each with its sentences. */
#include "page.h"

#include <string.h>

struct walk {
    struct page *page;
    const char *id; /* whose row is open; NULL: none is */
};

static const struct page_column columns[] = { { "Condition", false },
                                              { "What it says, in which edition", false },
                                              { 0 } };

static void close_row(const struct walk *walk)
{
    if (walk->id == NULL)
        return;
    page_cell_close(walk->page);
    page_row_close(walk->page);
}

static void open_row(struct walk *walk, const char *id)
{
    struct page *page = walk->page;

    close_row(walk);
    if (page->columns == NULL)
        page_table_open(page, columns, "Each with all of its sentences");
    walk->id = page_keep(page, id);
    page_row_open(page);
    page_cell(page, "%s", id);
    page_cell_open(page);
}

static bool take(void *context, const struct query_report_condition *row, struct err *err)
{
    struct walk *walk = context;
    struct markup *markup = &walk->page->markup;

    (void)err;
    if (walk->id == NULL || strcmp(walk->id, row->id) != 0)
        open_row(walk, row->id);
    markup_put(markup, "<p>%s", row->text);
    for (size_t i = 0; i < row->editions.count; i++)
        markup_put(markup, i == 0 ? "<small>%s" : ", %s", row->editions.texts[i]);
    markup_put(markup, row->editions.count > 0 ? "</small></p>" : "</p>");
    return true;
}

bool page_conditions(struct page *page, struct err *err)
{
    struct walk walk = { .page = page };
    bool good;

    page_section_open(page, SECTION_CONDITIONS);
    markup_put(
        &page->markup,
        "<p>What rows of the matrix ask for beside their key, as far as it was asked here. R1 and so on are common to "
        "editions, which may word them differently; edition:row is of one row.</p>\n");
    good = query_report_conditions(page->report->source, take, &walk, err);
    close_row(&walk);
    if (page->columns != NULL)
        page_table_close(page);
    else
        markup_put(&page->markup, "<p>No condition was asked.</p>\n");
    page_section_close(page);
    return good;
}
