/* Availability groups: those that an instance has a replica of, and which databases are in them. */
#ifndef GROUPS_H
#define GROUPS_H

#include "sql_instance.h"
#include "sql_section.h"

/* Groups and their replicas; since 2012. */
extern const struct section groups_section;

/* Which database is in which; after the databases and the groups. */
extern const struct section groups_membership;

/* Sends a record of each: every replica tells of the same one, by its GUID. */
void groups_emit(struct instance *instance);

/* Makes one such record in the instance's scratch arena. */
void groups_record(struct instance *instance, const struct group *group, struct item *item);

#endif
