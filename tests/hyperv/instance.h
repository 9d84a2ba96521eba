/* Instances of CIM that are made up, and what becomes of them: no host, no network.
 *
 *     instances_begin();
 *     machines_take_system(&machines, "HV1", instance("Name=" GUID, "ElementName=web01", "EnabledState=2", NULL),
 * &err); assert_string_equal(fact(GUID, "vm.state"), "running"); instances_end(); */
#ifndef INSTANCE_H
#define INSTANCE_H

#include "machine.h"

#include <stdarg.h>

extern struct machines machines;

void instances_begin(void);
void instances_end(void);

/* Properties as Name=Value, NULL at their end; a name once more is the next element of an array, a word without = is
 * nil. Lives until the next call. */
const struct cim_instance *instance(const char *first, ...) __attribute__((sentinel));

/* A fact of a machine as text: numbers in decimal, true or false, a list with blanks between; NULL: it has none. "? "
 * and the reason where it is unread. Lives until the next call. */
const char *fact(const char *guid, const char *attribute);
const char *fact_of(const struct item *item, const char *attribute);

/* The first link of this relation as kind and key with a blank between; NULL: there is none. */
const char *link_of(const struct item *item, const char *relation);

#endif
