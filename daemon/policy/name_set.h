/* A set of names, without regard to the case of ASCII letters.
 *
 *     struct name_set names;
 *     name_set_init(&names);
 *     name_set_add(&names, "Payroll");
 *     name_set_has(&names, "PAYROLL");        // true
 *     name_set_finish(&names);
 *
 * Names are copied. Adding and asking cost what the name is long, however many there are. */
#ifndef NAME_SET_H
#define NAME_SET_H

#include "arena.h"
#include "map.h"
#include "str.h"

#include <stdbool.h>

struct name_set {
    struct arena arena;
    struct map names;
    struct str folded;
};

void name_set_init(struct name_set *set);
void name_set_finish(struct name_set *set);
void name_set_add(struct name_set *set, const char *name);
bool name_set_has(struct name_set *set, const char *name);

#endif
