/* The history of items: its words, its details as JSON, and writing it. Of the store alone.
 *
 *     what      detail
 *     appeared  {}
 *     changed {"attributes":[{"name":"os.build","from":"6.0.6001","to":"6.0.6002"}],"links":{"added":[],"removed":[]}}
 *     moved     {"from":"host A","to":"host B"}     names of the far ends of runs_on, or of the targets that see it
 *     gone      {"why":"missing"}                   or reported, accepted
 *     returned  {}
 *
 * A side that is absent is null. A value or link of more than CHANGE_MAX_VALUE bytes as JSON is shown as
 * {"cut":"its start","bytes":its length,"hash":"..."}. What does not fit into CHANGE_MAX_DETAIL bytes is counted in a
 * member "more". */
#ifndef CHANGE_H
#define CHANGE_H

#include "delta.h"
#include "err.h"
#include "work.h"

#include <stdbool.h>
#include <stdint.h>

#define CHANGE_MAX_VALUE 1024
#define CHANGE_MAX_DETAIL 65536

/* Notes what the delta of an item is, as changed, moved, or both. */
void change_note_delta(struct work *work, int64_t item, const struct delta *delta);

/* Notes a move between what the two names say, and an end for a reason. */
void change_note_move(struct work *work, int64_t item, const char *from, const char *to);
void change_note_gone(struct work *work, int64_t item, const char *why);

/* Writes all that was noted under the journal's number. */
bool change_write(struct work *work, struct err *err);

#endif
