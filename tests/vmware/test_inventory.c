#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "inventory.h"
#include "replay.h"
#include "vm_item.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define VCENTER "b0a7e1d0-5c2f-4f0e-9b1a-3c5d7e9f1a2b"

/* -------------------------------------------------------------------------------------------------------- paths ----
 */

static struct inventory *inventory_of(struct replay *replay)
{
    struct inventory *inventory = inventory_create(REPLAY_ROOT);
    struct err err;

    if (!replay_read(str_text(&replay->objects), inventory_take, inventory, &err))
        fail_msg("%s", err.text);
    return inventory;
}

static void add_folder(struct replay *replay, const char *moref, const char *name, const char *parent)
{
    replay_add(replay, "Folder", moref,
               (struct replay_row[]){ { "name", "string", name }, { "parent", "ref Folder", parent }, { NULL } });
}

static const struct {
    const char *parent, *name;
    bool whole;
    const char *path;
} paths[] = {
    { "group-v4", "web01", true, "/DC0/vm/Prod/web01" },
    { "group-d1", "DC0", true, "/DC0" },
    { "resgroup-v41", "till01", true, "/DC0/vm/Prod/Shop/Till/till01" },
    { "pod-9", "san02", true, "/DC0/datastore/Gold/san02" },
    /* Names as the API writes them. */
    { "group-v50", "a%2fb", true, "/DC0/vm/50%\\ of%2Fhalf/a%2fb" },
    { "group-v50", "%5C%25%", true, "/DC0/vm/50%\\ of%2Fhalf/\\%%" },
    { "group-v50", "%252f", true, "/DC0/vm/50%\\ of%2Fhalf/%2f" },
    { "group-v50", "%2", true, "/DC0/vm/50%\\ of%2Fhalf/%2" },
    /* What is above is not known: no path of it begins with a slash. */
    { "group-v99", "web01", false, "web01" },
    { "group-v60", "web01", false, "Lost/web01" },
    { "", "web01", false, "web01" },
    { NULL, "web01", false, "web01" },
    { "group-v4", "", true, "/DC0/vm/Prod/" },
};

static void a_path_leads_from_the_root(void **state)
{
    struct inventory *inventory;
    struct replay replay;
    const char *path;

    (void)state;
    replay_init(&replay);
    replay_add_estate(&replay);
    replay_add(&replay, "StoragePod", "pod-9",
               (struct replay_row[]){ { "name", "string", "Gold" }, { "parent", "ref Folder", "group-s6" }, { NULL } });
    add_folder(&replay, "group-v50", "50%25%5c of%2Fhalf", "group-v3");
    inventory = inventory_of(&replay);
    for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) {
        assert_int_equal(inventory_path(inventory, paths[i].parent, paths[i].name, &path), paths[i].whole);
        assert_string_equal(path, paths[i].path);
    }
    inventory_destroy(inventory);
    replay_finish(&replay);
}

static void folders_that_are_above_each_other_end(void **state)
{
    struct inventory *inventory;
    struct replay replay;
    const char *path;

    (void)state;
    replay_init(&replay);
    add_folder(&replay, "group-1", "one", "group-2");
    add_folder(&replay, "group-2", "two", "group-1");
    add_folder(&replay, "group-3", "self", "group-3");
    inventory = inventory_of(&replay);
    assert_false(inventory_path(inventory, "group-1", "web01", &path));
    assert_string_equal(path + strlen(path) - strlen("two/one/web01"), "two/one/web01");
    assert_true(path[0] != '/');
    assert_false(inventory_path(inventory, "group-3", "web01", &path));
    assert_null(inventory_datacenter(inventory, "group-1"));
    inventory_destroy(inventory);
    replay_finish(&replay);
}

