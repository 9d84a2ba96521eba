/* What a scan said beside its items: its warnings and its offers. Of the store alone. */
#ifndef NOTES_H
#define NOTES_H

#include "err.h"
#include "work.h"

#include <stdbool.h>

/* Makes the target's warnings those of this scan, where they are others, whatever their order; keeps
 * work->target.warnings_hash up to date for the target's row. */
bool notes_warnings(struct work *work, struct err *err);

/* Keeps the offers; those that a complete scan does not repeat are forgotten. */
bool notes_offers(struct work *work, struct err *err);

#endif
