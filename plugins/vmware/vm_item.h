/* A VirtualMachine object as an item of kind vm. Pure, but that it writes the item. */
#ifndef VM_ITEM_H
#define VM_ITEM_H

#include "custom_fields.h"
#include "err.h"
#include "inventory.h"
#include "muster_plugin.h"
#include "vim_read.h"
#include "vim_request.h"

#include <stdbool.h>

/* The properties that are asked for, and which parts of their values, and of those of inventory_wanted, matter (for
 * vim_reader_create). */
const struct vim_wanted *vm_item_wanted(void);
bool vm_item_keeps(const char *name, const char *type);

/* What is decided by before an item is written: texts live until the next call. */
struct vm_face {
    const char *key; /* instance UUID in lower case; NULL where the object has none: why says so */
    const char *name;
    const char *path;          /* inventory path with its own name; of one in a vApp, through the vApp */
    const char *holder;        /* full name of the server that has it; NULL: it is not known */
    const char *const *custom; /* custom attributes as name=value */
    size_t custom_count;
    bool unplaced;                          /* its host, a parent or a datastore is not in the inventory */
    bool name_open, path_open, custom_open; /* this is not known, or not wholly */
};

/* True, or false with why: an object that is no virtual machine that can be told apart (no instance UUID,
 * NoPermission). */
bool vm_item_face(const struct vim_object *object, struct inventory *inventory, const struct custom_fields *fields,
                  struct vm_face *face, struct err *why);

/* Writes and emits the item. 0, or -1 as muster_emit. */
int vm_item_emit(const struct vim_object *object, struct inventory *inventory, const struct vm_face *face,
                 struct muster *m);

#endif
