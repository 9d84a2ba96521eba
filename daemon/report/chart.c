#include "chart.h"

#include "str.h"
#include "text.h"

#include <inttypes.h>

/* Of the drawing, in its own units: as wide as a narrow screen, so that letters keep their size there. */
#define WIDTH 400
#define BAR_STEP 40 /* from one bar to the next */
#define BAR_HEIGHT 18
#define NAME_COLUMNS 46
#define LEAST 3 /* width of a part that there is */
#define DIGIT 7 /* width of a digit */

static int64_t total_of(const struct chart_bar *bar)
{
    int64_t total = 0;

    for (size_t i = 0; i < CHART_MAX_PARTS; i++)
        total += bar->parts[i];
    return total;
}

static void open_figure(struct page *page, const char *id, const char *title, int height)
{
    markup_put(
        &page->markup,
        "<figure class=\"chart\" id=\"chart-%s\">\n<figcaption>%s</figcaption>\n"
        "<svg viewBox=\"0 0 %d %d\" role=\"img\" aria-labelledby=\"t-%s d-%s\">\n<title id=\"t-%s\">%s</title>\n",
        id, title, WIDTH, height, id, id, id, title);
}

/* "server: 2 unsupported, 14 supported. " */
static void describe_bar(struct page *page, const struct chart_part *parts, size_t part_count,
                         const struct chart_bar *bar)
{
    const char *comma = "";

    markup_put(&page->markup, "%s: ", bar->name);
    for (size_t i = 0; i < part_count; i++) {
        if (bar->parts[i] == 0)
            continue;
        markup_put(&page->markup, "%s%'" PRId64 " %s", comma, bar->parts[i], parts[i].label);
        comma = ", ";
    }
    markup_put(&page->markup, ". ");
}

/* Every part that there is can be seen; what that takes, the widest part gives. */
static void share_out(const struct chart_bar *bar, int widths[CHART_MAX_PARTS])
{
    int64_t total = total_of(bar);
    int used = 0;
    size_t widest = 0;

    for (size_t i = 0; i < CHART_MAX_PARTS; i++) {
        widths[i] = bar->parts[i] == 0 ? 0 : (int)((double)bar->parts[i] / (double)total * WIDTH);
        if (bar->parts[i] > 0 && widths[i] < LEAST)
            widths[i] = LEAST;
        used += widths[i];
        if (widths[i] > widths[widest])
            widest = i;
    }
    if (total > 0)
        widths[widest] += WIDTH - used;
}

static int digits(int64_t number)
{
    int count = 1;

    for (; number >= 10; number /= 10)
        count++;
    return count + (count - 1) / 3;
}

static void draw_part(struct page *page, const struct chart_part *part, int64_t count, int x, int y, int width)
{
    markup_put(&page->markup,
               "<g class=\"%s\"><title>%s: %'" PRId64 "</title><rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\"/>",
               part->class, part->label, count, x, y, width > 1 ? width - 1 : width, BAR_HEIGHT);
    if (width > DIGIT * digits(count) + 4)
        markup_put(&page->markup, "<text x=\"%d\" y=\"%d\" text-anchor=\"middle\">%'" PRId64 "</text>", x + width / 2,
                   y + 13, count);
    markup_put(&page->markup, "</g>");
}

static void draw_bar(struct page *page, const struct chart_part *parts, size_t part_count, const struct chart_bar *bar,
                     int y)
{
    struct str name = STR_EMPTY;
    int widths[CHART_MAX_PARTS], x = 0;

    text_fit(&name, bar->name, NAME_COLUMNS);
    markup_put(&page->markup,
               "<text x=\"0\" y=\"%d\">%s</text><text x=\"%d\" y=\"%d\" text-anchor=\"end\">%'" PRId64 "</text>\n",
               y + 12, str_text(&name), WIDTH, y + 12, total_of(bar));
    share_out(bar, widths);
    for (size_t i = 0; i < part_count; i++) {
        if (widths[i] > 0)
            draw_part(page, &parts[i], bar->parts[i], x, y + 17, widths[i]);
        x += widths[i];
    }
    markup_put(&page->markup, "\n");
    str_finish(&name);
}

static void put_legend(struct page *page, const struct chart_part *parts, size_t part_count,
                       const struct chart_bar *sum)
{
    markup_put(&page->markup, "<ul class=\"legend\">");
    for (size_t i = 0; i < part_count; i++) {
        if (sum->parts[i] > 0)
            markup_put(&page->markup,
                       "<li><svg class=\"key %s\" viewBox=\"0 0 10 10\" aria-hidden=\"true\"><rect width=\"10\" "
                       "height=\"10\"/></svg>%s %'" PRId64 "</li>",
                       parts[i].class, parts[i].label, sum->parts[i]);
    }
    markup_put(&page->markup, "</ul>\n");
}

static void add_bar(struct chart_bar *sum, const struct chart_bar *bar)
{
    for (size_t i = 0; i < CHART_MAX_PARTS; i++)
        sum->parts[i] += bar->parts[i];
}

/* With a column for each part that there is. */
static void put_table(struct page *page, const char *title, const struct chart_part *parts, size_t part_count,
                      const struct chart_bar *bars, size_t bar_count, const struct chart_bar *sum)
{
    struct page_column columns[CHART_MAX_PARTS + 2] = { { "Name", false } };
    size_t count = 1;

    for (size_t i = 0; i < part_count; i++) {
        if (sum->parts[i] > 0)
            columns[count++] = (struct page_column){ parts[i].label, true };
    }
    markup_put(&page->markup, "<details><summary>The figures</summary>\n");
    page_table_open(page, columns, "%s", title);
    for (size_t bar = 0; bar < bar_count; bar++) {
        page_row_open(page);
        page_cell(page, "%s", bars[bar].name);
        for (size_t i = 0; i < part_count; i++) {
            if (sum->parts[i] > 0)
                page_cell_count(page, bars[bar].parts[i]);
        }
        page_row_close(page);
    }
    page_table_close(page);
    markup_put(&page->markup, "</details>\n");
}

void chart_bars(struct page *page, const char *id, const char *title, const struct chart_part *parts, size_t part_count,
                const struct chart_bar *bars, size_t bar_count)
{
    struct chart_bar sum = { 0 }, others = { .name = "all others" };
    size_t drawn = bar_count > CHART_MAX_BARS ? CHART_MAX_BARS - 1 : bar_count;

    for (size_t i = 0; i < bar_count; i++)
        add_bar(i < drawn ? &sum : &others, &bars[i]);
    add_bar(&sum, &others);
    open_figure(page, id, title, BAR_STEP * (int)(drawn + (drawn < bar_count)));
    markup_put(&page->markup, "<desc id=\"d-%s\">", id);
    for (size_t i = 0; i < drawn; i++)
        describe_bar(page, parts, part_count, &bars[i]);
    markup_put(&page->markup, "</desc>\n");
    for (size_t i = 0; i < drawn; i++)
        draw_bar(page, parts, part_count, &bars[i], (int)i * BAR_STEP);
    if (drawn < bar_count)
        draw_bar(page, parts, part_count, &others, (int)drawn * BAR_STEP);
    markup_put(&page->markup, "</svg>\n");
    put_legend(page, parts, part_count, &sum);
    put_table(page, title, parts, part_count, bars, bar_count, &sum);
    markup_put(&page->markup, "</figure>\n");
}
