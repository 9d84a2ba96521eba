/* What a failover cluster says of virtual machines: which of them are its roles, and its shared volumes; beside what
 * windows_cluster reads. Classes: learn.microsoft.com, Failover Cluster provider. */
#ifndef CLUSTER_H
#define CLUSTER_H

#include "disks.h"
#include "err.h"
#include "map.h"

#include <stdbool.h>

struct host;

struct cluster {
    bool node;        /* the host is one, or it is not known whether it is */
    const char *key;  /* of the cluster's record; NULL: there is none */
    const char *why;  /* which machines are its roles was not read; NULL: it was */
    struct map guids; /* of its machines, in lower case */
    struct map names; /* of its machines' groups, for where no GUID is told */
    struct volumes volumes;
};

void cluster_init(struct cluster *cluster);
void cluster_finish(struct cluster *cluster);

/* MSCluster_Resource and MSCluster_ClusterSharedVolume, and Win32_Volume for size and file system; a record of each
 * shared volume. After windows_cluster. False: the scan fails. */
bool cluster_look(struct host *host, struct err *err);

/* Writes vm.clustered, the path by which others know it, and that it may run on the cluster where it is one of its
 * roles, or may be. host: the full name of its host; NULL: it has none. */
void cluster_write(const struct cluster *cluster, struct machine *machine, const char *host);

#endif
