/* Where a virtual machine stands: its host, its folder, its vApp. Pure. */
#ifndef VM_SITE_H
#define VM_SITE_H

#include "inventory_parts.h"

#include <stdbool.h>

struct vm_site {
    const struct place *host; /* NULL: not told, or not in the inventory */
    const struct place *vapp; /* NULL: it is in none, or that one is not in the inventory */
    bool in_vapp;
    bool vapp_known;    /* whether the server told of it at all */
    const char *parent; /* moref of what it lies in: its vApp, else its folder; NULL where that is not told */
};

struct vm_site vm_site_find(const struct vim_object *object, const struct inventory *inventory);

#endif
