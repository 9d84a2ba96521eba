/* Leaves timers running in prepare(), as a profiler does: their signals come to a process that has no handler any more.
 */
#include "muster_plugin.h"

#include <signal.h>
#include <stddef.h>
#include <sys/time.h>
#include <time.h>

static void ignore(int number)
{
    (void)number;
}

static int prepare(struct muster_error *error)
{
    struct sigevent event = { .sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGUSR1 };
    const struct itimerspec often = { .it_value.tv_nsec = 200000, .it_interval.tv_nsec = 200000 };
    const struct itimerval profile = { .it_value.tv_usec = 200, .it_interval.tv_usec = 200 };
    timer_t timer;

    signal(SIGUSR1, ignore);
    signal(SIGPROF, ignore);
    if (timer_create(CLOCK_MONOTONIC, &event, &timer) != 0 || timer_settime(timer, 0, &often, NULL) != 0 ||
        setitimer(ITIMER_PROF, &profile, NULL) != 0)
        return muster_prepare_fail(error, "no timers");
    return 0;
}

static int scan(struct muster *m)
{
    (void)m;
    return 0;
}

static const struct muster_option options[] = {
    { .name = "well", .type = MUSTER_BOOL, .help = "do as one should" },
    { 0 },
};
static const char *const kinds[] = { "machine", NULL };

MUSTER_PLUGIN(.name = "prepare_timers", .version = "1", .summary = "leaves timers running", .options = options,
              .kinds = kinds, .scan = scan, .prepare = prepare);
