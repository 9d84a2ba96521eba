#include "chart.h"

#include <inttypes.h>

#define WIDTH 400
#define HEIGHT 190
#define LEFT 44 /* of the drawing's own area */
#define RIGHT 396
#define TOP 10
#define BOTTOM 160

struct line {
    const char *label, *class;
    enum need need;
};

static const struct line lines[] = {
    { "to look at", "line-look", NEED_LOOK },
    { "to decide", "line-decide", NEED_DECIDE },
    { "to act on", "line-act", NEED_ACT },
};
#define LINES (sizeof lines / sizeof lines[0])

static int64_t value_of(const struct query_report_day *day, enum need need)
{
    switch (need) {
    case NEED_ACT: return day->act;
    case NEED_DECIDE: return day->decide;
    case NEED_LOOK: return day->look;
    case NEED_NOTHING: break;
    }
    return 0;
}

static int64_t highest_of(const struct query_report_day *days, size_t count, enum need need)
{
    int64_t highest = 0;

    for (size_t i = 0; i < count; i++) {
        if (value_of(&days[i], need) > highest)
            highest = value_of(&days[i], need);
    }
    return highest;
}

/* The next of 2, 4, 10, 20, 40, 100 ... that holds all of it: its half is a whole number. */
static int64_t scale_of(const struct query_report_day *days, size_t count)
{
    static const int64_t steps[] = { 2, 4, 10 };
    int64_t highest = 0, power = 1;
    size_t i = 0;

    for (size_t line = 0; line < LINES; line++) {
        int64_t own = highest_of(days, count, lines[line].need);

        highest = own > highest ? own : highest;
    }
    while (steps[i] * power < highest && power < INT64_MAX / 100) {
        i = (i + 1) % (sizeof steps / sizeof steps[0]);
        power *= i == 0 ? 10 : 1;
    }
    return steps[i] * power;
}

static int x_of(size_t i, size_t count)
{
    size_t steps = count > 1 ? count - 1 : 1;

    return LEFT + (int)((size_t)(RIGHT - LEFT) * i / steps);
}

static int y_of(int64_t value, int64_t scale)
{
    return BOTTOM - (int)((double)value / (double)scale * (BOTTOM - TOP));
}

static void draw_grid(struct page *page, int64_t scale)
{
    for (int64_t i = 0; i <= 2; i++) {
        int64_t value = scale / 2 * i;
        int y = y_of(value, scale);

        markup_put(&page->markup,
                   "<line class=\"grid\" x1=\"%d\" y1=\"%d\" x2=\"%d\" y2=\"%d\"/><text x=\"%d\" y=\"%d\" "
                   "text-anchor=\"end\">%'" PRId64 "</text>\n",
                   LEFT, y, RIGHT, y, LEFT - 5, y + 4, value);
    }
}

static void draw_dates(struct page *page, const struct query_report_day *days, size_t count)
{
    markup_put(&page->markup, "<text x=\"%d\" y=\"%d\">", LEFT, HEIGHT - 12);
    page_put_date(page, days[0].at);
    markup_put(&page->markup, "</text><text x=\"%d\" y=\"%d\" text-anchor=\"end\">", RIGHT, HEIGHT - 12);
    page_put_date(page, days[count - 1].at);
    markup_put(&page->markup, "</text>\n");
}

static void draw_line(struct page *page, const struct query_report_day *days, size_t count, int64_t scale,
                      const struct line *line)
{
    markup_put(&page->markup, "<polyline class=\"%s\" points=\"", line->class);
    for (size_t i = 0; i < count; i++)
        markup_put(&page->markup, "%d,%d ", x_of(i, count), y_of(value_of(&days[i], line->need), scale));
    markup_put(&page->markup, "\"/>\n");
}

static void describe(struct page *page, const struct query_report_day *days, size_t count)
{
    markup_put(&page->markup, "From ");
    page_put_date(page, days[0].at);
    markup_put(&page->markup, " to ");
    page_put_date(page, days[count - 1].at);
    for (size_t i = LINES; i-- > 0;)
        markup_put(&page->markup, "; %s: %'" PRId64 " at first, %'" PRId64 " at last, %'" PRId64 " at the most",
                   lines[i].label, value_of(&days[0], lines[i].need), value_of(&days[count - 1], lines[i].need),
                   highest_of(days, count, lines[i].need));
    markup_put(&page->markup, ".");
}

static void put_legend(struct page *page, const struct query_report_day *last)
{
    markup_put(&page->markup, "<ul class=\"legend\">");
    for (size_t i = LINES; i-- > 0;)
        markup_put(&page->markup,
                   "<li><svg class=\"key wide\" viewBox=\"0 0 30 10\" aria-hidden=\"true\"><polyline class=\"%s\" "
                   "points=\"0,5 30,5\"/></svg>%s %'" PRId64 "</li>",
                   lines[i].class, lines[i].label, value_of(last, lines[i].need));
    markup_put(&page->markup, "</ul>\n");
}

static void put_table(struct page *page, const char *title, const struct query_report_day *days, size_t count)
{
    static const struct page_column columns[] = {
        { "Day", false }, { "To act on", true }, { "To decide", true }, { "To look at", true }, { 0 }
    };

    markup_put(&page->markup, "<details><summary>The figures</summary>\n");
    page_table_open(page, columns, "%s", title);
    for (size_t i = 0; i < count; i++) {
        page_row_open(page);
        page_cell_open(page);
        page_put_day(page, days[i].at, "");
        page_cell_close(page);
        for (size_t line = LINES; line-- > 0;)
            page_cell_count(page, value_of(&days[i], lines[line].need));
        page_row_close(page);
    }
    page_table_close(page);
    markup_put(&page->markup, "</details>\n");
}

void chart_days(struct page *page, const char *id, const char *title, const struct query_report_day *days, size_t count)
{
    int64_t scale = scale_of(days, count);

    markup_put(&page->markup,
               "<figure class=\"chart\" id=\"chart-%s\">\n<figcaption>%s</figcaption>\n"
               "<svg viewBox=\"0 0 %d %d\" role=\"img\" aria-labelledby=\"t-%s d-%s\">\n<title id=\"t-%s\">%s</title>\n"
               "<desc id=\"d-%s\">",
               id, title, WIDTH, HEIGHT, id, id, id, title, id);
    describe(page, days, count);
    markup_put(&page->markup, "</desc>\n");
    draw_grid(page, scale);
    draw_dates(page, days, count);
    for (size_t i = 0; i < LINES; i++)
        draw_line(page, days, count, scale, &lines[i]);
    markup_put(&page->markup, "</svg>\n");
    put_legend(page, &days[count - 1]);
    put_table(page, title, days, count);
    markup_put(&page->markup, "</figure>\n");
}
