#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "message.h"
#include "record.h"

#include <stdlib.h>
#include <string.h>

static struct arena arena;
static struct item item, read;
static struct str out;
static struct frame_writer writer;
static struct err err;

static int start(void **state)
{
    (void)state;
    arena_init(&arena, ARENA_PLAIN);
    item_init(&item, &arena, "vm", "4217");
    out = STR_EMPTY;
    err = ERR_EMPTY;
    return 0;
}

static int finish(void **state)
{
    (void)state;
    arena_finish(&arena);
    str_finish(&out);
    return 0;
}

static bool read_bytes(const void *bytes, size_t size)
{
    const struct frame frame = { .type = MESSAGE_ITEM, .body = bytes, .size = size };
    struct frame_reader reader = frame_read(&frame);

    record_get(&reader, &read, &arena);
    return frame_done(&reader, &err);
}

static bool read_out(void)
{
    return read_bytes(out.bytes + FRAME_HEADER, out.length - FRAME_HEADER);
}

static bool there_and_back(void)
{
    str_clear(&out);
    assert_true(message_write_item(&out, &item, &err));
    return read_out();
}

static const char *run_of(char c, size_t size)
{
    char *text = arena_alloc(&arena, size + 1);

    memset(text, c, size);
    return text;
}

/* --------------------------------------------------------------------------------------------- there and back ---- */

/* One of everything. */
static void fill(void)
{
    static const char *const disks[] = { "C:", "D:", "" };
    static const struct link by_key = { .relation = "runs_on", .kind = "host", .key = "esx 1" };
    static const struct link by_fact = { "is", "machine", NULL, "id.fqdn", "vm.example" };

    assert_true(item_set_text(&item, "os.name", "Windows Sörver", &err));
    assert_true(item_set_text(&item, "empty", "", &err));
    assert_true(item_set_int(&item, "memory", INT64_MIN, &err));
    assert_true(item_set_bool(&item, "on", true, &err));
    assert_true(item_set_bool(&item, "off", false, &err));
    assert_true(item_set_list(&item, "disks", disks, 3, &err));
    assert_true(item_set_list(&item, "none", NULL, 0, &err));
    assert_true(item_link(&item, &by_key, &err) && item_link(&item, &by_fact, &err));
    assert_true(item_unread(&item, "os.", "denied", &err) && item_unread(&item, "dns.name", "no such class", &err));
}

static void an_item_comes_back_as_it_was(void **state)
{
    const struct value *disks;

    (void)state;
    fill();
    assert_true(there_and_back());
    assert_string_equal(read.kind, "vm");
    assert_string_equal(read.key, "4217");
    assert_int_equal(read.attribute_count, 7);
    assert_string_equal(item_text(&read, "os.name"), "Windows Sörver");
    assert_string_equal(item_text(&read, "empty"), "");
    assert_true(item_get(&read, "memory")->number == INT64_MIN);
    assert_true(item_get(&read, "on")->truth);
    assert_false(item_get(&read, "off")->truth);
    disks = item_get(&read, "disks");
    assert_int_equal(disks->list.count, 3);
    assert_string_equal(disks->list.texts[1], "D:");
    assert_int_equal(item_get(&read, "none")->type, VALUE_LIST);
    assert_string_equal(read.links[0].key, "esx 1");
    assert_null(read.links[0].attribute);
    assert_null(read.links[1].key);
    assert_string_equal(read.links[1].value, "vm.example");
    assert_string_equal(read.unread[0].prefix, "os.");
    assert_string_equal(read.unread[1].why, "no such class");
}

static void an_item_without_anything_is_an_item(void **state)
{
    (void)state;
    assert_true(there_and_back());
    assert_int_equal(read.attribute_count + read.link_count + read.unread_count, 0);
}

static void the_same_item_has_the_same_hash_size_and_bytes(void **state)
{
    struct hash128 before, after;
    struct str again = STR_EMPTY;

    (void)state;
    fill();
    assert_true(there_and_back());
    assert_int_equal(read.bytes, item.bytes);
    assert_true(message_write_item(&again, &read, &err));
    assert_int_equal(again.length, out.length);
    assert_memory_equal(again.bytes, out.bytes, out.length);
    before = item_hash(&item);
    after = item_hash(&read);
    assert_true(before.low == after.low && before.high == after.high);
    str_finish(&again);
}

