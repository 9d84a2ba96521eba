/* Sections, tables, times and words that several parts of the page share. */
#include "clock.h"
#include "page.h"
#include "unit.h"

#include <inttypes.h>
#include <string.h>

static const struct {
    const char *id, *title;
} sections[SECTION_COUNT] = {
    [SECTION_FIGURES] = { "figures", "In figures" },
    [SECTION_COMPLETE] = { "complete", "Completeness" },
    [SECTION_CHANGES] = { "changes", "What changed" },
    [SECTION_ACT] = { "act", "To act on" },
    [SECTION_DECIDE] = { "decide", "To decide" },
    [SECTION_LOOK] = { "look", "To look at" },
    [SECTION_EXEMPTIONS] = { "exemptions", "Exemptions" },
    [SECTION_RULINGS] = { "rulings", "Rulings" },
    [SECTION_ATTESTATIONS] = { "attestations", "Attestations" },
    [SECTION_LIFECYCLE] = { "lifecycle", "Lifecycle" },
    [SECTION_CONTRADICTIONS] = { "contradictions", "Contradictions of the matrix" },
    [SECTION_COVERAGE] = { "coverage", "Coverage" },
    [SECTION_CONDITIONS] = { "conditions-used", "Conditions used" },
    [SECTION_WORDS] = { "words", "What the words mean" },
};

const char *page_section_id(enum page_section section)
{
    return sections[section].id;
}

const char *page_section_title(enum page_section section)
{
    return sections[section].title;
}

void page_part_open(struct page *page, const char *id, const char *title)
{
    markup_put(&page->markup, "<section id=\"%s\" aria-labelledby=\"h-%s\">\n<h2 id=\"h-%s\">%s</h2>\n", id, id, id,
               title);
}

void page_section_open(struct page *page, enum page_section section)
{
    page_part_open(page, sections[section].id, sections[section].title);
}

void page_section_close(struct page *page)
{
    markup_put(&page->markup, "</section>\n");
}

void page_table_open(struct page *page, const struct page_column *columns, const char *caption, ...)
{
    va_list args;

    page->columns = columns;
    markup_put(&page->markup, "<table>\n<caption>");
    va_start(args, caption);
    markup_vput(&page->markup, caption, args);
    va_end(args);
    markup_put(&page->markup, "</caption>\n<thead><tr>");
    for (size_t i = 0; columns[i].label != NULL; i++) {
        if (columns[i].number)
            markup_put(&page->markup, "<th scope=\"col\" class=\"n\">%s</th>", columns[i].label);
        else
            markup_put(&page->markup, "<th scope=\"col\">%s</th>", columns[i].label);
    }
    markup_put(&page->markup, "</tr></thead>\n<tbody>\n");
}

void page_table_close(struct page *page)
{
    markup_put(&page->markup, "</tbody>\n</table>\n");
    page->columns = NULL;
}

void page_row_open(struct page *page)
{
    page->column = 0;
    markup_put(&page->markup, "<tr>");
}

void page_row_close(struct page *page)
{
    markup_put(&page->markup, "</tr>\n");
}

/* On a narrow screen a row becomes a card, in which each cell is labelled by itself. */
void page_cell_open(struct page *page)
{
    const struct page_column *column = &page->columns[page->column];

    if (page->column == 0)
        markup_put(&page->markup, "<th scope=\"row\">");
    else if (column->number)
        markup_put(&page->markup, "<td class=\"n\" data-label=\"%s\">", column->label);
    else
        markup_put(&page->markup, "<td data-label=\"%s\">", column->label);
}

void page_cell_close(struct page *page)
{
    if (page->column == 0)
        markup_put(&page->markup, "</th>");
    else
        markup_put(&page->markup, "</td>");
    page->column++;
}

void page_cell(struct page *page, const char *format, ...)
{
    va_list args;

    page_cell_open(page);
    va_start(args, format);
    markup_vput(&page->markup, format, args);
    va_end(args);
    page_cell_close(page);
}

void page_cell_count(struct page *page, int64_t count)
{
    if (count != 0) {
        page_cell(page, "%'" PRId64, count);
        return;
    }
    markup_put(&page->markup, "<td class=\"n zero\" data-label=\"%s\">0", page->columns[page->column].label);
    page_cell_close(page);
}

void page_put_date(struct page *page, int64_t at)
{
    char text[CLOCK_TEXT_SIZE], day[CLOCK_TEXT_SIZE];

    snprintf(day, sizeof day, "%.10s", clock_text(at, text));
    markup_put(&page->markup, "%s", day);
}

