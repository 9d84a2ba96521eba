#include "inventory.h"

#include "entity_name.h"
#include "inventory_parts.h"
#include "property.h"

#include <ctype.h>
#include <string.h>

/* ---------------------------------------------------------------------------------------------- what is asked ---- */

/* Leaf properties that all versions from 5.0 on know: a real server refuses the whole call for one that it does not. */
static const char *const folder_paths[] = { "name", "parent" };
static const char *const cluster_paths[] = { "name", "parent", "configuration.dasConfig.enabled",
                                             "configuration.drsConfig.enabled" };
static const char *const host_paths[] = { "name",
                                          "parent",
                                          "summary.hardware.vendor",
                                          "summary.hardware.model",
                                          "summary.hardware.uuid",
                                          "summary.hardware.numCpuThreads",
                                          "summary.hardware.memorySize",
                                          "summary.config.product.fullName",
                                          "summary.config.product.version",
                                          "summary.config.product.build",
                                          "summary.config.product.apiVersion",
                                          "config.network.vnic",
                                          "runtime.connectionState",
                                          "runtime.inMaintenanceMode" };
static const char *const datastore_paths[] = { "name", "parent", "summary.type", "summary.capacity",
                                               "summary.multipleHostAccess" };
static const char *const vapp_paths[] = { "name", "parent", "parentFolder", "parentVApp" };

#define WANTED(type, paths)                                                                                            \
    {                                                                                                                  \
        type, paths, sizeof(paths) / sizeof *(paths)                                                                   \
    }

const struct vim_wanted *inventory_wanted(size_t *count)
{
    static const struct vim_wanted wanted[] = {
        WANTED("Folder", folder_paths),          WANTED("Datacenter", folder_paths),
        WANTED("ComputeResource", folder_paths), WANTED("ClusterComputeResource", cluster_paths),
        WANTED("HostSystem", host_paths),        WANTED("Datastore", datastore_paths),
        WANTED("VirtualApp", vapp_paths),
    };

    *count = sizeof wanted / sizeof *wanted;
    return wanted;
}

/* -------------------------------------------------------------------------------------------------- the table ---- */

struct inventory *inventory_create(const char *root)
{
    struct inventory *inventory = mem_new(1, sizeof *inventory);

    arena_init(&inventory->arena, ARENA_PLAIN);
    arena_init(&inventory->scratch, ARENA_PLAIN);
    inventory->root = arena_text(&inventory->arena, root);
    return inventory;
}

void inventory_destroy(struct inventory *inventory)
{
    if (inventory == NULL)
        return;
    str_finish(&inventory->path);
    vec_finish(&inventory->order);
    map_finish(&inventory->places);
    arena_finish(&inventory->scratch);
    arena_finish(&inventory->arena);
    free(inventory);
}

const struct place *inventory_place(const struct inventory *inventory, const char *moref)
{
    return map_get(&inventory->places, moref);
}

const struct place *inventory_place_of(const struct inventory *inventory, const char *moref, const char *kind)
{
    const struct place *place = inventory_place(inventory, moref);

    return place != NULL && place->shown.kind != NULL && strcmp(place->shown.kind, kind) == 0 ? place : NULL;
}

const struct inventory_place *inventory_find(const struct inventory *inventory, const char *moref)
{
    const struct place *place = inventory_place(inventory, moref);

    return place == NULL ? NULL : &place->shown;
}

/* ----------------------------------------------------------------------------------------------------- copies ---- */

/* NOLINTNEXTLINE(misc-no-recursion): as deep as the reader lets a reply be, XML_MAX_DEPTH at the most */
static struct vim_value *copy_value(struct arena *arena, const struct vim_value *value)
{
    struct vim_value *copy = arena_alloc(arena, sizeof *copy), **last = &copy->first;

    *copy = (struct vim_value){
        .name = arena_text(arena, value->name),
        .type = arena_text(arena, value->type),
        .ref_type = arena_text(arena, value->ref_type),
        .text = arena_text(arena, value->text),
    };
    for (const struct vim_value *child = value->first; child != NULL; child = child->next) {
        *last = copy_value(arena, child);
        last = &(*last)->next;
    }
    return copy;
}

static const struct vim_property *copy_properties(struct arena *arena, const struct vim_object *object)
{
    struct vim_property *copies = arena_alloc(arena, object->property_count * sizeof *copies);

    for (size_t i = 0; i < object->property_count; i++) {
        const struct vim_property *property = &object->properties[i];
        copies[i].path = arena_text(arena, property->path);
        copies[i].value = property->value == NULL ? NULL : copy_value(arena, property->value);
    }
    return copies;
}

static const struct vim_missing *copy_missing(struct arena *arena, const struct vim_object *object)
{
    struct vim_missing *copies = arena_alloc(arena, object->missing_count * sizeof *copies);

    for (size_t i = 0; i < object->missing_count; i++) {
        copies[i].path = arena_text(arena, object->missing[i].path);
        copies[i].fault = arena_text(arena, object->missing[i].fault);
    }
    return copies;
}

static const struct vim_object *copy_object(struct arena *arena, const struct vim_object *object)
{
    struct vim_object *copy = arena_alloc(arena, sizeof *copy);

    copy->kind = object->kind;
    copy->properties = copy_properties(arena, object);
    copy->property_count = object->property_count;
    copy->missing = copy_missing(arena, object);
    copy->missing_count = object->missing_count;
    return copy;
}

