#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "instance.h"

#include <stdio.h>
#include <string.h>

#define GUID "5C3F4A60-1111-4A4A-9B9B-000000000001"
#define OTHER "5C3F4A60-1111-4A4A-9B9B-000000000002"
#define KEY "5c3f4a60-1111-4a4a-9b9b-000000000001"
#define PLACE "InstanceID=Microsoft:" GUID "\\4764334D-E001-4176-82EE-5594EC9B530E"
#define DISK "ResourceSubType=Microsoft:Hyper-V:Virtual Hard Disk", "ResourceType=31"
#define DRIVE "ResourceSubType=Microsoft:Hyper-V:Physical Disk Drive", "ResourceType=17"

static int set_up(void **state)
{
    struct err err;

    (void)state;
    instances_begin();
    assert_true(machines_take_system(&machines, "HV1",
                                     instance("Name=" GUID, "ElementName=web01", "EnabledState=2", NULL), &err));
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    instances_end();
    return 0;
}

static void is(const char *attribute, const char *wanted)
{
    const char *found = fact(GUID, attribute);

    if (wanted == NULL ? found != NULL : found == NULL || strcmp(found, wanted) != 0)
        fail_msg("%s is %s, not %s", attribute, found == NULL ? "nothing" : found, wanted == NULL ? "nothing" : wanted);
}

/* ---------------------------------------------------------------------------------------------------- systems ---- */

static void a_machine_is_its_guid(void **state)
{
    (void)state;
    assert_int_equal(machines.all.count, 1);
    assert_string_equal(machines.all.items[0]->item.key, KEY);
    assert_string_equal(machines.all.items[0]->item.kind, "vm");
    is("id.hyperv_guid", KEY);
    is("id.name", "web01");
    is("vm.state", "running");
    is("vm.replication", "none");
}

/* Its Caption may be in any language; its name is the computer's, and only by that is it told from a machine. */
static void the_host_is_no_machine(void **state)
{
    struct err err;

    (void)state;
    assert_true(machines_take_system(
        &machines, "HV1", instance("Name=hv1", "ElementName=HV1", "EnabledState=2", "InstallDate", NULL), &err));
    assert_true(machines_take_system(&machines, "SHORT",
                                     instance("Name=a-very-long-name", "ElementName=A-VERY-LONG-NAME", NULL), &err));
    assert_int_equal(machines.all.count, 1);
}

static void a_machine_without_a_guid_is_refused_and_the_rest_stands(void **state)
{
    static const char *const names[] = {
        "Name=x", "Name=", "Name", "Name={5C3F4A60}", "Name=5C3F4A60-1111-4A4A-9B9B-0000000000010", NULL
    };
    struct err err;

    (void)state;
    for (size_t i = 0; names[i] != NULL; i++) {
        assert_false(machines_take_system(&machines, "HV1", instance(names[i], "ElementName=web02", NULL), &err));
        assert_int_equal(err.class, ERR_PROTOCOL);
        assert_non_null(strstr(err.text, "has no GUID"));
    }
    assert_int_equal(machines.all.count, 1);
}

static void a_guid_that_is_there_twice_is_refused(void **state)
{
    struct err err;

    (void)state;
    assert_false(machines_take_system(&machines, "HV1", instance("Name=" KEY, "ElementName=twin", NULL), &err));
    assert_non_null(strstr(err.text, "two virtual machines have the GUID " KEY));
    is("id.name", "web01");
}

static void states_of_both_namespaces_have_their_words(void **state)
{
    static const struct {
        const char *number, *word;
    } cases[] = {
        { "2", "running" },      { "3", "off" },
        { "4", "stopping" },     { "6", "saved" },
        { "9", "paused" },       { "10", "starting" },
        { "32768", "paused" },   { "32769", "saved" },
        { "32770", "starting" }, { "32773", "other" },
        { "32774", "stopping" }, { "32777", "starting" },
        { "0", "other" },        { "dreaming", "? EnabledState is no number" },
        { "-2", "other" },       { "99999999999999999999", "? EnabledState is no number" },
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char name[64], number[64];
        struct err err;

        snprintf(name, sizeof name, "Name=5C3F4A60-1111-4A4A-9B9B-0000000001%02zu", i);
        snprintf(number, sizeof number, "EnabledState=%s", cases[i].number);
        assert_true(machines_take_system(&machines, "HV1", instance(name, number, NULL), &err));
        assert_string_equal(fact(name + 5, "vm.state"), cases[i].word);
    }
}