static void an_item_cut_off_at_any_byte_is_refused(void **state)
{
    size_t whole;

    (void)state;
    fill();
    assert_true(there_and_back());
    whole = out.length - FRAME_HEADER;
    for (size_t size = 0; size < whole; size++) {
        uint8_t *copy = malloc(size + 1);

        memcpy(copy + 1, out.bytes + FRAME_HEADER, size);
        assert_false(read_bytes(copy + 1, size));
        free(copy);
    }
}

/* --------------------------------------------------------------------------------------------------- limits ---- */

static const char *numbered(const char *prefix, int number)
{
    return arena_format(&arena, "%s%d", prefix, number);
}

static void an_item_at_every_count_comes_back(void **state)
{
    const char **texts = arena_alloc(&arena, ITEM_MAX_LIST * sizeof *texts);

    (void)state;
    for (int i = 0; i < ITEM_MAX_LIST; i++)
        texts[i] = "";
    assert_true(item_set_list(&item, "list", texts, ITEM_MAX_LIST, &err));
    for (int i = 1; i < ITEM_MAX_ATTRIBUTES; i++)
        assert_true(item_set_int(&item, numbered("a", i), i, &err));
    for (int i = 0; i < ITEM_MAX_LINKS; i++)
        assert_true(item_link(&item, &(struct link){ "in", "host", numbered("", i), NULL, NULL }, &err));
    for (int i = 0; i < ITEM_MAX_UNREAD; i++)
        assert_true(item_unread(&item, numbered("u", i), run_of('w', ITEM_MAX_WHY), &err));
    if (!there_and_back())
        fail_msg("%s", err.text);
    assert_int_equal(read.attribute_count, ITEM_MAX_ATTRIBUTES);
    assert_int_equal(read.link_count, ITEM_MAX_LINKS);
    assert_int_equal(read.unread_count, ITEM_MAX_UNREAD);
    assert_int_equal(item_get(&read, "list")->list.count, ITEM_MAX_LIST);
}

static void an_item_of_the_longest_texts_comes_back(void **state)
{
    const struct link link = { run_of('r', 128), run_of('k', 128), NULL, run_of('a', 128), run_of('v', 65536) };

    (void)state;
    item_init(&item, &arena, run_of('k', 128), run_of('y', 1024));
    assert_true(item_set_text(&item, run_of('n', 128), run_of('x', 65536), &err));
    assert_true(item_link(&item, &link, &err));
    assert_true(item_link(&item, &(struct link){ "r", "k", run_of('y', 1024), NULL, NULL }, &err));
    assert_true(item_unread(&item, run_of('p', 128), run_of('w', 1024), &err));
    if (!there_and_back())
        fail_msg("%s", err.text);
    assert_int_equal(strlen(read.key), 1024);
    assert_int_equal(strlen(item_text(&read, run_of('n', 128))), 65536);
    assert_int_equal(strlen(read.links[0].value), 65536);
}

/* Whatever it is made of, an item that item.h allows fits into a frame. */
static void the_largest_item_fits_a_frame(void **state)
{
    (void)state;
    for (int i = 0; item_set_text(&item, numbered("t", i), run_of('x', 65000), &err); i++)
        ;
    for (int i = 0; item_link(&item, &(struct link){ "r", "k", numbered("", i), NULL, NULL }, &err); i++)
        ;
    for (int i = 0; item_set_int(&item, numbered("n", i), i, &err); i++)
        ;
    assert_true(item.bytes > ITEM_MAX_BYTES - 100);
    assert_true(there_and_back());
    assert_int_equal(read.bytes, item.bytes);
}

/* -------------------------------------------------------------------------------------------------- refusals ---- */

/* A record up to, and with, its number of attributes. */
static void begin(const char *kind, const char *key, uint64_t attributes)
{
    str_clear(&out);
    frame_begin(&writer, &out, MESSAGE_ITEM);
    frame_put_text(&writer, kind);
    frame_put_text(&writer, key);
    frame_put_number(&writer, attributes);
}

static void put_number_attribute(const char *name)
{
    frame_put_text(&writer, name);
    frame_put_number(&writer, VALUE_INT);
    frame_put_int(&writer, 5);
}

static bool end(void)
{
    assert_true(frame_end(&writer, &err));
    return read_out();
}

