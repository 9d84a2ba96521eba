/* Computers that an instance can run on. */
#ifndef SQL_NODES_H
#define SQL_NODES_H

#include "sql_instance.h"
#include "sql_section.h"

/* Of a failover cluster instance: all nodes that can own it. Each is a computer that it is hosted on, for what holds of
 * the instance must hold of each; where they are not read, none is, for one alone would be taken for all. */
extern const struct section sql_nodes_section;

/* The computer of an instance that is known to be no failover cluster instance, by its full name. */
void sql_nodes_link_computer(struct instance *instance);

#endif
