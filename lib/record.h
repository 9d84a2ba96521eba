/* An item as the fields of a frame: kind, key, and counted runs of attributes, links and unread sections. */
#ifndef RECORD_H
#define RECORD_H

#include "arena.h"
#include "frame.h"
#include "item.h"

void record_put(struct frame_writer *writer, const struct item *item);

/* Fills an item whose memory lies in the arena. Every limit of item.h is checked; what breaks one is a misfit of the
 * reader. */
void record_get(struct frame_reader *reader, struct item *item, struct arena *arena);

#endif
