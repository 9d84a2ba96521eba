/* A thing with other facts is the thing with these facts, and nothing else of it is another. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "thing_suppose.h"

#define TEXT(fact, value)                                                                                              \
    {                                                                                                                  \
        fact,                                                                                                          \
        {                                                                                                              \
            .type = VALUE_TEXT, .text = (value)                                                                        \
        }                                                                                                              \
    }

static const struct attribute facts[] = { TEXT("guest.build", "6.0"), TEXT("os.name", "old"), TEXT("vm.state", "on") };
static const struct attribute others[] = { TEXT("os.name", "older"), TEXT("vm.state", "off") };
static const struct unread unread[] = { { "os.", "denied" }, { "os.name", "off" }, { "wmf.version", "off" } };
static const char *const kinds[] = { "vm" };
static const struct thing thing = {
    .id = 7,
    .kind = "vm",
    .name = "web",
    .kinds = kinds,
    .kind_count = 1,
    .facts = facts,
    .fact_count = 3,
    .others = others,
    .other_count = 2,
    .unread = unread,
    .unread_count = 3,
};

static struct arena arena;

static const struct thing *suppose(const struct attribute *set, size_t count)
{
    return thing_suppose(&thing, set, count, &arena);
}

static void what_is_set_is_there_and_in_order(void **state)
{
    static const struct attribute set[] = { TEXT("a", "first"), TEXT("os.name", "new"), TEXT("zz", "last") };
    const struct thing *other = suppose(set, 3);

    (void)state;
    assert_string_equal(thing_text(other, "a"), "first");
    assert_string_equal(thing_text(other, "os.name"), "new");
    assert_string_equal(thing_text(other, "zz"), "last");
    assert_string_equal(thing_text(other, "guest.build"), "6.0");
    assert_string_equal(thing_text(other, "vm.state"), "on");
    assert_int_equal(other->fact_count, 5);
    for (size_t i = 1; i < other->fact_count; i++)
        assert_true(thing_name_order(other->facts[i - 1].name, other->facts[i].name) < 0);
}

static void nobody_says_anything_against_it(void **state)
{
    static const struct attribute set[] = { TEXT("os.name", "new") };
    const struct thing *other = suppose(set, 1);

    (void)state;
    assert_int_equal(other->other_count, 1);
    assert_string_equal(other->others[0].name, "vm.state");
    assert_int_equal(other->unread_count, 2);
    assert_string_equal(other->unread[0].prefix, "os.");
    assert_string_equal(other->unread[1].prefix, "wmf.version");
}

/* What a hypervisor says of its guest stands behind what the guest is supposed to say itself. */
static void what_it_says_itself_is_before_hearsay(void **state)
{
    static const struct attribute set[] = { TEXT("os.build", "10.0") };

    (void)state;
    assert_string_equal(thing_text(&thing, "os.build"), "6.0");
    assert_string_equal(thing_text(suppose(set, 1), "os.build"), "10.0");
}

static void without_facts_it_is_the_same(void **state)
{
    const struct thing *other = suppose(NULL, 0);

    (void)state;
    assert_int_equal(other->fact_count, 3);
    assert_int_equal(other->other_count, 2);
    assert_int_equal(other->unread_count, 3);
    assert_int_equal(other->id, 7);
    assert_ptr_equal(other->kinds, thing.kinds);
    assert_string_equal(thing_text(&thing, "os.name"), "old");
}

static int set_up(void **state)
{
    (void)state;
    arena_init(&arena, ARENA_PLAIN);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    arena_finish(&arena);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_set_is_there_and_in_order),
        cmocka_unit_test(nobody_says_anything_against_it),
        cmocka_unit_test(what_it_says_itself_is_before_hearsay),
        cmocka_unit_test(without_facts_it_is_the_same),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}
