/* What is supported although nobody could say that a footnote is met. */
#include "page.h"

#include "verdict.h"

#include <inttypes.h>
#include <string.h>

static int64_t supported(const struct query_report_head *head)
{
    int64_t count = 0;

    for (size_t i = 0; i < head->whole_count; i++) {
        if (strcmp(head->whole[i].verdict, verdict_word(VERDICT_SUPPORTED)) == 0)
            count += head->whole[i].protections;
    }
    return count;
}

void page_footnotes(struct page *page)
{
    static const struct page_column columns[] = { { "Footnote", false },
                                                  { "What it asks for", false },
                                                  { "Edition", false },
                                                  { "Supported protections", true },
                                                  { 0 } };
    const struct query_report_head *head = page->head;
    int64_t all = supported(head);

    markup_put(&page->markup, "<h3 id=\"footnotes\">Footnotes that nobody attested</h3>\n");
    if (head->footnote_count == 0) {
        markup_put(&page->markup, "<p>No supported protection rests on one.</p>\n");
        return;
    }
    markup_put(&page->markup,
               "<p><b>%'" PRId64 "</b> of %'" PRId64 " supported %s on a footnote of the matrix that no "
               "scan could decide and nobody attested. They count as supported: a footnote that is not decided "
               "changes no verdict. An attestation says that it is met, and who says so.</p>\n",
               head->footnoted, all, all == 1 ? "protection rests" : "protections rest");
    page_table_open(page, columns, "Footnotes, and how many supported protections rest on each");
    for (size_t i = 0; i < head->footnote_count; i++) {
        page_row_open(page);
        page_cell(page, "%s", head->footnotes[i].condition);
        page_cell(page, "%s", head->footnotes[i].text);
        page_cell(page, "%s", head->footnotes[i].edition);
        page_cell_count(page, head->footnotes[i].protections);
        page_row_close(page);
    }
    page_table_close(page);
}
