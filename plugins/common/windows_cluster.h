/* The failover cluster that a computer is a node of. */
#ifndef WINDOWS_CLUSTER_H
#define WINDOWS_CLUSTER_H

#include "windows.h"

/* cluster.member and cluster.name of the computer, and a record of kind cluster, which the computer is a member of: its
 * nodes, and the types of what is clustered. The record's key is the cluster's name in lower case, with the domain
 * where it is known: each node makes the same. After windows_computer. */
extern const struct windows_section windows_cluster;

#endif
