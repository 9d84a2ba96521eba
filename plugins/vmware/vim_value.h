/* A value of the vSphere API, as its XML has it: a tree of elements, in an arena. Pure.
 *
 * Elements are named as the API names its properties ("datastore", "guest.net"). A list is several children of one
 * name, or of an ArrayOf... type. Text is UTF-8 of any length below VIM_MAX_TEXT. */
#ifndef VIM_VALUE_H
#define VIM_VALUE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct vim_value {
    const char *name;        /* the element's local name */
    const char *type;        /* xsi:type without its prefix, such as ManagedObjectReference; "" where it has none */
    const char *ref_type;    /* the attribute type of a managed object reference, such as HostSystem; "" for others */
    const char *text;        /* "" where there is none */
    struct vim_value *first; /* children, in order */
    struct vim_value *next;
};

/* The first child of that name, NULL where there is none or value is NULL. */
const struct vim_value *vim_child(const struct vim_value *value, const char *name);

/* The next sibling of the same name. */
const struct vim_value *vim_again(const struct vim_value *value);

/* The text of a descendant by a path of names such as "backing.fileName"; of the value itself for ""; NULL where any of
 * it is missing. */
const char *vim_text(const struct vim_value *value, const char *path);

/* Whole numbers and truths of XML Schema (xsd:long, xsd:boolean). False: missing, or not one. */
bool vim_int(const struct vim_value *value, const char *path, int64_t *number);
bool vim_bool(const struct vim_value *value, const char *path, bool *truth);

#endif