static void replication_has_its_words(void **state)
{
    static const char *const words[] = {
        "none", "primary", "replica", "test_replica", "extended_replica", "? ReplicationMode is no mode that is known"
    };

    (void)state;
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        char name[64], mode[32];
        struct err err;

        snprintf(name, sizeof name, "Name=5C3F4A60-1111-4A4A-9B9B-0000000001%02zu", i);
        snprintf(mode, sizeof mode, "ReplicationMode=%zu", i);
        assert_true(machines_take_system(&machines, "HV1", instance(name, mode, NULL), &err));
        assert_string_equal(fact(name + 5, "vm.replication"), words[i]);
    }
}

/* --------------------------------------------------------------------------------------------------- settings ---- */

static void settings_of_the_second_namespace(void **state)
{
    (void)state;
    machines_take_setting(&machines, instance("VirtualSystemIdentifier=" GUID,
                                              "VirtualSystemType=Microsoft:Hyper-V:System:Realized",
                                              "VirtualSystemSubType=Microsoft:Hyper-V:SubType:2", "Version=8.0",
                                              "BIOSGUID={7A0B1C2D-0000-0000-0000-0000000000AB}",
                                              "BIOSSerialNumber= 1234-5678 ", "ChassisAssetTag=1111-2222", NULL));
    is("id.uuid", "7a0b1c2d-0000-0000-0000-0000000000ab");
    is("hardware.serial", "1234-5678");
    is("hardware.asset_tag", "1111-2222");
    is("vm.configuration_version", "8.0");
    is("vm.generation", "2");
    assert_true(machines.all.items[0]->has_setting);
}

static void settings_of_the_first_namespace(void **state)
{
    (void)state;
    machines_take_setting(&machines, instance("SystemName=" GUID, "SettingType=3",
                                              "BIOSGUID={7A0B1C2D-0000-0000-0000-0000000000AB}", NULL));
    machines_take_setting(&machines, instance("SystemName=" GUID, "SettingType=5", NULL));
    machines_take_global(&machines, instance("SystemName=" GUID, "Version=2.0", NULL));
    is("id.uuid", "7a0b1c2d-0000-0000-0000-0000000000ab");
    is("vm.generation", "1");
    is("vm.configuration_version", "2.0");
    assert_int_equal(machines.all.items[0]->checkpoints, 1);
}

static void checkpoints_are_counted_and_recovery_points_of_replicas_are_none(void **state)
{
    static const char *const types[] = { "VirtualSystemType=Microsoft:Hyper-V:Snapshot:Realized",
                                         "VirtualSystemType=Microsoft:Hyper-V:Snapshot:Recovery",
                                         "VirtualSystemType=Microsoft:Hyper-V:Snapshot:Replica:Standard",
                                         "VirtualSystemType=Microsoft:Hyper-V:System:Planned",
                                         "VirtualSystemType=",
                                         "VirtualSystemType",
                                         NULL };

    (void)state;
    for (size_t i = 0; types[i] != NULL; i++)
        machines_take_setting(&machines, instance("VirtualSystemIdentifier=" GUID, types[i], "Version=1.0", NULL));
    assert_int_equal(machines.all.items[0]->checkpoints, 2);
    assert_false(machines.all.items[0]->has_setting);
    is("vm.configuration_version", NULL);
}

static void settings_of_others_are_passed_over(void **state)
{
    (void)state;
    machines_take_setting(&machines, instance("VirtualSystemIdentifier=" OTHER,
                                              "VirtualSystemType=Microsoft:Hyper-V:System:Realized", NULL));
    machines_take_setting(&machines, instance("VirtualSystemIdentifier=HV1",
                                              "VirtualSystemType=Microsoft:Hyper-V:System:Realized", NULL));
    machines_take_setting(&machines, instance("Version=8.0", NULL));
    assert_false(machines.all.items[0]->has_setting);
}

