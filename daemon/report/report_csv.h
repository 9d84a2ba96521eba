/* The report as CSV: one table of all protections that count, whatever they ask, with the columns of docs/reports.md.
 */
#ifndef REPORT_CSV_H
#define REPORT_CSV_H

#include "report.h"

/* For the table of formats. */
bool report_csv_write(const struct report *report, struct err *err);

#endif
