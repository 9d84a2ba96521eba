/* Scans of a host, or of all nodes of its cluster. */
#ifndef NODES_H
#define NODES_H

#include "err.h"
#include "muster_plugin.h"
#include "wsman.h"

#include <stdbool.h>

/* Whether the nodes of a cluster can be followed with these settings. A cluster tells its nodes' names, and no account
 * may go wherever a reply points: so host must be a full name, nodes are looked for in its domain only, and each must
 * prove itself, by Kerberos or by its certificate. False: class config. */
bool nodes_check(const struct wsman_settings *settings, struct err *err);

/* The host alone; other nodes of its cluster are offered. partial: records may be missing. False: the scan fails. */
bool nodes_scan_host(struct muster *m, const struct wsman_settings *settings, bool *partial, struct err *err);

/* The host, then each other node of its cluster; of what several see, the first that tells of it counts. A node that
 * fails makes the scan partial, with a warning; none may take more than its share of the time that is left. After one
 * that refuses the login no further one is asked. */
bool nodes_scan_cluster(struct muster *m, const struct wsman_settings *settings, bool *partial, struct err *err);

#endif
