/* How a fleet ends: what its tokens hold on targets is given back while there are hosts. */
#include "errand.h"
#include "fleet.h"
#include "scan.h"

#define RESERVE_MS 2000 /* of the grace: for giving back what scans had that do not end by themselves */

static bool may_owe(const struct target *target)
{
    return target->scan != NULL && target->mode == RUN_SCAN && origin_releases(target->begun);
}

static bool owes(const struct fleet *fleet)
{
    if (fleet->handbacks.pending > 0 || fleet->owing > 0)
        return true;
    list_each (node, &fleet->targets) {
        if (may_owe(list_entry(node, struct target, link)))
            return true;
    }
    return false;
}

static int64_t left(const struct fleet *fleet)
{
    int64_t ms = fleet->stop_at - fleet_now().mono;

    return ms < 0 ? 0 : ms;
}

void fleet_stop_look(struct fleet *fleet)
{
    void (*stopped)(void *context, int64_t left_ms) = fleet->stopped;

    if (stopped == NULL || (owes(fleet) && left(fleet) > 0))
        return;
    fleet->stopped = NULL;
    uv_timer_stop(&fleet->stop_timer);
    handbacks_give_up(fleet);
    stopped(fleet->stopped_context, left(fleet));
}

static void on_grace_over(uv_timer_t *timer)
{
    fleet_stop_look(timer->data);
}

static void on_reserve(uv_timer_t *timer)
{
    struct fleet *fleet = timer->data;

    list_each (node, &fleet->targets) {
        struct target *target = list_entry(node, struct target, link);

        if (may_owe(target))
            scan_cancel(target->scan, "the daemon is stopping");
    }
    uv_timer_start(timer, on_grace_over, (uint64_t)left(fleet), 0);
}

void fleet_stop(struct fleet *fleet, int64_t grace_ms, void (*stopped)(void *context, int64_t left_ms), void *context)
{
    fleet->stopping = true;
    fleet->stop_at = fleet_now().mono + grace_ms;
    fleet->stopped = stopped;
    fleet->stopped_context = context;
    uv_timer_stop(&fleet->timer);
    uv_timer_stop(&fleet->quiet_timer);
    uv_update_time(fleet->loop);
    uv_timer_start(&fleet->stop_timer, on_reserve, (uint64_t)(grace_ms > RESERVE_MS ? grace_ms - RESERVE_MS : 0), 0);
    list_each (node, &fleet->targets) {
        struct target *target = list_entry(node, struct target, link);

        if (target_is_free(target))
            errand_refuse(target, "stopping", "the daemon is stopping");
        handback_order(fleet, target->origin, &target->token);
    }
    fleet_stop_look(fleet);
}
