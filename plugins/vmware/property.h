/* Properties of a vSphere object as attributes of an item, by tables. */
#ifndef PROPERTY_H
#define PROPERTY_H

#include "muster_plugin.h"
#include "vim_read.h"

#include <stdbool.h>
#include <stddef.h>

#define PROPERTY_UUID_SIZE 37

enum property_form {
    PROPERTY_TEXT = 1,
    PROPERTY_NAME, /* with the API's escapes undone */
    PROPERTY_UUID, /* in lower case */
    PROPERTY_NUMBER,
    PROPERTY_MEGABYTES, /* in bytes */
    PROPERTY_TRUTH,
};

struct property_rule {
    const char *path, *attribute;
    enum property_form form;
};

/* Why the server did not give the property, or what it lies in: the fault's type; NULL where it did not refuse it. */
const char *property_fault(const struct vim_object *object, const char *path);

/* Marks the attribute as unread where the server refused the property; false where it did not. */
bool property_refused(struct muster_item *item, const struct vim_object *object, const char *path,
                      const char *attribute);

/* The property's text; NULL where it is unset, empty or did not come. */
const char *property_text(const struct vim_object *object, const char *path);

/* Sets what the object has; what the server refused, or what is not of its form, is unread. absent: why what is unset
 * is unread too; NULL: that is left out. */
void property_write(struct muster_item *item, const struct vim_object *object, const struct property_rule *rules,
                    size_t count, const char *absent);

/* The UUID in lower case; false where the text is none. */
bool property_uuid(const char *text, char uuid[PROPERTY_UUID_SIZE]);

#endif
