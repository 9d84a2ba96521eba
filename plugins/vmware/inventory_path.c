/* What lies above what. */
#include "entity_name.h"
#include "inventory_parts.h"

#include <string.h>

/* The parents from the nearest on; true where they end at the root, and all have their names. */
static bool climb(const struct inventory *inventory, const char *moref, const struct place *above[INVENTORY_MAX_DEPTH],
                  size_t *count)
{
    const struct place *place;
    bool named = true;

    for (*count = 0; moref[0] != '\0' && strcmp(moref, inventory->root) != 0; moref = place->parent) {
        place = inventory_place(inventory, moref);
        if (place == NULL || *count == INVENTORY_MAX_DEPTH)
            return false;
        above[(*count)++] = place;
        named &= place->named;
    }
    return named && moref[0] != '\0';
}

static void join(struct inventory *inventory, const struct place *const *above, size_t count, bool whole)
{
    str_clear(&inventory->path);
    while (count > 0) {
        if (whole || inventory->path.length > 0)
            str_add_char(&inventory->path, '/');
        str_add(&inventory->path, above[--count]->part);
    }
}

bool inventory_path(struct inventory *inventory, const char *parent, const char *name, const char **path)
{
    const struct place *above[INVENTORY_MAX_DEPTH];
    size_t count;
    bool whole = climb(inventory, parent == NULL ? "" : parent, above, &count);

    join(inventory, above, count, whole);
    if (whole || count > 0)
        str_add_char(&inventory->path, '/');
    entity_name_part(&inventory->path, name);
    *path = str_text(&inventory->path);
    return whole;
}

bool inventory_path_of(struct inventory *inventory, const struct place *place, const char **path)
{
    const struct place *above[INVENTORY_MAX_DEPTH];
    size_t count;
    bool whole = climb(inventory, place->shown.moref, above, &count);

    join(inventory, above, count, whole);
    *path = str_text(&inventory->path);
    return whole;
}

const char *inventory_datacenter(const struct inventory *inventory, const char *moref)
{
    const struct place *above[INVENTORY_MAX_DEPTH];
    size_t count;

    climb(inventory, moref, above, &count);
    for (size_t i = 0; i < count; i++)
        if (strcmp(above[i]->shown.type, "Datacenter") == 0)
            return above[i]->shown.name;
    return NULL;
}

const struct inventory_place *inventory_cluster(const struct inventory *inventory, const char *host)
{
    const struct place *place = inventory_place(inventory, host), *above;

    above = place == NULL ? NULL : inventory_place(inventory, place->parent);
    return above != NULL && strcmp(above->shown.type, "ClusterComputeResource") == 0 ? &above->shown : NULL;
}
