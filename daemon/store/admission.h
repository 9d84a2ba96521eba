/* The items of a batch, taken into the inventory: what is new, what changed, what came back, what moved. Of the store
 * alone. */
#ifndef ADMISSION_H
#define ADMISSION_H

#include "err.h"
#include "sighting.h"
#include "work.h"

#include <stdbool.h>

bool admission_items(struct work *work, struct sightings *sightings, struct err *err);

#endif
