#include "schedule_parts.h"

#include "mem.h"
#include "retry.h"

#include <stdlib.h>
#include <string.h>

static bool due_before(const struct heap_node *left, const struct heap_node *right)
{
    return heap_entry(left, struct schedule_entry, node)->due < heap_entry(right, struct schedule_entry, node)->due;
}

static bool look_before(const struct heap_node *left, const struct heap_node *right)
{
    return heap_entry(left, struct schedule_credential, node)->look_at <
           heap_entry(right, struct schedule_credential, node)->look_at;
}

struct schedule *schedule_create(size_t total_slots, const size_t *plugin_slots, size_t plugin_count)
{
    struct schedule *schedule = mem_new(1, sizeof *schedule);

    schedule->waiting = heap_of(due_before);
    schedule->looks = heap_of(look_before);
    schedule->latest = INT64_MIN;
    list_init(&schedule->entries);
    list_init(&schedule->credentials);
    list_init(&schedule->lanes);
    schedule_set_slots(schedule, total_slots, plugin_slots, plugin_count);
    return schedule;
}

void schedule_destroy(struct schedule *schedule)
{
    if (schedule == NULL)
        return;
    list_each (node, &schedule->entries)
        schedule_remove(schedule, list_entry(node, struct schedule_entry, link));
    list_each (node, &schedule->credentials)
        schedule_remove_credential(schedule, list_entry(node, struct schedule_credential, link));
    list_each (node, &schedule->lanes) {
        list_remove(node);
        lane_destroy(list_entry(node, struct lane, link));
    }
    for (size_t i = 0; i < schedule->plugin_count; i++) {
        slots_finish(schedule->plugins[i]);
        free(schedule->plugins[i]);
    }
    free(schedule->plugins);
    heap_finish(&schedule->waiting);
    heap_finish(&schedule->looks);
    free(schedule);
}

/* Makes room for the plugins up to this number, without slots. */
static void grow(struct schedule *schedule, size_t plugin_count)
{
    if (plugin_count <= schedule->plugin_count)
        return;
    schedule->plugins = mem_grow(schedule->plugins, plugin_count, sizeof(struct slots *));
    while (schedule->plugin_count < plugin_count) {
        struct slots *slots = mem_new(1, sizeof *slots);

        slots_init(slots, 0);
        schedule->plugins[schedule->plugin_count++] = slots;
    }
}

void schedule_set_slots(struct schedule *schedule, size_t total_slots, const size_t *plugin_slots, size_t plugin_count)
{
    grow(schedule, plugin_count);
    schedule->limit = total_slots;
    /* Those that are no longer named start nothing, and may still end what runs. */
    for (size_t i = 0; i < schedule->plugin_count; i++)
        schedule->plugins[i]->limit = i < plugin_count ? plugin_slots[i] : 0;
}

void schedule_plugin_ready(struct schedule *schedule, size_t plugin, bool ready)
{
    schedule->plugins[plugin]->ready = ready;
}

/* The turn that goes next of all that may; NULL where none may. */
static struct turn *first_turn(const struct schedule *schedule)
{
    struct turn *first = NULL;

    if (schedule->running >= schedule->limit)
        return NULL;
    for (size_t i = 0; i < schedule->plugin_count; i++) {
        struct turn *turn = slots_first(schedule->plugins[i]);

        if (turn != NULL && (first == NULL || turn_before(turn, first)))
            first = turn;
    }
    return first;
}

static struct schedule_entry *first_waiting(const struct schedule *schedule)
{
    struct heap_node *node = heap_first(&schedule->waiting);

    return node == NULL ? NULL : heap_entry(node, struct schedule_entry, node);
}

static void start(struct schedule *schedule, struct schedule_entry *entry)
{
    struct schedule_credential *credential = entry->credential;

    lane_remove(&entry->turn);
    entry->slots = entry->plugin;
    entry->slots->running++;
    schedule->running++;
    if (credential == NULL || credential->hold.now.state.word == CREDENTIAL_GOOD)
        return;
    hold_begin(&credential->hold, entry, schedule->latest);
    credential_refresh(schedule, credential);
}

