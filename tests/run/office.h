/* A store and a worker as the daemon has them, a reporter, and a script in the place of muster; rules and peers are the
 * test's own. Whatever fails in here fails the test.
 *
 *     office_known(2);                        the report "daily" is known since two days, so it is due
 *     reporter_start(office.reporter);
 *     office_wait(OFFICE_MADE, "1");
 *     assert_string_equal(office_files(), "..."); */
#ifndef OFFICE_H
#define OFFICE_H

#include "clock.h"
#include "control_server.h"
#include "fleet.h"
#include "list.h"
#include "report_order.h"
#include "report_row.h"
#include "reporter.h"
#include "store.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <uv.h>

#define OFFICE_DAY_MS INT64_C(86400000)
#define OFFICE_GRACE_MS 50
#define OFFICE_MADE "SELECT count(*) FROM report WHERE made_at > 0"
#define OFFICE_FAILED "SELECT count(*) FROM report WHERE failed_at > 0"

struct rules {
    int references;
    struct report_orders orders;
};

struct peer {
    unsigned status;
    char text[512];
    bool done;
};

struct office {
    char folder[64], out[96], program[96], database[96], calls[96];
    uv_loop_t loop;
    uv_timer_t guard, look;
    struct store *store;
    struct worker *worker;
    struct fleet fleet;
    struct reporter *reporter;
    struct report_order orders[2]; /* "daily", in html and csv, of which three stay; and the same called "other" */
    struct rules rules, others;    /* rules: the first order alone; others: none */
    unsigned woken;                /* how often hooks were woken */
    bool judging;                  /* everything is being judged; who waits for its end */
    struct list waits;
    bool stopped, closed;
};

extern struct office office;

/* For cmocka. When it closes nothing is left: no handle, no reference to any rules. */
int office_open(void **state);
int office_close(void **state);

/* Everything is judged: whoever waits is told. */
void office_judged(void);

/* The reporter is stopped, as when the daemon ends; harmless when it is. */
void office_stop(void);

/* The reports are known since so many days ago. */
void office_known(int64_t days);

/* A file beside the script: "fail" has it fail, "hang" has it write half a file and hang. */
void office_put(const char *name);
void office_take(const char *name);
void office_write(const char *path, const char *text, mode_t mode);

/* The rows of a statement's first column with blanks between them, on a connection of its own; good until the next
 * call. */
const char *office_ask(const char *text);

/* Until the statement gives the answer, or the files begin with this. */
void office_wait(const char *text, const char *answer);
void office_wait_files(const char *begin);

/* A line for each call of the script: its folder, PATH, HOME and words. How many there were. */
const char *office_calls(void);
size_t office_count_calls(void);

/* The names in the folder of reports, in their order, each with a blank behind it. */
const char *office_files(void);

/* "daily-2026-11-26.html"; good until the second call after. */
const char *office_today(const char *format);

#endif