/* So many folders, the last of which is called by its number. */
static bool reaches(size_t depth)
{
    struct inventory *inventory;
    struct replay replay;
    char moref[32], parent[32];
    const char *path;
    bool whole;

    replay_init(&replay);
    for (size_t i = 1; i <= depth; i++) {
        snprintf(moref, sizeof moref, "group-f%zu", i);
        snprintf(parent, sizeof parent, i == 1 ? REPLAY_ROOT : "group-f%zu", i - 1);
        add_folder(&replay, moref, "f", parent);
    }
    inventory = inventory_of(&replay);
    whole = inventory_path(inventory, moref, "web01", &path);
    assert_int_equal(path[0] == '/', whole);
    inventory_destroy(inventory);
    replay_finish(&replay);
    return whole;
}

static void folders_may_be_as_deep_as_the_limit(void **state)
{
    (void)state;
    assert_true(reaches(INVENTORY_MAX_DEPTH));
    assert_false(reaches(INVENTORY_MAX_DEPTH + 1));
}

static void what_comes_again_replaces_what_was(void **state)
{
    struct inventory *inventory;
    struct replay replay;
    const char *path;

    (void)state;
    replay_init(&replay);
    replay_add_estate(&replay);
    add_folder(&replay, "group-v4", "Test", "group-v3");
    inventory = inventory_of(&replay);
    assert_true(inventory_path(inventory, "resgroup-v40", "web01", &path));
    assert_string_equal(path, "/DC0/vm/Test/Shop/web01");
    inventory_destroy(inventory);
    replay_finish(&replay);
}

static void hosts_know_their_cluster_and_datacenter(void **state)
{
    struct inventory *inventory;
    struct replay replay;

    (void)state;
    replay_init(&replay);
    replay_add_estate(&replay);
    inventory = inventory_of(&replay);
    assert_string_equal(inventory_cluster(inventory, "host-21")->key, "domain-c7");
    assert_null(inventory_cluster(inventory, "host-31"));
    assert_null(inventory_cluster(inventory, "host-99"));
    assert_string_equal(inventory_datacenter(inventory, "host-31"), "DC0");
    assert_string_equal(inventory_datacenter(inventory, "datacenter-2"), "DC0");
    assert_null(inventory_datacenter(inventory, "vm-99"));
    assert_string_equal(inventory_find(inventory, "host-21")->key, "esx01.corp.example");
    assert_string_equal(inventory_find(inventory, "host-21")->name, "ESX01.corp.example");
    assert_string_equal(inventory_find(inventory, "datastore-11")->kind, "datastore");
    assert_null(inventory_find(inventory, "group-v4")->kind);
    assert_null(inventory_find(inventory, "datastore-99"));
    inventory_destroy(inventory);
    replay_finish(&replay);
}

/* ------------------------------------------------------------------------------------------------------- limits ----
 */

static bool take(struct inventory *inventory, enum vim_kind kind, const char *type, const char *moref, struct err *err)
{
    struct vim_object object = { .kind = kind, .type = type, .moref = moref };

    return inventory_take(inventory, &object, err);
}

static void more_objects_than_the_limit_fail(void **state)
{
    struct inventory *inventory = inventory_create(REPLAY_ROOT);
    char moref[32];
    struct err err;

    (void)state;
    for (int i = 0; i < INVENTORY_MAX_OBJECTS; i++) {
        snprintf(moref, sizeof moref, "group-%d", i);
        assert_true(take(inventory, VIM_ENTER, "Folder", moref, &err));
    }
    assert_true(take(inventory, VIM_ENTER, "Folder", "group-0", &err));
    assert_true(take(inventory, VIM_ENTER, "VirtualMachine", "vm-1", &err));
    assert_false(take(inventory, VIM_ENTER, "Folder", "group-x", &err));
    assert_string_equal(err.text, "the server has more than 200000 folders, hosts and datastores");
    inventory_destroy(inventory);
}

