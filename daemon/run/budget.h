/* How much memory all scans in flight may hold, batches that wait for their commit among it.
 *
 * Over the limit, streams are not read any more, so that their plugins wait: for the batches that wait for their
 * commit, and where there are none, for the oldest scan, which alone goes on, so that something always ends. One that
 * needs more than the whole limit for itself fails, and says so.
 *
 * So all scans but the oldest together never hold more than the limit and what each of them has read at once, and
 * with the oldest never more than twice that. Pure bookkeeping; one thread. */
#ifndef BUDGET_H
#define BUDGET_H

#include <stddef.h>

struct budget;
struct budget_share; /* of one scan, then of its batch until it was committed */

struct budget *budget_create(size_t limit);
void budget_destroy(struct budget *budget); /* every share must be closed; NULL is allowed */
void budget_set_limit(struct budget *budget, size_t limit);
size_t budget_limit(const struct budget *budget);
size_t budget_used(const struct budget *budget);

/* How many scans are in flight: shares that are neither settled nor closed. */
size_t budget_scans(const struct budget *budget);

/* resume is called when the share's owner was told to pause and may go on: from within a call for another share, or
 * budget_set_limit. It may call everything here but for budget_destroy. */
struct budget_share *budget_open(struct budget *budget, void (*resume)(void *context), void *context);

enum budget_answer { BUDGET_GO_ON, BUDGET_PAUSE, BUDGET_TOO_LARGE };

/* The share holds so many bytes now. */
enum budget_answer budget_report(struct budget_share *share, size_t bytes);

/* The scan is over and only its batch is held from now on: it asks for nothing more, and is not waited for. */
void budget_settle(struct budget_share *share, size_t bytes);

/* Gives the share back. NULL is allowed. */
void budget_close(struct budget_share *share);

#endif
