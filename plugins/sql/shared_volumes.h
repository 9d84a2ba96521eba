/* Cluster shared volumes, and what lies on them or on a share. */
#ifndef SHARED_VOLUMES_H
#define SHARED_VOLUMES_H

#include "sql_instance.h"
#include "sql_section.h"

#include <stdbool.h>

/* The volumes that a failover cluster instance may use: since 2014, which was the first to use shared ones. */
extern const struct section shared_volumes_section;

/* Whether a file lies on a cluster shared volume: beneath ClusterStorage of a drive, where Windows has them, or on one
 * that the instance named. Capitals and the direction of slashes do not matter. */
bool shared_volumes_hold(const struct instance *instance, const char *path);

/* Whether a path leads to another computer: \\server\share, also as \\?\UNC\server\share. Pure. */
bool shared_volumes_is_share(const char *path);

#endif
