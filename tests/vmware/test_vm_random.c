/* Objects as no server would send them: whatever stands where, an item comes of it that is as the dictionary asks, or a
 * warning, and the scan goes on. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "attribute.h"
#include "inventory.h"
#include "points.h"
#include "replay.h"
#include "vm_item.h"

#include <stdlib.h>
#include <string.h>

enum { ROUNDS = 300, CHANGES = 8, ROWS = CHANGES + 1 };

static const char odd_disk[] =
    "<VirtualDevice xsi:type='VirtualDisk'><key/><backing><parent><parent><fileName>/</fileName></parent></parent>"
    "<diskMode/><sharing/></backing><controllerKey>x</controllerKey></VirtualDevice>";
static const char disk_of_no_store[] =
    "<VirtualDevice xsi:type='VirtualDisk'><backing><fileName>[]</fileName><parent><fileName/>"
    "<datastore>datastore-99</datastore></parent><datastore>datastore-12</datastore></backing></VirtualDevice>";
static const char half_values[] =
    "<CustomFieldValue><key>102</key></CustomFieldValue><CustomFieldValue><value>v</value></CustomFieldValue>"
    "<CustomFieldValue><key>101</key><value>&lt;&amp;&#10;</value></CustomFieldValue>";

static const char *const values[] = {
    "",
    " ",
    "true",
    "0",
    "-1",
    "9223372036854775807",
    "99999999999999999999",
    "1.5e3",
    "%s%n%2f%5c%25%",
    "\n\r\t",
    "&#x202E;&#x1F4A5;",
    "/../..",
    "=",
    "host-21",
    "group-v4",
    "vm-1",
    REPLAY_ROOT,
    "datastore-11",
    "resgroup-v41",
    "50170001-aaaa-bbbb-cccc-000000000001",
    "poweredOff",
    "disconnected",
    "linuxGuest",
    "com.vmware.vcDr",
    "<VirtualDevice xsi:type='VirtualDisk'/>",
    odd_disk,
    disk_of_no_store,
    "<VirtualDevice xsi:type='VirtualVmxnet3'><macAddress>::::::::::::::::: </macAddress></VirtualDevice>",
    "<VirtualDevice xsi:type='ParaVirtualSCSIController'><key>-9223372036854775808</key><sharedBus/></VirtualDevice>",
    "<VirtualDevice>text<VirtualDevice/>text</VirtualDevice>",
    "<ManagedObjectReference type='Datastore'>datastore-99</ManagedObjectReference><ManagedObjectReference/>",
    "<GuestNicInfo><ipAddress/><ipAddress>::ffff:1.2.3.4</ipAddress><macAddress/></GuestNicInfo><x/>",
    half_values,
    "<VirtualMachineSnapshotTree><childSnapshotList/></VirtualMachineSnapshotTree><name/>",
    "<extensionKey/><type/>",
    "<HostVirtualNic><spec><ip><ipV6Config><ipV6Address/></ipV6Config></ip></spec></HostVirtualNic>",
};

static const char *const types[] = { "string",         "int",        "ref HostSystem",
                                     "ref VirtualApp", "ref Folder", "ArrayOfAnything",
                                     "missing",        NULL };

#define PICK(table) ((table)[points_random(sizeof(table) / sizeof *(table))])

static void make_rows(struct replay_row rows[ROWS], const struct vim_wanted *wanted)
{
    size_t count = points_random(CHANGES) + 1;

    memset(rows, 0, ROWS * sizeof *rows);
    for (size_t i = 0; i < count; i++) {
        rows[i].path = wanted->paths[points_random((unsigned)wanted->count)];
        rows[i].type = PICK(types);
        rows[i].value = rows[i].type != NULL && strcmp(rows[i].type, "missing") == 0 ? "NoPermission" : PICK(values);
    }
}

/* One of what stands around takes the place of one that the estate has. */
static void add_around(struct replay *replay)
{
    static const char *const morefs[] = { "domain-c7", "host-21", "datastore-11", "resgroup-v40", "group-v4" };
    struct replay_row rows[ROWS];
    size_t count;
    const struct vim_wanted *wanted = inventory_wanted(&count);

    wanted += points_random((unsigned)count);
    make_rows(rows, wanted);
    replay_add(replay, wanted->type, PICK(morefs), rows);
}

/* What a link names is of the kind that the relation is about. */
static bool fits(const struct link *link)
{
    static const char *const ends[][2] = { { "runs_on", "esxi_host" },
                                           { "may_run_on", "cluster" },
                                           { "stored_on", "datastore" },
                                           { "member_of", "vapp" },
                                           { "member_of", "cluster" } };

    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++)
        if (strcmp(ends[i][0], link->relation) == 0 && strcmp(ends[i][1], link->kind) == 0)
            return true;
    return false;
}

static void check_items(struct replay *replay)
{
    for (size_t i = 0; i < mock_item_count(replay->mock, NULL); i++) {
        const struct item *item = mock_item_at(replay->mock, i);
        struct err err;
        for (size_t j = 0; j < item->attribute_count; j++)
            if (!attribute_check(item->kind, item->attributes[j].name, &item->attributes[j].value, &err))
                fail_msg("%s: %s", item->key, err.text);
        for (size_t j = 0; j < item->link_count; j++)
            assert_true(fits(&item->links[j]) &&
                        mock_item(replay->mock, item->links[j].kind, item->links[j].key) != NULL);
    }
}

static void whatever_stands_where_the_scan_goes_on(void **state)
{
    size_t machines = 0, unplaced = 0, refused = 0;

    (void)state;
    for (size_t i = 0; i < ROUNDS; i++) {
        struct replay_row rows[ROWS];
        struct replay replay;

        replay_init(&replay);
        replay.fields = "<CustomFieldDef><key>101</key><name/></CustomFieldDef><CustomFieldDef/>";
        replay_add_estate(&replay);
        if (i % 2 == 0)
            add_around(&replay);
        make_rows(rows, vm_item_wanted());
        replay_add_machine(&replay, "vm-1", rows);
        replay_scan(&replay);
        check_items(&replay);
        assert_int_equal(mock_item_count(replay.mock, "vm") == 0, replay_warns(&replay, "the virtual machine"));
        machines += mock_item_count(replay.mock, "vm");
        unplaced += replay.unplaced;
        refused += mock_item_count(replay.mock, "vm") == 0;
        replay_finish(&replay);
    }
    /* Each of the ways was gone. */
    assert_in_range(machines, ROUNDS / 4, ROUNDS - 1);
    assert_in_range(unplaced, ROUNDS / 20, machines);
    assert_int_equal(refused, ROUNDS - machines);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(whatever_stands_where_the_scan_goes_on) };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
