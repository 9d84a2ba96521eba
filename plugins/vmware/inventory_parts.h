/* What the files of the inventory and of virtual machines share. */
#ifndef INVENTORY_PARTS_H
#define INVENTORY_PARTS_H

#include "arena.h"
#include "inventory.h"
#include "map.h"
#include "str.h"
#include "vec.h"

struct place {
    struct inventory_place shown; /* first: inventory_find hands it out */
    const char *part;             /* its name in a path */
    const char *parent;           /* moref; "" where it has none, or where it is not known */
    bool named;                   /* the server gave its name */
    bool met;                     /* inventory_meet was told of it */
    const struct vim_object *object;
};

struct inventory {
    struct arena arena;
    struct map places;         /* by moref */
    vec(struct place *) order; /* as they came */
    size_t met;                /* places of which inventory_meet was told */
    const char *root;
    struct str path;
    struct arena scratch; /* what stands in a struct vm_face, and what its item is made of */
};

/* The same as inventory_find. */
const struct place *inventory_place(const struct inventory *inventory, const char *moref);

/* The same where its item is of this kind; NULL for any other. */
const struct place *inventory_place_of(const struct inventory *inventory, const char *moref, const char *kind);

/* As inventory_path, of one that is in the inventory itself. */
bool inventory_path_of(struct inventory *inventory, const struct place *place, const char **path);

#endif
