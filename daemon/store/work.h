/* One transaction as it is being made: what the parts of a commit share. Of the store alone. */
#ifndef WORK_H
#define WORK_H

#include "arena.h"
#include "assets.h"
#include "commit.h"
#include "hash.h"
#include "sql.h"
#include "vec.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What is to be remembered of an item's history; the words are in change.c. */
enum change_what { CHANGE_APPEARED = 1, CHANGE_CHANGED, CHANGE_MOVED, CHANGE_GONE, CHANGE_RETURNED };

struct change {
    int64_t item;
    enum change_what what;
    const char *detail;           /* JSON; NULL where the two links say it */
    const struct link *from, *to; /* of a move from one far end to another */
};

/* The target's row as the transaction found it; what belongs to held is kept up to date. A time of 0 is none. */
struct target_row {
    int64_t id, scope;
    const char *name, *result, *message;
    int64_t ended_at, succeeded_at, completed_at;
    int64_t held_at, held_count, held_before; /* held_before: the count that it found */
    const char *held_why;
    int64_t failing_at;
    bool quarantined;
    bool has_warnings_hash;
    struct hash128 warnings_hash;
};

struct work {
    struct sql *sql;
    const struct commit *commit; /* NULL: an acceptance */
    struct commit_result *result;
    int64_t at;         /* the time of whatever this transaction records: the scan's end */
    struct arena arena; /* until the transaction's end */
    struct target_row target;
    bool held_differs, lost;
    bool concerned; /* one of those touched concerns assets (assets_item_concerns) */
    vec(struct change) changes;
    vec(struct assets_item) touched;
};

void work_init(struct work *work, struct sql *sql, struct commit_result *result, int64_t at);
void work_finish(struct work *work);

/* Says what became of an item, for its history and for its asset. */
void work_note(struct work *work, const struct change *change);
void work_touch(struct work *work, const struct assets_item *touched);

/* The journal's row, where there is anything to tell, and then all that refers to it: assets and history. */
struct work_journal {
    const char *kind, *result, *message;
    int64_t started_at, ended_at;
    uint64_t items, warnings, bytes, wall_ms, cpu_us, peak_kb;
};

bool work_write(struct work *work, const struct work_journal *journal, const struct identity_rules *rules,
                struct err *err);

#endif
