/* Rows of the table report: when each of the reports that are written by themselves was made last. */
#ifndef REPORT_ROW_H
#define REPORT_ROW_H

#include "err.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct store;

struct report_row {
    const char *name;
    int64_t known_at, made_at; /* wall times; made_at: start of the last one that was written, 0: none was */
};

/* Fills in the times of these. One that is not known yet is from now on; those of other names are forgotten. */
bool report_row_know(struct store *store, struct report_row *rows, size_t count, int64_t now, struct err *err);

/* What came of one that was begun at this time. */
struct report_outcome {
    const char *name;
    int64_t at;
    const char *message;      /* why it was not written; NULL: it was */
    const char *const *files; /* absolute paths of what was written */
    const char *const *formats;
    size_t count;
};

/* Keeps it, and where it was written, tells hooks of each file (report.ready). now: wall time. */
bool report_row_settle(struct store *store, const struct report_outcome *outcome, int64_t now, struct err *err);

#endif