bool schedule_next(struct schedule *schedule, struct schedule_now now, struct schedule_step *step)
{
    struct schedule_credential *credential;
    struct schedule_entry *entry;
    struct turn *turn;

    schedule_tell(schedule, now);
    *step = (struct schedule_step){ 0 };
    while ((entry = first_waiting(schedule)) != NULL && entry->due <= now.mono)
        entry_call(schedule, entry);
    if ((credential = credential_look(schedule, now)) != NULL) {
        *step = (struct schedule_step){ .what = SCHEDULE_LOOK, .credential = credential };
        return true;
    }
    if ((turn = first_turn(schedule)) == NULL)
        return false;
    entry = heap_entry(turn, struct schedule_entry, turn);
    start(schedule, entry);
    *step = (struct schedule_step){ .what = SCHEDULE_START, .entry = entry };
    return true;
}

int64_t schedule_due(const struct schedule *schedule)
{
    const struct schedule_entry *entry = first_waiting(schedule);
    const struct heap_node *look = heap_first(&schedule->looks);
    int64_t due = entry == NULL ? INT64_MAX : entry->due;

    if (first_turn(schedule) != NULL)
        return schedule->latest;
    if (look != NULL && heap_entry(look, struct schedule_credential, node)->look_at < due)
        due = heap_entry(look, struct schedule_credential, node)->look_at;
    return due;
}

/* Whether the entry may have its credential's secret, which it then has. */
static bool take_secret(struct schedule *schedule, struct schedule_entry *entry, const uint8_t *fingerprint,
                        struct schedule_now now)
{
    struct schedule_credential *credential = entry->credential;

    schedule_secret(schedule, credential, fingerprint, now);
    if (!hold_begin(&credential->hold, entry, now.mono))
        return false;
    memcpy(entry->used, fingerprint, sizeof entry->used);
    entry->tried = credential;
    entry->canary = credential->hold.canary == entry;
    list_append(&credential->flights, &entry->flight);
    credential_refresh(schedule, credential);
    return true;
}

bool schedule_begin(struct schedule *schedule, struct schedule_entry *entry, const uint8_t *fingerprint,
                    struct schedule_now now)
{
    static const uint8_t nothing[SCHEDULE_FINGERPRINT];
    bool asked = entry->turn.asked;

    if (entry->slots == NULL || entry->begun)
        return false;
    schedule_tell(schedule, now);
    if (entry->credential != NULL && !take_secret(schedule, entry, fingerprint == NULL ? nothing : fingerprint, now)) {
        /* It keeps the turn that it had. */
        entry_stop(schedule, entry);
        entry->turn.asked = asked;
        entry_requeue(schedule, entry);
        return false;
    }
    entry->begun = true;
    entry->began_before = entry->state.started_at;
    entry->state.started_at = now.wall;
    return true;
}

/* What the run says about the secret that it began with. */
static enum hold_verdict judge(struct schedule *schedule, struct schedule_entry *entry, enum err_class class,
                               const char *text, struct schedule_now now)
{
    const struct hold_run run = { .who = entry,
                                  .fingerprint = entry->used,
                                  .class = class,
                                  .target = entry->name,
                                  .why = text,
                                  .alone = entry->state.denied_alone };
    enum hold_verdict verdict = HOLD_NOTHING;

    if (!entry->begun)
        return HOLD_NOTHING;
    if (entry->tried != NULL)
        verdict = hold_end(&entry->tried->hold, &run, now);
    if (verdict == HOLD_DENIED)
        credential_watch(schedule, entry->tried);
    /* It has another credential by now, which it has not tried yet. */
    if (class == ERR_DENIED && entry->tried != entry->credential)
        return entry->credential == NULL ? HOLD_NOTHING : HOLD_OLD;
    return verdict;
}

static void fail(struct schedule *schedule, struct schedule_entry *entry, enum err_class class, struct schedule_now now)
{
    int64_t wait = retry_count(&entry->state, class, entry->hash, entry->every_ms);

    entry->state.retry_at = now.wall + wait;
    entry_settle(schedule, entry);
    entry_wait(schedule, entry, WAIT_RETRY, now.mono + wait);
}

static void succeed(struct schedule *schedule, struct schedule_entry *entry, struct schedule_now now)
{
    retry_reset(&entry->state);
    entry_settle(schedule, entry);
    entry_plan(schedule, entry, now);
}

