#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "attribute.h"
#include "replay.h"
#include "vm_item.h"

#include <stdlib.h>
#include <string.h>

#define DEVICES "config.hardware.device", "ArrayOfVirtualDevice"
#define CARD(type, mac)                                                                                                \
    "<VirtualDevice xsi:type='" type "'><key>4000</key><macAddress>" mac "</macAddress></VirtualDevice>"
#define CUSTOM(key, value)                                                                                             \
    "<CustomFieldValue xsi:type='CustomFieldStringValue'><key>" key "</key><value>" value "</value></"                 \
    "CustomFieldValue>"
#define NIC(rest) "<GuestNicInfo>" rest "</GuestNicInfo>"
#define MANAGED(key, type) "<extensionKey>" key "</extensionKey><type>" type "</type>"
#define OFF                                                                                                            \
    {                                                                                                                  \
        "runtime.powerState", "VirtualMachinePowerState", "poweredOff"                                                 \
    }
#define UNSET(path)                                                                                                    \
    {                                                                                                                  \
        path, NULL, NULL                                                                                               \
    }

static const struct replay_case cases[] = {
    /* Identity. */
    { { { NULL } }, "id.name", "web01" },
    { { { NULL } }, "id.moref", "vm-1" },
    { { { NULL } }, "id.uuid", REPLAY_UUID },
    { { { NULL } }, "id.instance_uuid", REPLAY_KEY },
    { { { NULL } }, "id.mac_addresses", "[00:50:56:ab:cd:01]" },
    { { { "name", "string", "50%25 of a%2fb%5c" } }, "id.name", "50% of a/b\\" },
    { { { "name", "missing", "NoPermission" } }, "id.name", "? the server did not give name: NoPermission" },
    { { { "config.uuid", "string", "no uuid" } }, "id.uuid", "? config.uuid is 'no uuid', not a UUID" },
    { { { DEVICES, CARD("VirtualE1000", "00-50-56-00-00-09") CARD("VirtualSriovEthernetCard", "00:50:56:00:00:08")
                       CARD("VirtualVmxnet3", "none") CARD("VirtualSoundCard", "00:50:56:00:00:07") } },
      "id.mac_addresses",
      "[00:50:56:00:00:08,00:50:56:00:00:09,00:50:56:ab:cd:01]" },
    { { { "guest.net", "ArrayOfGuestNicInfo",
          NIC("<macAddress>02:42:AC:11:00:02</macAddress><deviceConfigId>-1</deviceConfigId>")
              NIC("<macAddress>00:50:56:AB:CD:02</macAddress><deviceConfigId>4001</deviceConfigId>") } },
      "id.mac_addresses",
      "[00:50:56:ab:cd:01,00:50:56:ab:cd:02]" },
    { { { "config.hardware.device", "missing", "NoPermission" } },
      "id.mac_addresses",
      "? the server did not give config.hardware.device: NoPermission" },

    /* What it is configured with. */
    { { { NULL } }, "vm.state", "running" },
    { { OFF }, "vm.state", "off" },
    { { { "runtime.powerState", "VirtualMachinePowerState", "suspended" } }, "vm.state", "saved" },
    { { { "runtime.powerState", "VirtualMachinePowerState", "dreaming" } }, "vm.state", "other" },
    { { { "runtime.powerState", "missing", "NoPermission" } },
      "vm.state",
      "? the server did not give runtime.powerState: NoPermission" },
    { { { NULL } }, "vm.connection_state", "connected" },
    { { { NULL } }, "vm.template", "false" },
    { { { "config.template", "boolean", "1" } }, "vm.template", "true" },
    { { { NULL } }, "vm.configured_guest_id", "windows8Server64Guest" },
    { { { NULL } }, "vm.configured_guest_name", "Microsoft Windows Server 2012 (64-bit)" },
    { { { NULL } }, "vm.configuration_version", "vmx-13" },
    { { { NULL } }, "hardware.cpu_count", "4" },
    { { { NULL } }, "hardware.memory", "8589934592" },
    { { { "config.hardware.memoryMB", "int", "8796093022208" } },
      "hardware.memory",
      "? config.hardware.memoryMB is '8796093022208', not a number of megabytes" },
    { { { NULL } }, "vm.tools_status", "toolsOk" },
    { { { NULL } }, "vm.integration_version", "10272" },
    { { { "config.tools.toolsVersion", "int", "0" } }, "vm.integration_version", "-" },
    { { { "config.tools.toolsVersion", "int", "2147483647" } }, "vm.integration_version", "-" },
    { { { "config", "missing", "NoPermission" }, { "config.tools.toolsVersion", NULL, NULL } },
      "vm.integration_version",
      "? the server did not give config.tools.toolsVersion: NoPermission" },
    { { { NULL } }, "vm.snapshots", "0" },
    { { { "snapshot.rootSnapshotList", "ArrayOfVirtualMachineSnapshotTree",
          "<VirtualMachineSnapshotTree><name>a</name><childSnapshotList><name>b</name><childSnapshotList><name>c</name>"
          "</childSnapshotList></childSnapshotList><childSnapshotList><name>d</name></childSnapshotList>"
          "</VirtualMachineSnapshotTree><VirtualMachineSnapshotTree><name>e</name></VirtualMachineSnapshotTree>" } },
      "vm.snapshots",
      "5" },
    { { { "snapshot", "missing", "NoPermission" } },
      "vm.snapshots",
      "? the server did not give snapshot.rootSnapshotList: NoPermission" },

    /* What only holds a place. */
    { { { NULL } }, "vm.placeholder", "false" },
    { { { "config.managedBy", "ManagedByInfo", MANAGED("com.vmware.vcDr", "placeholderVm") } },
      "vm.placeholder",
      "true" },
    { { { "config.managedBy", "ManagedByInfo", MANAGED("com.vmware.vcDr-berlin", "placeholderVm") } },
      "vm.placeholder",
      "true" },
    { { { "config.managedBy", "ManagedByInfo", MANAGED("com.vmware.vcDr", "testVm") } }, "vm.placeholder", "false" },
    { { { "config.managedBy", "ManagedByInfo", MANAGED("com.vmware.vcHms", "replica") } }, "vm.placeholder", "true" },
    { { { "config.managedBy", "ManagedByInfo", MANAGED("com.vmware.vim.eam", "cluster-agent") } },
      "vm.placeholder",
      "true" },
    { { { "config.managedBy", "ManagedByInfo", MANAGED("com.example.shop", "placeholderVm") } },
      "vm.placeholder",
      "false" },
    { { { "name", "string", "vCLS (12)" } }, "vm.placeholder", "true" },
    { { { "name", "string", "vCLS-564d2f12-8041-639b-5018-05a835b72eaf" } }, "vm.placeholder", "true" },
    { { { "name", "string", "vCLS-test" } }, "vm.placeholder", "false" },
    { { { "config.managedBy", "missing", "NoPermission" } },
      "vm.placeholder",
      "? the server did not give config.managedBy: NoPermission" },

    /* Custom attributes, by the names that replay_check gives them. */
    { { { NULL } }, "vm.custom_attributes", "[]" },
    { { { "customValue", "ArrayOfCustomFieldValue",
          CUSTOM("102", "night") CUSTOM("101", "a=b") CUSTOM("103", "") CUSTOM("x", "y") } },
      "vm.custom_attributes",
      "[103=,Backup=night,Owner=a=b]" },
    { { { "customValue", "missing", "NoPermission" } },
      "vm.custom_attributes",
      "? the server did not give customValue: NoPermission" },

    /* Place. */
    { { { NULL } }, "vm.folder", "/DC0/vm/Prod" },
    { { { "parent", "ref Datacenter", "datacenter-2" } }, "vm.folder", "/DC0" },
    { { { "parent", "ref Folder", REPLAY_ROOT } }, "vm.folder", "/" },
    { { { "parent", "ref Folder", "group-v99" } }, "vm.folder", "? a folder above it is not in the inventory" },
    { { { "parent", "ref Folder", "group-v60" } }, "vm.folder", "? a folder above it is not in the inventory" },
    { { { NULL } }, "vm.datacenter", "DC0" },
    { { { "parent", "ref Folder", "group-v99" } }, "vm.datacenter", "DC0" },
    { { { NULL } }, "runs_on", "esxi_host esx01.corp.example" },
    { { { NULL } }, "may_run_on", "cluster domain-c7" },
    { { { "runtime.host", "ref HostSystem", "host-31" } }, "may_run_on", "-" },
    { { { "runtime.host", "ref HostSystem", "host-31" } }, "runs_on", "esxi_host 192.0.2.31" },
    { { { "runtime.host", "ref HostSystem", "datastore-11" } }, "runs_on", "-" },
    { { { "parentVApp", "ref VirtualApp", "host-21" } }, "vm.vapp", "? its vApp is not in the inventory" },
    { { { "runtime.host", "ref HostSystem", "host-99" } }, "runs_on", "-" },
    { { { NULL } }, "vm.vapp", "" },
    { { { NULL } }, "member_of", "-" },
    { { UNSET("parent"), { "parentVApp", "ref VirtualApp", "resgroup-v41" } }, "vm.vapp", "/DC0/vm/Prod/Shop/Till" },
    { { UNSET("parent"), { "parentVApp", "ref VirtualApp", "resgroup-v41" } }, "vm.folder", "/DC0/vm/Prod/Shop/Till" },
    { { UNSET("parent"), { "parentVApp", "ref VirtualApp", "resgroup-v41" } }, "member_of", "vapp resgroup-v41" },
    { { { "resourcePool", "ref VirtualApp", "resgroup-v40" } }, "vm.vapp", "/DC0/vm/Prod/Shop" },
    { { { "resourcePool", "ref VirtualApp", "resgroup-v99" } }, "vm.vapp", "? its vApp is not in the inventory" },
    { { { "resourcePool", "ref VirtualApp", "resgroup-v99" } }, "vm.folder", "/DC0/vm/Prod" },
    { { { "parentVApp", "missing", "NoPermission" } },
      "vm.vapp",
      "? the server did not give parentVApp: NoPermission" },
    { { { "resourcePool", "missing", "NoPermission" } },
      "vm.vapp",
      "? the server did not give resourcePool: NoPermission" },
    { { UNSET("resourcePool") }, "vm.vapp", "" },
};

