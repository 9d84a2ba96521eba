/* Text on its way into a file, in portions: what is written is remembered to have failed until the end.
 *
 *     struct outlet outlet = { .out = file };
 *     str_add(&outlet.text, "...");
 *     outlet_spill(&outlet);              // between two rows
 *     if (!outlet_finish(&outlet, &err)) ... */
#ifndef OUTLET_H
#define OUTLET_H

#include "err.h"
#include "str.h"

#include <stdbool.h>
#include <stdio.h>

struct outlet {
    FILE *out;       /* its owner's */
    struct str text; /* what is not yet in the file */
    int error;       /* errno of the first write that failed; 0: none did */
};

/* Writes what there is where it is more than 64 KiB. False where a write has failed: there is no use in going on. */
bool outlet_spill(struct outlet *outlet);

/* Writes the rest and gives the memory back. False with the system's own text where any write failed. */
bool outlet_finish(struct outlet *outlet, struct err *err);

#endif
