/* An instance from inside: which sections are looked at, in which order, and what is sent. */
#ifndef INTERIOR_H
#define INTERIOR_H

#include "sql_instance.h"

/* Looks at all of them, by the session that the instance has. */
void interior_look(struct instance *instance);

/* No login was made: marks what the sections would have told. All its databases are missing, so the scan is partial. */
void interior_unread(struct instance *instance, const char *why);

/* The record of the instance, then its availability groups and databases. Nothing of a stranger, or of one without a
 * name. */
void interior_emit(struct instance *instance);

#endif
