/* Texts that are gathered to become a list of an item. They are borrowed.
 *
 *     struct texts texts = VEC_EMPTY;
 *     vec_push(&texts, "VMFS");
 *     texts_order(&texts);
 *     texts_write(&texts, item, "vm.datastore_types");
 *     vec_finish(&texts); */
#ifndef TEXTS_H
#define TEXTS_H

#include "muster_plugin.h"
#include "vec.h"

struct texts {
    const char **items;
    size_t count, capacity;
};

/* In the order of strcmp, each once: what comes in another order from scan to scan is no change. */
void texts_order(struct texts *texts);

/* As they stand; an empty list says that there are none. */
void texts_write(const struct texts *texts, struct muster_item *item, const char *attribute);

#endif
