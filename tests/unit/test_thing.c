#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "thing.h"

#include <string.h>

#define TEXT(string)                                                                                                   \
    {                                                                                                                  \
        .type = VALUE_TEXT, .text = (string)                                                                           \
    }

static const struct attribute facts[] = {
    { "guest.build", TEXT("6.3.9600") },
    { "guest.name", TEXT("Windows Server 2012 R2") },
    { "guest.product_type", { .type = VALUE_INT, .number = 3 } },
    { "id.name", TEXT("web01") },
    { "os.name", TEXT("Microsoft Windows Server 2016") },
    { "os.service_pack", { .type = VALUE_INT, .number = 0 } },
};

static const struct unread unread[] = {
    { "guest.", "the guest is switched off" },
    { "os.release", "the registry is closed" },
    { "os.", "access is denied" },
    { "os.sku", "the class is damaged" },
};

static const struct thing_tie ties[] = {
    { "member_of", true, 7, NULL, NULL },   { "part_of", true, 3, NULL, NULL },  { "part_of", true, 4, NULL, NULL },
    { "part_of", false, 1, NULL, NULL },    { "part_of", false, 9, NULL, NULL }, { "runs_on", true, 0, "vm", "lost" },
    { "stored_on", false, 12, NULL, NULL },
};

static const char *const kinds[] = { "hyperv_host", "machine" };

static const struct thing thing = {
    .id = 1,
    .kind = "machine",
    .kinds = kinds,
    .kind_count = 2,
    .facts = facts,
    .fact_count = sizeof facts / sizeof facts[0],
    .unread = unread,
    .unread_count = sizeof unread / sizeof unread[0],
    .ties = ties,
    .tie_count = sizeof ties / sizeof ties[0],
};

static const struct thing nothing = { .id = 2, .kind = "vm" };

static void every_fact_is_found_and_no_other(void **state)
{
    (void)state;
    for (size_t i = 0; i < thing.fact_count; i++)
        assert_ptr_equal(thing_fact(&thing, facts[i].name), &facts[i].value);
    assert_null(thing_fact(&thing, ""));
    assert_null(thing_fact(&thing, "aaa"));
    assert_null(thing_fact(&thing, "os.nam"));
    assert_null(thing_fact(&thing, "os.name.x"));
    assert_null(thing_fact(&thing, "zzz"));
    assert_null(thing_fact(&nothing, "os.name"));
}

static void what_a_computer_does_not_say_its_hypervisor_may(void **state)
{
    (void)state;
    assert_string_equal(thing_text(&thing, "os.build"), "6.3.9600");
    assert_int_equal(thing_fact(&thing, "os.product_type")->number, 3);
    assert_null(thing_fact(&thing, "os.sku"));
    assert_null(thing_fact(&thing, "os.arch"));
}

static void what_a_computer_says_itself_is_first(void **state)
{
    (void)state;
    assert_string_equal(thing_text(&thing, "os.name"), "Microsoft Windows Server 2016");
    assert_string_equal(thing_text(&thing, "guest.name"), "Windows Server 2012 R2");
}

static void a_number_is_no_text(void **state)
{
    (void)state;
    assert_null(thing_text(&thing, "os.service_pack"));
    assert_null(thing_text(&thing, "os.product_type"));
}

static void the_nearest_reason_is_told(void **state)
{
    (void)state;
    assert_string_equal(thing_unread(&thing, "os.sku"), "the class is damaged");
    assert_string_equal(thing_unread(&thing, "os.release"), "the registry is closed");
    assert_string_equal(thing_unread(&thing, "os.sku_other"), "access is denied");
    assert_string_equal(thing_unread(&thing, "guest.id"), "the guest is switched off");
    assert_null(thing_unread(&thing, "osx"));
    assert_null(thing_unread(&thing, "id.name"));
    assert_null(thing_unread(&nothing, "os.name"));
}

static void the_hypervisor_s_reason_stands_in_for_the_computer_s(void **state)
{
    static const struct unread off[] = { { "guest.", "the guest is switched off" } };
    struct thing vm = { .id = 3, .kind = "vm", .unread = off, .unread_count = 1 };

    (void)state;
    assert_string_equal(thing_unread(&vm, "os.build"), "the guest is switched off");
    assert_null(thing_unread(&vm, "os.sku"));
}

