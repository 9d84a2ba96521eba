/* The first set of updates, in which a server also tells what changed while it was read. */
#include "full.h"
#include "mock.h"
#include "survey.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

struct update {
    enum vim_kind kind;
    const char *type, *moref, *uuid;
};

/* The one scan, which is told nothing else; and what it left for the next. */
static const struct update *updates;
static char later[256];

static void take(struct survey *survey, const struct update *update)
{
    const struct vim_value name = { .name = "val", .type = "string", .ref_type = "", .text = "web01" };
    const struct vim_value uuid = { .name = "val", .type = "string", .ref_type = "", .text = update->uuid };
    const struct vim_property properties[] = { { "name", &name }, { "config.instanceUuid", &uuid } };
    const struct vim_object object = { .kind = update->kind,
                                       .type = update->type,
                                       .moref = update->moref,
                                       .properties = properties,
                                       .property_count = update->uuid == NULL ? 0 : 2 };

    assert_true(full_take_first(survey, &object, NULL));
}

static int scan(struct muster *m)
{
    struct vcenter vcenter = { .m = m };
    struct survey survey;

    survey_begin(&survey, &vcenter);
    survey.inventory = inventory_create("group-d1");
    for (const struct update *update = updates; update->type != NULL; update++)
        take(&survey, update);
    assert_true(changes_write(survey.later, later, sizeof later));
    survey_finish(&survey);
    return 0;
}

static const char *const kinds[] = { "vm", NULL };
static const struct muster_plugin plugin = {
    .abi = MUSTER_ABI,
    .size = sizeof plugin,
    .option_size = sizeof(struct muster_option),
    .name = "first",
    .version = "1",
    .summary = "takes updates",
    .kinds = kinds,
    .scan = scan,
};

/* How many machines were sent. */
static size_t sent(const struct update *list)
{
    struct mock *mock = mock_create(&plugin);
    size_t count;

    updates = list;
    assert_true(mock_scan(mock));
    count = mock_item_count(mock, "vm");
    assert_int_equal(mock_completeness(mock), COMPLETE); /* that is: nothing came twice */
    mock_destroy(mock);
    return count;
}

#define ONE "50170001-aaaa-bbbb-cccc-000000000001"
#define TWO "50170001-aaaa-bbbb-cccc-000000000002"

static void a_machine_is_sent_once_and_its_change_is_the_next_scans(void **state)
{
    static const struct update list[] = {
        { VIM_ENTER, "VirtualMachine", "vm-1", ONE },
        { VIM_ENTER, "VirtualMachine", "vm-2", TWO },
        { VIM_MODIFY, "VirtualMachine", "vm-1", ONE },
        { VIM_LEAVE, "VirtualMachine", "vm-2", NULL },
        { 0 },
    };

    (void)state;
    assert_int_equal(sent(list), 2);
    assert_non_null(strstr(later, "+vm-1\n"));
    assert_non_null(strstr(later, "-vm-2\n"));
}

static void one_that_left_and_came_again_is_the_next_scans(void **state)
{
    static const struct update list[] = {
        { VIM_ENTER, "VirtualMachine", "vm-1", ONE },
        { VIM_LEAVE, "VirtualMachine", "vm-1", NULL },
        { VIM_ENTER, "VirtualMachine", "vm-1", TWO },
        { 0 },
    };

    (void)state;
    assert_int_equal(sent(list), 1);
    assert_non_null(strstr(later, "+vm-1\n"));
}

static void a_host_that_is_new_since_is_the_next_scans(void **state)
{
    static const struct update list[] = { { VIM_ENTER, "HostSystem", "host-9", NULL }, { 0 } };

    (void)state;
    assert_int_equal(sent(list), 0);
    assert_string_equal(later, "*\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_machine_is_sent_once_and_its_change_is_the_next_scans),
        cmocka_unit_test(one_that_left_and_came_again_is_the_next_scans),
        cmocka_unit_test(a_host_that_is_new_since_is_the_next_scans),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
