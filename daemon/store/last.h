/* What the last scan of a target came to, for whoever shows it. */
#ifndef LAST_H
#define LAST_H

#include "arena.h"
#include "err.h"

#include <stdbool.h>
#include <stdint.h>

struct store;

struct last {
    const char *result;           /* complete, delta, partial, a failure class, or never */
    const char *message;          /* why it failed; "" */
    int64_t started_at, ended_at; /* wall time; 0: never */
    int64_t held;                 /* items whose removal waits to be accepted */
    int64_t items;                /* that the target sees */
};

/* Texts lie in the arena. target: its number. */
bool last_load(struct store *store, int64_t target, struct arena *arena, struct last *last, struct err *err);

#endif
