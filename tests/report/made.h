/* Reports that are made by hand, in the place of the reading side: this file is linked instead of it.
 *
 *     const struct made *made = made_find("tiny");
 *     struct report report = { made_source(made), &made->wish, &made->head, ... };                     */
#ifndef MADE_H
#define MADE_H

#include "query_report.h"

#include <stddef.h>
#include <stdint.h>

#define MADE_AT INT64_C(1764547199999) /* 2025-11-30T23:59:59.999Z */
#define MADE_HOSTILE "</title></script><script>alert(1)</script>\"'`&lt;\x1b[31m\xE2\x80\xAEgpj\n]]>\xEF\xBF\xBF\xFF"

struct made_row {
    struct query_report_protection row;
    size_t times; /* that it comes, with other names; 0: once, as it is */
};

/* A report: what it tells, as the reading side would. */
struct made {
    const char *name, *title, *host;
    struct query_report_wish wish;
    struct query_report_head head;
    const struct made_row *rows; /* in the order of the contract */
    size_t row_count;
    const struct query_report_excluded *excluded;
    size_t excluded_count;
    const struct query_report_change *changes;
    size_t change_count;
    const struct query_report_exemption *exemptions;
    size_t exemption_count;
    const struct query_report_lifecycle *lifecycles;
    size_t lifecycle_count;
    const struct query_report_condition *conditions;
    size_t condition_count;
    const struct query_report_uncovered *uncovered;
    size_t uncovered_count;
    const struct query_report_covered *covered;
    size_t covered_count;
    const struct query_report_old_tls *old_tls;
    size_t old_tls_count;
    const char *broken; /* why the reading of protections fails, behind the rows; NULL: it does not */
};

/* tiny, empty, hostile, past, many, joined, broken; NULL: none of that name. */
const struct made *made_find(const char *name);

/* What stands for it in a struct report. */
struct query_report *made_source(const struct made *made);

#endif
