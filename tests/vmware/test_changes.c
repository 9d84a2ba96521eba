#include "changes.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void note(struct changes *changes, enum vim_kind kind, const char *type, const char *moref, const char *path)
{
    const struct vim_property property = { path, NULL };
    const struct vim_object object = {
        .kind = kind, .type = type, .moref = moref, .properties = &property, .property_count = path != NULL
    };

    assert_true(changes_take(changes, &object, NULL));
}

static void note_vm(struct changes *changes, enum vim_kind kind, const char *moref)
{
    note(changes, kind, "VirtualMachine", moref, "name");
}

static void the_last_word_on_a_machine_counts(void **state)
{
    struct changes *changes = changes_create();
    const char *const *list;
    size_t count;

    (void)state;
    assert_true(changes_none(changes));
    note_vm(changes, VIM_ENTER, "vm-1");
    note_vm(changes, VIM_MODIFY, "vm-2");
    note_vm(changes, VIM_MODIFY, "vm-1");
    note_vm(changes, VIM_LEAVE, "vm-2");
    note_vm(changes, VIM_LEAVE, "vm-3");
    note_vm(changes, VIM_ENTER, "vm-3");
    list = changes_altered(changes, &count);
    assert_int_equal(count, 2);
    assert_string_equal(list[0], "vm-1");
    assert_string_equal(list[1], "vm-3");
    list = changes_left(changes, &count);
    assert_int_equal(count, 1);
    assert_string_equal(list[0], "vm-2");
    assert_false(changes_none(changes));
    assert_false(changes_everything(changes));
    changes_destroy(changes);
}

struct around {
    enum vim_kind kind;
    const char *type, *path;
    bool everything;
};

static const struct around arounds[] = {
    { VIM_ENTER, "HostSystem", "name", false },
    { VIM_MODIFY, "HostSystem", "runtime.inMaintenanceMode", false },
    { VIM_MODIFY, "HostSystem", "name", true },
    { VIM_MODIFY, "Folder", "parent", true },
    { VIM_MODIFY, "VirtualApp", "parentVApp", true },
    { VIM_MODIFY, "Datastore", "summary.type", true },
    { VIM_MODIFY, "Datastore", "summary.capacity", false },
    { VIM_LEAVE, "Datastore", NULL, true },
    { VIM_LEAVE, "Folder", NULL, true },
};

static void what_shows_in_machines_is_everything(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof arounds / sizeof *arounds; i++) {
        struct changes *changes = changes_create();

        note(changes, arounds[i].kind, arounds[i].type, "object-1", arounds[i].path);
        assert_false(changes_none(changes));
        assert_int_equal(changes_everything(changes), arounds[i].everything);
        changes_destroy(changes);
    }
}

static void too_many_are_everything(void **state)
{
    struct changes *changes = changes_create();
    char moref[32];

    (void)state;
    for (int i = 0; i < CHANGES_MAX; i++) {
        snprintf(moref, sizeof moref, "vm-%d", i);
        note_vm(changes, VIM_MODIFY, moref);
    }
    note_vm(changes, VIM_LEAVE, "vm-0");
    assert_false(changes_everything(changes));
    note_vm(changes, VIM_MODIFY, "one more");
    assert_true(changes_everything(changes));
    changes_destroy(changes);
}

static void they_are_written_and_read_back(void **state)
{
    struct changes *changes = changes_create(), *back = changes_create();
    char text[64], again[64];

    (void)state;
    assert_true(changes_write(changes, text, sizeof text));
    assert_string_equal(text, "");
    note_vm(changes, VIM_MODIFY, "session[1] a b");
    note_vm(changes, VIM_LEAVE, "vm-2");
    note(changes, VIM_MODIFY, "HostSystem", "host-1", "runtime.connectionState");
    assert_true(changes_write(changes, text, sizeof text));
    assert_true(changes_read(back, text));
    assert_true(changes_write(back, again, sizeof again));
    assert_string_equal(text, again);
    assert_false(changes_none(back));
    changes_destroy(changes);
    changes_destroy(back);
}

static void what_cannot_be_written_wholly_is_not(void **state)
{
    struct changes *changes = changes_create(), *everything = changes_create();
    char text[16];

    (void)state;
    note_vm(changes, VIM_MODIFY, "vm-1");
    assert_true(changes_write(changes, text, 7));
    assert_false(changes_write(changes, text, 6));
    note_vm(changes, VIM_MODIFY, "two\nlines");
    assert_false(changes_write(changes, text, sizeof text));
    note(everything, VIM_LEAVE, "Folder", "group-1", NULL);
    assert_false(changes_write(everything, text, sizeof text));
    changes_destroy(changes);
    changes_destroy(everything);
}

static void what_was_not_written_so_is_not_read(void **state)
{
    static const char *const texts[] = { "+vm-1", "vm-1\n", "+vm-1\n?vm-2\n", "\n" };

    (void)state;
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        struct changes *changes = changes_create();

        assert_false(changes_read(changes, texts[i]));
        changes_destroy(changes);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_last_word_on_a_machine_counts),
        cmocka_unit_test(what_shows_in_machines_is_everything),
        cmocka_unit_test(too_many_are_everything),
        cmocka_unit_test(they_are_written_and_read_back),
        cmocka_unit_test(what_cannot_be_written_wholly_is_not),
        cmocka_unit_test(what_was_not_written_so_is_not_read),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
