/* Names of the vSphere API: it writes / \ % in them as %2f %5c %25 (ManagedEntity.name). Pure.
 *
 * Both append to what they are given. */
#ifndef ENTITY_NAME_H
#define ENTITY_NAME_H

#include "str.h"

/* As people see it. */
void entity_name_plain(struct str *out, const char *name);

/* As a part of an inventory path: as people see it, but that / stays %2f. */
void entity_name_part(struct str *out, const char *name);

#endif
