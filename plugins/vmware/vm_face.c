/* What is decided by before a virtual machine's item is written. */
#include "entity_name.h"
#include "inventory_parts.h"
#include "property.h"
#include "text.h"
#include "vm_disks.h"
#include "vm_item.h"
#include "vm_site.h"

#include <string.h>

static const char uuid_path[] = "config.instanceUuid";

/* -------------------------------------------------------------------------------------------------------- key ---- */

static const char *name_of(const struct vim_object *object, struct arena *arena)
{
    const char *name = property_text(object, "name");
    struct str plain = STR_EMPTY;

    if (name == NULL)
        return arena_text(arena, object->moref);
    entity_name_plain(&plain, name);
    name = arena_text(arena, str_text(&plain));
    str_finish(&plain);
    return name;
}

static bool no_key(const struct vim_object *object, const char *name, struct err *why)
{
    const char *fault = property_fault(object, uuid_path), *state = property_text(object, "runtime.connectionState");
    char quote[TEXT_QUOTE_SIZE], moref[TEXT_QUOTE_SIZE];

    text_quote(quote, name);
    text_quote(moref, object->moref);
    if (fault != NULL)
        return err_set(why, strcmp(fault, "NoPermission") == 0 ? ERR_DENIED : ERR_PROTOCOL,
                       "the virtual machine %s (%s) cannot be told apart: the server did not give %s: %.100s", quote,
                       moref, uuid_path, fault);
    if (property_text(object, "config.uuid") != NULL)
        return err_set(why, ERR_PROTOCOL,
                       "the virtual machine %s (%s) has no instance UUID, though its configuration is there: it "
                       "cannot be told apart from others until the server gives it one",
                       quote, moref);
    return err_set(why, ERR_PROTOCOL,
                   "the virtual machine %s (%s, %.40s) has no instance UUID: its configuration cannot be read now, and "
                   "it comes back when its host and its datastore can be reached",
                   quote, moref, state == NULL ? "state unknown" : state);
}

static bool find_key(const struct vim_object *object, struct arena *arena, struct vm_face *face, struct err *why)
{
    const char *text = property_text(object, uuid_path);
    char uuid[PROPERTY_UUID_SIZE], name[TEXT_QUOTE_SIZE], quote[TEXT_QUOTE_SIZE];

    if (text == NULL)
        return no_key(object, face->name, why);
    if (!property_uuid(text, uuid))
        return err_set(why, ERR_PROTOCOL, "the virtual machine %s has the instance UUID '%s', which is none",
                       text_quote(name, face->name), text_quote(quote, text));
    face->key = arena_text(arena, uuid);
    return true;
}

/* ------------------------------------------------------------------------------------------ custom attributes ---- */

static const char *custom_text(struct arena *arena, const struct custom_fields *fields, const struct vim_value *value)
{
    const char *text = vim_text(value, "value"), *name = NULL;
    int64_t key;

    if (text == NULL || !vim_int(value, "key", &key))
        return NULL;
    name = custom_fields_name(fields, key);
    return name != NULL ? arena_format(arena, "%s=%s", name, text)
                        : arena_format(arena, "%s=%s", vim_text(value, "key"), text);
}

/* Where there are no definitions at all, as on a host that answers for itself, numbers are all that there is. */
static bool has_name(const struct custom_fields *fields, const struct vim_value *value)
{
    int64_t key;

    return fields == NULL || !vim_int(value, "key", &key) || custom_fields_name(fields, key) != NULL;
}

static void find_custom(const struct vim_object *object, struct arena *arena, const struct custom_fields *fields,
                        struct vm_face *face)
{
    const struct vim_value *list = vim_property(object, "customValue");
    struct texts texts = VEC_EMPTY;

    face->custom_open = property_fault(object, "customValue") != NULL;
    for (const struct vim_value *at = list == NULL ? NULL : list->first; at != NULL; at = at->next) {
        const char *text = custom_text(arena, fields, at);
        if (text != NULL)
            vec_push(&texts, text);
        face->custom_open |= !has_name(fields, at);
    }
    texts_order(&texts);
    face->custom_count = texts.count;
    if (texts.count > 0)
        face->custom = arena_bytes(arena, texts.items, texts.count * sizeof *texts.items);
    vec_finish(&texts);
}

/* ------------------------------------------------------------------------------------------------------ place ---- */

static bool knows_datastores(const struct vim_object *object, const struct inventory *inventory)
{
    struct texts morefs = VEC_EMPTY;
    bool known = property_fault(object, "datastore") == NULL;

    vm_disks_datastores(object, &morefs);
    for (size_t i = 0; i < morefs.count; i++)
        known &= inventory_place_of(inventory, morefs.items[i], "datastore") != NULL;
    vec_finish(&morefs);
    return known;
}

static void find_place(const struct vim_object *object, struct inventory *inventory, struct vm_face *face)
{
    struct vm_site site = vm_site_find(object, inventory);
    const char *name = property_text(object, "name"), *path;
    bool whole = inventory_path(inventory, site.parent, name == NULL ? object->moref : name, &path);

    face->path = arena_text(&inventory->scratch, path);
    face->path_open = !whole || name == NULL;
    face->unplaced = !whole || site.host == NULL || (site.in_vapp && site.vapp == NULL) || !site.vapp_known ||
                     !knows_datastores(object, inventory);
}

bool vm_item_face(const struct vim_object *object, struct inventory *inventory, const struct custom_fields *fields,
                  struct vm_face *face, struct err *why)
{
    char quote[TEXT_QUOTE_SIZE];

    arena_reset(&inventory->scratch);
    *face = (struct vm_face){ .name = name_of(object, &inventory->scratch), .path = "" };
    face->name_open = property_text(object, "name") == NULL;
    face->path_open = face->custom_open = true;
    if (strcmp(object->type, "VirtualMachine") != 0)
        return err_set(why, ERR_PROTOCOL, "the object %s is a %.60s, not a virtual machine",
                       text_quote(quote, object->moref), object->type);
    if (!find_key(object, &inventory->scratch, face, why))
        return false;
    find_custom(object, &inventory->scratch, fields, face);
    find_place(object, inventory, face);
    return true;
}
