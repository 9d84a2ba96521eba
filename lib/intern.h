/* Things that are kept once, however often they come: texts, and other bytes such as arrays of pointers.
 *
 *     struct intern texts;
 *     intern_init(&texts, &arena);
 *     assert(intern_text(&texts, "Windows Server 2016") == intern_text(&texts, "Windows Server 2016"));
 *     intern_finish(&texts);
 *
 * What is kept lies in the arena and outlives the table. It must not be changed. */
#ifndef INTERN_H
#define INTERN_H

#include "arena.h"
#include "map.h"

#include <stddef.h>

struct intern {
    struct arena *arena;
    struct map kept;
};

void intern_init(struct intern *intern, struct arena *arena);

/* Frees the table, not what it kept. */
void intern_finish(struct intern *intern);

const char *intern_text(struct intern *intern, const char *text);

/* The same bytes, aligned for any type; NULL where size is 0. Texts and bytes share one table: give each its own. */
const void *intern_bytes(struct intern *intern, const void *bytes, size_t size);

#endif
