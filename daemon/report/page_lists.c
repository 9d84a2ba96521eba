/* Exemptions, rulings, attestations, contradictions, coverage: lists for whoever has to answer for them. */
#include "page.h"

#include <inttypes.h>
#include <string.h>

static void put_exemption_state(struct page *page, const struct query_report_exemption *row)
{
    if (row->ended_at == 0) {
        page_cell_end(page, row->until_at, "no end given");
        return;
    }
    page_cell_open(page);
    markup_put(&page->markup, "ended ");
    page_put_day(page, row->ended_at, "");
    if (row->ended_why != NULL)
        markup_put(&page->markup, "<small>%s</small>", row->ended_why);
    page_cell_close(page);
}

static const struct page_column exemption_columns[] = { { "Exemption", false }, { "Protections", true },
                                                        { "Reason", false },    { "By", false },
                                                        { "Until", false },     { 0 } };

static bool take_exemption(void *context, const struct query_report_exemption *row, struct err *err)
{
    struct page *page = context;

    (void)err;
    if (page->columns == NULL)
        page_table_open(page, exemption_columns, "Who exempted what, why and until when");
    if (row->ended_at == 0)
        page->tally.exemptions++;
    else
        page->tally.ended++;
    page_row_open(page);
    page_cell(page, "%s<small>number %" PRId64 "</small>", row->what, row->id);
    page_cell_count(page, row->covers);
    page_cell_open(page);
    markup_put(&page->markup, "%s", row->reason);
    if (row->ticket != NULL && row->ticket[0] != '\0')
        markup_put(&page->markup, "<small>ticket %s</small>", row->ticket);
    page_cell_close(page);
    page_cell_open(page);
    page_put_who(page, row->approved_by, row->name);
    markup_put(&page->markup, "<small>on ");
    page_put_day(page, row->made_at, "a day that is not known");
    markup_put(&page->markup, "</small>");
    page_cell_close(page);
    put_exemption_state(page, row);
    page_row_close(page);
    return true;
}

bool page_exemptions(struct page *page, struct err *err)
{
    bool good;

    page_section_open(page, SECTION_EXEMPTIONS);
    good = query_report_exemptions(page->report->source, take_exemption, page, err);
    if (page->columns != NULL)
        page_table_close(page);
    else
        markup_put(&page->markup, "<p>Nothing is exempt, and no exemption has ended since the last report.</p>\n");
    page_section_close(page);
    return good;
}

static const struct page_column ruling_columns[] = { { "Key", false },   { "Verdict", false }, { "By", false },
                                                     { "Basis", false }, { "Review", false },  { 0 } };

static const struct page_column attestation_columns[] = {
    { "What is attested", false }, { "By", false }, { "Basis", false }, { "Until", false }, { 0 }
};

static void put_ruling(struct page *page, const struct query_report_ruling *ruling, bool verdict)
{
    page_row_open(page);
    page_cell(page, "%s", ruling->key);
    if (verdict)
        page_cell(page, "%s", ruling->verdict);
    page_cell(page, "%s", ruling->who);
    page_cell(page, "%s", ruling->basis == NULL ? "none given" : ruling->basis);
    page_cell_end(page, ruling->until, "no end given");
    page_row_close(page);
}

static void put_rulings(struct page *page, const char *what, const struct page_column *columns, const char *caption)
{
    for (size_t i = 0; i < page->head->ruling_count; i++) {
        const struct query_report_ruling *ruling = &page->head->rulings[i];

        if (strcmp(ruling->what, what) != 0)
            continue;
        if (page->columns == NULL)
            page_table_open(page, columns, "%s", caption);
        put_ruling(page, ruling, columns == ruling_columns);
    }
    if (page->columns != NULL)
        page_table_close(page);
    else
        markup_put(&page->markup, "<p>No %s is in force.</p>\n", what);
}

void page_rulings(struct page *page)
{
    page_section_open(page, SECTION_RULINGS);
    markup_put(&page->markup,
               "<p>What the organisation decided where the matrix leaves a key open or contradicts itself. "
               "Verdicts in this report are the published ones; what a ruling says stands beside them.</p>\n");
    put_rulings(page, "ruling", ruling_columns, "Rulings in force");
    page_section_close(page);
}

void page_attestations(struct page *page)
{
    page_section_open(page, SECTION_ATTESTATIONS);
    markup_put(&page->markup,
               "<p>Conditions of the matrix that no scan can decide, and who says that they are met.</p>\n");
    put_rulings(page, "attestation", attestation_columns, "Attestations in force");
    page_footnotes(page);
    page_section_close(page);
}

/* Contradictory ones that a ruling takes out of what is to be acted on. */
static int64_t ruled_contradictions(const struct query_report_head *head)
{
    int64_t ruled = 0;

    for (size_t i = 0; i < head->whole_count; i++) {
        const struct query_report_count *count = &head->whole[i];

        if (strcmp(count->verdict, verdict_word(VERDICT_CONTRADICTORY)) == 0 &&
            need_of_words(count->verdict, count->class, count->ruled, false) != NEED_ACT)
            ruled += count->protections;
    }
    return ruled;
}

static void put_keys(struct page *page)
{
    static const struct page_column columns[] = {
        { "Key", false }, { "Rows that disagree", false }, { "Protections", true }, { 0 }
    };

    page_table_open(page, columns, "Keys whose rows disagree");
    for (size_t i = 0; i < page->tally.key_count; i++) {
        const struct page_key *key = &page->tally.keys[i];

        page_row_open(page);
        page_cell(page, "%s", key->key);
        page_cell(page, "%s<small>%s %s</small>", key->rows, key->page, key->date);
        page_cell(page, "%'zu", key->protections);
        page_row_close(page);
    }
    page_table_close(page);
    if (page->tally.more_keys)
        markup_put(&page->markup, "<p class=\"more\">and more; the report as CSV or JSON lists all of them.</p>\n");
}

void page_contradictions(struct page *page)
{
    int64_t ruled = ruled_contradictions(page->head);

    page_section_open(page, SECTION_CONTRADICTIONS);
    markup_put(&page->markup,
               "<p>Where rows of the published matrix disagree about one key, both are cited, and nothing is "
               "supported until somebody rules.</p>\n");
    if (page->tally.key_count > 0)
        put_keys(page);
    else
        markup_put(&page->markup, "<p>No protection waits for such a ruling.</p>\n");
    if (ruled > 0)
        markup_put(&page->markup, "<p>For %'" PRId64 " more, a <a href=\"#rulings\">ruling</a> is in force.</p>\n",
                   ruled);
    page_section_close(page);
}
