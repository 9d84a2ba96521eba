/* What the files behind report_json.h share: a page whose members have a line each, and rows of lists too. */
#ifndef REPORT_JSON_PARTS_H
#define REPORT_JSON_PARTS_H

#include "outlet.h"
#include "report.h"

struct page {
    const struct report *report;
    struct outlet outlet;
    size_t rows;        /* of the list that is open */
    struct str endless; /* rows of the list of what no end of support is on record of */
};

/* Begins a member: its value is to follow. */
void page_name(struct page *page, const char *name);

void page_open_list(struct page *page, const char *name);
void page_begin_row(struct page *page);
void page_close_list(struct page *page);

/* Parts of the head. */
void page_add_title(struct page *page);
void page_add_population(struct page *page);
void page_add_figures(struct page *page);
void page_add_rulings(struct page *page);
void page_add_coverage(struct page *page);

#endif
