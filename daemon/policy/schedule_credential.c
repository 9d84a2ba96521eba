#include "schedule_parts.h"

#include "mem.h"
#include "retry.h"

#include <stdlib.h>
#include <string.h>

#define LOOK_MS 60000

struct schedule_credential *schedule_add_credential(struct schedule *schedule, const char *name,
                                                    const struct credential_state *state, struct schedule_now now)
{
    struct schedule_credential *credential = mem_new(1, sizeof *credential);

    schedule_tell(schedule, now);
    hold_init(&credential->hold, name, state, now);
    /* Nothing is known of what happened meanwhile: it is looked at as soon as it has an entry. */
    credential->look_at = now.mono;
    list_append(&schedule->credentials, &credential->link);
    list_init(&credential->entries);
    list_init(&credential->flights);
    list_init(&credential->lanes);
    return credential;
}

void schedule_remove_credential(struct schedule *schedule, struct schedule_credential *credential)
{
    list_each (node, &credential->flights) {
        list_entry(node, struct schedule_entry, flight)->tried = NULL;
        list_remove(node);
    }
    list_each (node, &credential->lanes) {
        list_remove(node);
        lane_destroy(list_entry(node, struct lane, link));
    }
    heap_remove(&schedule->looks, &credential->node);
    list_remove(&credential->link);
    free(credential);
}

const struct credential_state *schedule_credential_state(const struct schedule_credential *credential)
{
    return &credential->hold.now.state;
}

void credential_join(struct schedule_credential *credential, struct schedule_entry *entry)
{
    list_append(&credential->entries, &entry->member);
    credential->count++;
    credential->doubtful += entry->doubtful;
}

void credential_part(struct schedule_credential *credential, struct schedule_entry *entry)
{
    list_remove(&entry->member);
    credential->count--;
    credential->doubtful -= entry->doubtful;
}

static void set_look(struct schedule *schedule, struct schedule_credential *credential)
{
    bool wanted = credential->hold.now.state.word == CREDENTIAL_HELD && credential->count > 0;

    if (!wanted)
        heap_remove(&schedule->looks, &credential->node);
    else if (heap_has(&credential->node))
        heap_update(&schedule->looks, &credential->node);
    else
        heap_add(&schedule->looks, &credential->node);
}

void credential_watch(struct schedule *schedule, struct schedule_credential *credential)
{
    const struct hold *hold = &credential->hold;

    credential->look_at = schedule->latest + LOOK_MS;
    if (hold->now.due > schedule->latest && hold->now.due < credential->look_at)
        credential->look_at = hold->now.due;
    set_look(schedule, credential);
}

void credential_refresh(struct schedule *schedule, struct schedule_credential *credential)
{
    enum hold_gate gate = hold_gate(&credential->hold, schedule->latest);
    /* With one other left, that may be the one who is denied: none would be there to show that the secret is good. */
    bool doubtful_too = credential->count - credential->doubtful <= 1;

    list_each (node, &credential->lanes) {
        struct lane *lane = list_entry(node, struct lane, link);

        lane_set_open(lane, gate == HOLD_ALL || (gate == HOLD_ONE && (!lane->doubtful || doubtful_too)));
    }
    set_look(schedule, credential);
}

/* Denials with the former secret mean nothing with this one. */
static void forget_denials(struct schedule *schedule, struct schedule_credential *credential, struct schedule_now now)
{
    list_each (node, &credential->entries) {
        struct schedule_entry *entry = list_entry(node, struct schedule_entry, member);
        bool quarantined = entry->state.quarantined;
        bool waits = entry->doubtful && !quarantined && heap_has(&entry->node);

        if (!entry->denied && !entry->state.denied_alone)
            continue;
        entry->denied = entry->state.denied_alone = false;
        if (!quarantined)
            retry_reset(&entry->state);
        entry_settle(schedule, entry);
        if (waits)
            entry_queue(schedule, entry, now.mono);
    }
}

void schedule_secret(struct schedule *schedule, struct schedule_credential *credential,
                     const uint8_t fingerprint[SCHEDULE_FINGERPRINT], struct schedule_now now)
{
    schedule_tell(schedule, now);
    if (!hold_set_secret(&credential->hold, fingerprint))
        return;
    list_each (node, &credential->flights) {
        const struct schedule_entry *entry = list_entry(node, struct schedule_entry, flight);

        if (entry->canary && memcmp(entry->used, fingerprint, sizeof entry->used) == 0)
            hold_adopt(&credential->hold, entry);
    }
    credential_watch(schedule, credential);
    forget_denials(schedule, credential, now);
    credential_refresh(schedule, credential);
}

void credential_freed(struct schedule *schedule, struct schedule_credential *credential, struct schedule_now now)
{
    list_each (node, &credential->entries) {
        struct schedule_entry *entry = list_entry(node, struct schedule_entry, member);
        int64_t wait;

        if (!entry->denied)
            continue;
        wait = retry_wait(ERR_DENIED, entry->state.attempts, entry->hash, entry->every_ms);
        entry->denied = false;
        entry->state.denied_alone = true;
        entry_settle(schedule, entry);
        /* Somebody's wish ends a wait, and this one is no other. */
        if (entry->turn.asked)
            continue;
        entry->state.retry_at = now.wall + wait;
        entry_wait(schedule, entry, WAIT_RETRY, now.mono + wait);
    }
}

/* Calls the one whose time is next, unless another than the denied one is there. */
static void call_another(struct schedule *schedule, struct schedule_credential *credential)
{
    struct schedule_entry *next = NULL;

    list_each (node, &credential->entries) {
        struct schedule_entry *entry = list_entry(node, struct schedule_entry, member);

        if (entry->doubtful || entry->slots != NULL || (entry_is_paused(schedule, entry) && !entry->turn.asked))
            continue;
        if (heap_has(&entry->turn.node)) {
            if (entry->turn.asked || !hold_blames(&credential->hold, entry->name))
                return;
        } else if (!hold_blames(&credential->hold, entry->name) && entry->wait != WAIT_RETRY &&
                   (next == NULL || entry->due < next->due)) {
            next = entry;
        }
    }
    /* The denied one's turn is ordered by the canary's time. */
    if (next != NULL)
        entry_queue(schedule, next, credential->hold.now.due - 1);
}

struct schedule_credential *credential_look(struct schedule *schedule, struct schedule_now now)
{
    struct heap_node *node = heap_first(&schedule->looks);
    struct schedule_credential *credential;

    if (node == NULL)
        return NULL;
    credential = heap_entry(node, struct schedule_credential, node);
    if (credential->look_at > now.mono)
        return NULL;
    credential_watch(schedule, credential);
    if (hold_gate(&credential->hold, now.mono) == HOLD_ONE)
        call_another(schedule, credential);
    credential_refresh(schedule, credential);
    return credential;
}
