#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "dump.h"
#include "points.h"
#include "recording.h"
#include "vim_read.h"

#include <string.h>

static size_t one(void *context)
{
    (void)context;
    return 1;
}

static size_t some(void *context)
{
    return 1 + points_random(*(unsigned *)context);
}

static struct str dumped(const struct str *bytes, const struct dump_parts *parts)
{
    struct str out = STR_EMPTY;
    struct err err = ERR_EMPTY;

    if (!dump_reply(&out, bytes->bytes, bytes->length, parts, NULL, &err))
        fail_msg("%s", err.text);
    return out;
}

/* What a reader of this text tells is expected, line by line. */
static void assert_tells(const char *text, const char *expected)
{
    struct str bytes = { .bytes = (char *)text, .length = strlen(text) }, out = dumped(&bytes, NULL);

    assert_string_equal(str_text(&out), expected);
    str_finish(&out);
}

static void assert_recording_tells(const char *name, const char *expected)
{
    struct str bytes = recording_load(name);

    assert_tells(str_text(&bytes), expected);
    str_finish(&bytes);
}

/* ------------------------------------------------------------------------------------------------ in parts ---- */

static void parts_do_not_matter(void **state)
{
    unsigned sizes[] = { 3, 50, 5000 }, recordings = 0;

    (void)state;
    for (const char *name = recording_next(NULL); name != NULL; name = recording_next(name), recordings++) {
        struct str bytes = recording_load(name), whole = dumped(&bytes, NULL);
        struct str single = dumped(&bytes, &(struct dump_parts){ .next = one });

        assert_string_equal(str_text(&single), str_text(&whole));
        str_finish(&single);
        for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
            struct str parts = dumped(&bytes, &(struct dump_parts){ .next = some, .context = &sizes[i] });

            assert_string_equal(str_text(&parts), str_text(&whole));
            str_finish(&parts);
        }
        str_finish(&whole);
        str_finish(&bytes);
    }
    assert_true(recordings > 30);
}

static void both_ways_of_writing_types_are_one(void **state)
{
    struct str anew = recording_load("v24-04-RetrievePropertiesEx"), once = recording_load("made-04-xsi");
    struct str first = dumped(&anew, NULL), second = dumped(&once, NULL);

    (void)state;
    assert_true(once.length < anew.length);
    assert_string_equal(str_text(&second), str_text(&first));
    str_finish(&first);
    str_finish(&second);
    str_finish(&anew);
    str_finish(&once);
}

/* ------------------------------------------------------------------------------------------------- objects ---- */

struct seen {
    size_t objects, devices, disks;
    char first[64];
};

static bool look(void *context, const struct vim_object *object, struct err *err)
{
    struct seen *seen = context;
    const struct vim_value *device = vim_child(vim_property(object, "config.hardware.device"), "VirtualDevice");
    const struct vim_value *host = vim_property(object, "runtime.host");
    int64_t key;

    (void)err;
    assert_int_equal(object->kind, VIM_ENTER);
    assert_string_equal(object->type, "VirtualMachine");
    assert_string_equal(host->type, "ManagedObjectReference");
    assert_string_equal(host->ref_type, "HostSystem");
    assert_string_equal(vim_text(host, ""), "host-21");
    assert_null(vim_property(object, "config.hardware"));
    if (seen->objects++ == 0)
        strcpy(seen->first, object->moref);
    for (; device != NULL; device = vim_again(device), seen->devices++) {
        assert_true(vim_int(device, "key", &key));
        if (strcmp(device->type, "VirtualDisk") == 0 && seen->disks++ == 0)
            assert_string_equal(vim_child(device, "backing")->type, "VirtualDiskFlatVer2BackingInfo");
    }
    return true;
}

