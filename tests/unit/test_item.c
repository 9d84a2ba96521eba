/* Records: what the setters keep, find again and replace. Limits and hashes have test files of their own. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "item.h"

#include <stdio.h>
#include <string.h>

static struct arena arena;
static struct item item;
static struct err err;

static int start(void **state)
{
    (void)state;
    arena_init(&arena, ARENA_PLAIN);
    item_init(&item, &arena, "vm", "4217");
    err = ERR_EMPTY;
    return 0;
}

static int finish(void **state)
{
    (void)state;
    arena_finish(&arena);
    return 0;
}

static void a_new_record_has_kind_and_key_and_nothing_else(void **state)
{
    (void)state;
    assert_string_equal(item.kind, "vm");
    assert_string_equal(item.key, "4217");
    assert_int_equal(item.attribute_count, 0);
    assert_int_equal(item.link_count, 0);
    assert_int_equal(item.unread_count, 0);
    assert_null(item_get(&item, "os.build"));
    assert_true(item_check(&item, &err));
}

static void each_type_comes_back_as_it_was_set(void **state)
{
    const char *const texts[] = { "KB1", "", "KB2" };

    (void)state;
    assert_true(item_set_text(&item, "os.name", "Windows\nServer \xC3\xA4", &err));
    assert_true(item_set_int(&item, "os.sku", INT64_MIN, &err));
    assert_true(item_set_bool(&item, "vm.template", true, &err));
    assert_true(item_set_list(&item, "os.hotfixes", texts, 3, &err));
    assert_int_equal(item.attribute_count, 4);

    assert_int_equal(item_get(&item, "os.name")->type, VALUE_TEXT);
    assert_string_equal(item_get(&item, "os.name")->text, "Windows\nServer \xC3\xA4");
    assert_int_equal(item_get(&item, "os.sku")->type, VALUE_INT);
    assert_true(item_get(&item, "os.sku")->number == INT64_MIN);
    assert_int_equal(item_get(&item, "vm.template")->type, VALUE_BOOL);
    assert_true(item_get(&item, "vm.template")->truth);
    assert_int_equal(item_get(&item, "os.hotfixes")->type, VALUE_LIST);
    assert_int_equal(item_get(&item, "os.hotfixes")->list.count, 3);
    assert_string_equal(item_get(&item, "os.hotfixes")->list.texts[0], "KB1");
    assert_string_equal(item_get(&item, "os.hotfixes")->list.texts[1], "");
    assert_string_equal(item_get(&item, "os.hotfixes")->list.texts[2], "KB2");
}

static void an_empty_text_and_an_empty_list_are_values(void **state)
{
    (void)state;
    assert_true(item_set_text(&item, "vm.vapp", "", &err));
    assert_true(item_set_list(&item, "os.hotfixes", NULL, 0, &err));
    assert_string_equal(item_text(&item, "vm.vapp"), "");
    assert_int_equal(item_get(&item, "os.hotfixes")->list.count, 0);
}

static void only_a_text_is_found_as_text(void **state)
{
    (void)state;
    item_set_text(&item, "os.build", "6.0.6002", &err);
    item_set_int(&item, "os.sku", 7, &err);
    assert_string_equal(item_text(&item, "os.build"), "6.0.6002");
    assert_null(item_text(&item, "os.sku"));
    assert_null(item_text(&item, "os.buil"));
    assert_null(item_text(&item, "os.build2"));
}

static void what_is_set_is_copied(void **state)
{
    char name[] = "os.build", text[] = "6.0.6002", key[] = "hv1", why[] = "off", element[] = "KB1";
    const char *texts[] = { element };
    struct link link = { .relation = "runs_on", .kind = "hyperv_host", .key = key };

    (void)state;
    item_set_text(&item, name, text, &err);
    item_set_list(&item, "os.hotfixes", texts, 1, &err);
    item_link(&item, &link, &err);
    item_unread(&item, "guest.", why, &err);
    name[0] = text[0] = key[0] = why[0] = element[0] = 'X';
    texts[0] = NULL;
    assert_string_equal(item_text(&item, "os.build"), "6.0.6002");
    assert_string_equal(item_get(&item, "os.hotfixes")->list.texts[0], "KB1");
    assert_string_equal(item.links[0].key, "hv1");
    assert_string_equal(item.unread[0].why, "off");
}

static void setting_a_name_again_replaces_its_value_and_type(void **state)
{
    size_t bytes;

    (void)state;
    item_set_int(&item, "os.sku", 7, &err);
    bytes = item.bytes;
    item_set_text(&item, "os.sku", "a text that takes a good deal more room than the number", &err);
    assert_int_equal(item.attribute_count, 1);
    assert_int_equal(item_get(&item, "os.sku")->type, VALUE_TEXT);
    item_set_int(&item, "os.sku", 8, &err);
    assert_true(item_get(&item, "os.sku")->number == 8);
    assert_int_equal(item.bytes, bytes);
}

static void many_attributes_keep_the_order_they_came_in(void **state)
{
    char name[16];

    (void)state;
    for (int i = 0; i < 200; i++) {
        snprintf(name, sizeof name, "a%03d", (i * 37) % 200);
        assert_true(item_set_int(&item, name, i, &err));
    }
    for (int i = 0; i < 200; i++)
        assert_true(item.attributes[i].value.number == i);
    assert_true(item_get(&item, "a037")->number == 1);
}

static void sorting_orders_by_content(void **state)
{
    (void)state;
    item_set_int(&item, "os_sku", 1, &err);
    item_set_int(&item, "os.sku", 2, &err);
    item_link(&item, &(struct link){ .relation = "runs_on", .kind = "vm", .attribute = "a", .value = "b" }, &err);
    item_link(&item, &(struct link){ .relation = "runs_on", .kind = "vm", .key = "2" }, &err);
    item_link(&item, &(struct link){ .relation = "runs_on", .kind = "vm", .key = "1" }, &err);
    item_link(&item, &(struct link){ .relation = "member_of", .kind = "vm", .key = "9" }, &err);
    item_unread(&item, "os.", "denied", &err);
    item_unread(&item, "guest.", "off", &err);
    item_sort(&item);
    assert_string_equal(item.attributes[0].name, "os.sku");
    assert_string_equal(item.links[0].key, "9");
    assert_string_equal(item.links[1].value, "b");
    assert_string_equal(item.links[2].key, "1");
    assert_string_equal(item.links[3].key, "2");
    assert_string_equal(item.unread[0].prefix, "guest.");
}

static void sorting_keeps_a_repeated_link_once(void **state)
{
    struct link by = { .relation = "same_as", .kind = "machine", .attribute = "id.fqdn", .value = "a.example" };
    struct link key = { .relation = "same_as", .kind = "machine", .key = "a.example" };
    size_t bytes;

    (void)state;
    item_link(&item, &by, &err);
    item_link(&item, &key, &err);
    bytes = item.bytes;
    for (int i = 0; i < 5; i++) {
        item_link(&item, &by, &err);
        item_link(&item, &key, &err);
    }
    assert_int_equal(item.link_count, 12);
    item_sort(&item);
    assert_int_equal(item.link_count, 2);
    assert_int_equal(item.bytes, bytes);
}

static void a_second_reason_replaces_the_first(void **state)
{
    size_t bytes;

    (void)state;
    item_unread(&item, "guest.", "off", &err);
    bytes = item.bytes;
    item_unread(&item, "guest.", "switched off", &err);
    item_unread(&item, "guest.", "new", &err);
    assert_int_equal(item.unread_count, 1);
    assert_string_equal(item.unread[0].why, "new");
    assert_int_equal(item.bytes, bytes);
}

/* What one step of the property test below leaves behind, computed without item.c. */
struct model {
    int64_t numbers[20];
    bool there[20];
};

