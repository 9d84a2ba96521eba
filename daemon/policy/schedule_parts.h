/* What a schedule is made of, and what its own sources share; nobody else includes it.
 *
 * An entry is in exactly one place: running (it has slots), in a lane (it is due), or on the heap of those that wait
 * for their time. Whatever may change which lanes of a credential are open ends with credential_refresh. */
#ifndef SCHEDULE_PARTS_H
#define SCHEDULE_PARTS_H

#include "heap.h"
#include "hold.h"
#include "lane.h"
#include "list.h"
#include "schedule.h"

#include <stdbool.h>
#include <stdint.h>

struct schedule {
    size_t limit, running;
    struct slots **plugins; /* by number; they stay where they are until the end */
    size_t plugin_count;
    struct heap waiting; /* entries, by due */
    struct heap looks;   /* held credentials that have entries, by look_at */
    struct list entries, credentials;
    struct list lanes; /* of the entries without a credential */
    uint64_t number;   /* of the last turn */
    int64_t latest;    /* the latest monotonic time that a caller brought */
};

/* What an entry waits for that is on the heap. */
enum entry_wait {
    WAIT_GRID,  /* its planned time */
    WAIT_SOON,  /* a moment: it should have run already */
    WAIT_RETRY, /* its next try */
    WAIT_PAUSE, /* the end of its pause; it keeps the turn that it had */
};

struct schedule_entry {
    struct heap_node node; /* in schedule.waiting */
    struct turn turn;
    struct list link;   /* in schedule.entries */
    struct list member; /* in credential.entries */
    struct list flight; /* in tried->flights */
    const char *name;
    uint64_t hash;
    int64_t every_ms;
    int64_t planned; /* the next time of its grid, on the monotonic clock; in the past while it waits for its turn */
    int64_t due;     /* while it waits for its time */
    enum entry_wait wait;
    int64_t paused, resumes; /* until when it does not start by itself; and when it does then, if it was due */
    struct schedule_credential *credential;
    struct slots *plugin, *slots;      /* slots: those it runs on, NULL: it does not run */
    bool begun, canary;                /* canary: it began as the only one with its secret */
    struct schedule_credential *tried; /* whose secret the run began with; NULL also when that is gone */
    uint8_t used[SCHEDULE_FINGERPRINT];
    int64_t began_before; /* started_at of the run before */
    bool denied;          /* it waits with its credential, being denied; alone when that is freed by another */
    bool doubtful;        /* denied by itself at its last run: no canary while there are others */
    struct schedule_state state;
    void *context;
};

struct schedule_credential {
    struct heap_node node; /* in schedule.looks */
    struct list link;
    struct list entries, flights, lanes;
    struct hold hold;
    int64_t look_at;
    size_t count, doubtful; /* entries, and of them the doubtful ones */
};

/* Takes notice of the time that a caller brought. */
static inline void schedule_tell(struct schedule *schedule, struct schedule_now now)
{
    if (schedule->latest < now.mono)
        schedule->latest = now.mono;
}

/* schedule_entry.c */

/* Takes the entry out of lane or heap. */
void entry_leave(struct schedule *schedule, struct schedule_entry *entry);

/* Puts an entry that does not run on the heap, until this time. */
void entry_wait(struct schedule *schedule, struct schedule_entry *entry, enum entry_wait wait, int64_t due);

/* Puts an entry that does not run in its lane. due orders it among the others there. */
void entry_queue(struct schedule *schedule, struct schedule_entry *entry, int64_t due);

/* The same with the turn that it had. */
void entry_requeue(struct schedule *schedule, struct schedule_entry *entry);

/* Its time on the heap has come. */
void entry_call(struct schedule *schedule, struct schedule_entry *entry);

/* Whether it must not start now, but if somebody asks for it. What would stand in a lane waits on the heap then. */
static inline bool entry_is_paused(const struct schedule *schedule, const struct schedule_entry *entry)
{
    return entry->paused > schedule->latest;
}

/* Gives back the slots of one that runs, which is no canary any more; it is in no place then. */
void entry_stop(struct schedule *schedule, struct schedule_entry *entry);

/* After a change of what says whether it is doubtful, and of its plugin or credential: where it is counted, and in
 * which lane it stands. */
void entry_settle(struct schedule *schedule, struct schedule_entry *entry);

/* Waits for its next time on the grid that is after now. */
void entry_plan(struct schedule *schedule, struct schedule_entry *entry, struct schedule_now now);

/* schedule_credential.c */

void credential_join(struct schedule_credential *credential, struct schedule_entry *entry);
void credential_part(struct schedule_credential *credential, struct schedule_entry *entry);

/* Opens and shuts its lanes as its hold says, and sets when it is looked at. */
void credential_refresh(struct schedule *schedule, struct schedule_credential *credential);

/* It is looked at in a minute, or when the canary's time has come. */
void credential_watch(struct schedule *schedule, struct schedule_credential *credential);

/* Its secret has been shown to be good: whoever was denied meanwhile is denied by itself. */
void credential_freed(struct schedule *schedule, struct schedule_credential *credential, struct schedule_now now);

/* The credential that is to be looked at now; NULL: none. When the canary's time has come, and only the one who was
 * denied is there, another one is called. */
struct schedule_credential *credential_look(struct schedule *schedule, struct schedule_now now);

#endif