static void nonsense_is_unread_and_says_so(void **state)
{
    (void)state;
    machines_take_setting(
        &machines, instance("VirtualSystemIdentifier=" GUID, "VirtualSystemType=Microsoft:Hyper-V:System:Realized",
                            "VirtualSystemSubType=Microsoft:Hyper-V:SubType:x\x1b[31m", "BIOSGUID={x}", NULL));
    is("vm.generation", "? VirtualSystemSubType is 'Microsoft:Hyper-V:SubType:x\\x1B[31m', not "
                        "Microsoft:Hyper-V:SubType:1 or 2");
    assert_non_null(strstr(fact(GUID, "id.uuid"), "BIOSGUID is '{x}', not a UUID"));
}

/* -------------------------------------------------------------------------------------------------- resources ---- */

static void processors_memory_and_cards(void **state)
{
    const struct machine *machine = machines.all.items[0];

    (void)state;
    machines_take_resource(&machines, instance(PLACE, "ResourceType=3", "VirtualQuantity=4", NULL));
    machines_take_resource(&machines, instance(PLACE, "ResourceType=4", "VirtualQuantity=8192", NULL));
    machines_take_resource(&machines, instance(PLACE, "ResourceType=10", "Address=00155D01FB6F", NULL));
    machines_take_resource(&machines, instance(PLACE, "ResourceType=10", "Address=000000000000", NULL));
    machines_take_resource(&machines, instance(PLACE, "ResourceType=10", "Address=none", NULL));
    is("hardware.cpu_count", "4");
    is("hardware.memory", "8589934592");
    assert_int_equal(machine->macs.count, 1);
    assert_string_equal(machine->macs.items[0], "00:15:5d:01:fb:6f");
}

static void quantities_that_cannot_be_are_unread(void **state)
{
    static const char *const quantities[] = { "VirtualQuantity=0",
                                              "VirtualQuantity=-1",
                                              "VirtualQuantity=many",
                                              "VirtualQuantity",
                                              "VirtualQuantity=9223372036854775807",
                                              NULL };

    (void)state;
    for (size_t i = 0; quantities[i] != NULL; i++) {
        machines_take_resource(&machines, instance(PLACE, "ResourceType=4", quantities[i], NULL));
        is("hardware.memory", "? VirtualQuantity is no number that can be");
    }
}

static void disks_of_both_namespaces(void **state)
{
    const struct machine *machine = machines.all.items[0];

    (void)state;
    machines_take_resource(&machines, instance(PLACE, DISK, "HostResource=C:\\a.vhdx", NULL));
    machines_take_resource(&machines, instance(PLACE, "ResourceType=21", "ResourceSubType=Microsoft Virtual Hard Disk",
                                               "Connection=C:\\b.vhd", NULL));
    machines_take_resource(&machines, instance(PLACE, DISK, "HostResource=", NULL));
    machines_take_resource(&machines, instance(PLACE, DISK, "HostResource", NULL));
    machines_take_resource(&machines,
                           instance(PLACE, "ResourceType=31", "ResourceSubType=Microsoft:Hyper-V:Virtual CD/DVD Disk",
                                    "HostResource=C:\\setup.iso", NULL));
    assert_int_equal(machine->disks.count, 2);
    assert_string_equal(machine->disks.items[0], "C:\\a.vhdx");
    assert_string_equal(machine->disks.items[1], "C:\\b.vhd");
}

