#include "schedule_parts.h"

#include "grid.h"
#include "mem.h"
#include "retry.h"

#include <stdlib.h>
#include <string.h>

void entry_leave(struct schedule *schedule, struct schedule_entry *entry)
{
    heap_remove(&schedule->waiting, &entry->node);
    lane_remove(&entry->turn);
}

void entry_wait(struct schedule *schedule, struct schedule_entry *entry, enum entry_wait wait, int64_t due)
{
    entry_leave(schedule, entry);
    entry->wait = wait;
    entry->due = due;
    heap_add(&schedule->waiting, &entry->node);
}

/* The lane of its plugin, its credential and its doubts. */
static struct lane *lane_of(struct schedule *schedule, const struct schedule_entry *entry)
{
    struct list *lanes = entry->credential == NULL ? &schedule->lanes : &entry->credential->lanes;
    struct lane *lane;

    list_each (node, lanes) {
        lane = list_entry(node, struct lane, link);
        if (lane->slots == entry->plugin && lane->doubtful == entry->doubtful)
            return lane;
    }
    lane = lane_create(entry->plugin, entry->doubtful);
    list_append(lanes, &lane->link);
    if (entry->credential == NULL)
        lane_set_open(lane, true);
    else
        credential_refresh(schedule, entry->credential);
    return lane;
}

void entry_requeue(struct schedule *schedule, struct schedule_entry *entry)
{
    entry_leave(schedule, entry);
    if (entry_is_paused(schedule, entry) && !entry->turn.asked)
        entry_wait(schedule, entry, WAIT_PAUSE, entry->resumes);
    else
        lane_add(lane_of(schedule, entry), &entry->turn);
}

void entry_queue(struct schedule *schedule, struct schedule_entry *entry, int64_t due)
{
    entry_leave(schedule, entry);
    entry->turn.due = due;
    entry->turn.number = ++schedule->number;
    entry_requeue(schedule, entry);
}

void entry_call(struct schedule *schedule, struct schedule_entry *entry)
{
    if (entry->wait == WAIT_PAUSE)
        entry_requeue(schedule, entry);
    else
        entry_queue(schedule, entry, entry->due);
}

void entry_settle(struct schedule *schedule, struct schedule_entry *entry)
{
    bool doubtful = entry->credential != NULL && entry->state.denied_alone && entry->state.attempts > 0;
    bool in_lane = heap_has(&entry->turn.node);

    if (in_lane)
        lane_remove(&entry->turn);
    if (doubtful != entry->doubtful && entry->credential != NULL)
        entry->credential->doubtful += doubtful ? 1 : (size_t)-1;
    entry->doubtful = doubtful;
    if (in_lane)
        lane_add(lane_of(schedule, entry), &entry->turn);
}

void entry_stop(struct schedule *schedule, struct schedule_entry *entry)
{
    if (entry->slots == NULL)
        return;
    if (entry->tried != NULL)
        hold_drop(&entry->tried->hold, entry);
    if (entry->credential != NULL)
        hold_drop(&entry->credential->hold, entry);
    entry->slots->running--;
    schedule->running--;
    entry->slots = NULL;
    entry->begun = entry->canary = entry->turn.asked = false;
    entry->tried = NULL;
    list_remove(&entry->flight);
}

/* The grid on the monotonic clock: it follows the wall clock only as far as that has gone when this is called. */
static int64_t next_planned(const struct schedule_entry *entry, struct schedule_now now)
{
    return now.mono + grid_after(entry->hash, entry->every_ms, now.wall) - now.wall;
}

void entry_plan(struct schedule *schedule, struct schedule_entry *entry, struct schedule_now now)
{
    if (entry->planned <= now.mono)
        entry->planned += ((now.mono - entry->planned) / entry->every_ms + 1) * entry->every_ms;
    entry_wait(schedule, entry, WAIT_GRID, entry->planned);
}

/* Runs soon, as one that should have run already. */
static void hurry(struct schedule *schedule, struct schedule_entry *entry, struct schedule_now now)
{
    entry_wait(schedule, entry, WAIT_SOON, now.mono + grid_soon(entry->hash, entry->every_ms, now.wall));
}

/* Takes up where the stored state left it. */
static void resume(struct schedule *schedule, struct schedule_entry *entry, struct schedule_now now)
{
    const struct schedule_state *state = &entry->state;
    const struct schedule_credential *credential = entry->credential;
    int64_t left = retry_left(state, entry->hash, now.wall);

    entry->planned = next_planned(entry, now);
    entry->denied = credential != NULL && credential->hold.now.state.word == CREDENTIAL_HELD && state->attempts > 0 &&
                    state->retry_at == 0;
    if (entry->denied)
        entry_queue(schedule, entry, credential->hold.now.due);
    else if (left > 0)
        entry_wait(schedule, entry, WAIT_RETRY, now.mono + left);
    else if (state->attempts > 0 || state->started_at <= 0 ||
             (state->started_at <= now.wall && grid_after(entry->hash, entry->every_ms, state->started_at) <= now.wall))
        hurry(schedule, entry, now);
    else
        entry_plan(schedule, entry, now);
}

