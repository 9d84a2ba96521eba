/* The virtual hardware of a virtual machine as far as it matters: its disks, what a backup would leave out of them, and
 * its network cards (config.hardware.device). Pure. */
#ifndef VM_DISKS_H
#define VM_DISKS_H

#include "arena.h"
#include "inventory.h"
#include "texts.h"
#include "vim_read.h"

#include <stdbool.h>

/* Morefs of the datastores that hold its disks, each once; where the disks do not tell, those of the property
 * datastore, among which may be that of a CD image. */
void vm_disks_datastores(const struct vim_object *object, struct texts *datastores);

/* Sets vm.disks and its like, and the links stored_on. */
void vm_disks_write(const struct vim_object *object, const struct inventory *inventory, struct arena *arena,
                    struct muster_item *item);

/* MAC addresses of its network cards. Memory is the arena's. */
void vm_disks_macs(const struct vim_object *object, struct arena *arena, struct texts *macs);

/* Whether a device of this type (xsi:type) matters. */
bool vm_disks_matters(const char *type);

#endif
