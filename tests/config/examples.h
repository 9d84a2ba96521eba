/* Examples of conditions, for tables of tests: things as scene.h reads them, the first of which is asked, and what
 * comes of it. */
#ifndef EXAMPLES_H
#define EXAMPLES_H

#include "condition.h"
#include "knowledge.h"

#include <stddef.h>

enum { EXAMPLE_THINGS = 8 };

struct example {
    const char *rule; /* name of a condition; that of one edition as EDITION/NAME */
    enum truth truth;
    const char *things[EXAMPLE_THINGS];
};

/* NULL: there is none. Conditions of an edition are known by the rows that name them. */
const struct condition *example_condition(const struct matrix *matrix, const char *rule);

/* How many come out as something else; each is told. */
size_t examples_wrong(const struct matrix *matrix, const struct example *examples, size_t count);

#endif
