#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "replay.h"
#include "vm_item.h"

#include <string.h>

#define DEVICES "config.hardware.device", "ArrayOfVirtualDevice"
#define DISK(key, controller, backing)                                                                                 \
    "<VirtualDevice xsi:type='VirtualDisk'><key>" key                                                                  \
    "</key><backing xsi:type='VirtualDiskFlatVer2BackingInfo'>" backing "</backing><controllerKey>" controller         \
    "</controllerKey></VirtualDevice>"
#define FILE_OF(name, store) "<fileName>" name "</fileName><datastore type='Datastore'>" store "</datastore>"
#define STORE(moref) "<ManagedObjectReference type='Datastore'>" moref "</ManagedObjectReference>"
#define UNSET(path)                                                                                                    \
    {                                                                                                                  \
        path, NULL, NULL                                                                                               \
    }

/* -------------------------------------------------------------------------------------------------------- faces ----
 */

static const struct {
    struct replay_row rows[4];
    bool unplaced;
} placings[] = {
    { { { NULL } }, false },
    { { { "parent", "ref Folder", "group-v99" } }, true },
    { { UNSET("parent") }, true },
    { { UNSET("parent"), { "parentVApp", "ref VirtualApp", "resgroup-v41" } }, false },
    { { { "parentVApp", "ref VirtualApp", "resgroup-v99" } }, true },
    { { { "parentVApp", "missing", "NoPermission" } }, true },
    { { { "runtime.host", "ref HostSystem", "host-99" } }, true },
    { { UNSET("runtime.host") }, true },
    { { { DEVICES, DISK("2000", "1", FILE_OF("[d] a.vmdk", "datastore-99")) } }, true },
    { { { DEVICES, "" }, { "datastore", "ArrayOfManagedObjectReference", STORE("datastore-99") } }, true },
    { { { "datastore", "missing", "NoPermission" } }, true },
    { { UNSET("resourcePool") }, false },
};

static void a_machine_whose_place_is_not_known_says_so(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof placings / sizeof *placings; i++) {
        struct replay replay;

        replay_init(&replay);
        replay_add_estate(&replay);
        replay_add_machine(&replay, "vm-1", placings[i].rows);
        replay_scan(&replay);
        assert_int_equal(mock_item_count(replay.mock, "vm"), 1);
        if (replay.unplaced != placings[i].unplaced)
            fail_msg("case %zu", i);
        replay_finish(&replay);
    }
}

static const struct {
    struct replay_row rows[4];
    const char *why;
} refusals[] = {
    { { UNSET("config.instanceUuid"),
        UNSET("config.uuid"),
        { "runtime.connectionState", "VirtualMachineConnectionState", "inaccessible" } },
      "the virtual machine web01 (vm-1, inaccessible) has no instance UUID: its configuration cannot be read now" },
    { { UNSET("config.instanceUuid"), UNSET("config.uuid"), UNSET("runtime.connectionState") },
      "(vm-1, state unknown)" },
    { { UNSET("config.instanceUuid") },
      "the virtual machine web01 (vm-1) has no instance UUID, though its configuration is there" },
    { { { "config.instanceUuid", "missing", "NoPermission" } },
      "the virtual machine web01 (vm-1) cannot be told apart: the server did not give config.instanceUuid: "
      "NoPermission" },
    { { UNSET("name"), { "config.instanceUuid", "missing", "NoPermission" } }, "the virtual machine vm-1 (vm-1)" },
    { { { "config.instanceUuid", "string", "1234" } }, "has the instance UUID '1234', which is none" },
    { { { "name", "string", "a\nb%2f&#x202E;" }, { "config.instanceUuid", "string", "%s%n" } },
      "the virtual machine a\\nb/\\u202E has the instance UUID '%s%n', which is none" },
};

static void a_machine_without_a_key_is_refused_with_the_reason(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof refusals / sizeof *refusals; i++) {
        struct replay replay;

        replay_init(&replay);
        replay_add_estate(&replay);
        replay_add_machine(&replay, "vm-1", refusals[i].rows);
        replay_add_machine(&replay, "vm-2",
                           (struct replay_row[]){
                               { "config.instanceUuid", "string", "50170001-aaaa-bbbb-cccc-000000000002" }, { NULL } });
        replay_scan(&replay);
        assert_int_equal(mock_item_count(replay.mock, "vm"), 1);
        if (!replay_warns(&replay, refusals[i].why))
            fail_msg("case %zu: '%s'", i, mock_warning_at(replay.mock, 0)->text);
        replay_finish(&replay);
    }
}

static bool keep_face(void *context, const struct vim_object *object, struct err *err)
{
    struct inventory *inventory = inventory_create(REPLAY_ROOT);
    bool good;

    good = vm_item_face(object, inventory, NULL, context, err);
    inventory_destroy(inventory);
    return good;
}

static void other_objects_are_no_machines(void **state)
{
    struct replay replay;
    struct vm_face face;
    struct err err;

    (void)state;
    replay_init(&replay);
    replay_add(&replay, "HostSystem", "host-1",
               (struct replay_row[]){ { "config.instanceUuid", "string", REPLAY_KEY }, { NULL } });
    assert_false(replay_read(str_text(&replay.objects), keep_face, &face, &err));
    assert_non_null(strstr(err.text, "the object host-1 is a HostSystem, not a virtual machine"));
    replay_finish(&replay);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_machine_whose_place_is_not_known_says_so),
        cmocka_unit_test(a_machine_without_a_key_is_refused_with_the_reason),
        cmocka_unit_test(other_objects_are_no_machines),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
