/* How late the event loop is while a large scan arrives and is committed: a timer of a millisecond on it tells. */
#include "bench.h"

#include "hall.h"
#include "mem.h"

#include <stdio.h>
#include <stdlib.h>

#define MANY 100000
#define QUIET_S 1
#define MOST 200000

/* How late each turn of the timer came, in milliseconds. */
struct lateness {
    uv_timer_t timer;
    double *ms;
    size_t count;
    double before;
};

static void on_tick(uv_timer_t *timer)
{
    struct lateness *lateness = timer->data;
    double now = bench_now(), late = (now - lateness->before) * 1e3 - 1;

    lateness->before = now;
    if (lateness->count < MOST)
        lateness->ms[lateness->count++] = late > 0 ? late : 0;
}

static void begin(struct lateness *lateness, struct hall *hall)
{
    *lateness = (struct lateness){ .ms = mem_new(MOST, sizeof *lateness->ms), .before = bench_now() };
    uv_timer_init(&hall->loop, &lateness->timer);
    lateness->timer.data = lateness;
    uv_timer_start(&lateness->timer, on_tick, 1, 1);
}

/* Sorts; gives what one in a hundred is over. */
static double end(struct lateness *lateness, double *longest)
{
    double part;

    uv_close((uv_handle_t *)&lateness->timer, NULL);
    uv_run(lateness->timer.loop, UV_RUN_NOWAIT);
    bench_median(lateness->ms, lateness->count);
    part = lateness->ms[lateness->count * 99 / 100];
    *longest = lateness->ms[lateness->count - 1];
    free(lateness->ms);
    return part;
}

static double quiet(struct hall *hall)
{
    struct lateness lateness;
    double until = bench_now() + QUIET_S, longest;

    begin(&lateness, hall);
    while (bench_now() < until)
        uv_run(&hall->loop, UV_RUN_ONCE);
    return end(&lateness, &longest);
}

static void measure(struct hall *hall, const char *what, double idle)
{
    struct row row = { .what = what, .unit = "ms", .kind = BAR_AT_MOST, .bar = 5 };
    struct lateness lateness;
    double begun = bench_now(), longest;
    size_t count;

    begin(&lateness, hall);
    hall_scan(hall, 1, MANY);
    hall_until(hall, 0);
    count = lateness.count;
    row.measured = end(&lateness, &longest);
    snprintf(row.compared, sizeof row.compared, "99 in 100 of %zu turns in %.1f s; the longest %.1f; idle %.2f", count,
             bench_now() - begun, longest, idle);
    bench_row(&row);
}

void bench_loop(void)
{
    struct hall hall;
    double idle;

    hall_open(&hall, 1);
    idle = quiet(&hall);
    measure(&hall, "lateness of the loop, 100,000 new items", idle);
    measure(&hall, "lateness of the loop, the same items again", idle);
    hall_close(&hall);
}