static void assert_refused(const char *part)
{
    assert_false(end());
    if (strstr(err.text, part) == NULL)
        fail_msg("\"%s\" is not in \"%s\"", part, err.text);
}

static void kind_and_key_are_checked(void **state)
{
    static const char *const bad[][2] = { { "VM", "k" }, { "", "k" }, { "vm.x", "k" }, { "vm", "" } };

    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        begin(bad[i][0], bad[i][1], 0);
        assert_refused("an item's kind or key is not what it must be");
    }
    begin(NULL, "k", 0);
    assert_refused("a text is missing");
    begin("vm", run_of('y', 1025), 0);
    assert_refused("a value is longer than its limit");
    begin(run_of('k', 129), "k", 0);
    assert_refused("a value is longer than its limit");
}

static void a_value_type_that_there_is_not_is_refused(void **state)
{
    static const uint64_t types[] = { 0, 5, (UINT64_C(1) << 32) + VALUE_INT, UINT64_MAX };

    (void)state;
    for (size_t i = 0; i < sizeof types / sizeof types[0]; i++) {
        begin("vm", "k", 1);
        frame_put_text(&writer, "a");
        frame_put_number(&writer, types[i]);
        frame_put_int(&writer, 5);
        assert_refused("an attribute has a type that there is not");
    }
}

static void a_bool_is_0_or_1(void **state)
{
    (void)state;
    for (uint64_t truth = 0; truth < 4; truth++) {
        begin("vm", "k", 1);
        frame_put_text(&writer, "a");
        frame_put_number(&writer, VALUE_BOOL);
        frame_put_number(&writer, truth);
        frame_put_number(&writer, 0);
        frame_put_number(&writer, 0);
        assert_int_equal(end(), truth < 2);
    }
    assert_string_equal(err.text, "a bool is neither 0 nor 1");
}

static void what_is_there_twice_is_refused(void **state)
{
    (void)state;
    begin("vm", "k", 2);
    put_number_attribute("a");
    put_number_attribute("a");
    assert_refused("an attribute is there twice");
    begin("vm", "k", 0);
    frame_put_number(&writer, 0);
    frame_put_number(&writer, 2);
    for (int i = 0; i < 2; i++) {
        frame_put_text(&writer, "os.");
        frame_put_text(&writer, numbered("why ", i));
    }
    assert_refused("an unread section is there twice");
}

static void a_count_that_lies_is_refused(void **state)
{
    static const uint64_t counts[] = { 0, 2, 512, UINT64_MAX };

    (void)state;
    for (size_t i = 0; i < sizeof counts / sizeof counts[0]; i++) {
        begin("vm", "k", counts[i]);
        put_number_attribute("a");
        assert_refused(counts[i] == 0 ? "a number is missing" : "a text is missing");
        begin("vm", "k", 0);
        frame_put_number(&writer, counts[i]);
        frame_put_text(&writer, "relation");
        assert_refused(counts[i] == 0 ? "a number is missing" : "a text is missing");
        begin("vm", "k", 0);
        frame_put_number(&writer, 0);
        frame_put_number(&writer, counts[i]);
        frame_put_text(&writer, "os.");
        assert_refused(counts[i] == 0 ? "it has 9 bytes too many" : "a text is missing");
    }
}

static void a_list_is_counted_and_checked(void **state)
{
    static const uint64_t counts[] = { 2, ITEM_MAX_LIST, ITEM_MAX_LIST + 1, UINT64_MAX };

    (void)state;
    for (size_t i = 0; i < sizeof counts / sizeof counts[0]; i++) {
        begin("vm", "k", 1);
        frame_put_text(&writer, "a");
        frame_put_number(&writer, VALUE_LIST);
        frame_put_number(&writer, counts[i]);
        frame_put_text(&writer, "one");
        assert_refused(counts[i] > ITEM_MAX_LIST ? "a list is longer than its limit" : "a text is missing");
    }
    begin("vm", "k", 1);
    frame_put_text(&writer, "a");
    frame_put_number(&writer, VALUE_LIST);
    frame_put_number(&writer, 1);
    frame_put_text(&writer, NULL);
    assert_refused("a text is missing");
}

static void one_attribute_too_many_is_refused(void **state)
{
    (void)state;
    begin("vm", "k", ITEM_MAX_ATTRIBUTES + 1);
    for (int i = 0; i <= ITEM_MAX_ATTRIBUTES; i++)
        put_number_attribute(numbered("a", i));
    assert_refused("an attribute breaks a limit");
}

