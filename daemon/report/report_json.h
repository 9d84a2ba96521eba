/* The report as JSON, one object as docs/report.schema.json describes it. */
#ifndef REPORT_JSON_H
#define REPORT_JSON_H

#include "report.h"

/* For the table of formats. */
bool report_json_write(const struct report *report, struct err *err);

#endif
