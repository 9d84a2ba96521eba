#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "disks.h"
#include "instance.h"

#include <string.h>

#define GUID "5C3F4A60-1111-4A4A-9B9B-000000000001"
#define PLACE "InstanceID=Microsoft:" GUID "\\x"
#define KEY "0f000000-0000-0000-0000-000000000001"

static void the_path_tells_where_a_disk_lies(void **state)
{
    static const struct {
        const char *path, *alone, *node;
    } cases[] = {
        { "C:\\VMs\\a.vhdx", "local", "local" },
        { "c:\\vms\\a.vhdx", "local", "local" },
        { "C:\\ClusterStorage\\Volume1\\a.vhdx", "local", "csv" },
        { "c:\\clusterstorage\\Volume1\\a.vhdx", "local", "csv" },
        { "C:\\ClusterStorage2\\a.vhdx", "local", "local" },
        { "C:\\ClusterStorage", "local", "local" },
        { "D:\\ClusterStorage\\Volume1\\a.vhdx", "local", "csv" },
        { "\\\\?\\C:\\ClusterStorage\\Volume1\\a.vhdx", "local", "csv" },
        { "\\\\fs1\\share\\a.vhdx", "smb", "smb" },
        { "\\\\10.1.2.3\\share\\a.vhdx", "smb", "smb" },
        { "\\\\?\\UNC\\fs1\\share\\a.vhdx", "smb", "smb" },
        { "\\\\?\\Volume{0f000000-0000-0000-0000-000000000001}\\a.vhdx", "local", "local" },
        { "\\\\.\\PhysicalDrive1", NULL, NULL },
        { "\\\\", NULL, NULL },
        { "\\a.vhdx", NULL, NULL },
        { "a.vhdx", NULL, NULL },
        { "C:", NULL, NULL },
        { "C:a.vhdx", NULL, NULL },
        { "", NULL, NULL },
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        for (int node = 0; node < 2; node++) {
            const char *found = disks_place(cases[i].path, node), *wanted = node ? cases[i].node : cases[i].alone;

            if (wanted == NULL ? found != NULL : found == NULL || strcmp(found, wanted) != 0)
                fail_msg("%s: %s", cases[i].path, found == NULL ? "nowhere" : found);
        }
    }
}

static struct machine *begin(void)
{
    struct err err;

    instances_begin();
    assert_true(machines_take_system(&machines, "HV1", instance("Name=" GUID, NULL), &err));
    return machines.all.items[0];
}

static void disk(const char *path)
{
    char resource[256] = "HostResource=";

    strncat(resource, path, sizeof resource - sizeof "HostResource=");
    machines_take_resource(&machines,
                           instance(PLACE, "ResourceSubType=Microsoft:Hyper-V:Virtual Hard Disk", resource, NULL));
}

static void places_are_told_once_each_and_in_order(void **state)
{
    struct volume volume = { "C:\\ClusterStorage\\Volume1", KEY };
    const struct volumes volumes = { &volume, 1, 1 };
    struct machine *machine = begin();

    (void)state;
    disk("\\\\fs1\\share\\b.vhdx");
    disk("C:\\VMs\\a.vhdx");
    disk("C:\\VMs\\c.vhdx");
    disk("c:\\clusterstorage\\volume1\\d.vhds");
    machines_take_shared(&machines, instance(PLACE, "HostResource=\\\\fs1\\share\\b.vhdx", NULL));
    machines_take_resource(&machines, instance(PLACE, "ResourceSubType=Microsoft:Hyper-V:Physical Disk Drive",
                                               "HostResource=DeviceID=\"M:1\"", NULL));
    disks_write(machine, &volumes, true, NULL);
    assert_string_equal(fact(GUID, "vm.disk_places"), "csv local pass_through smb");
    assert_string_equal(fact(GUID, "vm.remote_disks"), "\\\\fs1\\share\\b.vhdx");
    assert_string_equal(fact(GUID, "vm.pass_through_disks"), "M:1");
    assert_string_equal(fact(GUID, "vm.shared_disks"), "\\\\fs1\\share\\b.vhdx c:\\clusterstorage\\volume1\\d.vhds");
    assert_string_equal(fact(GUID, "vm.disks"),
                        "C:\\VMs\\a.vhdx C:\\VMs\\c.vhdx \\\\fs1\\share\\b.vhdx c:\\clusterstorage\\volume1\\d.vhds");
    assert_string_equal(link_of(&machine->item, "stored_on"), "csv " KEY);
    instances_end();
}

static void a_machine_without_disks_says_so(void **state)
{
    const struct volumes none = VEC_EMPTY;
    struct machine *machine = begin();

    (void)state;
    disks_write(machine, &none, false, NULL);
    assert_string_equal(fact(GUID, "vm.disks"), "");
    assert_string_equal(fact(GUID, "vm.disk_places"), "");
    assert_string_equal(fact(GUID, "vm.shared_disks"), "");
    assert_null(link_of(&machine->item, "stored_on"));
    instances_end();
}

/* What was kept of them would look like all. */
static void of_too_many_disks_none_is_told(void **state)
{
    const struct volumes none = VEC_EMPTY;
    struct machine *machine = begin();

    (void)state;
    for (size_t i = 0; i <= MACHINE_MAX_PARTS; i++)
        disk("C:\\VMs\\a.vhdx");
    disks_write(machine, &none, false, NULL);
    assert_string_equal(fact(GUID, "vm.disks"), "? it has more than 4096 disks or network cards of one sort");
    assert_string_equal(fact(GUID, "vm.disk_places"), "? it has more than 4096 disks or network cards of one sort");
    assert_string_equal(fact(GUID, "vm.shared_disks"), "? it has more than 4096 disks or network cards of one sort");
    instances_end();
}

/* One that is not known must not make the rest look complete. */
static void a_disk_that_lies_nobody_knows_where_leaves_the_places_open(void **state)
{
    const struct volumes none = VEC_EMPTY;
    struct machine *machine = begin();

    (void)state;
    disk("C:\\VMs\\a.vhdx");
    disk("what");
    disks_write(machine, &none, false, "it was refused");
    assert_string_equal(fact(GUID, "vm.disk_places"), "? where the disk 'what' lies cannot be told");
    assert_string_equal(fact(GUID, "vm.shared_disks"), "? it was refused");
    assert_string_equal(fact(GUID, "vm.disks"), "C:\\VMs\\a.vhdx what");
    instances_end();
}

/* Volume10 is not Volume1. */
static void a_volume_is_its_whole_name(void **state)
{
    struct volume both[] = { { "C:\\ClusterStorage\\Volume1", "one" }, { "C:\\ClusterStorage\\Volume10", "ten" } };
    const struct volumes volumes = { both, 2, 2 };

    (void)state;
    assert_string_equal(disks_volume(&volumes, "C:\\ClusterStorage\\Volume10\\a.vhdx")->key, "ten");
    assert_string_equal(disks_volume(&volumes, "C:\\ClusterStorage\\Volume1\\a.vhdx")->key, "one");
    assert_null(disks_volume(&volumes, "C:\\ClusterStorage\\Volume2\\a.vhdx"));
    assert_null(disks_volume(&volumes, "C:\\ClusterStorage\\Volume1"));
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_path_tells_where_a_disk_lies),
        cmocka_unit_test(places_are_told_once_each_and_in_order),
        cmocka_unit_test(a_machine_without_disks_says_so),
        cmocka_unit_test(of_too_many_disks_none_is_told),
        cmocka_unit_test(a_disk_that_lies_nobody_knows_where_leaves_the_places_open),
        cmocka_unit_test(a_volume_is_its_whole_name),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