/* ------------------------------------------------------------------------------------------------------ taking ---- */

static const struct {
    const char *type, *kind;
} types[] = {
    { "Folder", NULL },
    { "StoragePod", NULL }, /* a folder of datastores */
    { "Datacenter", NULL },
    { "ComputeResource", NULL },
    { "ClusterComputeResource", "cluster" },
    { "HostSystem", "esxi_host" },
    { "Datastore", "datastore" },
    { "VirtualApp", "vapp" },
};

/* A vApp stands in another one or in a folder; its parent is a resource pool, which no path shows. */
static const char *parent_of(const struct vim_object *object)
{
    static const char *const paths[] = { "parentVApp", "parentFolder", "parent" };
    const char *parent = NULL;

    for (size_t i = 0; parent == NULL && i < sizeof paths / sizeof *paths; i++)
        parent = property_text(object, paths[i]);
    return parent == NULL ? "" : parent;
}

static const char *keep_name(struct inventory *inventory, void undo(struct str *out, const char *name),
                             const char *name)
{
    str_clear(&inventory->path);
    undo(&inventory->path, name);
    return arena_text(&inventory->arena, str_text(&inventory->path));
}

static const char *lower(struct arena *arena, const char *text)
{
    char *copy = arena_text(arena, text);

    for (char *at = copy; *at != '\0'; at++)
        *at = (char)((unsigned char)*at < 0x80 ? tolower((unsigned char)*at) : *at);
    return copy;
}

/* NULL where the server did not give it, or one that makes paths as long as memory. */
static const char *name_of(const struct vim_object *object)
{
    const char *name = property_text(object, "name");

    return name == NULL || strlen(name) > INVENTORY_MAX_NAME ? NULL : name;
}

/* A name that the server did not give is no reason to lose what stands beneath. A host is known by its name alone:
 * without it, it has no item, and is none for its machines to run on. */
static void fill(struct inventory *inventory, struct place *place, const struct vim_object *object, size_t type)
{
    const char *name = name_of(object);

    place->named = name != NULL;
    place->shown.type = types[type].type;
    place->shown.kind = types[type].kind;
    place->shown.name = keep_name(inventory, entity_name_plain, name == NULL ? place->shown.moref : name);
    place->part = keep_name(inventory, entity_name_part, name == NULL ? place->shown.moref : name);
    place->shown.key = place->shown.moref;
    if (strcmp(place->shown.type, "HostSystem") == 0)
        place->shown.key = lower(&inventory->arena, place->shown.name);
    if (name == NULL && strcmp(place->shown.type, "HostSystem") == 0)
        place->shown.kind = NULL;
    place->parent = arena_text(&inventory->arena, parent_of(object));
    place->object = place->shown.kind == NULL ? NULL : copy_object(&inventory->arena, object);
}

static struct place *add(struct inventory *inventory, const char *moref)
{
    struct place *place = arena_alloc(&inventory->arena, sizeof *place);

    place->shown.moref = arena_text(&inventory->arena, moref);
    map_put(&inventory->places, place->shown.moref, place);
    vec_push(&inventory->order, place);
    return place;
}

bool inventory_take(void *context, const struct vim_object *object, struct err *err)
{
    struct inventory *inventory = context;
    struct place *place = map_get(&inventory->places, object->moref);
    size_t type = 0, count = sizeof types / sizeof *types;

    while (type < count && strcmp(types[type].type, object->type) != 0)
        type++;
    if (type == count || object->kind == VIM_LEAVE)
        return true;
    if (place == NULL && inventory->order.count == INVENTORY_MAX_OBJECTS)
        return err_set(err, ERR_PROTOCOL, "the server has more than %d folders, hosts and datastores",
                       INVENTORY_MAX_OBJECTS);
    fill(inventory, place == NULL ? add(inventory, object->moref) : place, object, type);
    if (inventory->arena.total > INVENTORY_MAX_BYTES)
        return err_set(err, ERR_PROTOCOL, "the server's folders, hosts and datastores take more than %u MB",
                       INVENTORY_MAX_BYTES >> 20);
    return true;
}

/* ----------------------------------------------------------------------------------------------------- meeting ---- */

static bool same(const char *one, const char *other)
{
    return one == NULL || other == NULL ? one == other : strcmp(one, other) == 0;
}

/* What of it shows in the items of virtual machines is as it was read. */
static bool is_as_read(struct inventory *inventory, const struct place *place, const struct vim_object *object)
{
    const char *name = name_of(object), *type = property_text(object, "summary.type");

    str_clear(&inventory->path);
    if (name != NULL)
        entity_name_part(&inventory->path, name);
    return place->named == (name != NULL) && (name == NULL || strcmp(str_text(&inventory->path), place->part) == 0) &&
           strcmp(parent_of(object), place->parent) == 0 &&
           (place->object == NULL || same(type, property_text(place->object, "summary.type")));
}

bool inventory_meet(struct inventory *inventory, const struct vim_object *object)
{
    struct place *place = map_get(&inventory->places, object->moref);

    if (place == NULL)
        return false;
    inventory->met += !place->met;
    place->met = true;
    return is_as_read(inventory, place, object);
}

size_t inventory_unmet(const struct inventory *inventory)
{
    return inventory->order.count - inventory->met;
}

size_t inventory_count(const struct inventory *inventory)
{
    return inventory->order.count;
}
