/* What `muster what-if` is told to suppose: facts, by name and value. */
#ifndef SUPPOSITION_H
#define SUPPOSITION_H

#include "err.h"
#include "flags.h"
#include "item.h"

#include <stdbool.h>

/* Takes each --set FACT=VALUE into the item, in the order of names, each once: of one that comes twice, the last
 * counts. The value is of the type that the data dictionary gives the fact; of a list, commas are between its texts.
 * False, with a sentence, where there is no such fact, naming the nearest, or the value is not one of its type. */
bool supposition_facts(const struct flags *flags, struct item *facts, struct err *err);

#endif