static void a_machine_has_its_devices(void **state)
{
    struct str bytes = recording_load("v24-04-RetrievePropertiesEx");
    struct seen seen = { 0 };
    struct vim_taker taker = { .take = look, .context = &seen };
    struct vim_reader *reader = vim_reader_create(&taker, NULL);
    struct err err = ERR_EMPTY;

    (void)state;
    assert_true(vim_reader_feed(reader, bytes.bytes, bytes.length, &err));
    assert_true(vim_reader_end(reader, &err));
    assert_int_equal(seen.objects, 2);
    assert_int_equal(vim_reader_reply(reader)->objects, 2);
    assert_string_equal(seen.first, "vm-265");
    assert_int_equal(seen.devices, 26);
    assert_int_equal(seen.disks, 2);
    vim_reader_destroy(reader);
    str_finish(&bytes);
}

static void names_are_resolved_whatever_their_prefix(void **state)
{
    (void)state;
    assert_recording_tells(
        "made-04-prefixes",
        "{\"kind\":\"enter\",\"type\":\"VirtualMachine\",\"moref\":\"vm-1\",\"properties\":[[\"name\",[[\"val\","
        "\"string\",\"\",\"one two\",[]]]],[\"config.hardware.device\",[[\"val\",\"ArrayOfVirtualDevice\",\"\",\"\",[["
        "\"VirtualDevice\",\"VirtualDisk\",\"\",\"\",[[\"key\",\"\",\"\",\"2000\",[]],[\"backing\","
        "\"VirtualDiskFlatVer2BackingInfo\",\"\",\"\",[[\"diskMode\",\"\",\"\",\"persistent\",[]]]]]],["
        "\"VirtualDevice\",\"VirtualE1000\",\"\",\"\",[[\"key\",\"\",\"\",\"4000\",[]]]]]]]]],\"missing\":[]}\n"
        "{\"method\":\"RetrievePropertiesExResponse\",\"token\":\"1\",\"version\":null,\"truncated\":false,"
        "\"absent\":null,\"objects\":1,\"fault\":null,\"result\":[]}\n");
}

static void a_property_that_was_not_given_has_its_reason(void **state)
{
    (void)state;
    assert_recording_tells("fleet-13-bad-property",
                           "{\"kind\":\"enter\",\"type\":\"Folder\",\"moref\":\"group-d1\",\"properties\":[[\"name\",[["
                           "\"val\",\"string\",\"\",\"Datacenters\",[]]]]],\"missing\":[[\"no.such\","
                           "\"InvalidProperty\"]]}\n"
                           "{\"method\":\"RetrievePropertiesExResponse\",\"token\":null,\"version\":null,"
                           "\"truncated\":false,\"absent\":null,\"objects\":1,\"fault\":null,\"result\":[]}\n");
    assert_recording_tells("fleet-11-noauth-rootFolder",
                           "{\"kind\":\"enter\",\"type\":\"Folder\",\"moref\":\"group-d1\",\"properties\":[],"
                           "\"missing\":[[\"name\",\"NotAuthenticated\"]]}\n"
                           "{\"method\":\"RetrievePropertiesExResponse\",\"token\":null,\"version\":null,"
                           "\"truncated\":false,\"absent\":null,\"objects\":1,\"fault\":null,\"result\":[]}\n");
}

static void no_objects_are_no_error(void **state)
{
    (void)state;
    assert_tells(ENVELOPE("<RetrievePropertiesExResponse xmlns=\"urn:vim25\"/>"),
                 "{\"method\":\"RetrievePropertiesExResponse\",\"token\":null,\"version\":null,\"truncated\":false,"
                 "\"absent\":null,\"objects\":0,\"fault\":null,\"result\":[]}\n");
}

static void a_property_that_came_twice_is_the_later_one(void **state)
{
    const struct vim_value former = { .text = "a" }, later = { .text = "b" };
    const struct vim_property properties[] = { { "name", &former }, { "parent", NULL }, { "name", &later } };
    const struct vim_object object = { .properties = properties, .property_count = 3 };

    (void)state;
    assert_ptr_equal(vim_property(&object, "name"), &later);
    assert_null(vim_property(&object, "parent"));
    assert_null(vim_property(&object, "nam"));
}

/* ------------------------------------------------------------------------------------------------- updates ---- */

