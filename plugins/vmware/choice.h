/* Which virtual machines a target is about: include and exclude by inventory path, by name, by custom attribute. Pure.
 *
 * Patterns are those of lib/pattern.h. One that begins with "/" is of the path (a machine is also chosen by a folder
 * above it: "/DC0/vm/Prod" means all beneath it), "name=value" with the prefix "attribute:" is of a custom attribute
 * ("attribute:Backup=no*"), else it is of the name. With include, what fits none of it is out; what fits exclude is out
 * in any case. */
#ifndef CHOICE_H
#define CHOICE_H

#include "err.h"
#include "vm_item.h"

#include <stdbool.h>
#include <stddef.h>

struct choice {
    const char *const *include, *const *exclude;
    size_t include_count, exclude_count;
};

/* Whether each pattern can be understood. */
bool choice_check(const struct choice *choice, struct err *err);
bool choice_takes(const struct choice *choice, const struct vm_face *face);

/* Whether that cannot be said: a pattern that would decide is of something that is not known of this machine. */
bool choice_is_open(const struct choice *choice, const struct vm_face *face);

#endif
