/* The report as one HTML page that needs nothing else: no script, no font, no picture from elsewhere. */
#ifndef REPORT_HTML_H
#define REPORT_HTML_H

#include "report.h"

/* For the table of formats. Between reading and the page lies a temporary file without a name (tmpfile), as the first
 * screen tells what is only known at the end. */
bool report_html_write(const struct report *report, struct err *err);

#endif
