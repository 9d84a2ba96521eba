/* The content hash: equal for equal content in any order, different for all else, and the same for ever. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "item.h"

#include <stdio.h>
#include <string.h>

static struct arena arena;

static int start(void **state)
{
    (void)state;
    arena_init(&arena, ARENA_PLAIN);
    return 0;
}

static int finish(void **state)
{
    (void)state;
    arena_finish(&arena);
    return 0;
}

static bool same(struct hash128 a, struct hash128 b)
{
    return a.low == b.low && a.high == b.high;
}

static struct item new_item(void)
{
    struct item item;

    item_init(&item, &arena, "vm", "4217");
    return item;
}

static const char *const two[] = { "KB975354", "KB\xC3\xA4" };

/* The parts of one item of every sort, so that a test can put them together in any order. */
static void add_part(struct item *item, size_t part)
{
    struct err err = ERR_EMPTY;
    struct link by = { .relation = "member_of", .kind = "machine", .attribute = "id.fqdn", .value = "a.example" };
    struct link key = { .relation = "runs_on", .kind = "hyperv_host", .key = "hv1" };
    bool good;

    switch (part) {
    case 0: good = item_set_text(item, "os.build", "10.0.14393", &err); break;
    case 1: good = item_set_list(item, "os.hotfixes", two, 2, &err); break;
    case 2: good = item_set_int(item, "os.service_pack", -2, &err); break;
    case 3: good = item_set_bool(item, "vm.template", true, &err); break;
    case 4: good = item_link(item, &by, &err); break;
    case 5: good = item_link(item, &key, &err); break;
    default: good = item_unread(item, "guest.", "switched off", &err); break;
    }
    assert_true(good);
}

static struct hash128 hash_in_order(const size_t order[7])
{
    struct item item = new_item();

    for (size_t i = 0; i < 7; i++)
        add_part(&item, order[i]);
    return item_hash(&item);
}

/* Computed by another implementation of SipHash over the encoding that item_hash.c describes. If one of these fails,
 * the encoding has changed and every stored hash is worthless: mend the code, never the numbers. */
static void the_encoding_is_frozen(void **state)
{
    static const size_t order[7] = { 0, 1, 2, 3, 4, 5, 6 };
    static const struct hash128 empty = { 0x1606a969aa68f407, 0xbc8a1c393779daea };
    static const struct hash128 full = { 0x8daf90431950e182, 0x63536f69db5fa939 };
    static const struct hash128 identity = { 0x5864bfd95cafa103, 0x179d5e44a8004f7a };
    struct item item = new_item();

    (void)state;
    assert_true(same(item_hash(&item), empty));
    assert_true(same(hash_in_order(order), full));
    assert_true(same(item_identity("vm", "4217"), identity));
}

static void every_order_gives_one_hash(void **state)
{
    size_t order[7] = { 0, 1, 2, 3, 4, 5, 6 };
    struct hash128 first = hash_in_order(order);
    uint32_t random = 99;

    (void)state;
    for (int round = 0; round < 200; round++) {
        for (size_t i = 6; i > 0; i--) {
            size_t j, kept = order[i];

            random = random * 1664525 + 1013904223;
            j = (random >> 8) % (i + 1);
            order[i] = order[j];
            order[j] = kept;
        }
        assert_true(same(hash_in_order(order), first));
    }
}

static void hashing_twice_gives_the_same(void **state)
{
    struct item item = new_item();
    struct hash128 first;

    (void)state;
    for (size_t i = 7; i-- > 0;)
        add_part(&item, i);
    first = item_hash(&item);
    assert_true(same(item_hash(&item), first));
}

static void a_repeated_link_does_not_count(void **state)
{
    struct item once = new_item(), twice = new_item();

    (void)state;
    add_part(&once, 5);
    add_part(&twice, 5);
    add_part(&twice, 5);
    assert_true(same(item_hash(&once), item_hash(&twice)));
}

static void a_replaced_value_leaves_no_trace(void **state)
{
    struct item plain = new_item(), replaced = new_item();

    (void)state;
    add_part(&plain, 0);
    add_part(&plain, 6);
    item_set_int(&replaced, "os.build", 1, NULL);
    item_unread(&replaced, "guest.", "no answer", NULL);
    add_part(&replaced, 0);
    add_part(&replaced, 6);
    assert_true(same(item_hash(&plain), item_hash(&replaced)));
}

static void kind_and_key_are_not_content(void **state)
{
    struct item other, item = new_item();

    (void)state;
    item_init(&other, &arena, "machine", "9");
    assert_true(same(item_hash(&item), item_hash(&other)));
}