static void updates_say_what_came_changed_and_left(void **state)
{
    (void)state;
    assert_recording_tells(
        "made-07-updates",
        "{\"kind\":\"enter\",\"type\":\"VirtualMachine\",\"moref\":\"vm-31\",\"properties\":[[\"name\",[[\"val\","
        "\"string\",\"\",\"web <01> & more\",[]]]],[\"snapshot\",null],[\"datastore\",[[\"val\","
        "\"ArrayOfManagedObjectReference\",\"\",\"\",[[\"ManagedObjectReference\",\"ManagedObjectReference\","
        "\"Datastore\",\"datastore-12\",[]],[\"ManagedObjectReference\",\"ManagedObjectReference\",\"Datastore\","
        "\"datastore-13\",[]]]]]]],\"missing\":[[\"config.uuid\",\"NoPermission\"]]}\n"
        "{\"kind\":\"modify\",\"type\":\"VirtualMachine\",\"moref\":\"vm-32\",\"properties\":[[\"parentVApp\",null],["
        "\"guest.net\",null],[\"guest.ipAddress\",[[\"val\",\"string\",\"\",\"192.0.2.7\",[]]]]],\"missing\":[]}\n"
        "{\"kind\":\"leave\",\"type\":\"VirtualMachine\",\"moref\":\"vm-33\",\"properties\":[],\"missing\":[]}\n"
        "{\"method\":\"WaitForUpdatesExResponse\",\"token\":null,\"version\":\"14\",\"truncated\":true,"
        "\"absent\":\"ManagedObjectNotFound\",\"objects\":3,\"fault\":null,\"result\":[]}\n");
}

static void nothing_new_is_a_reply_without_a_version(void **state)
{
    (void)state;
    assert_recording_tells("v24-07b-WaitForUpdatesEx-timeout",
                           "{\"method\":\"WaitForUpdatesExResponse\",\"token\":null,\"version\":null,"
                           "\"truncated\":false,\"absent\":null,\"objects\":0,\"fault\":null,\"result\":[]}\n");
}

static void what_leaves_has_no_properties(void **state)
{
    (void)state;
    assert_tells(UPDATED("<filterSet><objectSet><changeSet><name>name</name><op>assign</op><val>a</val></changeSet>"
                         "<obj type=\"Folder\">group-7</obj><missingSet><path>parent</path></missingSet>"
                         "<kind>leave</kind></objectSet></filterSet><version>2</version>"),
                 "{\"kind\":\"leave\",\"type\":\"Folder\",\"moref\":\"group-7\",\"properties\":[],\"missing\":[]}\n"
                 "{\"method\":\"WaitForUpdatesExResponse\",\"token\":null,\"version\":\"2\",\"truncated\":false,"
                 "\"absent\":null,\"objects\":1,\"fault\":null,\"result\":[]}\n");
}

static void a_value_that_is_removed_is_unset(void **state)
{
    (void)state;
    assert_tells(UPDATED("<version>2</version><filterSet><objectSet><kind>modify</kind><obj type=\"Folder\">g</obj>"
                         "<changeSet><name>name</name><val>a</val><op>remove</op></changeSet></objectSet></filterSet>"),
                 "{\"kind\":\"modify\",\"type\":\"Folder\",\"moref\":\"g\",\"properties\":[[\"name\",null]],"
                 "\"missing\":[]}\n"
                 "{\"method\":\"WaitForUpdatesExResponse\",\"token\":null,\"version\":\"2\",\"truncated\":false,"
                 "\"absent\":null,\"objects\":1,\"fault\":null,\"result\":[]}\n");
}

/* ------------------------------------------------------------------------------------- faults and results ---- */

static void assert_fault(const char *text, const char *type, const char *said, const char *privilege)
{
    struct vim_reader *reader = vim_reader_create(NULL, NULL);
    const struct vim_fault *fault = &vim_reader_reply(reader)->fault;
    struct err err = ERR_EMPTY;

    assert_false(fault->is);
    assert_true(vim_reader_feed(reader, text, strlen(text), &err));
    assert_true(vim_reader_end(reader, &err));
    assert_true(fault->is);
    assert_string_equal(vim_reader_reply(reader)->method, "Fault");
    assert_string_equal(fault->type, type);
    assert_string_equal(fault->text, said);
    if (privilege == NULL)
        assert_null(vim_text(fault->detail, "privilegeId"));
    else
        assert_string_equal(vim_text(fault->detail, "privilegeId"), privilege);
    vim_reader_destroy(reader);
}

