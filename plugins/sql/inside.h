/* An instance from inside: which sections are looked at, in which order, and what is sent. */
#ifndef INSIDE_H
#define INSIDE_H

#include "instance.h"

/* Looks at all of them, by the session that the instance has. */
void inside_look(struct instance *instance);

/* The record of the instance, then its availability groups and databases. Nothing of a stranger, or of one without a
 * name. */
void inside_emit(struct instance *instance);

#endif
