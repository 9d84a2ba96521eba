#include "maintenance.h"

#include "target_filter.h"

#define WEEK 7
#define DAYS_AHEAD (3 * WEEK) /* an opening may be skipped with the hour or the day that clocks go forward over */

/* One opening; empty where clocks show neither its begin nor its end. */
struct opening {
    int64_t begin, end;
};

static struct opening on_day(const struct maintenance_window *window, const struct zone_time *day)
{
    struct zone_time begin = { .year = day->year, .month = day->month, .day = day->day };
    struct zone_time end = begin;

    begin.minute = window->begin_minute;
    end.minute = window->begin_minute + window->minutes;
    return (struct opening){ zone_wall(window->zone, &begin), zone_wall(window->zone, &end) };
}

/* The opening that is not over at this time and begins first, of those that begin up to some weeks later. */
static bool next_of_week(const struct maintenance_window *window, int64_t wall, struct opening *opening)
{
    const struct zone_time today = zone_local(window->zone, wall);

    /* What began yesterday may last still; what began before has ended, even where clocks went back over midnight. */
    for (int ahead = -1; ahead <= DAYS_AHEAD; ahead++) {
        struct zone_time day = today;

        day.day += ahead;
        if ((window->days & 1U << (today.weekday + ahead + WEEK) % WEEK) == 0)
            continue;
        *opening = on_day(window, &day);
        if (opening->end > wall && opening->end > opening->begin)
            return true;
    }
    return false;
}

static bool next_opening(const struct maintenance_window *window, int64_t wall, struct opening *opening)
{
    if (window->weekly)
        return next_of_week(window, wall, opening);
    *opening = (struct opening){ zone_wall(window->zone, &window->from), zone_wall(window->zone, &window->until) };
    return opening->end > wall && opening->end > opening->begin;
}

struct maintenance_state maintenance_look(const struct maintenance_window *window, int64_t wall)
{
    struct maintenance_state state = { false, 0, INT64_MAX };
    struct opening opening, more;

    if (!next_opening(window, wall, &opening))
        return state;
    if (opening.begin > wall) {
        state.next = opening.begin;
        return state;
    }
    state.open = true;
    state.until = opening.end;
    for (int day = 1; day < WEEK && next_opening(window, state.until, &more) && more.begin <= state.until; day++)
        state.until = more.end;
    return state;
}

int64_t maintenance_look_all(const struct maintenance *maintenance, int64_t wall, struct maintenance_state *states)
{
    int64_t next = INT64_MAX;

    for (size_t i = 0; i < maintenance->count; i++) {
        int64_t change;

        states[i] = maintenance_look(&maintenance->list[i], wall);
        change = states[i].open ? states[i].until : states[i].next;
        next = change < next ? change : next;
    }
    return next;
}

size_t maintenance_of(const struct maintenance *maintenance, const struct maintenance_state *states, const char *target,
                      const struct word_list *tags)
{
    const struct word_list names = { &target, 1 };
    size_t found = maintenance->count;

    for (size_t i = 0; i < maintenance->count; i++) {
        const struct maintenance_window *window = &maintenance->list[i];

        if (states[i].open && (found == maintenance->count || states[i].until > states[found].until) &&
            target_filter_covers(&window->targets, &window->tags, &names, tags))
            found = i;
    }
    return found;
}