static void a_machine_is_told_as_it_is(void **state)
{
    (void)state;
    replay_check(cases, sizeof cases / sizeof *cases);
}

/* ------------------------------------------------------------------------------------------------------ hostile ----
 */

/* What the reader lets through must not break anything here: the item is sent, or left out with a warning. */
static void texts_of_any_size_are_recorded_or_warned_of(void **state)
{
    static const char *const paths[] = {
        "name",           "config.guestId",    "guest.hostName",  "guest.guestFullName",
        "config.version", "guest.toolsStatus", "guest.ipAddress", "config.uuid"
    };
    size_t size = 70000;
    char *text = malloc(size + 1);

    (void)state;
    assert_non_null(text);
    memset(text, 'x', size);
    text[size] = '\0';
    for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) {
        struct replay replay;

        replay_init(&replay);
        replay_add_estate(&replay);
        replay_add_machine(&replay, "vm-1", (struct replay_row[]){ { paths[i], "string", text }, { NULL } });
        replay_scan(&replay);
        assert_int_equal(mock_item_count(replay.mock, "vm"), 1);
        assert_string_equal(replay_says(&replay, "vm", REPLAY_KEY, "id.moref"), "vm-1");
        replay_finish(&replay);
    }
    free(text);
}

/* count of an element, as the only value of a property. */
static void scan_many(struct replay *replay, const char *path, const char *element, size_t count)
{
    struct str many = STR_EMPTY;

    for (size_t i = 0; i < count; i++) {
        str_format(&many, "<%s>", element);
        str_format(&many, "<key>%zu</key><value>v</value><ipAddress>10.%zu.%zu.%zu</ipAddress>", i, i >> 16,
                   i >> 8 & 255, i & 255);
        str_format(&many, "</%.*s>", (int)strcspn(element, " "), element);
    }
    replay_init(replay);
    replay_add_estate(replay);
    replay_add_machine(replay, "vm-1", (struct replay_row[]){ { path, "Array", str_text(&many) }, { NULL } });
    replay_scan(replay);
    str_finish(&many);
}