static void a_fault_has_its_type_and_words(void **state)
{
    static const struct {
        const char *recording, *type, *text, *privilege;
    } faults[] = {
        { "v24-02b-Login-bad", "InvalidLogin", "Login failure", NULL },
        { "v24-03n-CreateContainerView-noauth", "NotAuthenticated", "", "System.View" },
        { "fleet-12-unknown-method", "InvalidRequest", "no vmomi type defined for 'NoSuchMethod'", NULL },
        { "fleet-14-bad-token", "InvalidProperty", "A specified parameter was not correct: token", NULL },
        { "v38-05-Continue-3", "InvalidProperty", "", NULL },
        { "made-13-nested-fault", "SystemError", "A general system error occurred: “vpxd”", NULL },
    };

    (void)state;
    for (size_t i = 0; i < sizeof faults / sizeof *faults; i++) {
        struct str bytes = recording_load(faults[i].recording);

        assert_fault(str_text(&bytes), faults[i].type, faults[i].text, faults[i].privilege);
        str_finish(&bytes);
    }
}

static void a_fault_needs_no_detail(void **state)
{
    (void)state;
    assert_fault(FAULT("<faultstring>out of memory</faultstring>"), "", "out of memory", NULL);
    assert_fault(FAULT(""), "", "", NULL);
    assert_fault(FAULT("<faultstring/><detail/>"), "", "", NULL);
    assert_fault(FAULT("<detail><NoPermissionFault><privilegeId>p</privilegeId></NoPermissionFault></detail>"),
                 "NoPermission", "", "p");
    assert_fault(FAULT("<detail><Fault/></detail>"), "Fault", "", NULL);
    assert_fault(FAULT("<detail><a/><bFault/></detail>"), "a", "", NULL);
}

static void a_fault_within_a_fault_is_kept(void **state)
{
    struct str bytes = recording_load("made-13-nested-fault");
    struct vim_reader *reader = vim_reader_create(NULL, NULL);
    const struct vim_value *cause;
    struct err err = ERR_EMPTY;

    (void)state;
    assert_true(vim_reader_feed(reader, bytes.bytes, bytes.length, &err));
    assert_true(vim_reader_end(reader, &err));
    cause = vim_child(vim_child(vim_reader_reply(reader)->fault.detail, "faultCause"), "fault");
    assert_string_equal(cause->type, "NotAuthenticated");
    assert_string_equal(vim_text(cause, "privilegeId"), "System.View");
    vim_reader_destroy(reader);
    str_finish(&bytes);
}

static void any_other_result_is_a_tree(void **state)
{
    struct str bytes = recording_load("made-05-several-results");
    struct vim_reader *reader = vim_reader_create(NULL, NULL);
    const struct vim_value *result;
    struct err err = ERR_EMPTY;

    (void)state;
    assert_true(vim_reader_feed(reader, bytes.bytes, bytes.length, &err));
    assert_true(vim_reader_end(reader, &err));
    result = vim_reader_reply(reader)->result;
    assert_string_equal(vim_reader_reply(reader)->method, "QueryAssignedLicensesResponse");
    assert_string_equal(vim_text(result, "assignedLicense.editionKey"), "esxEnterprisePlus.cpuPackage");
    assert_string_equal(vim_text(vim_again(result), "assignedLicense.editionKey"), "esxBasic");
    assert_null(vim_again(vim_again(result)));
    vim_reader_destroy(reader);
    str_finish(&bytes);
}

static void a_method_may_have_no_result(void **state)
{
    (void)state;
    assert_recording_tells("v24-09-Logout",
                           "{\"method\":\"LogoutResponse\",\"token\":null,\"version\":null,\"truncated\":false,"
                           "\"absent\":null,\"objects\":0,\"fault\":null,\"result\":[]}\n");
}

/* -------------------------------------------------------------------------------------------- keep and take ---- */

