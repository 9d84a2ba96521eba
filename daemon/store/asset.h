/* One row of the table asset, and the history of who is in it. */
#ifndef ASSET_H
#define ASSET_H

#include "arena.h"
#include "err.h"

#include <stdbool.h>
#include <stdint.h>

struct sql;

/* A new asset, with a number that none has had. */
bool asset_create(struct sql *sql, const char *kind, const char *name, int64_t at, int64_t *asset, struct err *err);

/* Moves the items that are still in asset into another one, and says so in its row. */
bool asset_merge(struct sql *sql, int64_t asset, int64_t into, struct err *err);

/* Whether an item that is not gone is in it. */
bool asset_lives(struct sql *sql, int64_t asset, bool *lives, struct err *err);

/* What it is, from items of which one is not gone; writes only what is new. */
bool asset_refresh(struct sql *sql, int64_t asset, const char *kind, const char *name, struct err *err);

/* Notes that it is gone, where no item of it is left. */
bool asset_close(struct sql *sql, int64_t asset, int64_t at, struct err *err);

/* What one is that somebody names by its number. */
struct asset_found {
    const char *name, *kind; /* in the arena */
    int64_t gone_at;         /* 0: it is not gone */
};

/* Refused (class config) with a sentence where there is none of that number, or it is part of another one by now. */
bool asset_find(struct sql *sql, int64_t asset, struct arena *arena, struct asset_found *found, struct err *err);

struct asset_event {
    int64_t journal, at;
    int64_t asset, item;
    const char *what; /* joined or parted */
    int64_t other;    /* the other asset; 0: none */
    const char *why;
};

bool asset_record(struct sql *sql, const struct asset_event *event, struct err *err);

#endif
