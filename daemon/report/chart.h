/* Charts as inline SVG, each a figure with its title, its description in words, a legend with the sums, and the figures
 * as a table that opens. No colour stands alone: parts keep their order, carry their number where there is room for it,
 * and go from dark to light. */
#ifndef CHART_H
#define CHART_H

#include "page.h"

#include <stddef.h>
#include <stdint.h>

#define CHART_MAX_PARTS 8
#define CHART_MAX_BARS 12 /* of which the last is what there is besides */

/* What a part of a bar stands for. class: of the style sheet. */
struct chart_part {
    const char *label, *class;
};

struct chart_bar {
    const char *name; /* hostile */
    int64_t parts[CHART_MAX_PARTS];
};

/* Bars of one length, each parted by its shares. The id is a word that no other chart has. */
void chart_bars(struct page *page, const char *id, const char *title, const struct chart_part *parts, size_t part_count,
                const struct chart_bar *bars, size_t bar_count);

/* Lines over the days: what asked for action, a decision, a look at the end of each. Two days at the least. */
void chart_days(struct page *page, const char *id, const char *title, const struct query_report_day *days,
                size_t count);

#endif
