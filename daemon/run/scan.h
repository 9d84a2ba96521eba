/* One run of a plugin for one target, from order to outcome. */
#ifndef SCAN_H
#define SCAN_H

#include "batch.h"
#include "err.h"
#include "host.h"
#include "message.h"
#include "option.h"
#include "outcome.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifndef SCAN_PATIENCE_MS
#define SCAN_PATIENCE_MS 30000 /* past its deadline: a host that has not ended the run by then is killed */
#endif

struct scan;
struct budget;
struct budget_share;

struct scan_request {
    enum run_mode mode;
    int64_t deadline_ms;
    int64_t memory_mb, cpu_s;
    struct option_list options; /* borrowed until scan_start returns */
    struct bytes token;         /* the same */
};

/* What a run did, complete. All of it is borrowed until the callback returns, but the batch, which may be taken over:
 * set *batch to an initialised empty one to keep what was in it, and share to NULL to keep that too, so that the batch
 * counts until budget_close(). */
struct scan_end {
    struct outcome outcome;
    bool host_died; /* the run ended because its host did: no fault of its own that anybody knows of */
    bool cancelled; /* by scan_cancel */
    bool refused;   /* the credential was: outcome.err says why, and is of class denied */
    bool untried;   /* no use was made of the credential */
    bool twice;     /* it had a record twice, and is partial: what it says to be gone is not known to be */
    struct batch *batch;
    struct budget_share *share; /* settled */
    uint64_t items, warnings, bytes, steps;
    uint64_t wall_ms, cpu_us, peak_kb;
};

struct scan_events {
    void (*ended)(void *context, struct scan *scan, struct scan_end *end);           /* the scan is freed after it */
    void (*step)(void *context, struct scan *scan, const struct message_step *step); /* NULL: not wanted */
    void (*log)(void *context, struct scan *scan, const struct message_log *log);    /* NULL: not wanted */
};

/* Orders the run; a NULL budget has no limit. NULL, with a sentence, where the host is not ready, the request does not
 * fit, or there is no descriptor left. Events come from the loop, never from within a call. */
struct scan *scan_start(struct host *host, struct budget *budget, const struct scan_request *request,
                        const struct scan_events *events, void *context, struct err *err);

/* Gives it up; `ended` still comes. why ends the sentence "it was cancelled: ...". Not from within `step` and
 * `log`. */
void scan_cancel(struct scan *scan, const char *why);

/* How many items have come so far, for progress. */
uint64_t scan_items(const struct scan *scan);

#endif
