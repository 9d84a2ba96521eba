#include "budget.h"

#include "list.h"
#include "mem.h"

#include <stdlib.h>

struct budget {
    size_t limit, used;
    size_t scans, settled; /* shares of scans in flight; of batches */
    struct list flying;    /* of scans in flight, the oldest first */
    struct list paused;    /* of them, those that wait, in the order in which they were told to */
};

struct budget_share {
    struct budget *budget;
    struct list flying, paused;
    size_t bytes;
    bool settled;
    void (*resume)(void *context);
    void *context;
};

struct budget *budget_create(size_t limit)
{
    struct budget *budget = mem_new(1, sizeof *budget);

    budget->limit = limit;
    list_init(&budget->flying);
    list_init(&budget->paused);
    return budget;
}

void budget_destroy(struct budget *budget)
{
    free(budget);
}

size_t budget_limit(const struct budget *budget)
{
    return budget->limit;
}

size_t budget_used(const struct budget *budget)
{
    return budget->used;
}

size_t budget_scans(const struct budget *budget)
{
    return budget->scans;
}

static bool is_over(const struct budget *budget)
{
    return budget->used > budget->limit;
}

static struct budget_share *oldest(const struct budget *budget)
{
    return list_entry(budget->flying.next, struct budget_share, flying);
}

/* Who may read on: all of them, the oldest, or nobody while a commit is going to make room. */
static bool may_go_on(const struct budget_share *share)
{
    const struct budget *budget = share->budget;

    return !is_over(budget) || (budget->settled == 0 && oldest(budget) == share);
}

/* One of those that wait and need not; NULL where there is none. */
static struct budget_share *next_to_go_on(const struct budget *budget)
{
    struct budget_share *share;

    if (list_empty(&budget->paused))
        return NULL;
    share = is_over(budget) ? oldest(budget) : list_entry(budget->paused.next, struct budget_share, paused);
    return !list_empty(&share->paused) && may_go_on(share) ? share : NULL;
}

/* One that reads on at once may use up the room, and be told to pause again. */
static void wake(const struct budget *budget)
{
    struct budget_share *share;

    while ((share = next_to_go_on(budget)) != NULL) {
        list_remove(&share->paused);
        share->resume(share->context);
    }
}

void budget_set_limit(struct budget *budget, size_t limit)
{
    budget->limit = limit;
    wake(budget);
}

struct budget_share *budget_open(struct budget *budget, void (*resume)(void *context), void *context)
{
    struct budget_share *share = mem_new(1, sizeof *share);

    share->budget = budget;
    share->resume = resume;
    share->context = context;
    list_init(&share->paused);
    list_append(&budget->flying, &share->flying);
    budget->scans++;
    return share;
}

/* What an owner holds is there in memory, so that the sum cannot wrap. */
static void hold(struct budget_share *share, size_t bytes)
{
    share->budget->used = share->budget->used - share->bytes + bytes;
    share->bytes = bytes;
}

enum budget_answer budget_report(struct budget_share *share, size_t bytes)
{
    struct budget *budget = share->budget;

    list_remove(&share->paused);
    hold(share, bytes);
    if (!is_over(budget))
        wake(budget); /* it holds less than before */
    if (bytes > budget->limit)
        return BUDGET_TOO_LARGE;
    if (may_go_on(share))
        return BUDGET_GO_ON;
    list_append(&budget->paused, &share->paused);
    return BUDGET_PAUSE;
}

static void land(struct budget_share *share)
{
    list_remove(&share->paused);
    list_remove(&share->flying);
    share->budget->scans--;
}

void budget_settle(struct budget_share *share, size_t bytes)
{
    struct budget *budget = share->budget;

    hold(share, bytes);
    if (!share->settled) {
        land(share);
        share->settled = true;
        budget->settled++;
    }
    wake(budget);
}

void budget_close(struct budget_share *share)
{
    struct budget *budget;

    if (share == NULL)
        return;
    budget = share->budget;
    hold(share, 0);
    if (share->settled)
        budget->settled--;
    else
        land(share);
    free(share);
    wake(budget);
}