static void lists_longer_than_the_limit_are_unread(void **state)
{
    static const struct {
        const char *path, *element, *attribute;
    } lists[] = {
        { "guest.net", "GuestNicInfo", "guest.addresses" },
        { "customValue", "CustomFieldValue", "vm.custom_attributes" },
        { "config.hardware.device", "VirtualDevice xsi:type='VirtualDisk'", "vm.disks" },
    };

    (void)state;
    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++) {
        struct replay replay;

        scan_many(&replay, lists[i].path, lists[i].element, 5000);
        assert_int_equal(strncmp(replay_says(&replay, "vm", REPLAY_KEY, lists[i].attribute), "? ", 2), 0);
        assert_true(replay_warns(&replay, lists[i].attribute));
        replay_finish(&replay);
    }
}

/* ------------------------------------------------------------------------------------------- what is asked for ---- */

static void all_that_is_said_is_in_the_dictionary(void **state)
{
    struct replay replay;
    struct err err;

    (void)state;
    replay_init(&replay);
    replay_add_estate(&replay);
    replay_add_machine(&replay, "vm-1", (struct replay_row[]){ { NULL } });
    replay_scan(&replay);
    for (size_t i = 0; i < mock_item_count(replay.mock, NULL); i++) {
        const struct item *item = mock_item_at(replay.mock, i);
        for (size_t j = 0; j < item->attribute_count; j++) {
            const char *name = item->attributes[j].name;
            if (attribute_find(name) == NULL || !attribute_check(item->kind, name, &item->attributes[j].value, &err))
                fail_msg("%s of %s", name, item->kind);
        }
    }
    assert_int_equal(mock_warning_count(replay.mock), 0);
    replay_finish(&replay);
}

