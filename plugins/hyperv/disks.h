/* Where the disks of virtual machines lie. Pure. */
#ifndef DISKS_H
#define DISKS_H

#include "machine.h"

#include <stdbool.h>

/* A cluster shared volume. */
struct volume {
    const char *path; /* C:\ClusterStorage\Volume1 */
    const char *key;  /* of its record */
};

struct volumes {
    struct volume *items;
    size_t count, capacity;
};

/* A word of vm.disk_places, by a path as Windows writes it: csv beneath \ClusterStorage of a drive where the host may
 * be a node, smb on a share, local on a drive or on a volume by its GUID; NULL: it is none of these. */
const char *disks_place(const char *path, bool node);

/* The cluster shared volume that a path lies on; NULL: on none of these. */
const struct volume *disks_volume(const struct volumes *volumes, const char *path);

/* Writes vm.disks, vm.disk_places, vm.pass_through_disks, vm.remote_disks and the ties stored_on; and vm.shared_disks,
 * where shared is NULL, else that it is unread for this reason. Of a machine that is overfull all are unread. */
void disks_write(struct machine *machine, const struct volumes *volumes, bool node, const char *shared);

#endif
