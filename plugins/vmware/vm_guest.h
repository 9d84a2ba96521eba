/* What a virtual machine's guest reports of itself through VMware Tools: attributes guest.*. */
#ifndef VM_GUEST_H
#define VM_GUEST_H

#include "arena.h"
#include "texts.h"
#include "vim_read.h"

/* state: vm.state. What the guest cannot tell now is unread, with the reason. Memory is the arena's. */
void vm_guest_write(const struct vim_object *object, const char *state, struct arena *arena, struct muster_item *item);

/* MAC addresses of its virtual network cards as the guest sees them; those of its own making are left out. */
void vm_guest_macs(const struct vim_object *object, struct arena *arena, struct texts *macs);

#endif
