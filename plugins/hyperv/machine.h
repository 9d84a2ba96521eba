/* One virtual machine in the making, and all of a host's: what each class of root/virtualization says of them, in the
 * order of machines_take_system first, then any. Pure.
 *
 *     struct machines machines;
 *     machines_init(&machines, &arena);
 *     for each Msvm_ComputerSystem: machines_take_system(&machines, instance, &err)
 *     for each Msvm_VirtualSystemSettingData: machines_take_setting(&machines, instance)
 *     ...
 *     machines_finish(&machines);
 *
 * A machine is found by its GUID, which it keeps wherever it moves; never by Caption, which is localised. What is of
 * none of them (a checkpoint's own settings, defaults of the host) is passed over. Classes and their values:
 * learn.microsoft.com, Hyper-V WMI provider (V2), and its first version. */
#ifndef MACHINE_H
#define MACHINE_H

#include "arena.h"
#include "cim.h"
#include "err.h"
#include "item.h"
#include "kvp.h"
#include "map.h"
#include "vec.h"

#include <stdbool.h>
#include <stdint.h>

#define MACHINES_MAX 20000     /* of one host; Hyper-V's own limit is 1,024 */
#define MACHINE_MAX_PARTS 4096 /* disks, or network cards, of one */

struct texts {
    const char **items;
    size_t count, capacity;
};

struct machine {
    struct item item;  /* of kind vm; its key is the GUID */
    const char *name;  /* "" where it has none */
    const char *state; /* in the words of vm.state; NULL: it is not known */
    struct texts disks, pass_through, shared, macs;
    int64_t checkpoints;
    bool has_setting, has_resources;
    bool overfull;        /* it has more than MACHINE_MAX_PARTS of one sort: what was kept is not all */
    bool told;            /* its guest told something */
    const char *hostname; /* how the guest calls itself: hostile; NULL: it did not */
};

struct machines {
    struct arena *arena; /* of all records and texts */
    struct kvp *kvp;
    vec(struct machine *) all; /* in the order that the host told them */
    struct map by_guid;
    bool host; /* the host's own instance was among them */
};

void machines_init(struct machines *machines, struct arena *arena);
void machines_finish(struct machines *machines);

/* By a GUID as Windows spells it, or by an InstanceID that begins with "Microsoft:GUID"; NULL: it is of none of them.
 */
struct machine *machines_find(const struct machines *machines, const char *id);

/* Msvm_ComputerSystem. The host's own instance has its name in place of a GUID, and is only noted. False: it is
 * neither, is there twice, or is one too many; err says so, and the rest stands. */
bool machines_take_system(struct machines *machines, const char *host, const struct cim_instance *instance,
                          struct err *err);

/* Msvm_VirtualSystemSettingData of either namespace: of machines, and of their checkpoints, which are counted. */
void machines_take_setting(struct machines *machines, const struct cim_instance *instance);

/* Msvm_VirtualSystemGlobalSettingData of the first namespace. */
void machines_take_global(struct machines *machines, const struct cim_instance *instance);

/* CIM_ResourceAllocationSettingData: processors, memory, network cards, disks. */
void machines_take_resource(struct machines *machines, const struct cim_instance *instance);

/* Whether processors and disks are among what was taken: the machines of a host, together, lack neither. */
bool machines_have_resources(const struct machines *machines);

/* Forgets what machines_take_resource took, to ask another way. */
void machines_forget_resources(struct machines *machines);

/* Msvm_StorageAllocationSettingData with PersistentReservationsSupported. */
void machines_take_shared(struct machines *machines, const struct cim_instance *instance);

/* Msvm_KvpExchangeComponent: what the guest tells. */
void machines_take_exchange(struct machines *machines, const struct cim_instance *instance);

#endif