/* Each path is asked for once: what is read of an object but not asked for is never there on a real server. */
static void what_is_read_is_asked_for(void **state)
{
    const struct vim_wanted *wanted = vm_item_wanted();

    (void)state;
    assert_string_equal(wanted->type, "VirtualMachine");
    for (size_t i = 0; i < wanted->count; i++)
        for (size_t j = i + 1; j < wanted->count; j++)
            assert_string_not_equal(wanted->paths[i], wanted->paths[j]);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        for (const struct replay_row *row = cases[i].rows; row->path != NULL; row++) {
            bool asked = strchr(row->path, '.') == NULL;
            for (size_t j = 0; j < wanted->count; j++)
                asked |= strcmp(wanted->paths[j], row->path) == 0;
            if (!asked)
                fail_msg("%s is not asked for", row->path);
        }
}

static void only_what_matters_is_kept(void **state)
{
    static const struct {
        const char *name, *type;
        bool kept;
    } parts[] = {
        { "VirtualDevice", "VirtualDisk", true },
        { "VirtualDevice", "VirtualIDEController", false },
        { "VirtualDevice", "VirtualVmxnet3", true },
        { "VirtualDevice", "VirtualKeyboard", false },
        { "VirtualDevice", "", true },
        { "deviceInfo", "Description", false },
        { "connectable", "", false },
        { "shares", "SharesInfo", false },
        { "macAddress", "", true },
        { "ipConfig", "NetIpConfigInfo", false },
        { "backing", "VirtualDiskFlatVer2BackingInfo", true },
    };

    (void)state;
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
        assert_int_equal(vm_item_keeps(parts[i].name, parts[i].type), parts[i].kept);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_machine_is_told_as_it_is),
        cmocka_unit_test(texts_of_any_size_are_recorded_or_warned_of),
        cmocka_unit_test(lists_longer_than_the_limit_are_unread),
        cmocka_unit_test(all_that_is_said_is_in_the_dictionary),
        cmocka_unit_test(what_is_read_is_asked_for),
        cmocka_unit_test(only_what_matters_is_kept),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