/* Items that an encoding without lengths and types would confuse. */
static size_t fill_different(struct item items[])
{
    const char *const ab[] = { "a", "b" }, *const ba[] = { "b", "a" }, *const joined[] = { "ab" },
                      *const none[] = { "" };
    size_t n = 0;

    items[n++] = new_item();
    item_set_text(&items[n++], "a", "1", NULL);
    item_set_int(&items[n++], "a", 1, NULL);
    item_set_bool(&items[n++], "a", true, NULL);
    item_set_bool(&items[n++], "a", false, NULL);
    item_set_int(&items[n++], "a", 0, NULL);
    item_set_text(&items[n++], "a", "", NULL);
    item_set_list(&items[n++], "a", none, 0, NULL);
    item_set_list(&items[n++], "a", none, 1, NULL);
    item_set_list(&items[n++], "a", ab, 2, NULL);
    item_set_list(&items[n++], "a", ba, 2, NULL);
    item_set_list(&items[n++], "a", joined, 1, NULL);
    item_set_text(&items[n++], "ab", "c", NULL);
    item_set_text(&items[n++], "a", "bc", NULL);
    item_unread(&items[n++], "a", "1", NULL);
    item_unread(&items[n++], "a.", "1", NULL);
    item_unread(&items[n++], "a", "2", NULL);
    item_link(&items[n++], &(struct link){ .relation = "a", .kind = "b", .key = "c" }, NULL);
    item_link(&items[n++], &(struct link){ .relation = "a", .kind = "bc", .key = "c" }, NULL);
    item_link(&items[n++], &(struct link){ .relation = "ab", .kind = "c", .key = "c" }, NULL);
    item_link(&items[n++], &(struct link){ .relation = "a", .kind = "b", .attribute = "c", .value = "d" }, NULL);
    item_link(&items[n++], &(struct link){ .relation = "a", .kind = "b", .attribute = "c", .value = "e" }, NULL);
    item_link(&items[n++], &(struct link){ .relation = "a", .kind = "b", .attribute = "d", .value = "d" }, NULL);
    return n;
}

static void different_content_gives_different_hashes(void **state)
{
    struct item items[32];
    struct hash128 hashes[32];
    size_t count;

    (void)state;
    for (size_t i = 0; i < 32; i++)
        items[i] = new_item();
    count = fill_different(items);
    for (size_t i = 0; i < count; i++) {
        hashes[i] = item_hash(&items[i]);
        for (size_t j = 0; j < i; j++) {
            if (same(hashes[i], hashes[j]))
                fail_msg("items %zu and %zu have one hash", i, j);
        }
    }
}

static void identities_do_not_run_together(void **state)
{
    (void)state;
    assert_false(same(item_identity("vm", "a"), item_identity("vma", "")));
    assert_false(same(item_identity("vm", "a"), item_identity("v", "ma")));
    assert_false(same(item_identity("vm", "a"), item_identity("vm", "b")));
    assert_true(same(item_identity("vm", "a"), item_identity("vm", "a")));
}

static void the_largest_item_is_hashed(void **state)
{
    struct item item = new_item();
    char name[16];

    (void)state;
    for (int i = 4096; i-- > 0;) {
        snprintf(name, sizeof name, "%d", i);
        item_link(&item, &(struct link){ .relation = "r", .kind = "k", .key = name }, NULL);
        snprintf(name, sizeof name, "a%d", i);
        item_set_text(&item, name, "0123456789012345678901234567890123456789", NULL);
    }
    assert_int_equal(item.attribute_count, 512);
    assert_true(same(item_hash(&item), item_hash(&item)));
    for (size_t i = 1; i < item.attribute_count; i++)
        assert_true(strcmp(item.attributes[i - 1].name, item.attributes[i].name) < 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(the_encoding_is_frozen, start, finish),
        cmocka_unit_test_setup_teardown(every_order_gives_one_hash, start, finish),
        cmocka_unit_test_setup_teardown(hashing_twice_gives_the_same, start, finish),
        cmocka_unit_test_setup_teardown(a_repeated_link_does_not_count, start, finish),
        cmocka_unit_test_setup_teardown(a_replaced_value_leaves_no_trace, start, finish),
        cmocka_unit_test_setup_teardown(kind_and_key_are_not_content, start, finish),
        cmocka_unit_test_setup_teardown(different_content_gives_different_hashes, start, finish),
        cmocka_unit_test_setup_teardown(identities_do_not_run_together, start, finish),
        cmocka_unit_test_setup_teardown(the_largest_item_is_hashed, start, finish),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
