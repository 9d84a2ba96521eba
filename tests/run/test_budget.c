/* The memory of all scans together: who may read on, who waits, and that somebody always goes on. */
#include "budget.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdbool.h>
#include <string.h>

struct owner {
    struct budget_share *share;
    size_t resumed, bytes;
    bool paused, settled;
};

static void on_resume(void *context)
{
    struct owner *owner = context;

    owner->resumed++;
    owner->paused = false;
}

static void join(struct budget *budget, struct owner *owner)
{
    memset(owner, 0, sizeof *owner);
    owner->share = budget_open(budget, on_resume, owner);
}

static void close_share(struct owner *owner)
{
    budget_close(owner->share);
    owner->share = NULL;
}

/* Two that share 100, and a third where a test lets it join. */
static struct budget *pool;
static struct owner a, b, c;

static int start(void **state)
{
    (void)state;
    pool = budget_create(100);
    join(pool, &a);
    join(pool, &b);
    c = (struct owner){ 0 };
    return 0;
}

static int finish(void **state)
{
    (void)state;
    close_share(&a);
    close_share(&b);
    close_share(&c);
    budget_destroy(pool);
    return 0;
}

static void below_the_limit_everybody_goes_on(void **state)
{
    (void)state;
    assert_int_equal(budget_scans(pool), 2);
    assert_int_equal(budget_report(a.share, 50), BUDGET_GO_ON);
    assert_int_equal(budget_report(b.share, 50), BUDGET_GO_ON);
    assert_int_equal(budget_used(pool), 100);
    close_share(&a);
    assert_int_equal(budget_used(pool), 50);
    close_share(&b);
    assert_int_equal(budget_used(pool), 0);
    assert_int_equal(budget_scans(pool), 0);
}

static void over_the_limit_the_oldest_alone_goes_on(void **state)
{
    (void)state;
    join(pool, &c);
    assert_int_equal(budget_report(a.share, 50), BUDGET_GO_ON);
    assert_int_equal(budget_report(b.share, 51), BUDGET_PAUSE);
    assert_int_equal(budget_report(c.share, 1), BUDGET_PAUSE);
    assert_int_equal(budget_report(a.share, 100), BUDGET_GO_ON);
    assert_int_equal(b.resumed + c.resumed, 0);
    close_share(&a);
    assert_int_equal(b.resumed, 1);
    assert_int_equal(c.resumed, 1);
}

static void the_next_oldest_follows_where_there_is_still_no_room(void **state)
{
    (void)state;
    join(pool, &c);
    budget_report(a.share, 90);
    assert_int_equal(budget_report(b.share, 60), BUDGET_PAUSE);
    assert_int_equal(budget_report(c.share, 60), BUDGET_PAUSE);
    close_share(&a);
    assert_int_equal(b.resumed, 1);
    assert_int_equal(c.resumed, 0);
    assert_int_equal(budget_report(b.share, 70), BUDGET_GO_ON);
    close_share(&b);
    assert_int_equal(c.resumed, 1);
}

static void one_that_needs_more_than_all_is_told(void **state)
{
    (void)state;
    assert_int_equal(budget_report(a.share, 101), BUDGET_TOO_LARGE);
    assert_int_equal(budget_report(b.share, 1), BUDGET_PAUSE);
    close_share(&a);
    assert_int_equal(b.resumed, 1);
}

static void over_the_limit_a_commit_is_waited_for(void **state)
{
    (void)state;
    budget_report(a.share, 80);
    budget_settle(a.share, 70);
    assert_int_equal(budget_used(pool), 70);
    assert_int_equal(budget_scans(pool), 1);
    assert_int_equal(budget_report(b.share, 30), BUDGET_GO_ON);
    assert_int_equal(budget_report(b.share, 31), BUDGET_PAUSE);
    close_share(&a);
    assert_int_equal(b.resumed, 1);
}

static void a_batch_that_shrinks_makes_room(void **state)
{
    (void)state;
    budget_report(a.share, 100);
    assert_int_equal(budget_report(b.share, 10), BUDGET_PAUSE);
    budget_settle(a.share, 90);
    assert_int_equal(b.resumed, 1);
    budget_settle(a.share, 100);
    assert_int_equal(budget_report(b.share, 10), BUDGET_PAUSE);
    budget_settle(a.share, 10);
    assert_int_equal(b.resumed, 2);
}

static void a_scan_that_shrinks_makes_room(void **state)
{
    (void)state;
    budget_report(a.share, 100);
    assert_int_equal(budget_report(b.share, 10), BUDGET_PAUSE);
    assert_int_equal(budget_report(a.share, 90), BUDGET_GO_ON);
    assert_int_equal(b.resumed, 1);
}

static void a_higher_limit_lets_all_go_on(void **state)
{
    (void)state;
    budget_report(a.share, 100);
    assert_int_equal(budget_report(b.share, 50), BUDGET_PAUSE);
    budget_set_limit(pool, 149);
    assert_int_equal(b.resumed, 0);
    budget_set_limit(pool, 150);
    assert_int_equal(b.resumed, 1);
    assert_int_equal(budget_limit(pool), 150);
}

static void a_share_that_is_closed_while_it_waits_is_not_called(void **state)
{
    (void)state;
    budget_report(a.share, 100);
    assert_int_equal(budget_report(b.share, 50), BUDGET_PAUSE);
    close_share(&b);
    close_share(&a);
    assert_int_equal(b.resumed, 0);
    budget_close(NULL);
}

/* An owner that reads at once when it may, and so uses up the room that the next one was to have. */
struct greedy {
    struct owner owner;
    enum budget_answer answer;
};

