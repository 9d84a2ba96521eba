/* What `muster what-if` found, as one HTML page: an upgrade plan for people who were not there. It looks like the
 * report (page.h), loads nothing and runs nothing. */
#ifndef PLAN_HTML_H
#define PLAN_HTML_H

#include "err.h"
#include "query_suppose.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

/* All of it stays its owner's. Texts may be hostile. */
struct plan {
    const struct matrix *matrix;   /* that both sides are judged by */
    const struct product *product; /* that is supposed; NULL: as it is */
    const struct query_supposed *supposed;
    struct query_texts selection; /* "server=mabs01"; none: all is selected */
    struct query_texts facts;     /* "os.service_pack=1" */
    struct query_texts notes;     /* what makes the answer less than it says */
    const char *nothing;          /* said instead of the answer, where nothing was compared; else NULL */
    int64_t now;                  /* wall time, when it was judged */
    const char *title;            /* what stands above it; NULL: "Upgrade plan" and the product */
    const char *version;          /* of muster */
};

/* Counts and groups are whole; of a group, PAGE_MAX_MEMBERS protections of the list at the most are shown, and how many
 * there are besides. False with the system's own text where it cannot be written. */
bool plan_html_write(const struct plan *plan, FILE *out, struct err *err);

/* The same into a file, whole or not at all (whole_file.h). */
bool plan_html_write_file(const struct plan *plan, const char *path, struct err *err);

#endif
