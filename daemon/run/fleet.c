#include "fleet.h"

#include "clock.h"
#include "errand.h"

#include <stdlib.h>
#include <string.h>

#define LOOK_AGAIN_MS 1000
#define MOST_COMMITS 256 /* that wait; more scans would only wait longer */

struct schedule_now fleet_now(void)
{
    return (struct schedule_now){ clock_mono_ms(&clock_system), clock_wall_ms(&clock_system) };
}

void fleet_init(struct fleet *fleet, uv_loop_t *loop, struct plugins *plugins, struct budget *budget)
{
    *fleet = (struct fleet){ .loop = loop, .plugins = plugins, .budget = budget, .quiet_next = INT64_MAX };
    list_init(&fleet->targets);
    list_init(&fleet->credentials);
    uv_timer_init(loop, &fleet->timer);
    uv_timer_init(loop, &fleet->quiet_timer);
    uv_timer_init(loop, &fleet->stop_timer);
    fleet->timer.data = fleet->quiet_timer.data = fleet->stop_timer.data = fleet;
    handbacks_init(&fleet->handbacks);
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

/* From here on nothing looks at its configuration or at its credential's, which may be gone. */
static void leave_schedule(struct fleet *fleet, struct target *target)
{
    if (target->entry != NULL)
        schedule_remove(fleet->schedule, target->entry);
    target->entry = NULL;
    target->credential = NULL;
}

static void drop(struct fleet *fleet, struct target *target)
{
    errand_refuse(target, "removed", "the configuration does not have this target any more");
    leave_schedule(fleet, target);
    list_remove(&target->link);
    fleet->count--;
    handback_order(fleet, target->origin, &target->token);
    target_destroy(target);
}

void fleet_drop_credentials(struct fleet *fleet)
{
    list_each (node, &fleet->credentials) {
        struct fleet_credential *credential = list_entry(node, struct fleet_credential, link);
        bool needed = credential->config != NULL;

        if (needed)
            continue;
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

/* --------------------------------------------------------------------------------------------------- the ticks ---- */

static bool may_start(const struct fleet *fleet)
{
    return !fleet->stopping && !fleet->paused && worker_trouble(fleet->worker) == NULL &&
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
    struct target *target;

    if (step->what == SCHEDULE_LOOK) {
        errand_look(fleet, fleet_credential(fleet, step->credential));
        return;
    }
    target = schedule_context(step->entry);
    if (target->removed)
        leave_schedule(fleet, target);
    else
        errand_begin(target);
}

static bool is_idle(const struct fleet *fleet)
{
    return schedule_running(fleet->schedule) == 0 && worker_pending(fleet->worker) == 0 &&
           fleet->handbacks.pending == 0;
}

/* Those that were told to leave while others were being walked over. */
static void sweep(struct fleet *fleet)
{
    if (!fleet->leaving)
        return;
    fleet->leaving = false;
    list_each (node, &fleet->targets) {
        struct target *target = list_entry(node, struct target, link);

        if (target->removed && target_is_free(target))
            drop(fleet, target);
    }
}

void fleet_wake(struct fleet *fleet)
{
    struct schedule_step step;
    struct schedule_now now = fleet_now();

    sweep(fleet);
    handbacks_go(fleet);
    uv_update_time(fleet->loop);
    fleet_maintain(fleet, false);
    while (may_start(fleet) && schedule_next(fleet->schedule, now, &step)) {
        act(fleet, &step);
        now = fleet_now();
    }
    arm(fleet, now.mono);
    if (fleet->idle != NULL && is_idle(fleet))
        fleet->idle(fleet->idle_context);
    fleet_stop_look(fleet);
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

            if (target->plugin == plugin && target_is_free(target))
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

/* Who asks may have changed the secret just now. Whoever asks for many targets reads it once. */
static void look_if_held(struct fleet *fleet, const struct target *target)
{
    struct fleet_credential *credential;
    int64_t now = fleet_now().mono;

    if (target->credential == NULL || schedule_credential_state(target->credential)->word != CREDENTIAL_HELD)
        return;
    credential = fleet_credential(fleet, target->credential);
    if (credential->looked != 0 && now - credential->looked < LOOK_AGAIN_MS)
        return;
    credential->looked = now;
    errand_look(fleet, credential);
}

/* Those who wait already go on to wait. */
static void answer_at_once(struct target *target, struct watcher *watcher, const char *result, const char *why)
{
    const struct news news = { .kind = NEWS_ENDED, .result = result, .message = why };

    if (target->fleet->once)
        target->removed = target->fleet->leaving = true;
    watcher->told(watcher, target, &news);
}

void fleet_ask(struct fleet *fleet, struct target *target, struct watcher *watcher)
{
    look_if_held(fleet, target);
    if (fleet->stopping)
        answer_at_once(target, watcher, "stopping", "the daemon is stopping");
    else if (target->plugin->trouble != NULL && target_is_free(target))
        answer_at_once(target, watcher, "unready", target->plugin->trouble);
    else if (schedule_ask(fleet->schedule, target->entry, fleet_now()) == SCHEDULE_HELD)
        answer_at_once(target, watcher, "held", held_text(target));
    else
        target_watch(target, watcher);
}

/* Somebody came while a run of another kind was under way, or this one told nobody. */
static void ask_again(struct fleet *fleet, struct target *target)
{
    if (!target_is_awaited(target, RUN_DOCTOR) && !target_is_awaited(target, RUN_SCAN))
        return;
    if (fleet->stopping)
        errand_refuse(target, "stopping", "the daemon is stopping");
    else if (schedule_ask(fleet->schedule, target->entry, fleet_now()) == SCHEDULE_HELD)
        errand_refuse(target, "held", held_text(target));
}

/* It was due while its commit waited. */
static void resume(struct fleet *fleet, struct target *target)
{
    if (target->deferred)
        schedule_again(fleet->schedule, target->entry, fleet_now());
    target->deferred = false;
}

void fleet_held(struct fleet *fleet, const struct schedule_credential *credential)
{
    list_each (node, &fleet->targets) {
        struct target *target = list_entry(node, struct target, link);

        if (target->credential == credential && target_is_free(target))
            errand_refuse(target, "held", held_text(target));
    }
}

void fleet_release(struct fleet *fleet, struct target *target)
{
    if (target->removed && target->scan == NULL)
        leave_schedule(fleet, target);
    if (!target_is_free(target)) {
        fleet_wake(fleet);
        return;
    }
    if (target->removed) {
        drop(fleet, target);
        fleet_drop_credentials(fleet);
    } else {
        resume(fleet, target);
        ask_again(fleet, target);
    }
    fleet_wake(fleet);
}

void fleet_finish(struct fleet *fleet)
{
    list_each (node, &fleet->targets)
        drop(fleet, list_entry(node, struct target, link));
    list_each (node, &fleet->credentials)
        list_entry(node, struct fleet_credential, link)->config = NULL;
    fleet_drop_credentials(fleet);
    schedule_destroy(fleet->schedule);
    rules_release(fleet->rules);
    uv_close((uv_handle_t *)&fleet->timer, NULL);
    uv_close((uv_handle_t *)&fleet->quiet_timer, NULL);
    uv_close((uv_handle_t *)&fleet->stop_timer, NULL);
}
