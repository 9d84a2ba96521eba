/* A compliance report in one of several formats, streamed: what is read is written, and memory does not grow with the
 * fleet. One file a format (report_html.c, ...), one table of them here.
 *
 * The order of content is the same in all: completeness (the population by source, what was not or not lately scanned,
 * what rules take out, hash and date of every file of the matrix), what changed, what is to act on, to decide, to look
 * at, exemptions, rulings, lifecycle, contradictions of the matrix, coverage. */
#ifndef REPORT_H
#define REPORT_H

#include "err.h"
#include "query_report.h"

#include <stdbool.h>
#include <stdio.h>

#define REPORT_NO_PROOF "That a way of protecting is supported is no proof that there is a backup."

struct report {
    struct query_report *source;
    const struct query_report_wish *wish; /* that it was opened with */
    const struct query_report_head *head;
    const char *title;   /* of the report, for its readers */
    const char *version; /* of muster */
    const char *host;    /* name of the machine that writes it; "" where that is not known */
    FILE *out;
};

struct report_format {
    const char *name, *suffix; /* "html", ".html" */
    bool (*write)(const struct report *report, struct err *err);
};

/* html, json, csv, junit; a NULL name is behind the last. */
extern const struct report_format report_formats[];

/* NULL: none of that name. */
const struct report_format *report_format(const char *name);

/* Writes the whole report; false where the reading or the writing failed (the library's own text in the sentence). Into
 * a pipe, a socket or a terminal it is written when the reading is over, from a temporary file without a name: who
 * takes it slowly does not keep the database's log from being taken over. */
bool report_write(struct query *query, const struct query_report_wish *wish, const struct report_format *format,
                  const char *title, const char *version, FILE *out, struct err *err);

/* The same into a file: first a temporary one beside it, which then gets the name. Where anything fails, what was there
 * before is as it was, and no half file is left. */
bool report_write_file(struct query *query, const struct query_report_wish *wish, const struct report_format *format,
                       const char *title, const char *version, const char *path, struct err *err);

#endif
