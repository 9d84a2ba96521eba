#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "replay.h"

#define DEVICES "config.hardware.device", "ArrayOfVirtualDevice"
#define DISK(key, controller, backing)                                                                                 \
    "<VirtualDevice xsi:type='VirtualDisk'><key>" key                                                                  \
    "</key><backing xsi:type='VirtualDiskFlatVer2BackingInfo'>" backing "</backing><controllerKey>" controller         \
    "</controllerKey></VirtualDevice>"
#define FILE_OF(name, store) "<fileName>" name "</fileName><datastore type='Datastore'>" store "</datastore>"
#define CONTROLLER(type, key, sharing)                                                                                 \
    "<VirtualDevice xsi:type='" type "'><key>" key "</key><sharedBus>" sharing "</sharedBus></VirtualDevice>"
#define UNSET(path)                                                                                                    \
    {                                                                                                                  \
        path, NULL, NULL                                                                                               \
    }
#define STORE(moref) "<ManagedObjectReference type='Datastore'>" moref "</ManagedObjectReference>"

static const struct replay_case cases[] = {
    /* Disks. */
    { { { NULL } }, "vm.disks", "[[san01] web01/web01.vmdk]" },
    { { { NULL } }, "vm.independent_disks", "[]" },
    { { { NULL } }, "vm.physical_rdm_disks", "[]" },
    { { { NULL } }, "vm.shared_disks", "[]" },
    { { { DEVICES, "" } }, "vm.disks", "[]" },
    { { { DEVICES,
          DISK("2001", "1", FILE_OF("[d] a/b.vmdk", "datastore-11") "<diskMode>independent_persistent</diskMode>") DISK(
              "2002", "1", FILE_OF("[d] a/c.vmdk", "datastore-11") "<diskMode>independent_nonpersistent</diskMode>")
              DISK("2003", "1", FILE_OF("[d] a/d.vmdk", "datastore-11") "<diskMode>nonpersistent</diskMode>") } },
      "vm.independent_disks",
      "[[d] a/b.vmdk,[d] a/c.vmdk]" },
    { { { DEVICES, DISK("2001", "1",
                        FILE_OF("[d] a/rdm.vmdk", "datastore-11") "<deviceName>vml.02</deviceName>"
                                                                  "<compatibilityMode>physicalMode</compatibilityMode>"
                                                                  "<diskMode>independent_persistent</diskMode>") } },
      "vm.physical_rdm_disks",
      "[[d] a/rdm.vmdk]" },
    { { { DEVICES, DISK("2001", "1",
                        FILE_OF("[d] a/rdm.vmdk", "datastore-11") "<compatibilityMode>physicalMode</compatibilityMode>"
                                                                  "<diskMode>independent_persistent</diskMode>") } },
      "vm.independent_disks",
      "[]" },
    { { { DEVICES,
          DISK("2001", "1",
               FILE_OF("[d] a/rdm.vmdk", "datastore-11") "<compatibilityMode>virtualMode</compatibilityMode>") } },
      "vm.physical_rdm_disks",
      "[]" },
    { { { DEVICES,
          DISK("2001", "1", FILE_OF("[d] a/q.vmdk", "datastore-11") "<sharing>sharingMultiWriter</sharing>") } },
      "vm.shared_disks",
      "[[d] a/q.vmdk]" },
    { { { DEVICES, CONTROLLER("VirtualLsiLogicSASController", "1001", "physicalSharing")
                       CONTROLLER("ParaVirtualSCSIController", "1002", "virtualSharing")
                           CONTROLLER("VirtualLsiLogicController", "1000", "noSharing")
                               DISK("2001", "1001", FILE_OF("[d] a/q.vmdk", "datastore-11"))
                                   DISK("2002", "1002", FILE_OF("[d] a/r.vmdk", "datastore-11"))
                                       DISK("2003", "1000", FILE_OF("[d] a/s.vmdk", "datastore-11")) } },
      "vm.shared_disks",
      "[[d] a/q.vmdk,[d] a/r.vmdk]" },
    /* A snapshot is no other disk; the disk of a template is another's. */
    { { { DEVICES, DISK("2000", "1",
                        FILE_OF("[d] cloneA/a-000001.vmdk", "datastore-11") "<parent>" FILE_OF(
                            "[d] cloneB/a.vmdk", "datastore-11") "</parent>") } },
      "vm.disks",
      "[[d] cloneA/a-000001.vmdk]" },
    { { { DEVICES, DISK("2000", "1",
                        FILE_OF("[d] a/a-000001.vmdk",
                                "datastore-11") "<parent>" FILE_OF("[d] a/b/a.vmdk", "datastore-11") "</parent>") } },
      "vm.disks",
      "[[d] a/a-000001.vmdk]" },
    { { { DEVICES,
          DISK("2000", "1",
               FILE_OF("[d] a/a-000002.vmdk", "datastore-11") "<parent>" FILE_OF(
                   "[d] a/a-000001.vmdk", "datastore-11") "<parent>" FILE_OF("[d] a/a.vmdk",
                                                                             "datastore-11") "</parent></parent>") } },
      "vm.disks",
      "[[d] a/a.vmdk]" },
    { { { DEVICES, DISK("2000", "1",
                        FILE_OF("[d] clone/a-000001.vmdk",
                                "datastore-11") "<parent>" FILE_OF("[d] gold/a.vmdk", "datastore-12") "</parent>") } },
      "vm.disks",
      "[[d] clone/a-000001.vmdk]" },
    { { { DEVICES, DISK("2000", "1",
                        FILE_OF("[d] clone/a-000001.vmdk",
                                "datastore-11") "<parent>" FILE_OF("[d] gold/a.vmdk", "datastore-12") "</parent>") } },
      "vm.datastore_types",
      "[NFS,VMFS]" },
    { { { DEVICES, DISK("2000", "1", "<deviceName>vmhba1:0</deviceName>")
                       DISK("2001", "1", "<descriptorFileName>raw.vmdk</descriptorFileName>") DISK("2002", "1", "") } },
      "vm.disks",
      "[vmhba1:0,raw.vmdk,disk 2002]" },
    { { { "config.hardware.device", "missing", "NoPermission" } },
      "vm.independent_disks",
      "? the server did not give config.hardware.device: NoPermission" },
    { { UNSET("config.hardware.device") }, "vm.shared_disks", "? the server told nothing of its hardware" },

    /* Datastores. */
    { { { NULL } }, "vm.datastore_types", "[VMFS]" },
    { { { NULL } }, "stored_on", "datastore datastore-11" },
    /* The image of a CD lies on a local one. */
    { { { "datastore", "ArrayOfManagedObjectReference", STORE("datastore-13") STORE("datastore-11") } },
      "stored_on",
      "datastore datastore-11" },
    { { { DEVICES, DISK("2000", "1", FILE_OF("[d] a.vmdk", "datastore-14"))
                       DISK("2001", "1", FILE_OF("[d] b.vmdk", "datastore-11")) } },
      "vm.datastore_types",
      "[VMFS,vsan]" },
    /* A disk that does not tell leaves all that the machine uses. */
    { { { DEVICES,
          DISK("2000", "1", FILE_OF("[d] a.vmdk", "datastore-14")) DISK("2001", "1", "<fileName>b</fileName>") },
        { "datastore", "ArrayOfManagedObjectReference", STORE("datastore-12") STORE("datastore-14") } },
      "stored_on",
      "datastore datastore-12, datastore datastore-14" },
    { { { DEVICES, "" } }, "vm.datastore_types", "[VMFS]" },
    { { { DEVICES, "" }, { "datastore", "missing", "NoPermission" } },
      "vm.datastore_types",
      "? the server did not give datastore: NoPermission" },
    { { { DEVICES, DISK("2000", "1", FILE_OF("[d] a.vmdk", "datastore-99")) } },
      "vm.datastore_types",
      "? the type of a datastore of it is not known" },
};

