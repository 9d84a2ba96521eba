/* Rulings and attestations whose day comes near or is over: people are told. Of the store alone.
 *
 * The subject of such an event is "ruling KEY" or "attestation KEY", its state one of LAPSE_NEAR and LAPSE_OVER; ""
 * where it got a later day or is not there any more. */
#ifndef LAPSE_H
#define LAPSE_H

#include "err.h"
#include "matrix.h"

#include <stdbool.h>
#include <stdint.h>

struct sql;

#define LAPSE_WARN_MS ((int64_t)30 * 24 * 3600 * 1000) /* before its end, that it ends is told */
#define LAPSE_NEAR "lapsing"
#define LAPSE_OVER "lapsed"

/* Writes an event for each whose state is another than in its last event. *next is lowered to when the next one changes
 * by itself. batch: of all these events. */
bool lapse_tick(struct sql *sql, const struct matrix *matrix, const char *batch, int64_t now, int64_t *next,
                struct err *err);

#endif
