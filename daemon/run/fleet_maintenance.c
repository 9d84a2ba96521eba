/* Maintenance windows: which targets are in one now. These do not start by themselves, and who tells people of them
 * asks here. */
#include "fleet.h"
#include "maintenance.h"
#include "mem.h"

#include <stdlib.h>

#define LOOK_MS 60000 /* wall clocks are set, and run otherwise than monotonic ones */
#define DRIFT_MS 1000 /* that makes no difference yet */

static void set_quiet(struct target *target, const struct maintenance *maintenance,
                      const struct maintenance_state *states, struct schedule_now now)
{
    const struct word_list tags = { target->config->tags, target->config->tag_count };
    size_t window = maintenance_of(maintenance, states, target->name, &tags);
    bool open = window < maintenance->count;

    target->quiet_window = open ? maintenance->list[window].name : NULL;
    target->quiet_until = open ? states[window].until : 0;
    schedule_pause(target->fleet->schedule, target->entry, open ? now.mono + target->quiet_until - now.wall : INT64_MIN,
                   now);
}

static void look(struct fleet *fleet, struct schedule_now now)
{
    const struct maintenance *maintenance = rules_maintenance(fleet->rules);
    struct maintenance_state *states = mem_new(maintenance->count + 1, sizeof *states);

    fleet->quiet_next = maintenance_look_all(maintenance, now.wall, states);
    fleet->quiet_gap = now.wall - now.mono;
    list_each (node, &fleet->targets) {
        struct target *target = list_entry(node, struct target, link);

        if (target->quiet_window != NULL)
            target->quiet_left = now.mono;
        target->quiet_window = NULL;
        if (!target->removed)
            set_quiet(target, maintenance, states, now);
    }
    free(states);
}

static void on_timer(uv_timer_t *timer)
{
    fleet_wake(timer->data); /* which looks */
}

static void arm(struct fleet *fleet, struct schedule_now now)
{
    int64_t wait = LOOK_MS;

    if (rules_maintenance(fleet->rules)->count == 0) {
        uv_timer_stop(&fleet->quiet_timer);
        return;
    }
    if (fleet->quiet_next - now.wall < wait)
        wait = fleet->quiet_next - now.wall;
    uv_timer_start(&fleet->quiet_timer, on_timer, (uint64_t)wait, 0);
}

void fleet_maintain(struct fleet *fleet, bool others)
{
    struct schedule_now now = fleet_now();
    int64_t drift = now.wall - now.mono - fleet->quiet_gap;

    if (fleet->rules == NULL || fleet->stopping)
        return;
    if (others || now.wall >= fleet->quiet_next || drift > DRIFT_MS || drift < -DRIFT_MS)
        look(fleet, now);
    else if (uv_is_active((uv_handle_t *)&fleet->quiet_timer) != 0)
        return;
    arm(fleet, now);
}

size_t fleet_quiet(struct fleet *fleet, struct arena *arena, const struct outbox_quiet **list, int64_t *next)
{
    const char *window = NULL, *copy = NULL; /* one serves many targets in a row */
    struct outbox_quiet *quiet;
    size_t count = 0;

    fleet_maintain(fleet, false);
    list_each (node, &fleet->targets)
        count += list_entry(node, struct target, link)->quiet_window != NULL;
    quiet = arena_alloc(arena, count * sizeof *quiet);
    count = 0;
    list_each (node, &fleet->targets) {
        const struct target *target = list_entry(node, struct target, link);

        if (target->quiet_window == NULL)
            continue;
        if (target->quiet_window != window)
            copy = arena_text(arena, window = target->quiet_window);
        quiet[count++] = (struct outbox_quiet){ target->id, copy, target->quiet_until };
    }
    *list = quiet;
    *next = fleet->quiet_next;
    return count;
}

static bool is_unscanned(const struct target *target, int64_t within_ms)
{
    return target->quiet_window != NULL ||
           (target->quiet_left != 0 && fleet_now().mono - target->quiet_left < within_ms);
}

size_t fleet_unscanned(struct fleet *fleet, struct arena *arena, int64_t within_ms, const int64_t **targets,
                       int64_t *next)
{
    int64_t *numbers;
    size_t count = 0;

    fleet_maintain(fleet, false);
    numbers = arena_alloc(arena, fleet->count * sizeof *numbers);
    list_each (node, &fleet->targets) {
        const struct target *target = list_entry(node, struct target, link);

        if (count < fleet->count && is_unscanned(target, within_ms))
            numbers[count++] = target->id;
    }
    *targets = numbers;
    *next = fleet->quiet_next;
    return count;
}