static void more_memory_than_the_limit_fails(void **state)
{
    struct inventory *inventory = inventory_create(REPLAY_ROOT);
    struct vim_value value = { .name = "val", .type = "", .ref_type = "" };
    struct vim_property name = { "name", &value };
    struct vim_object object = {
        .kind = VIM_ENTER, .type = "Datastore", .moref = "datastore-1", .properties = &name, .property_count = 1
    };
    size_t size = 1U << 20, count = 0;
    char *text = malloc(size);
    struct err err;

    (void)state;
    assert_non_null(text);
    memset(text, 'x', size);
    text[size - 1] = '\0';
    value.text = text;
    /* The same one, over and over. */
    while (count < 200 && inventory_take(inventory, &object, &err))
        count++;
    assert_in_range(count, 30, INVENTORY_MAX_BYTES / size);
    assert_string_equal(err.text, "the server's folders, hosts and datastores take more than 128 MB");
    free(text);
    inventory_destroy(inventory);
}

static void what_left_and_what_is_of_no_known_type_is_no_place(void **state)
{
    struct inventory *inventory = inventory_create(REPLAY_ROOT);
    struct err err;

    (void)state;
    assert_true(take(inventory, VIM_LEAVE, "Folder", "group-1", &err));
    assert_true(take(inventory, VIM_ENTER, "ResourcePool", "resgroup-1", &err));
    assert_true(take(inventory, VIM_ENTER, "VirtualMachine", "vm-1", &err));
    assert_null(inventory_find(inventory, "group-1"));
    assert_null(inventory_find(inventory, "resgroup-1"));
    assert_null(inventory_find(inventory, "vm-1"));
    inventory_destroy(inventory);
}

/* -------------------------------------------------------------------------------------------------------- items ----
 */

static const struct licences licensed = { .entity = "host-21",
                                          .licence = { "esxEnterprisePlus", "vSphere 6 Enterprise Plus" } };

static const struct {
    const char *kind, *key, *attribute, *says;
} items[] = {
    { "cluster", "domain-c7", "id.name", "C0" },
    { "cluster", "domain-c7", "id.moref", "domain-c7" },
    { "cluster", "domain-c7", "cluster.type", "vsphere" },
    { "cluster", "domain-c7", "cluster.ha", "true" },
    { "cluster", "domain-c7", "cluster.drs", "false" },
    { "cluster", "domain-c7", "managed_by", "vcenter " VCENTER },
    { "esxi_host", "esx01.corp.example", "id.name", "ESX01.corp.example" },
    { "esxi_host", "esx01.corp.example", "id.fqdn", "esx01.corp.example" },
    { "esxi_host", "esx01.corp.example", "id.moref", "host-21" },
    { "esxi_host", "esx01.corp.example", "id.uuid", "4c4c4544-0042-4410-8052-b4c04f000021" },
    { "esxi_host", "esx01.corp.example", "id.addresses", "[192.0.2.21,2001:db8::21]" },
    { "esxi_host", "esx01.corp.example", "vsphere.product", "VMware ESXi 6.5.0 build-5969303" },
    { "esxi_host", "esx01.corp.example", "vsphere.version", "6.5.0" },
    { "esxi_host", "esx01.corp.example", "vsphere.build", "5969303" },
    { "esxi_host", "esx01.corp.example", "vsphere.api_version", "6.5" },
    { "esxi_host", "esx01.corp.example", "vsphere.api_type", "-" },
    { "esxi_host", "esx01.corp.example", "vsphere.connection_state", "connected" },
    { "esxi_host", "esx01.corp.example", "vsphere.maintenance", "false" },
    { "esxi_host", "esx01.corp.example", "vsphere.license_edition", "esxEnterprisePlus" },
    { "esxi_host", "esx01.corp.example", "vsphere.license_name", "vSphere 6 Enterprise Plus" },
    { "esxi_host", "esx01.corp.example", "hardware.manufacturer", "Dell Inc." },
    { "esxi_host", "esx01.corp.example", "hardware.model", "R740" },
    { "esxi_host", "esx01.corp.example", "hardware.cpu_count", "64" },
    { "esxi_host", "esx01.corp.example", "hardware.memory", "274877906944" },
    { "esxi_host", "esx01.corp.example", "member_of", "cluster domain-c7" },
    { "esxi_host", "esx01.corp.example", "managed_by", "vcenter " VCENTER },
    /* Of a host that is out of reach, what is unset may be there all the same. */
    { "esxi_host", "esx02.corp.example", "vsphere.version", "6.5.0" },
    { "esxi_host", "esx02.corp.example", "vsphere.connection_state", "notResponding" },
    { "esxi_host", "esx02.corp.example", "vsphere.build", "? the host is notResponding" },
    { "esxi_host", "esx02.corp.example", "id.addresses", "? the host is notResponding" },
    { "esxi_host", "esx02.corp.example", "vsphere.license_edition", "? the server names no licence for this host" },
    { "esxi_host", "192.0.2.31", "id.addresses", "[192.0.2.31]" },
    { "esxi_host", "192.0.2.31", "id.fqdn", "-" },
    { "esxi_host", "192.0.2.31", "vsphere.build", "-" },
    { "esxi_host", "192.0.2.31", "member_of", "-" },
    { "datastore", "datastore-11", "id.name", "san01" },
    { "datastore", "datastore-11", "datastore.type", "VMFS" },
    { "datastore", "datastore-11", "datastore.capacity", "1099511627776" },
    { "datastore", "datastore-11", "datastore.local", "false" },
    { "datastore", "datastore-12", "datastore.local", "false" },
    { "datastore", "datastore-13", "datastore.local", "true" },
    { "datastore", "datastore-14", "datastore.type", "vsan" },
    { "vapp", "resgroup-v40", "id.name", "Shop" },
    { "vapp", "resgroup-v40", "member_of", "-" },
    { "vapp", "resgroup-v41", "member_of", "vapp resgroup-v40" },
};