static void disks_are_told_with_what_a_backup_leaves_out(void **state)
{
    (void)state;
    replay_check(cases, sizeof cases / sizeof *cases);
}

static void snapshots_may_stand_as_deep_as_vsphere_lets_them(void **state)
{
    struct str tree = STR_EMPTY, chain = STR_EMPTY;
    struct replay replay;

    (void)state;
    for (int i = 0; i < 32; i++) {
        str_add(&tree, i == 0 ? "<VirtualMachineSnapshotTree>" : "<childSnapshotList>");
        str_format(&chain, "<parent><fileName>[san01] web01/web01-%06d.vmdk</fileName>", 31 - i);
        str_add(&chain, "<datastore type='Datastore'>datastore-11</datastore>");
    }
    for (int i = 0; i < 32; i++) {
        str_add(&tree, i == 31 ? "</VirtualMachineSnapshotTree>" : "</childSnapshotList>");
        str_add(&chain, "</parent>");
    }
    str_add(&chain, "</backing></VirtualDevice>");
    replay_init(&replay);
    replay_add_estate(&replay);
    {
        struct str device = STR_EMPTY;
        str_add(&device, "<VirtualDevice xsi:type='VirtualDisk'><key>2000</key><backing>"
                         "<fileName>[san01] web01/web01-000032.vmdk</fileName>"
                         "<datastore type='Datastore'>datastore-11</datastore>");
        str_add(&device, str_text(&chain));
        replay_add_machine(&replay, "vm-1",
                           (struct replay_row[]){ { "snapshot.rootSnapshotList", "Array", str_text(&tree) },
                                                  { DEVICES, str_text(&device) },
                                                  { NULL } });
        str_finish(&device);
    }
    replay_scan(&replay);
    assert_string_equal(replay_says(&replay, "vm", REPLAY_KEY, "vm.snapshots"), "32");
    assert_string_equal(replay_says(&replay, "vm", REPLAY_KEY, "vm.disks"), "[[san01] web01/web01-000000.vmdk]");
    assert_string_equal(replay_says(&replay, "vm", REPLAY_KEY, "vm.datastore_types"), "[VMFS]");
    replay_finish(&replay);
    str_finish(&tree);
    str_finish(&chain);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(disks_are_told_with_what_a_backup_leaves_out),
        cmocka_unit_test(snapshots_may_stand_as_deep_as_vsphere_lets_them),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
