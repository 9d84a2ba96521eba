/* What stands around the virtual machines: folders, datacenters, clusters, hosts, datastores, vApps, in memory, so that
 * a machine's path, host and datastores can be named. A few thousand objects; virtual machines are never kept. Pure,
 * but for inventory_emit.
 *
 * Names: the API writes / \ % in names as %2f %5c %25; here names are as people see them, and in paths %2f stays.
 * Paths are inventory paths, from the root without its own name: /DC0/vm/Prod/web01. */
#ifndef INVENTORY_H
#define INVENTORY_H

#include "err.h"
#include "muster_plugin.h"
#include "vim_read.h"
#include "vim_request.h"

#include <stdbool.h>
#include <stddef.h>

#define INVENTORY_MAX_OBJECTS 200000     /* more fail the scan */
#define INVENTORY_MAX_BYTES (128U << 20) /* of memory; more fail the scan */
#define INVENTORY_MAX_NAME 1024          /* bytes; vSphere has 80 characters. A longer one is none */
#define INVENTORY_MAX_DEPTH 64           /* folders above each other; a ring of parents is one that never ends */

struct inventory;

struct inventory_place {
    const char *type, *name, *moref;
    const char *key;  /* of its item: for a HostSystem its name in lower case, else its moref */
    const char *kind; /* of its item: esxi_host, cluster, datastore, vapp; NULL for what has none, such as a host
                         without a name */
};

/* root: moref of the root folder (vim_about), which no view holds; "" ends no path. Copied. */
struct inventory *inventory_create(const char *root);
void inventory_destroy(struct inventory *inventory);

/* What to ask for, for vim_retrieve and vim_create_filter. */
const struct vim_wanted *inventory_wanted(size_t *count);

/* Takes one object (struct vim_taker's take, with the inventory as its context). Objects of other types are left. */
bool inventory_take(void *inventory, const struct vim_object *object, struct err *err);

/* Tells of an object once more, after all were taken: whether it is as it was then, as far as virtual machines show it.
 * How many there are, and how many of them were not told of so. */
bool inventory_meet(struct inventory *inventory, const struct vim_object *object);
size_t inventory_count(const struct inventory *inventory);
size_t inventory_unmet(const struct inventory *inventory);

/* NULL where it is not known. */
const struct inventory_place *inventory_find(const struct inventory *inventory, const char *moref);

/* Path of an object by its own name and its parent's moref; false where a parent or its name is missing or they form
 * a ring (what is known of it is in path all the same, from there on). The text lives until the next call. */
bool inventory_path(struct inventory *inventory, const char *parent, const char *name, const char **path);

/* The name of the datacenter above, NULL where there is none. */
const char *inventory_datacenter(const struct inventory *inventory, const char *moref);

/* The cluster of a host: NULL where the host stands alone or is not known. */
const struct inventory_place *inventory_cluster(const struct inventory *inventory, const char *host);

/* Sends the items of all that have a kind. vcenter: key of the vCenter's item, for the link managed_by; NULL where a
 * host answers for itself. False: hosts whose names the server did not give are left out, each with a warning. */
struct licences; /* of licence.h; NULL: they were not read */
bool inventory_emit(struct inventory *inventory, struct muster *m, const char *vcenter,
                    const struct licences *licences);

#endif
