/* Every limit of item.h: the largest that passes, the smallest that does not, and the sentence that says so. */
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

/* A text of so many equal characters. */
static const char *run_of(char c, size_t size)
{
    char *text = arena_alloc(&arena, size + 1);

    memset(text, c, size);
    return text;
}

/* The last call was refused with this in its sentence, and left the item as it was. */
static void assert_refused(bool result, const char *part)
{
    assert_false(result);
    if (strstr(err.text, part) == NULL)
        fail_msg("\"%s\" is not in \"%s\"", part, err.text);
    assert_int_equal(err.class, ERR_PROTOCOL);
    err = ERR_EMPTY;
}

static void names_are_dotted_lower_case_words(void **state)
{
    static const char *const good[] = { "a", "os", "os.build", "disk.0.path", "a_b.c_", "a1.2" };
    static const char *const bad[] = { "",   ".",  "os.",      ".os",    "os..build", "OS.build", "os build",
                                       "1a", "_a", "os-build", "os.b\n", "\xC3\xA4",  "os.\xFF",  "os.b/" };

    (void)state;
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++)
        assert_true(item_is_name(good[i]));
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        assert_false(item_is_name(bad[i]));
    assert_true(item_is_word("vm_2"));
    assert_false(item_is_word("os.build"));
    assert_false(item_is_word(""));
    assert_false(item_is_word("2vm"));
}

static void a_name_has_at_most_128_bytes(void **state)
{
    (void)state;
    assert_true(item_is_name(run_of('a', 128)));
    assert_false(item_is_name(run_of('a', 129)));
    assert_true(item_is_word(run_of('a', 128)));
    assert_false(item_is_word(run_of('a', 129)));
    assert_true(item_set_int(&item, run_of('a', 128), 1, &err));
    assert_refused(item_set_int(&item, run_of('a', 129), 1, &err), "(129 bytes)");
    assert_refused(item_set_int(&item, run_of('a', 100000), 1, &err), "at most 128 bytes");
    assert_int_equal(item.attribute_count, 1);
}

static void a_hostile_name_cannot_spoil_the_sentence(void **state)
{
    (void)state;
    assert_false(item_set_int(&item, "\x1B[31m\xFF\n%s%n", 1, &err));
    assert_null(strpbrk(err.text, "\x1B\n\xFF"));
    assert_refused(false, "%s%n");
    assert_refused(item_set_int(&item, NULL, 1, &err), "missing");
}

static void kind_and_key_are_checked(void **state)
{
    static const struct {
        const char *kind, *key, *part;
    } bad[] = {
        { "VM", "1", "'VM'" },        { "", "1", "kind" },   { NULL, "1", "kind" },     { "os.vm", "1", "kind" },
        { "vm", "", "key is empty" }, { "vm", NULL, "key" }, { "vm", "a\xFF", "0xFF" },
    };

    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        item_init(&item, &arena, bad[i].kind, bad[i].key);
        assert_refused(item_check(&item, &err), bad[i].part);
    }
    item_init(&item, &arena, run_of('k', 128), run_of('x', 1024));
    assert_true(item_check(&item, &err));
    item_init(&item, &arena, "vm", run_of('x', 1025));
    assert_refused(item_check(&item, &err), "1025 bytes, but at most 1024");
    item_init(&item, &arena, run_of('k', 129), "x");
    assert_refused(item_check(&item, &err), "(129 bytes)");
}

static void a_text_has_at_most_65536_bytes(void **state)
{
    (void)state;
    assert_true(item_set_text(&item, "a.b", run_of('x', 65536), &err));
    assert_refused(item_set_text(&item, "a.b", run_of('x', 65537), &err), "a.b has 65537 bytes, but at most 65536");
    assert_int_equal(strlen(item_text(&item, "a.b")), 65536);
    assert_refused(item_set_text(&item, "a.c", NULL, &err), "a.c is missing");
    assert_int_equal(item.attribute_count, 1);
}

static void a_text_is_valid_utf8(void **state)
{
    const char *const texts[] = { "good", "\xED\xA0\x80" };

    (void)state;
    assert_refused(item_set_text(&item, "a.b", "ab\xC3", &err), "a.b is not valid UTF-8: byte 3 is 0xC3");
    assert_refused(item_set_list(&item, "a.b", texts, 2, &err), "byte 1 is 0xED");
    assert_refused(item_unread(&item, "a.", "\xFF", &err), "not valid UTF-8");
    assert_int_equal(item.attribute_count, 0);
    assert_int_equal(item.unread_count, 0);
}