void page_put_day(struct page *page, int64_t at, const char *never)
{
    char text[CLOCK_TEXT_SIZE];

    if (at == 0) {
        markup_put(&page->markup, "%s", never);
        return;
    }
    markup_put(&page->markup, "<time datetime=\"%s\">", clock_text(at, text));
    page_put_date(page, at);
    markup_put(&page->markup, "</time>");
}

void page_put_time(struct page *page, int64_t at, const char *never)
{
    char text[CLOCK_TEXT_SIZE], shown[CLOCK_TEXT_SIZE];

    if (at == 0) {
        markup_put(&page->markup, "%s", never);
        return;
    }
    clock_text(at, text);
    snprintf(shown, sizeof shown, "%.10s %.5s UTC", text, text + strlen("2026-11-26T"));
    markup_put(&page->markup, "<time datetime=\"%s\">%s</time>", text, shown);
}

#define SOON_DAYS 30

void page_put_left(struct page *page, int64_t end)
{
    int64_t days = clock_days(page->head->at, end);
    const char *noun = days == 1 || days == -1 ? "day" : "days";

    markup_put(&page->markup, days < SOON_DAYS ? "<small><b class=\"warn\">" : "<small>");
    if (end <= page->head->at && days < 0)
        markup_put(&page->markup, "ended %'" PRId64 " %s ago", -days, noun);
    else if (days > 0)
        markup_put(&page->markup, "%'" PRId64 " %s left", days, noun);
    else
        markup_put(&page->markup, end <= page->head->at ? "ended today" : "ends today");
    markup_put(&page->markup, days < SOON_DAYS ? "</b></small>" : "</small>");
}

void page_put_step_end(struct page *page, int64_t end)
{
    if (end == 0 || clock_days(page->head->at, end) > QUERY_STEP_SOON_DAYS)
        return;
    markup_put(&page->markup, "<p>The vendor's support of what that leads to %s ",
               end <= page->head->at ? "ended on" : "ends on");
    page_put_day(page, end, "");
    markup_put(&page->markup, ": ");
    page_put_left(page, end);
    markup_put(&page->markup, "</p>");
}

void page_cell_end(struct page *page, int64_t end, const char *none)
{
    page_cell_open(page);
    page_put_day(page, end, none);
    if (end != 0)
        page_put_left(page, end);
    page_cell_close(page);
}

const char *page_span(char buffer[PAGE_TEXT_SIZE], int64_t ms)
{
    static const struct {
        int64_t ms;
        const char *noun;
    } units[] = { { PAGE_DAY_MS, "day" }, { 3600000, "hour" }, { 60000, "minute" } };
    char count[COUNT_TEXT_SIZE];
    size_t i = 0;

    if (ms < units[2].ms) {
        snprintf(buffer, PAGE_TEXT_SIZE, "less than a minute");
        return buffer;
    }
    while (i + 1 < sizeof units / sizeof units[0] && ms < 2 * units[i].ms)
        i++;
    snprintf(buffer, PAGE_TEXT_SIZE, "%s", count_text((uint64_t)(ms / units[i].ms), units[i].noun, count));
    return buffer;
}

void page_put_more(struct page *page, size_t more, const char *what, const char *also)
{
    if (more > 0)
        markup_put(&page->markup, "<p class=\"more\">and %'zu more %s; the report as %s lists all of them.</p>\n", more,
                   what, also);
}

void page_put_verdict(struct page *page, const char *verdict, const char *class, const char *ruled)
{
    markup_put(&page->markup, "<b class=\"verdict %s\">%s</b>", verdict, verdict);
    if (class != NULL && class[0] != '\0')
        markup_put(&page->markup, " (%s)", class);
    if (ruled != NULL && ruled[0] != '\0')
        markup_put(&page->markup, "; ruled: %s", ruled);
}

static const char cause[] = "cause: ";

bool page_is_cause(const char *name)
{
    return strncmp(name, cause, strlen(cause)) == 0;
}

const char *page_cause(const char *name)
{
    return name + strlen(cause);
}

void page_put_group(struct page *page, const char *head, bool of_cause)
{
    markup_put(&page->markup, of_cause ? "because of <b class=\"name\">%s</b>" : "%s", head);
}

void page_put_who(struct page *page, const char *approved_by, const char *entered_by)
{
    bool approved = approved_by != NULL && approved_by[0] != '\0';

    if (approved)
        markup_put(&page->markup, "approved by %s", approved_by);
    if (entered_by != NULL && entered_by[0] != '\0')
        markup_put(&page->markup, "%sentered by %s", approved ? ", " : "", entered_by);
}

const char *page_keep(struct page *page, const char *text)
{
    return text == NULL ? NULL : arena_text(&page->arena, text);
}