static void places_become_items(void **state)
{
    struct replay replay;

    (void)state;
    replay_init(&replay);
    replay_add_estate(&replay);
    replay.vcenter = VCENTER;
    replay.licences = &licensed;
    replay_scan(&replay);
    for (size_t i = 0; i < sizeof items / sizeof *items; i++)
        assert_string_equal(replay_says(&replay, items[i].kind, items[i].key, items[i].attribute), items[i].says);
    assert_int_equal(mock_item_count(replay.mock, NULL), 1 + 1 + 3 + 4 + 2);
    assert_int_equal(mock_warning_count(replay.mock), 0);
    replay_finish(&replay);
}

/* One object by itself, and what is said of it. */
static const struct {
    const char *type, *kind, *key;
    struct replay_row rows[4];
    const char *attribute, *says;
} oddities[] = {
    { "HostSystem", "esxi_host", "esx%/\\", { { "name", "string", "ESX%25%2f%5c" } }, "id.name", "ESX%/\\" },
    { "Datastore",
      "datastore",
      "x-1",
      { { "name", "missing", "NoPermission" } },
      "id.name",
      "? the server did not give name: NoPermission" },
    { "VirtualApp", "vapp", "x-1", { { "parent", "ref Folder", "group-1" } }, "id.name", "-" },
    { "HostSystem",
      "esxi_host",
      "h",
      { { "name", "string", "h" }, { "config", "missing", "NoPermission" } },
      "id.addresses",
      "? the server did not give config.network.vnic: NoPermission" },
    { "HostSystem",
      "esxi_host",
      "h",
      { { "name", "string", "h" }, { "summary.config.product.version", "missing", "NotAuthenticated" } },
      "vsphere.version",
      "? the server did not give summary.config.product.version: NotAuthenticated" },
    { "HostSystem",
      "esxi_host",
      "h",
      { { "name", "string", "h" }, { "summary.hardware.uuid", "string", "No UUID\n" } },
      "id.uuid",
      "? summary.hardware.uuid is 'No UUID\\n', not a UUID" },
    { "HostSystem",
      "esxi_host",
      "h",
      { { "name", "string", "h" }, { "summary.hardware.numCpuThreads", "short", "-3" } },
      "hardware.cpu_count",
      "? summary.hardware.numCpuThreads is '-3', not a number of things" },
    { "HostSystem",
      "esxi_host",
      "h",
      { { "name", "string", "h" }, { "runtime.inMaintenanceMode", "boolean", "perhaps" } },
      "vsphere.maintenance",
      "? runtime.inMaintenanceMode is 'perhaps', not true or false" },
    { "HostSystem",
      "esxi_host",
      "h",
      { { "name", "string", "h" }, { "config.network.vnic", "ArrayOfHostVirtualNic", "<HostVirtualNic/>" } },
      "id.addresses",
      "[]" },
    { "Datastore",
      "datastore",
      "x-1",
      { { "summary.type", "string", "VMFS" } },
      "datastore.local",
      "? the server does not tell whether other hosts reach the datastore" },
    { "Datastore", "datastore", "x-1", { { "summary.type", "string", "NFS41" } }, "datastore.local", "false" },
    { "Datastore",
      "datastore",
      "x-1",
      { { "summary.multipleHostAccess", "missing", "NoPermission" } },
      "datastore.local",
      "? the server did not give summary.multipleHostAccess: NoPermission" },
    { "Datastore",
      "datastore",
      "x-1",
      { { "summary.capacity", "long", "9223372036854775808" } },
      "datastore.capacity",
      "? summary.capacity is '9223372036854775808', not a number of things" },
    { "VirtualApp", "vapp", "x-1", { { "parentVApp", "ref VirtualApp", "x-1" } }, "member_of", "vapp x-1" },
};