static void a_list_has_at_most_4096_elements(void **state)
{
    const char **texts = arena_alloc(&arena, 4097 * sizeof *texts);

    (void)state;
    for (size_t i = 0; i < 4097; i++)
        texts[i] = "x";
    assert_true(item_set_list(&item, "a.b", texts, 4096, &err));
    assert_refused(item_set_list(&item, "a.c", texts, 4097, &err), "'a.c' has 4097 elements, but at most 4096");
    texts[7] = run_of('x', 65537);
    assert_refused(item_set_list(&item, "a.c", texts, 4096, &err), "a.c has 65537 bytes");
    texts[7] = NULL;
    assert_refused(item_set_list(&item, "a.c", texts, 4096, &err), "a.c is missing");
    assert_refused(item_set_list(&item, "a.c", NULL, 1, &err), "'a.c' are missing");
    assert_refused(item_set_list(&item, "a.c", NULL, SIZE_MAX, &err), "at most 4096");
}

static void an_unknown_type_is_refused(void **state)
{
    (void)state;
    assert_refused(item_set(&item, "a.b", &(struct value){ .type = (enum value_type)0 }, &err), "type 0");
    assert_refused(item_set(&item, "a.b", &(struct value){ .type = (enum value_type)9 }, &err), "type 9");
}

static void an_item_has_at_most_512_attributes(void **state)
{
    char name[16];

    (void)state;
    for (int i = 0; i < 512; i++) {
        snprintf(name, sizeof name, "a.%d", i);
        assert_true(item_set_int(&item, name, i, &err));
    }
    assert_refused(item_set_int(&item, "a.512", 512, &err), "a.512 is one too many: an item has at most 512");
    assert_true(item_set_int(&item, "a.511", -1, &err));
    assert_int_equal(item.attribute_count, 512);
}

static void an_item_has_at_most_a_million_bytes(void **state)
{
    const char *text = run_of('x', 65536), *names = "abcdefghijklmnop";
    char name[2] = "";
    size_t bytes;

    (void)state;
    for (int i = 0; i < 15; i++) {
        name[0] = names[i];
        assert_true(item_set_text(&item, name, text, &err));
    }
    bytes = item.bytes;
    assert_refused(item_set_text(&item, "p", text, &err), "p (65558 bytes) would make the item");
    assert_int_equal(item.bytes, bytes);
    assert_true(item_set_text(&item, "p", run_of('y', 1000000 - bytes - 22), &err));
    assert_int_equal(item.bytes, 1000000);
    assert_refused(item_set_text(&item, "q", "", &err), "at most 1000000");
    assert_refused(item_set_text(&item, "p", run_of('y', 1000001 - bytes - 22), &err), "new value of p");
    assert_refused(item_unread(&item, "p.", "x", &err), "at most 1000000");
    assert_refused(item_link(&item, &(struct link){ .relation = "r", .kind = "k", .key = "x" }, &err), "the link r");
    assert_true(item_set_text(&item, "p", "", &err));
    assert_int_equal(item.bytes, bytes + 22);
    assert_true(item_unread(&item, "p.", "x", &err));
}

static void a_list_that_cannot_fit_is_refused_early(void **state)
{
    const char **texts = arena_alloc(&arena, 4096 * sizeof *texts);
    const char *text = run_of('x', 65536);

    (void)state;
    for (size_t i = 0; i < 4096; i++)
        texts[i] = text;
    assert_refused(item_set_list(&item, "a.b", texts, 4096, &err), "'a.b' has more than the 1000000 bytes");
}

static void many_small_parts_count_too(void **state)
{
    const char **texts = arena_alloc(&arena, 4096 * sizeof *texts);
    char name[16];
    int lists = 0;

    (void)state;
    for (size_t i = 0; i < 4096; i++)
        texts[i] = "";
    do
        snprintf(name, sizeof name, "a.%d", lists++);
    while (item_set_list(&item, name, texts, 4096, &err));
    assert_refused(false, "at most 1000000");
    assert_int_equal(lists, 1 + 1000000 / (4096 * 6));
}

static void a_link_names_its_far_end_in_one_way(void **state)
{
    static const struct {
        struct link link;
        const char *part;
    } bad[] = {
        { { .relation = "r", .kind = "k" }, "neither" },
        { { .relation = "r", .kind = "k", .key = "x", .attribute = "a", .value = "b" }, "neither" },
        { { .relation = "r", .kind = "k", .key = "x", .value = "b" }, "neither" },
        { { .relation = "r", .kind = "k", .attribute = "a" }, "neither" },
        { { .relation = "r", .kind = "k", .value = "b" }, "neither" },
        { { .relation = "r", .kind = "k", .key = "" }, "is empty" },
        { { .relation = "r", .kind = "k", .attribute = "a", .value = "" }, "is empty" },
        { { .relation = "r", .kind = "k", .attribute = "A", .value = "b" }, "'A'" },
        { { .relation = "r", .kind = "k", .key = "\xFF" }, "0xFF" },
        { { .relation = "R", .kind = "k", .key = "x" }, "'R'" },
        { { .relation = "r", .kind = "k.k", .key = "x" }, "'k.k'" },
        { { .kind = "k", .key = "x" }, "relation of a link is missing" },
        { { .relation = "r", .key = "x" }, "far end is missing" },
    };

    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        assert_refused(item_link(&item, &bad[i].link, &err), bad[i].part);
    assert_int_equal(item.link_count, 0);
}