struct schedule_entry *schedule_add(struct schedule *schedule, const struct schedule_spec *spec,
                                    const struct schedule_state *state, void *context, struct schedule_now now)
{
    struct schedule_entry *entry = mem_new(1, sizeof *entry);

    schedule_tell(schedule, now);
    *entry = (struct schedule_entry){ .name = spec->name,
                                      .hash = grid_hash(spec->name),
                                      .every_ms = grid_every(spec->every_ms),
                                      .credential = spec->credential,
                                      .paused = INT64_MIN,
                                      .plugin = schedule->plugins[spec->plugin],
                                      .context = context };
    if (state != NULL)
        entry->state = *state;
    list_append(&schedule->entries, &entry->link);
    list_init(&entry->member);
    list_init(&entry->flight);
    if (entry->credential != NULL)
        credential_join(entry->credential, entry);
    entry_settle(schedule, entry);
    resume(schedule, entry, now);
    if (entry->credential != NULL)
        credential_refresh(schedule, entry->credential);
    return entry;
}

/* Another credential knows nothing of what the former one made of the entry. */
static void change_credential(struct schedule *schedule, struct schedule_entry *entry,
                              struct schedule_credential *credential)
{
    struct schedule_credential *former = entry->credential;

    if (former == credential)
        return;
    if (former != NULL) {
        if (!entry->begun)
            hold_drop(&former->hold, entry);
        credential_part(former, entry);
        credential_refresh(schedule, former);
    }
    entry->credential = credential;
    entry->denied = entry->doubtful = entry->state.denied_alone = false;
    if (credential != NULL)
        credential_join(credential, entry);
}

void schedule_change(struct schedule *schedule, struct schedule_entry *entry, const struct schedule_spec *spec,
                     struct schedule_now now)
{
    uint64_t hash = grid_hash(spec->name);
    int64_t every = grid_every(spec->every_ms);
    bool other_grid = hash != entry->hash || every != entry->every_ms;
    bool in_lane = heap_has(&entry->turn.node);

    schedule_tell(schedule, now);
    lane_remove(&entry->turn);
    entry->name = spec->name;
    entry->hash = hash;
    entry->every_ms = every;
    entry->plugin = schedule->plugins[spec->plugin];
    change_credential(schedule, entry, spec->credential);
    entry_settle(schedule, entry);
    if (in_lane)
        lane_add(lane_of(schedule, entry), &entry->turn);
    if (other_grid)
        entry->planned = next_planned(entry, now);
    if (other_grid && heap_has(&entry->node) && entry->wait == WAIT_GRID)
        entry_plan(schedule, entry, now);
    if (entry->credential != NULL)
        credential_refresh(schedule, entry->credential);
}

void schedule_remove(struct schedule *schedule, struct schedule_entry *entry)
{
    struct schedule_credential *credential = entry->credential, *tried = entry->tried;

    entry_stop(schedule, entry);
    entry_leave(schedule, entry);
    list_remove(&entry->link);
    if (tried != NULL)
        credential_refresh(schedule, tried);
    if (credential != NULL) {
        credential_part(credential, entry);
        credential_refresh(schedule, credential);
    }
    free(entry);
}

void schedule_forgive(struct schedule *schedule, struct schedule_entry *entry, struct schedule_now now)
{
    bool waits = heap_has(&entry->node) && entry->wait == WAIT_RETRY;

    schedule_tell(schedule, now);
    retry_reset(&entry->state);
    entry->denied = false;
    entry_settle(schedule, entry);
    if (waits)
        hurry(schedule, entry, now);
    if (entry->credential != NULL)
        credential_refresh(schedule, entry->credential);
}

void schedule_pause(struct schedule *schedule, struct schedule_entry *entry, int64_t until, struct schedule_now now)
{
    int64_t end = until > now.mono ? until : now.mono;

    schedule_tell(schedule, now);
    if (until == entry->paused || (until <= now.mono && !entry_is_paused(schedule, entry)))
        return;
    entry->paused = until;
    entry->resumes = end + grid_soon(entry->hash, entry->every_ms, now.wall + end - now.mono);
    if (heap_has(&entry->node) ? entry->wait == WAIT_PAUSE : heap_has(&entry->turn.node) && !entry->turn.asked)
        entry_wait(schedule, entry, WAIT_PAUSE, entry->resumes);
}

void *schedule_context(const struct schedule_entry *entry)
{
    return entry->context;
}

const struct schedule_state *schedule_state(const struct schedule_entry *entry)
{
    return &entry->state;
}

bool schedule_is_running(const struct schedule_entry *entry)
{
    return entry->slots != NULL;
}
