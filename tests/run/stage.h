/* A loop with hosts and scans on it, as the daemon has them, for tests.
 *
 *     stage_begin(&stage);
 *     struct post *ok = stage_host(&stage, "ok");
 *     stage_ready(&stage, ok);
 *     struct flight *flight = stage_scan(&stage, ok, &(struct plan){ .options = { { "count", "3" } } });
 *     stage_over(&stage, flight);
 *     assert_true(flight->end.outcome.good);
 *     stage_end(&stage);                  // closes all and asserts that nothing is left
 *
 * Everything waits for what is to happen, and fails the test where it has not after a minute. */
#ifndef STAGE_H
#define STAGE_H

#include "batch.h"
#include "budget.h"
#include "err.h"
#include "host.h"
#include "scan.h"
#include "vec.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <uv.h>

#define STAGE_OPTIONS 4

struct stage;

/* A host, and what it said. */
struct post {
    struct stage *stage;
    struct host *host;
    char path[512];
    size_t readies, unreadies;
    struct err why; /* of the last unready */
    int64_t retry;
    bool closing, closed;
};

struct named_value {
    const char *name, *value;
};

/* What a scan is to do; what is 0 is as usual. */
struct plan {
    enum run_mode mode;
    int64_t deadline_ms, memory_mb, cpu_s;
    struct named_value options[STAGE_OPTIONS];
    const char *list; /* a name whose elements are texts */
    const char *const *texts;
    size_t text_count;
    struct bytes token;
    bool keep; /* the batch and the share of the budget */
};

/* A scan, and what became of it. */
struct flight {
    struct stage *stage;
    struct scan *scan; /* NULL once it is over */
    bool over, keep;
    struct scan_end end;
    struct batch batch; /* what it brought, where it is kept; counts only where not */
    size_t items, gone, offers, warnings, token_size;
    size_t logs, steps_told;
    char text[1024]; /* of the last step or log line */
};

struct stage {
    uv_loop_t loop;
    struct budget *budget;
    vec(struct post *) posts;
    vec(struct flight *) flights;
    bool expired;
};

/* A group's setup: what libuv keeps for the life of a process is there, so that descriptors can be counted. */
int stage_warm(void **state);

void stage_begin(struct stage *stage);

/* Closes the hosts that are not closed yet at once, and asserts that the loop ends empty, with no process and no
 * descriptor left. */
void stage_end(struct stage *stage);

/* A teardown: kills whatever a test that failed has left. */
int stage_sweep(void **state);

/* A host of a specimen, by its name, or by its path where that has a slash. */
struct post *stage_host(struct stage *stage, const char *specimen);
struct post *stage_program(struct stage *stage, const char *program, const char *specimen); /* another host program */
void stage_script(char path[512], const char *text);      /* writes one: a script of the shell; to be unlinked */
void stage_ready(struct stage *stage, struct post *post); /* waits, and fails where it is unready */
void stage_close(struct stage *stage, struct post *post, int64_t grace_ms);

struct flight *stage_scan(struct stage *stage, struct post *post, const struct plan *plan);
void stage_over(struct stage *stage, struct flight *flight);
void stage_all_over(struct stage *stage);
void stage_is_good(struct stage *stage, struct flight *flight);
void stage_is_bad(struct stage *stage, struct flight *flight, enum err_class class, const char *words);

/* A scan that goes well, from beginning to end. */
void stage_neighbour(struct stage *stage, struct post *post);

/* Turns the loop until the condition holds. */
void stage_until(struct stage *stage, bool (*condition)(const void *what), const void *what);

/* Waits until a process has a child, and gives the first. */
int64_t stage_child_of(struct stage *stage, int64_t pid);

/* Fails the test where the words (NULL: any) are not in the text. */
void stage_must_say(const char *text, const char *words);

#endif