static void random_sets_and_replacements_agree_with_a_model(void **state)
{
    struct model model = { 0 };
    uint32_t random = 12345;
    char name[16];

    (void)state;
    for (int step = 0; step < 2000; step++) {
        size_t which;

        random = random * 1664525 + 1013904223;
        which = (random >> 8) % 20;
        snprintf(name, sizeof name, "n.a%zu", which);
        assert_true(item_set_int(&item, name, random, &err));
        model.numbers[which] = random;
        model.there[which] = true;
        if (step % 100 == 0)
            item_sort(&item);
    }
    for (size_t i = 0; i < 20; i++) {
        snprintf(name, sizeof name, "n.a%zu", i);
        assert_true(model.there[i]);
        assert_true(item_get(&item, name)->number == model.numbers[i]);
    }
    assert_int_equal(item.attribute_count, 20);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_new_record_has_kind_and_key_and_nothing_else, start, finish),
        cmocka_unit_test_setup_teardown(each_type_comes_back_as_it_was_set, start, finish),
        cmocka_unit_test_setup_teardown(an_empty_text_and_an_empty_list_are_values, start, finish),
        cmocka_unit_test_setup_teardown(only_a_text_is_found_as_text, start, finish),
        cmocka_unit_test_setup_teardown(what_is_set_is_copied, start, finish),
        cmocka_unit_test_setup_teardown(setting_a_name_again_replaces_its_value_and_type, start, finish),
        cmocka_unit_test_setup_teardown(many_attributes_keep_the_order_they_came_in, start, finish),
        cmocka_unit_test_setup_teardown(sorting_orders_by_content, start, finish),
        cmocka_unit_test_setup_teardown(sorting_keeps_a_repeated_link_once, start, finish),
        cmocka_unit_test_setup_teardown(a_second_reason_replaces_the_first, start, finish),
        cmocka_unit_test_setup_teardown(random_sets_and_replacements_agree_with_a_model, start, finish),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
