/* The charts, and verdicts as published beside what rulings say. */
#include "chart.h"
#include "page.h"

#include <inttypes.h>
#include <string.h>

/* The worst first. What is supported but stale is a part of its own: it is in no count of supported ones. */
enum verdict_part { PART_STALE = 6, PART_SUPPORTED = 7 };

static const struct chart_part verdict_parts[] = {
    { "unsupported", "v1" }, { "contradictory", "v2" }, { "unlisted", "v3" },         { "unknown", "v4" },
    { "conditional", "v5" }, { "deprecated", "v6" },    { "supported, stale", "v7" }, { "supported", "v8" },
};
#define VERDICT_PARTS (sizeof verdict_parts / sizeof verdict_parts[0])

static const struct chart_part need_parts[] = {
    { "to act on", "v1" }, { "to decide", "v3" }, { "to look at", "v5" }, { "asks nothing", "v8" }
};
#define NEED_PARTS (sizeof need_parts / sizeof need_parts[0])

static const struct chart_part age_parts[] = { { "never seen", "v1" }, { "stale", "v3" }, { "fresh", "v8" } };
#define AGE_PARTS (sizeof age_parts / sizeof age_parts[0])

#define DAYS "What was asked for, day by day"

typedef void adder(struct chart_bar *bar, const struct query_report_count *count);

static void add_verdict(struct chart_bar *bar, const struct query_report_count *count)
{
    size_t part = 0;

    while (part < PART_STALE && strcmp(verdict_parts[part].label, count->verdict) != 0)
        part++;
    if (part < PART_STALE) {
        bar->parts[part] += count->protections;
        return;
    }
    bar->parts[PART_STALE] += count->stale;
    bar->parts[PART_SUPPORTED] += count->protections - count->stale;
}

static void add_need(struct chart_bar *bar, const struct query_report_count *count)
{
    enum need need = need_of_words(count->verdict, count->class, count->ruled, false);
    int64_t stale = need == NEED_NOTHING ? count->stale : 0;

    bar->parts[NEED_ACT - need] += count->protections - stale;
    bar->parts[NEED_ACT - NEED_LOOK] += stale;
}

static const char *name_of(const struct query_report_count *count, const char *unnamed)
{
    return count->name[0] == '\0' ? unnamed : count->name;
}

/* One for each name, in their order; the counts of one name follow each other. */
static size_t make_bars(struct page *page, const struct query_report_count *counts, size_t count, const char *unnamed,
                        adder *add, struct chart_bar **bars)
{
    size_t made = 0;

    *bars = arena_alloc(&page->arena, (count + 1) * sizeof **bars);
    for (size_t i = 0; i < count; i++) {
        const char *name = name_of(&counts[i], unnamed);

        if (made == 0 || strcmp((*bars)[made - 1].name, name) != 0)
            (*bars)[made++].name = name;
        add(&(*bars)[made - 1], &counts[i]);
    }
    return made;
}

static void draw_workloads(struct page *page)
{
    struct chart_bar *bars;
    size_t count =
        make_bars(page, page->head->by_workload, page->head->by_workload_count, "no workload", add_verdict, &bars);

    if (count > 0)
        chart_bars(page, "workloads", "Verdicts by workload", verdict_parts, VERDICT_PARTS, bars, count);
}

static void draw_sites(struct page *page)
{
    struct chart_bar *bars;
    size_t count = make_bars(page, page->head->by_site, page->head->by_site_count, "no site", add_need, &bars);

    if (count > 0)
        chart_bars(page, "sites", "What is asked for, by site", need_parts, NEED_PARTS, bars, count);
}

static void draw_ages(struct page *page)
{
    const struct query_report_head *head = page->head;
    const struct chart_bar bar = { "protections", { head->never, head->stale, head->fresh } };

    if (head->never >= 0 && head->never + head->stale + head->fresh > 0)
        chart_bars(page, "ages", "Age of the evidence", age_parts, AGE_PARTS, &bar, 1);
}

static void draw_days(struct page *page)
{
    if (page->head->day_count > 1)
        chart_days(page, "days", DAYS, page->head->days, page->head->day_count);
    else
        markup_put(&page->markup,
                   "<figure class=\"chart\"><figcaption>" DAYS "</figcaption><p>This is drawn once there are two "
                   "days to compare.</p></figure>\n");
}

/* Protections of one verdict and class, by what a ruling says of them. */
struct published {
    const char *verdict, *class;
    int64_t all, assets, stale, yes, no, deprecated;
};

static void add_published(struct published *row, const struct query_report_count *count)
{
    row->all += count->protections;
    row->assets += count->assets;
    row->stale += count->stale;
    if (count->ruled == NULL)
        return;
    *(strcmp(count->ruled, "yes") == 0  ? &row->yes
      : strcmp(count->ruled, "no") == 0 ? &row->no
                                        : &row->deprecated) += count->protections;
}

static const char *class_of(const struct query_report_count *count)
{
    return count->class == NULL ? "" : count->class;
}

static void put_published_row(struct page *page, const struct published *row)
{
    enum need need = need_of_words(row->verdict, row->class, NULL, false);

    page_row_open(page);
    page_cell_open(page);
    page_put_verdict(page, row->verdict, row->class, NULL);
    page_cell_close(page);
    page_cell_count(page, row->all);
    page_cell_count(page, row->stale);
    page_cell_count(page, row->yes);
    page_cell_count(page, row->no);
    page_cell_count(page, row->deprecated);
    page_cell(page, "%s", need == NEED_NOTHING ? "nothing" : need_word(need));
    page_row_close(page);
}

static void put_published(struct page *page)
{
    static const struct page_column columns[] = {
        { "Published verdict", false }, { "Protections", true },      { "Stale", true },    { "Ruled yes", true },
        { "Ruled no", true },           { "Ruled deprecated", true }, { "Asks to", false }, { 0 }
    };
    const struct query_report_head *head = page->head;
    struct published row = { 0 };

    page_table_open(page, columns, "Verdicts as published, and how many of them a ruling decides otherwise");
    for (size_t i = 0; i < head->whole_count; i++) {
        const struct query_report_count *count = &head->whole[i];

        if (row.verdict != NULL &&
            (strcmp(row.verdict, count->verdict) != 0 || strcmp(row.class, class_of(count)) != 0)) {
            put_published_row(page, &row);
            row = (struct published){ 0 };
        }
        row.verdict = count->verdict;
        row.class = class_of(count);
        add_published(&row, count);
    }
    if (row.verdict != NULL)
        put_published_row(page, &row);
    page_table_close(page);
}

void page_figures(struct page *page)
{
    page_section_open(page, SECTION_FIGURES);
    markup_put(&page->markup, "<div class=\"charts\">\n");
    draw_workloads(page);
    draw_days(page);
    draw_sites(page);
    draw_ages(page);
    markup_put(&page->markup, "</div>\n");
    if (page->head->whole_count > 0)
        put_published(page);
    page_section_close(page);
}
