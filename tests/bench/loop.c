/* How late the event loop is while a large scan arrives and is committed: a timer of a millisecond on it tells. */
#include "bench.h"

#include "hall.h"
#include "mem.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#define MANY 100000
#define QUIET_S 1
#define MOST 200000

/* How late each turn of the timer came, and the processor time of the loop's thread since the one before: what other
 * programs do to the machine is in the one and not in the other. Milliseconds. */
struct lateness {
    uv_timer_t timer;
    double *late, *work;
    size_t count;
    double before, work_before;
};

struct result {
    double late, longest, work; /* late and work: what one turn in a hundred is over */
    size_t count;
};

static double thread_time(void)
{
    struct timespec now;

    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static void on_tick(uv_timer_t *timer)
{
    struct lateness *lateness = timer->data;
    double now = bench_now(), work = thread_time(), late = (now - lateness->before) * 1e3 - 1;

    if (lateness->count < MOST) {
        lateness->late[lateness->count] = late > 0 ? late : 0;
        lateness->work[lateness->count++] = (work - lateness->work_before) * 1e3;
    }
    lateness->before = now;
    lateness->work_before = work;
}

static void begin(struct lateness *lateness, struct hall *hall)
{
    *lateness = (struct lateness){
        .late = mem_new(MOST, sizeof *lateness->late),
        .work = mem_new(MOST, sizeof *lateness->work),
        .before = bench_now(),
        .work_before = thread_time(),
    };
    uv_timer_init(&hall->loop, &lateness->timer);
    lateness->timer.data = lateness;
    uv_timer_start(&lateness->timer, on_tick, 1, 1);
}

static struct result end(struct lateness *lateness)
{
    struct result result = { .count = lateness->count };
    size_t part = lateness->count * 99 / 100;

    uv_close((uv_handle_t *)&lateness->timer, NULL);
    uv_run(lateness->timer.loop, UV_RUN_NOWAIT);
    bench_median(lateness->late, lateness->count);
    bench_median(lateness->work, lateness->count);
    result.late = lateness->late[part];
    result.work = lateness->work[part];
    result.longest = lateness->late[lateness->count - 1];
    free(lateness->late);
    free(lateness->work);
    return result;
}

static double quiet(struct hall *hall)
{
    struct lateness lateness;
    double until = bench_now() + QUIET_S;

    begin(&lateness, hall);
    while (bench_now() < until)
        uv_run(&hall->loop, UV_RUN_ONCE);
    return end(&lateness).late;
}

static void measure(struct hall *hall, const char *what, int scans, double idle)
{
    struct row row = { .what = what, .unit = "ms", .kind = BAR_AT_MOST, .bar = 5 };
    struct lateness lateness;
    double begun = bench_now();
    struct result result;

    begin(&lateness, hall);
    for (int i = 0; i < scans; i++) {
        hall_scan(hall, 1, MANY);
        hall_until(hall, 0);
    }
    result = end(&lateness);
    row.measured = result.late;
    snprintf(row.compared, sizeof row.compared,
             "99 of 100 of %zu turns in %.1f s; longest %.1f; own work %.2f; idle %.2f", result.count,
             bench_now() - begun, result.longest, result.work, idle);
    bench_row(&row);
}

void bench_loop(void)
{
    struct hall hall;
    double idle;

    hall_open(&hall, 1);
    idle = quiet(&hall);
    measure(&hall, "lateness of the loop, 100,000 new items", 1, idle);
    measure(&hall, "lateness of the loop, five times the same items", 5, idle);
    hall_close(&hall);
}