static void an_item_has_at_most_4096_links(void **state)
{
    char key[16];

    (void)state;
    for (int i = 0; i < 4096; i++) {
        snprintf(key, sizeof key, "%d", i);
        assert_true(item_link(&item, &(struct link){ .relation = "r", .kind = "k", .key = key }, &err));
    }
    assert_refused(item_link(&item, &(struct link){ .relation = "r", .kind = "k", .key = "x" }, &err), "at most 4096");
    item_init(&item, &arena, "vm", "1");
    assert_refused(item_link(&item, &(struct link){ .relation = "r", .kind = "k", .key = run_of('x', 1025) }, &err),
                   "1025 bytes");
}

static void an_item_has_at_most_64_unread_sections(void **state)
{
    char prefix[16];

    (void)state;
    for (int i = 0; i < 64; i++) {
        snprintf(prefix, sizeof prefix, "a%d.", i);
        assert_true(item_unread(&item, prefix, "x", &err));
    }
    assert_refused(item_unread(&item, "b.", "x", &err), "at most 64");
    assert_true(item_unread(&item, "a63.", "y", &err));
    assert_int_equal(item.unread_count, 64);
}

static void an_unread_section_is_a_name_or_the_start_of_one(void **state)
{
    static const char *const bad[] = { "", ".", "..", "os..", ".os", "Os.", "os .", "os.build.." };

    (void)state;
    assert_true(item_unread(&item, "os.build", "x", &err));
    assert_true(item_unread(&item, "os.", "x", &err));
    assert_true(item_unread(&item, "os.x.", "x", &err));
    assert_true(item_unread(&item, run_of('a', 128), run_of('x', 1024), &err));
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        assert_refused(item_unread(&item, bad[i], "x", &err), "unread section");
    assert_refused(item_unread(&item, run_of('a', 129), "x", &err), "(129 bytes)");
    assert_refused(item_unread(&item, "b.", run_of('x', 1025), &err), "1025 bytes, but at most 1024");
    assert_refused(item_unread(&item, "b.", "", &err), "is empty");
    assert_refused(item_unread(&item, "b.", NULL, &err), "missing");
    assert_refused(item_unread(&item, NULL, "x", &err), "missing");
    assert_int_equal(item.unread_count, 4);
}

static void a_full_prefix_has_room_for_its_dot(void **state)
{
    char *prefix = arena_alloc(&arena, 200);

    (void)state;
    memset(prefix, 'a', 127);
    prefix[127] = '.';
    assert_true(item_unread(&item, prefix, "x", &err));
    prefix[127] = 'a';
    prefix[128] = '.';
    assert_refused(item_unread(&item, prefix, "x", &err), "(129 bytes)");
}

static void no_sentence_is_wanted_where_err_is_null(void **state)
{
    (void)state;
    assert_false(item_set_text(&item, "A", "x", NULL));
    assert_false(item_set_text(&item, "a", "\xFF", NULL));
    assert_false(item_unread(&item, "a", "", NULL));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(names_are_dotted_lower_case_words, start, finish),
        cmocka_unit_test_setup_teardown(a_name_has_at_most_128_bytes, start, finish),
        cmocka_unit_test_setup_teardown(a_hostile_name_cannot_spoil_the_sentence, start, finish),
        cmocka_unit_test_setup_teardown(kind_and_key_are_checked, start, finish),
        cmocka_unit_test_setup_teardown(a_text_has_at_most_65536_bytes, start, finish),
        cmocka_unit_test_setup_teardown(a_text_is_valid_utf8, start, finish),
        cmocka_unit_test_setup_teardown(a_list_has_at_most_4096_elements, start, finish),
        cmocka_unit_test_setup_teardown(an_unknown_type_is_refused, start, finish),
        cmocka_unit_test_setup_teardown(an_item_has_at_most_512_attributes, start, finish),
        cmocka_unit_test_setup_teardown(an_item_has_at_most_a_million_bytes, start, finish),
        cmocka_unit_test_setup_teardown(a_list_that_cannot_fit_is_refused_early, start, finish),
        cmocka_unit_test_setup_teardown(many_small_parts_count_too, start, finish),
        cmocka_unit_test_setup_teardown(a_link_names_its_far_end_in_one_way, start, finish),
        cmocka_unit_test_setup_teardown(an_item_has_at_most_4096_links, start, finish),
        cmocka_unit_test_setup_teardown(an_item_has_at_most_64_unread_sections, start, finish),
        cmocka_unit_test_setup_teardown(an_unread_section_is_a_name_or_the_start_of_one, start, finish),
        cmocka_unit_test_setup_teardown(a_full_prefix_has_room_for_its_dot, start, finish),
        cmocka_unit_test_setup_teardown(no_sentence_is_wanted_where_err_is_null, start, finish),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