static void read_at_once(void *context)
{
    struct greedy *greedy = context;

    greedy->owner.resumed++;
    greedy->answer = budget_report(greedy->owner.share, greedy->owner.bytes += 50);
}

static void one_that_reads_while_it_is_resumed_takes_the_room(void **state)
{
    struct budget *budget = budget_create(100);
    struct greedy greedy[3] = { 0 };
    struct owner first;

    (void)state;
    join(budget, &first);
    for (size_t i = 0; i < 3; i++)
        greedy[i].owner.share = budget_open(budget, read_at_once, &greedy[i]);
    budget_report(first.share, 100);
    for (size_t i = 0; i < 3; i++)
        assert_int_equal(budget_report(greedy[i].owner.share, greedy[i].owner.bytes = 20), BUDGET_PAUSE);
    budget_close(first.share);
    /* 60, then 110: the second is not called any more. */
    assert_int_equal(greedy[0].owner.resumed, 1);
    assert_int_equal(greedy[0].answer, BUDGET_GO_ON);
    assert_int_equal(greedy[1].owner.resumed + greedy[2].owner.resumed, 0);
    for (size_t i = 0; i < 3; i++)
        budget_close(greedy[i].owner.share);
    budget_destroy(budget);
}

/* ---------------------------------------------------------------------------------------------- the property ---- */

#define OWNERS 12
#define LIMIT 1000
#define READ 64

static unsigned draw(uint64_t *seed, unsigned below)
{
    *seed = *seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (unsigned)(*seed >> 33) % below;
}

static void read_some(struct owner *owner, uint64_t *seed)
{
    owner->bytes += draw(seed, READ + 1);
    switch (budget_report(owner->share, owner->bytes)) {
    case BUDGET_GO_ON: break;
    case BUDGET_PAUSE: owner->paused = true; break;
    case BUDGET_TOO_LARGE:
        assert_true(owner->bytes > LIMIT);
        budget_close(owner->share);
        memset(owner, 0, sizeof *owner);
        break;
    }
}

static void settle(struct owner *owner, uint64_t *seed)
{
    owner->settled = true;
    owner->bytes -= draw(seed, (unsigned)owner->bytes + 1);
    budget_settle(owner->share, owner->bytes);
}

static void leave(struct owner *owner)
{
    budget_close(owner->share);
    memset(owner, 0, sizeof *owner);
}

/* One that waits can only be cancelled. */
static void step(struct budget *budget, struct owner *owner, uint64_t *seed)
{
    unsigned dice = draw(seed, 100);

    if (owner->share == NULL)
        join(budget, owner);
    else if (owner->settled ? dice < 20 : dice < 1)
        leave(owner);
    else if (!owner->settled && !owner->paused && dice < 4)
        settle(owner, seed);
    else if (!owner->settled && !owner->paused)
        read_some(owner, seed);
}

/* Nobody waits without cause, somebody can always do something, and what is held is bounded. */
static void check(const struct budget *budget, const struct owner *owners)
{
    size_t sum = 0, settled = 0, waiting = 0, flying = 0, largest = 0;

    for (size_t i = 0; i < OWNERS; i++) {
        sum += owners[i].bytes;
        settled += owners[i].settled;
        flying += owners[i].share != NULL && !owners[i].settled;
        waiting += owners[i].paused;
        if (owners[i].bytes > largest)
            largest = owners[i].bytes;
    }
    assert_int_equal(sum, budget_used(budget));
    assert_int_equal(flying, budget_scans(budget));
    assert_true(waiting == 0 || sum > LIMIT);
    assert_true(flying == 0 || waiting < flying || settled > 0);
    assert_true(largest <= LIMIT);
    assert_true(sum <= 2 * LIMIT + OWNERS * READ);
}

static void whatever_happens_somebody_goes_on_and_memory_is_bounded(void **state)
{
    (void)state;
    for (uint64_t round = 1; round <= 50; round++) {
        struct budget *budget = budget_create(LIMIT);
        struct owner owners[OWNERS] = { 0 };
        uint64_t seed = round;

        for (int i = 0; i < 4000; i++) {
            step(budget, &owners[draw(&seed, OWNERS)], &seed);
            check(budget, owners);
        }
        for (size_t i = 0; i < OWNERS; i++) {
            if (owners[i].share != NULL)
                leave(&owners[i]);
        }
        assert_int_equal(budget_used(budget), 0);
        budget_destroy(budget);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(below_the_limit_everybody_goes_on, start, finish),
        cmocka_unit_test_setup_teardown(over_the_limit_the_oldest_alone_goes_on, start, finish),
        cmocka_unit_test_setup_teardown(the_next_oldest_follows_where_there_is_still_no_room, start, finish),
        cmocka_unit_test_setup_teardown(one_that_needs_more_than_all_is_told, start, finish),
        cmocka_unit_test_setup_teardown(over_the_limit_a_commit_is_waited_for, start, finish),
        cmocka_unit_test_setup_teardown(a_batch_that_shrinks_makes_room, start, finish),
        cmocka_unit_test_setup_teardown(a_scan_that_shrinks_makes_room, start, finish),
        cmocka_unit_test_setup_teardown(a_higher_limit_lets_all_go_on, start, finish),
        cmocka_unit_test_setup_teardown(a_share_that_is_closed_while_it_waits_is_not_called, start, finish),
        cmocka_unit_test(one_that_reads_while_it_is_resumed_takes_the_room),
        cmocka_unit_test(whatever_happens_somebody_goes_on_and_memory_is_bounded),
    };

    return cmocka_run_group_tests_name("budget", tests, NULL, NULL);
}
