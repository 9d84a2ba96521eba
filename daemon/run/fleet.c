#include "fleet.h"

#include "clock.h"
#include "errand.h"

#include <stdlib.h>
#include <string.h>

#define MOST_COMMITS 256 /* that wait; more scans would only wait longer */

struct schedule_now fleet_now(void)
{
    return (struct schedule_now){ clock_mono_ms(&clock_system), clock_wall_ms(&clock_system) };
}

void fleet_init(struct fleet *fleet, uv_loop_t *loop, struct plugins *plugins, struct budget *budget)
{
    *fleet = (struct fleet){ .loop = loop, .plugins = plugins, .budget = budget };
    list_init(&fleet->targets);
    list_init(&fleet->credentials);
    uv_timer_init(loop, &fleet->timer);
    fleet->timer.data = fleet;
    fleet->schedule = schedule_create(1, NULL, 0);
}

struct target *fleet_find(const struct fleet *fleet, const char *name)
{
    list_each (node, &fleet->targets) {
        struct target *target = list_entry(node, struct target, link);

        if (!target->removed && strcmp(target->name, name) == 0)
            return target;
    }
    return NULL;
}

struct fleet_credential *fleet_credential(const struct fleet *fleet, const struct schedule_credential *credential)
{
    list_each (node, &fleet->credentials) {
        struct fleet_credential *each = list_entry(node, struct fleet_credential, link);

        if (each->schedule == credential)
            return each;
    }
    return NULL;
}

/* --------------------------------------------------------------------------------------------------- the ends ---- */

static bool is_free(const struct target *target)
{
    return target->scan == NULL && target->committing == 0;
}

static void drop(struct fleet *fleet, struct target *target)
{
    errand_refuse(target, "removed", "the configuration does not have this target any more");
    schedule_remove(fleet->schedule, target->entry);
    list_remove(&target->link);
    fleet->count--;
    target_destroy(target);
}

void fleet_drop_credentials(struct fleet *fleet)
{
    list_each (node, &fleet->credentials) {
        struct fleet_credential *credential = list_entry(node, struct fleet_credential, link);
        bool needed = credential->used;

        list_each (other, &fleet->targets)
            needed = needed || list_entry(other, struct target, link)->credential == credential->schedule;
        if (needed)
            continue;
        schedule_remove_credential(fleet->schedule, credential->schedule);
        list_remove(node);
        free(credential->name);
        free(credential);
    }
}

/* ---------------------------------------------------------------------------------------------------- the ticks ----
 */

static bool may_start(const struct fleet *fleet)
{
    return !fleet->stopping && !fleet->reloading && worker_trouble(fleet->worker) == NULL &&
           worker_pending(fleet->worker) < MOST_COMMITS && budget_used(fleet->budget) < fleet->memory;
}

static void on_timer(uv_timer_t *timer)
{
    fleet_wake(timer->data);
}

static void arm(struct fleet *fleet, int64_t now)
{
    int64_t due = schedule_due(fleet->schedule);

    if (due == INT64_MAX || !may_start(fleet))
        uv_timer_stop(&fleet->timer);
    else
        uv_timer_start(&fleet->timer, on_timer, due <= now ? 1 : (uint64_t)(due - now), 0);
}

static void act(struct fleet *fleet, const struct schedule_step *step)
{
    if (step->what == SCHEDULE_LOOK) {
        errand_look(fleet, fleet_credential(fleet, step->credential));
        return;
    }
    errand_begin(schedule_context(step->entry));
}

static bool is_idle(const struct fleet *fleet)
{
    return schedule_running(fleet->schedule) == 0 && worker_pending(fleet->worker) == 0;
}

/* Those that were told to leave while others were being walked over. */
static void sweep(struct fleet *fleet)
{
    if (!fleet->leaving)
        return;
    fleet->leaving = false;
    list_each (node, &fleet->targets) {
        struct target *target = list_entry(node, struct target, link);

        if (target->removed && is_free(target))
            drop(fleet, target);
    }
}

void fleet_wake(struct fleet *fleet)
{
    struct schedule_step step;
    struct schedule_now now = fleet_now();

    sweep(fleet);
    uv_update_time(fleet->loop);
    while (may_start(fleet) && schedule_next(fleet->schedule, now, &step)) {
        act(fleet, &step);
        now = fleet_now();
    }
    arm(fleet, now.mono);
    if (fleet->idle != NULL && is_idle(fleet))
        fleet->idle(fleet->idle_context);
}

void fleet_plugin(struct fleet *fleet, struct plugin *plugin)
{
    bool ready = plugin->host != NULL && host_is_ready(plugin->host);

    if (fleet->worker == NULL) /* nothing is configured yet */
        return;
    schedule_plugin_ready(fleet->schedule, plugin->number, ready);
    if (!ready && plugin->trouble != NULL) {
        list_each (node, &fleet->targets) {
            struct target *target = list_entry(node, struct target, link);

            if (target->plugin == plugin && target->scan == NULL)
                errand_refuse(target, "unready", plugin->trouble);
        }
    }
    fleet_wake(fleet);
}

/* -------------------------------------------------------------------------------------------------- who asks ---- */

static const char *held_text(const struct target *target)
{
    return schedule_credential_state(target->credential)->why;
}

/* Who asks may have changed the secret just now. */
static void look_if_held(struct fleet *fleet, const struct target *target)
{
    if (target->credential != NULL && schedule_credential_state(target->credential)->word == CREDENTIAL_HELD)
        errand_look(fleet, fleet_credential(fleet, target->credential));
}

void fleet_ask(struct fleet *fleet, struct target *target, struct watcher *watcher)
{
    look_if_held(fleet, target);
    target_watch(target, watcher);
    if (fleet->stopping)
        errand_refuse(target, "stopping", "the daemon is stopping");
    else if (target->plugin->trouble != NULL)
        errand_refuse(target, "unready", target->plugin->trouble);
    else if (schedule_ask(fleet->schedule, target->entry, fleet_now()) == SCHEDULE_HELD)
        errand_refuse(target, "held", held_text(target));
}

void fleet_held(struct fleet *fleet, const struct schedule_credential *credential)
{
    list_each (node, &fleet->targets) {
        struct target *target = list_entry(node, struct target, link);

        if (target->credential == credential && is_free(target))
            errand_refuse(target, "held", held_text(target));
    }
}

void fleet_release(struct fleet *fleet, struct target *target)
{
    if (target->removed && is_free(target)) {
        drop(fleet, target);
        fleet_drop_credentials(fleet);
    }
    fleet_wake(fleet);
}

void fleet_stop(struct fleet *fleet)
{
    fleet->stopping = true;
    uv_timer_stop(&fleet->timer);
    list_each (node, &fleet->targets) {
        struct target *target = list_entry(node, struct target, link);

        if (is_free(target))
            errand_refuse(target, "stopping", "the daemon is stopping");
    }
}

void fleet_finish(struct fleet *fleet)
{
    list_each (node, &fleet->targets)
        drop(fleet, list_entry(node, struct target, link));
    list_each (node, &fleet->credentials)
        list_entry(node, struct fleet_credential, link)->used = false;
    fleet_drop_credentials(fleet);
    schedule_destroy(fleet->schedule);
    rules_release(fleet->rules);
    uv_close((uv_handle_t *)&fleet->timer, NULL);
}