/* It waits for its credential, behind all whose time comes before the canary's. */
static void wait_with_all(struct schedule *schedule, struct schedule_entry *entry)
{
    retry_count(&entry->state, ERR_DENIED, entry->hash, entry->every_ms);
    entry->state.retry_at = 0;
    entry->denied = true;
    entry_settle(schedule, entry);
    entry_queue(schedule, entry, entry->credential->hold.now.due);
}

void schedule_untried(struct schedule_entry *entry)
{
    if (entry->tried != NULL)
        hold_drop(&entry->tried->hold, entry);
}

void schedule_end(struct schedule *schedule, struct schedule_entry *entry, enum err_class class, const char *text,
                  struct schedule_now now)
{
    struct schedule_credential *tried = entry->tried;
    enum hold_verdict verdict;

    if (entry->slots == NULL)
        return;
    schedule_tell(schedule, now);
    verdict = judge(schedule, entry, class, text, now);
    entry_stop(schedule, entry);
    entry->denied = false;
    if (class == ERR_NONE)
        succeed(schedule, entry, now);
    else if (verdict == HOLD_DENIED)
        wait_with_all(schedule, entry);
    else if (verdict == HOLD_OLD)
        entry_queue(schedule, entry, now.mono);
    else
        fail(schedule, entry, class, now);
    if (verdict == HOLD_FREED)
        credential_freed(schedule, tried, now);
    if (tried != NULL)
        credential_refresh(schedule, tried);
    if (entry->credential != NULL && entry->credential != tried)
        credential_refresh(schedule, entry->credential);
}

void schedule_again(struct schedule *schedule, struct schedule_entry *entry, struct schedule_now now)
{
    struct schedule_credential *tried = entry->tried == NULL ? entry->credential : entry->tried;
    bool asked = entry->turn.asked;

    if (entry->slots == NULL)
        return;
    schedule_tell(schedule, now);
    if (entry->begun)
        entry->state.started_at = entry->began_before;
    entry_stop(schedule, entry);
    entry->turn.asked = asked;
    entry_queue(schedule, entry, now.mono);
    if (tried != NULL)
        credential_refresh(schedule, tried);
}

enum schedule_answer schedule_ask(struct schedule *schedule, struct schedule_entry *entry, struct schedule_now now)
{
    const struct schedule_credential *credential = entry->credential;

    if (entry->slots != NULL)
        return SCHEDULE_RUNNING;
    schedule_tell(schedule, now);
    entry->state.quarantined = false;
    entry->state.retry_at = 0;
    if (!entry->turn.asked || !heap_has(&entry->turn.node)) {
        entry_leave(schedule, entry);
        entry->turn.asked = true;
        entry_queue(schedule, entry, now.mono);
    }
    if (credential == NULL || credential->hold.now.state.word != CREDENTIAL_HELD)
        return SCHEDULE_QUEUED;
    return hold_gate(&credential->hold, now.mono) == HOLD_SHUT ? SCHEDULE_HELD : SCHEDULE_QUEUED;
}

/* When a target that stands in its lane can go at the earliest, as far as time decides it; INT64_MAX: it does not. */
static int64_t lane_time(const struct schedule_entry *entry)
{
    const struct schedule_credential *credential = entry->credential;

    if (credential == NULL || credential->hold.now.state.word != CREDENTIAL_HELD || credential->hold.canary != NULL)
        return INT64_MAX;
    return credential->hold.now.due;
}

int64_t schedule_next_at(const struct schedule *schedule, const struct schedule_entry *entry, struct schedule_now now)
{
    int64_t held = lane_time(entry);
    int64_t at;

    (void)schedule;
    if (entry->slots != NULL)
        return 0;
    if (heap_has(&entry->turn.node))
        return held != INT64_MAX && held > now.mono ? now.wall + held - now.mono : 0;
    at = held != INT64_MAX && held > entry->due ? held : entry->due;
    if (entry->paused > now.mono && at < entry->resumes)
        at = entry->resumes;
    return now.wall + at - now.mono;
}

size_t schedule_running(const struct schedule *schedule)
{
    return schedule->running;
}