static void a_pass_through_disk_is_named_by_its_device(void **state)
{
    const struct machine *machine = machines.all.items[0];

    (void)state;
    machines_take_resource(&machines, instance(PLACE, DRIVE,
                                               "HostResource=\\\\HV1\\root\\virtualization\\v2:Msvm_DiskDrive."
                                               "CreationClassName=\"Msvm_DiskDrive\",DeviceID=\"Microsoft:353B\\\\2\","
                                               "SystemName=\"HV1\"",
                                               NULL));
    machines_take_resource(&machines, instance(PLACE, DRIVE, "HostResource=what", NULL));
    machines_take_resource(&machines, instance(PLACE, DRIVE, "HostResource=DeviceID=\"open", NULL));
    machines_take_resource(&machines, instance(PLACE, DRIVE, NULL));
    assert_int_equal(machine->pass_through.count, 4);
    assert_string_equal(machine->pass_through.items[0], "Microsoft:353B\\\\2");
    assert_string_equal(machine->pass_through.items[1], "what");
    assert_string_equal(machine->pass_through.items[2], "DeviceID=\"open");
    assert_string_equal(machine->pass_through.items[3], "a disk of the host that is not named");
}

static void resources_of_nobody_are_passed_over(void **state)
{
    static const char *const ids[] = { "InstanceID=Microsoft:Definition\\4764334D\\Default",
                                       "InstanceID=Microsoft:" OTHER "\\x",
                                       "InstanceID=Microsoft:" GUID "0\\x",
                                       "InstanceID=",
                                       "InstanceID",
                                       "InstanceID=\\" GUID,
                                       NULL };

    (void)state;
    for (size_t i = 0; ids[i] != NULL; i++)
        machines_take_resource(&machines, instance(ids[i], "ResourceType=3", "VirtualQuantity=4", NULL));
    is("hardware.cpu_count", NULL);
}

static void what_was_taken_can_be_asked_anew(void **state)
{
    const struct machine *machine = machines.all.items[0];

    (void)state;
    machines_take_resource(&machines, instance(PLACE, DISK, "HostResource=C:\\a.vhdx", NULL));
    machines_forget_resources(&machines);
    machines_take_resource(&machines, instance(PLACE, DISK, "HostResource=C:\\a.vhdx", NULL));
    assert_int_equal(machine->disks.count, 1);
}

static void what_lacks_a_whole_part_is_not_all_there_is(void **state)
{
    (void)state;
    assert_false(machines_have_resources(&machines));
    machines_take_resource(&machines, instance(PLACE, "ResourceType=3", "VirtualQuantity=4", NULL));
    assert_false(machines_have_resources(&machines));
    machines_take_resource(&machines, instance(PLACE, DRIVE, "HostResource=what", NULL));
    assert_true(machines_have_resources(&machines));
}

static void a_million_disks_are_not_kept(void **state)
{
    (void)state;
    for (size_t i = 0; i < MACHINE_MAX_PARTS; i++)
        machines_take_resource(&machines, instance(PLACE, DISK, "HostResource=C:\\a.vhdx", NULL));
    assert_false(machines.all.items[0]->overfull);
    machines_take_resource(&machines, instance(PLACE, DISK, "HostResource=C:\\a.vhdx", NULL));
    assert_true(machines.all.items[0]->overfull);
    assert_int_equal(machines.all.items[0]->disks.count, MACHINE_MAX_PARTS);
    machines_forget_resources(&machines);
    assert_false(machines.all.items[0]->overfull);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    static const struct CMUnitTest tests[] = {
        TEST(a_machine_is_its_guid),
        TEST(the_host_is_no_machine),
        TEST(a_machine_without_a_guid_is_refused_and_the_rest_stands),
        TEST(a_guid_that_is_there_twice_is_refused),
        TEST(states_of_both_namespaces_have_their_words),
        TEST(replication_has_its_words),
        TEST(settings_of_the_second_namespace),
        TEST(settings_of_the_first_namespace),
        TEST(checkpoints_are_counted_and_recovery_points_of_replicas_are_none),
        TEST(settings_of_others_are_passed_over),
        TEST(nonsense_is_unread_and_says_so),
        TEST(processors_memory_and_cards),
        TEST(quantities_that_cannot_be_are_unread),
        TEST(disks_of_both_namespaces),
        TEST(a_pass_through_disk_is_named_by_its_device),
        TEST(resources_of_nobody_are_passed_over),
        TEST(what_was_taken_can_be_asked_anew),
        TEST(what_lacks_a_whole_part_is_not_all_there_is),
        TEST(a_million_disks_are_not_kept),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
