/* Names of custom attributes by their numbers (CustomFieldsManager.field). Pure. */
#ifndef CUSTOM_FIELDS_H
#define CUSTOM_FIELDS_H

#include "vim_value.h"

#include <stdint.h>

struct custom_fields;

/* field: value of that property, which may be forgotten afterwards; NULL: there are none. */
struct custom_fields *custom_fields_create(const struct vim_value *field);
void custom_fields_destroy(struct custom_fields *fields);

/* NULL where it is not known; fields may be NULL. */
const char *custom_fields_name(const struct custom_fields *fields, int64_t key);

#endif
