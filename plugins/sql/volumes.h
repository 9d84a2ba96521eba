/* Cluster shared volumes, and what lies on them or on a share. */
#ifndef VOLUMES_H
#define VOLUMES_H

#include "instance.h"

#include <stdbool.h>

/* The volumes that a failover cluster instance may use: since 2014, which was the first to use shared ones. */
extern const struct section volumes_section;

/* Whether a file lies on a cluster shared volume: beneath ClusterStorage of a drive, where Windows has them, or on one
 * that the instance named. Capitals and the direction of slashes do not matter. */
bool volumes_shared(const struct instance *instance, const char *path);

/* Whether a path leads to another computer: \\server\share, also as \\?\UNC\server\share. Pure. */
bool volumes_is_share(const char *path);

#endif
