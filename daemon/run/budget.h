/* How much memory all scans in flight may hold, batches that wait for their commit among it.
 *
 * Over the limit, streams are not read any more, so that their plugins wait; only the oldest scan goes on, so that
 * something always ends. One that needs more than the whole limit for itself fails, and says so. */
#ifndef BUDGET_H
#define BUDGET_H

#include <stdbool.h>
#include <stddef.h>

struct budget;
struct budget_share; /* of one scan, then of its batch until it was committed */

struct budget *budget_create(size_t limit);
void budget_destroy(struct budget *budget);
void budget_set_limit(struct budget *budget, size_t limit);
size_t budget_used(const struct budget *budget);

/* resume is called when the share's owner was told to pause and may go on. */
struct budget_share *budget_open(struct budget *budget, void (*resume)(void *context), void *context);

enum budget_answer { BUDGET_GO_ON, BUDGET_PAUSE, BUDGET_TOO_LARGE };

/* The share holds so many bytes now. */
enum budget_answer budget_report(struct budget_share *share, size_t bytes);

/* The scan is over and only its batch is held from now on: it asks for nothing more, and is not waited for. */
void budget_settle(struct budget_share *share, size_t bytes);

void budget_close(struct budget_share *share);

#endif