static bool keeps_disks(const char *name, const char *type)
{
    if (strcmp(name, "VirtualDevice") == 0)
        return strcmp(type, "VirtualDisk") == 0;
    return strcmp(name, "key") == 0;
}

static void what_is_not_kept_is_passed_over_with_all_beneath(void **state)
{
    struct str bytes = recording_load("made-04-prefixes"), out = STR_EMPTY;
    struct err err = ERR_EMPTY;

    (void)state;
    assert_true(dump_reply(&out, bytes.bytes, bytes.length, NULL, keeps_disks, &err));
    assert_string_equal(
        str_text(&out),
        "{\"kind\":\"enter\",\"type\":\"VirtualMachine\",\"moref\":\"vm-1\",\"properties\":[[\"name\",[[\"val\","
        "\"string\",\"\",\"one two\",[]]]],[\"config.hardware.device\",[[\"val\",\"ArrayOfVirtualDevice\",\"\",\"\",[["
        "\"VirtualDevice\",\"VirtualDisk\",\"\",\"\",[[\"key\",\"\",\"\",\"2000\",[]]]]]]]]],\"missing\":[]}\n"
        "{\"method\":\"RetrievePropertiesExResponse\",\"token\":\"1\",\"version\":null,\"truncated\":false,"
        "\"absent\":null,\"objects\":1,\"fault\":null,\"result\":[]}\n");
    str_finish(&out);
    str_finish(&bytes);
}

static bool keeps_nothing(const char *name, const char *type)
{
    (void)name, (void)type;
    return false;
}

static void only_values_of_properties_are_thinned_out(void **state)
{
    struct str bytes = recording_load("made-05-several-results"), out = STR_EMPTY, all = dumped(&bytes, NULL);
    struct err err = ERR_EMPTY;

    (void)state;
    assert_true(dump_reply(&out, bytes.bytes, bytes.length, NULL, keeps_nothing, &err));
    assert_string_equal(str_text(&out), str_text(&all));
    str_finish(&all);
    str_finish(&out);
    str_finish(&bytes);
}

static bool take_one(void *context, const struct vim_object *object, struct err *err)
{
    size_t *count = context;

    (void)object;
    return ++*count < 2 || err_set(err, ERR_DENIED, "one is enough");
}

static void who_takes_may_end_it(void **state)
{
    struct str bytes = recording_load("v24-07d-WaitForUpdatesEx-change");
    size_t count = 0;
    struct vim_taker taker = { .take = take_one, .context = &count };
    struct vim_reader *reader = vim_reader_create(&taker, NULL);
    struct err err = ERR_EMPTY;

    (void)state;
    assert_false(vim_reader_feed(reader, bytes.bytes, bytes.length, &err));
    assert_int_equal(err.class, ERR_DENIED);
    assert_string_equal(err.text, "one is enough");
    assert_int_equal(count, 2);
    vim_reader_destroy(reader);
    str_finish(&bytes);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(parts_do_not_matter),
        cmocka_unit_test(both_ways_of_writing_types_are_one),
        cmocka_unit_test(a_machine_has_its_devices),
        cmocka_unit_test(names_are_resolved_whatever_their_prefix),
        cmocka_unit_test(a_property_that_was_not_given_has_its_reason),
        cmocka_unit_test(no_objects_are_no_error),
        cmocka_unit_test(a_property_that_came_twice_is_the_later_one),
        cmocka_unit_test(updates_say_what_came_changed_and_left),
        cmocka_unit_test(nothing_new_is_a_reply_without_a_version),
        cmocka_unit_test(what_leaves_has_no_properties),
        cmocka_unit_test(a_value_that_is_removed_is_unset),
        cmocka_unit_test(a_fault_has_its_type_and_words),
        cmocka_unit_test(a_fault_needs_no_detail),
        cmocka_unit_test(a_fault_within_a_fault_is_kept),
        cmocka_unit_test(any_other_result_is_a_tree),
        cmocka_unit_test(a_method_may_have_no_result),
        cmocka_unit_test(what_is_not_kept_is_passed_over_with_all_beneath),
        cmocka_unit_test(only_values_of_properties_are_thinned_out),
        cmocka_unit_test(who_takes_may_end_it),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
