#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "batch.h"

#include <malloc.h>
#include <stdio.h>
#include <string.h>

static struct batch batch;
static struct arena arena;
static struct err err;

static int start(void **state)
{
    (void)state;
    batch_init(&batch);
    arena_init(&arena, ARENA_PLAIN);
    return 0;
}

static int finish(void **state)
{
    (void)state;
    batch_finish(&batch);
    arena_finish(&arena);
    return 0;
}

static struct item make(const char *key)
{
    static const char *const disks[] = { "C:", "", "D:" };
    struct item item;

    item_init(&item, &arena, "vm", key);
    item_set_text(&item, "id.name", "web \"1\"", NULL);
    item_set_int(&item, "hardware.memory", INT64_MIN, NULL);
    item_set_bool(&item, "vm.on", true, NULL);
    item_set_list(&item, "vm.disks", disks, 3, NULL);
    item_link(&item, &(struct link){ "runs_on", "hyperv_host", "h", NULL, NULL }, NULL);
    item_link(&item, &(struct link){ "same_as", "machine", NULL, "id.fqdn", "web.example" }, NULL);
    item_unread(&item, "guest.", "off", NULL);
    return item;
}

static void an_item_comes_back_as_it_was(void **state)
{
    struct item item = make("k"), read;
    struct hash128 content = item_hash(&item), again;

    (void)state;
    batch_add_item(&batch, &item, content);
    assert_int_equal(batch.items.count, 1);
    assert_string_equal(batch.items.items[0].kind, "vm");
    assert_string_equal(batch.items.items[0].key, "k");
    assert_memory_equal(&batch.items.items[0].content, &content, sizeof content);
    assert_true(batch_read(&batch.items.items[0], &arena, &read, &err));
    assert_string_equal(read.kind, "vm");
    assert_string_equal(read.key, "k");
    again = item_hash(&read);
    assert_memory_equal(&again, &content, sizeof content);
}

static void an_identity_is_that_of_kind_and_key(void **state)
{
    struct item item = make("k");
    struct hash128 identity = item_identity("vm", "k");

    (void)state;
    batch_add_item(&batch, &item, item_hash(&item));
    batch_add_gone(&batch, &(struct message_gone){ "vm", "k" });
    assert_memory_equal(&batch.items.items[0].identity, &identity, sizeof identity);
    assert_memory_equal(&batch.gone.items[0].identity, &identity, sizeof identity);
}

static void the_largest_item_fits(void **state)
{
    struct item item, read;
    char *text = arena_alloc(&arena, ITEM_MAX_TEXT + 1);
    char name[16];

    (void)state;
    memset(text, 'x', ITEM_MAX_TEXT);
    item_init(&item, &arena, "vm", "k");
    for (int i = 0; snprintf(name, sizeof name, "a%d", i), item_set_text(&item, name, text, NULL); i++)
        ;
    batch_add_item(&batch, &item, item_hash(&item));
    assert_true(batch.items.items[0].size > 900000);
    assert_true(batch_read(&batch.items.items[0], &arena, &read, &err));
    assert_int_equal(read.attribute_count, item.attribute_count);
}

static void nothing_is_borrowed_from_what_came(void **state)
{
    char kind[] = "vm", key[] = "k", text[] = "oh", host[] = "h", plugin[] = "sql", evidence[] = "e",
         token[] = "secret", attribute[] = "id.moref", value[] = "vm-7";

    (void)state;
    batch_add_gone(&batch, &(struct message_gone){ kind, key });
    batch_add_gone_by(&batch, &(struct message_gone_by){ kind, attribute, value });
    batch_add_warning(&batch, &(struct message_warning){ NULL, NULL, text });
    batch_add_offer(&batch, &(struct message_offer){ plugin, host, evidence, 1433 });
    batch_set_token(&batch, &(struct message_token){ { token, sizeof token } });
    memset(kind, '#', 2), memset(key, '#', 1), memset(text, '#', 2), memset(host, '#', 1);
    memset(plugin, '#', 3), memset(evidence, '#', 1), memset(token, '#', 6);
    memset(attribute, '#', 8), memset(value, '#', 4);
    assert_string_equal(batch.gone.items[0].kind, "vm");
    assert_string_equal(batch.gone.items[0].key, "k");
    assert_string_equal(batch.gone_by.items[0].kind, "vm");
    assert_string_equal(batch.gone_by.items[0].attribute, "id.moref");
    assert_string_equal(batch.gone_by.items[0].value, "vm-7");
    assert_null(batch.warnings.items[0].kind);
    assert_string_equal(batch.warnings.items[0].text, "oh");
    assert_string_equal(batch.offers.items[0].plugin, "sql");
    assert_string_equal(batch.offers.items[0].host, "h");
    assert_string_equal(batch.offers.items[0].evidence, "e");
    assert_int_equal(batch.token.size, sizeof token);
    assert_string_equal(batch.token.bytes, "secret");
}

static void bytes_that_are_no_item_are_refused(void **state)
{
    struct item item = make("k"), read;
    struct batch_item cut;

    (void)state;
    batch_add_item(&batch, &item, item_hash(&item));
    cut = batch.items.items[0];
    while (cut.size-- > 0)
        assert_false(batch_read(&cut, &arena, &read, &err));
    assert_non_null(strstr(err.text, "an item that was kept for its commit"));
}

/* Within a tenth of what the heap says; not where the heap is another one (sanitizers). */
static void its_memory_is_told_honestly(void **state)
{
    size_t before = mallinfo2().uordblks + mallinfo2().hblkhd, used, told;
    char key[32];

    (void)state;
    for (int i = 0; i < 5000; i++) {
        struct item item;

        snprintf(key, sizeof key, "key-%d", i);
        arena_reset(&arena);
        item = make(key);
        batch_add_item(&batch, &item, item_hash(&item));
    }
    arena_finish(&arena);
    used = mallinfo2().uordblks + mallinfo2().hblkhd - before;
    told = batch_bytes(&batch);
    assert_true(told > 5000 * batch.items.items[0].size);
    if (before > 0)
        assert_in_range(told, used - used / 10, used + used / 10);
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, start, finish)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(an_item_comes_back_as_it_was),
        TEST(an_identity_is_that_of_kind_and_key),
        TEST(the_largest_item_fits),
        TEST(nothing_is_borrowed_from_what_came),
        TEST(bytes_that_are_no_item_are_refused),
        TEST(its_memory_is_told_honestly),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