static void one_link_too_many_is_refused(void **state)
{
    (void)state;
    begin("vm", "k", 0);
    frame_put_number(&writer, ITEM_MAX_LINKS + 1);
    for (int i = 0; i <= ITEM_MAX_LINKS; i++) {
        frame_put_text(&writer, "in");
        frame_put_text(&writer, "host");
        frame_put_text(&writer, numbered("", i));
        frame_put_text(&writer, NULL);
        frame_put_text(&writer, NULL);
    }
    assert_refused("a link breaks a limit");
}

static void one_unread_section_too_many_is_refused(void **state)
{
    (void)state;
    begin("vm", "k", 0);
    frame_put_number(&writer, 0);
    frame_put_number(&writer, ITEM_MAX_UNREAD + 1);
    for (int i = 0; i <= ITEM_MAX_UNREAD; i++) {
        frame_put_text(&writer, numbered("u", i));
        frame_put_text(&writer, "why");
    }
    assert_refused("an unread section breaks a limit");
}

static void an_item_of_too_many_bytes_is_refused(void **state)
{
    (void)state;
    begin("vm", "k", 16);
    for (int i = 0; i < 16; i++) {
        frame_put_text(&writer, numbered("a", i));
        frame_put_number(&writer, VALUE_TEXT);
        frame_put_text(&writer, run_of('x', 65500));
    }
    assert_refused("an attribute breaks a limit");
}

static void a_name_that_is_none_is_refused(void **state)
{
    static const char *const names[] = { "", "OS", "os.", "os build", "\xC3\xA4" };

    (void)state;
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        begin("vm", "k", 1);
        put_number_attribute(names[i]);
        assert_refused("an attribute breaks a limit");
    }
}

static void a_link_names_its_far_end_in_one_way(void **state)
{
    static const struct link bad[] = {
        { "in", "host", NULL, NULL, NULL },  { "in", "host", "k", "a", "v" },  { "in", "host", NULL, "a", NULL },
        { "in", "host", NULL, NULL, "v" },   { "in", "host", "", NULL, NULL }, { "in", "HOST", "k", NULL, NULL },
        { "in.x", "host", "k", NULL, NULL },
    };

    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        begin("vm", "k", 0);
        frame_put_number(&writer, 1);
        frame_put_text(&writer, bad[i].relation);
        frame_put_text(&writer, bad[i].kind);
        frame_put_text(&writer, bad[i].key);
        frame_put_text(&writer, bad[i].attribute);
        frame_put_text(&writer, bad[i].value);
        assert_refused("a link breaks a limit");
    }
}

static void an_unread_section_is_checked(void **state)
{
    static const char *const bad[][2] = { { "", "why" }, { "os..", "why" }, { "OS.", "why" }, { "os.", "" } };

    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        begin("vm", "k", 0);
        frame_put_number(&writer, 0);
        frame_put_number(&writer, 1);
        frame_put_text(&writer, bad[i][0]);
        frame_put_text(&writer, bad[i][1]);
        assert_refused("an unread section breaks a limit");
    }
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, start, finish)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(an_item_comes_back_as_it_was),
        TEST(an_item_without_anything_is_an_item),
        TEST(the_same_item_has_the_same_hash_size_and_bytes),
        TEST(an_item_cut_off_at_any_byte_is_refused),
        TEST(an_item_at_every_count_comes_back),
        TEST(an_item_of_the_longest_texts_comes_back),
        TEST(the_largest_item_fits_a_frame),
        TEST(kind_and_key_are_checked),
        TEST(a_value_type_that_there_is_not_is_refused),
        TEST(a_bool_is_0_or_1),
        TEST(what_is_there_twice_is_refused),
        TEST(a_count_that_lies_is_refused),
        TEST(a_list_is_counted_and_checked),
        TEST(one_attribute_too_many_is_refused),
        TEST(one_link_too_many_is_refused),
        TEST(one_unread_section_too_many_is_refused),
        TEST(an_item_of_too_many_bytes_is_refused),
        TEST(a_name_that_is_none_is_refused),
        TEST(a_link_names_its_far_end_in_one_way),
        TEST(an_unread_section_is_checked),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