static void a_thing_is_of_all_kinds_of_its_items(void **state)
{
    (void)state;
    assert_true(thing_is(&thing, "machine"));
    assert_true(thing_is(&thing, "hyperv_host"));
    assert_false(thing_is(&thing, "vm"));
    assert_false(thing_is(&thing, "machin"));
    assert_true(thing_is(&nothing, "vm"));
}

static void assert_ties(const char *relation, bool outward, const int64_t *fars, size_t count)
{
    const struct thing_tie *tie;
    size_t at = 0, found = 0;

    while ((tie = thing_tie(&thing, relation, outward, &at)) != NULL) {
        assert_true(found < count);
        assert_int_equal(tie->far, fars[found++]);
    }
    assert_int_equal(found, count);
}

static void ties_are_given_by_relation_and_direction(void **state)
{
    (void)state;
    assert_ties("member_of", true, (const int64_t[]){ 7 }, 1);
    assert_ties("member_of", false, NULL, 0);
    assert_ties("part_of", true, (const int64_t[]){ 3, 4 }, 2);
    assert_ties("part_of", false, (const int64_t[]){ 1, 9 }, 2);
    assert_ties("runs_on", true, (const int64_t[]){ 0 }, 1);
    assert_ties("stored_on", false, (const int64_t[]){ 12 }, 1);
    assert_ties("stored_on", true, NULL, 0);
    assert_ties("a", true, NULL, 0);
    assert_ties("z", false, NULL, 0);
}

static void assert_shown(struct value value, const char *expected)
{
    char text[64];

    assert_string_equal(thing_value_text(&value, text, sizeof text), expected);
}

static void values_are_shown_as_people_read_them(void **state)
{
    static const char *const texts[] = { "NTFS", "ReFS" };
    struct value list = { .type = VALUE_LIST };

    (void)state;
    assert_shown((struct value)TEXT("10.0.14393"), "10.0.14393");
    assert_shown((struct value)TEXT(""), "(empty)");
    assert_shown((struct value){ .type = VALUE_INT, .number = INT64_MIN }, "-9223372036854775808");
    assert_shown((struct value){ .type = VALUE_BOOL, .truth = true }, "yes");
    assert_shown((struct value){ .type = VALUE_BOOL }, "no");
    assert_shown(list, "(none)");
    list.list.texts = texts;
    list.list.count = 2;
    assert_shown(list, "NTFS, ReFS");
}

static void a_long_value_is_cut_on_a_character(void **state)
{
    static const char *const texts[] = { "\xc3\xa4\xc3\xb6\xc3\xbc", "\xc3\x9f\xc3\x9f" };
    struct value list = { .type = VALUE_LIST };
    char text[16];

    (void)state;
    list.list.texts = texts;
    list.list.count = 2;
    assert_string_equal(thing_value_text(&list, text, 13), "\xc3\xa4\xc3\xb6\xc3\xbc, \xc3\x9f\xc3\x9f");
    assert_string_equal(thing_value_text(&list, text, 12), "\xc3\xa4\xc3\xb6\xc3\xbc, ...");
    assert_string_equal(thing_value_text(&list, text, 9), "\xc3\xa4\xc3\xb6...");
    for (size_t size = 1; size < sizeof text; size++) {
        memset(text, 'x', sizeof text);
        thing_value_text(&list, text, size);
        assert_true(strlen(text) < size);
    }
    text[0] = 'x';
    thing_value_text(&list, text, 0);
    assert_int_equal(text[0], 'x');
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_fact_is_found_and_no_other),
        cmocka_unit_test(what_a_computer_does_not_say_its_hypervisor_may),
        cmocka_unit_test(what_a_computer_says_itself_is_first),
        cmocka_unit_test(a_number_is_no_text),
        cmocka_unit_test(the_nearest_reason_is_told),
        cmocka_unit_test(the_hypervisor_s_reason_stands_in_for_the_computer_s),
        cmocka_unit_test(a_thing_is_of_all_kinds_of_its_items),
        cmocka_unit_test(ties_are_given_by_relation_and_direction),
        cmocka_unit_test(values_are_shown_as_people_read_them),
        cmocka_unit_test(a_long_value_is_cut_on_a_character),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