static void what_is_odd_is_said_or_left(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof oddities / sizeof *oddities; i++) {
        struct replay replay;

        replay_init(&replay);
        replay_add(&replay, oddities[i].type, "x-1", oddities[i].rows);
        replay_scan(&replay);
        assert_string_equal(replay_says(&replay, oddities[i].kind, oddities[i].key, oddities[i].attribute),
                            oddities[i].says);
        replay_finish(&replay);
    }
}

/* By its reference it would be another one than by its name. */
static void a_host_without_a_name_is_left_out_with_a_warning(void **state)
{
    static const struct replay_row denied[] = { { "name", "missing", "NoPermission" }, { 0 } };
    struct replay replay;

    (void)state;
    replay_init(&replay);
    replay_add(&replay, "HostSystem", "host-1", denied);
    replay_scan(&replay);
    assert_int_equal(mock_item_count(replay.mock, "esxi_host"), 0);
    assert_int_equal(mock_warning_count(replay.mock), 1);
    replay_finish(&replay);
}

static void a_host_that_answers_for_itself_says_so(void **state)
{
    static const struct licences unread = { .why = "the account lacks Global.Licenses" };
    struct replay replay;

    (void)state;
    replay_init(&replay);
    replay_add_estate(&replay);
    replay.licences = &unread;
    replay_scan(&replay);
    assert_string_equal(replay_says(&replay, "esxi_host", "192.0.2.31", "vsphere.api_type"), "HostAgent");
    assert_string_equal(replay_says(&replay, "esxi_host", "192.0.2.31", "managed_by"), "-");
    assert_string_equal(replay_says(&replay, "esxi_host", "192.0.2.31", "vsphere.license_edition"),
                        "? the account lacks Global.Licenses");
    replay.licences = NULL;
    replay_scan(&replay);
    assert_string_equal(replay_says(&replay, "esxi_host", "192.0.2.31", "vsphere.license_name"),
                        "? the licences were not read");
    replay_finish(&replay);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_path_leads_from_the_root),
        cmocka_unit_test(folders_that_are_above_each_other_end),
        cmocka_unit_test(folders_may_be_as_deep_as_the_limit),
        cmocka_unit_test(what_comes_again_replaces_what_was),
        cmocka_unit_test(hosts_know_their_cluster_and_datacenter),
        cmocka_unit_test(more_objects_than_the_limit_fail),
        cmocka_unit_test(more_memory_than_the_limit_fails),
        cmocka_unit_test(what_left_and_what_is_of_no_known_type_is_no_place),
        cmocka_unit_test(places_become_items),
        cmocka_unit_test(what_is_odd_is_said_or_left),
        cmocka_unit_test(a_host_without_a_name_is_left_out_with_a_warning),
        cmocka_unit_test(a_host_that_answers_for_itself_says_so),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
