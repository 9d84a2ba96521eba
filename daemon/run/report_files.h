/* The files of a report in its folder: the newest stay. Looks at the disk, and so is not for the loop. */
#ifndef REPORT_FILES_H
#define REPORT_FILES_H

#include "err.h"

#include <stdbool.h>
#include <stddef.h>

/* Removes the oldest files of this report and format (report_plan_owns) until so many are left, and what is left of
 * one that was never finished (".FILE.XXXXXX", report.h). Nothing else is looked at. Not while one is being written. */
bool report_files_prune(const char *folder, const char *name, const char *format, size_t keep, struct err *err);

#endif
