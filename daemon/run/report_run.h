/* One report on its way into its files: the program muster as a process of its own for each format, one after the
 * other, then the oldest files go. */
#ifndef REPORT_RUN_H
#define REPORT_RUN_H

#include "report_order.h"

#include <stdbool.h>
#include <stdint.h>
#include <uv.h>

/* One process may take so long: reading alone may take half of it (QUERY_REPORT_MAX_MS). */
#ifndef REPORT_RUN_TIMEOUT_MS
#define REPORT_RUN_TIMEOUT_MS INT64_C(600000)
#endif

struct report_run;

struct report_run_input {
    const struct report_order *order;         /* borrowed until done was called */
    const char *program, *database, *control; /* absolute paths; borrowed likewise */
    int64_t now;                              /* wall time: the date of the files is that of the order's zone */
    int64_t since;                            /* wall time: changes are told since then; 0: as muster does by itself */
};

/* good, or a sentence why not. files: the absolute path for each format, in the order of the formats. trouble: what did
 * not go well although the report is written (an old file cannot be removed); NULL: nothing. */
struct report_run_result {
    bool good;
    const char *message, *trouble;
    const char *const *files;
};

/* done is called once, from the loop, never from within this call; the run is freed when it returns. */
struct report_run *report_run_start(uv_loop_t *loop, const struct report_run_input *input,
                                    void (*done)(void *context, const struct report_run_result *result), void *context);

/* Ends it now: done comes with a sentence that says so, or with success where nothing was left to be ended. */
void report_run_cancel(struct report_run *run);

#endif
