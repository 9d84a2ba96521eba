/* Reading lines of JSON: what each kind of line means, and what is refused in which words. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "json.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct arena arena;
static struct json_line line;
static struct err err;

static int start(void **state)
{
    (void)state;
    arena_init(&arena, ARENA_PLAIN);
    err = ERR_EMPTY;
    return 0;
}

static int finish(void **state)
{
    (void)state;
    arena_finish(&arena);
    return 0;
}

/* From memory of exactly that size, so that a read past its end is noticed. */
static bool read_bytes(const char *bytes, size_t size)
{
    char *copy = malloc(size == 0 ? 1 : size);
    bool good;

    assert_non_null(copy);
    memcpy(copy, bytes, size);
    good = json_read_line(copy, size, &arena, &line, &err);
    free(copy);
    return good;
}

static void assert_read(const char *text)
{
    if (!read_bytes(text, strlen(text)))
        fail_msg("%s: %s", text, err.text);
}

static void assert_refused_bytes(const char *bytes, size_t size, const char *part)
{
    if (read_bytes(bytes, size))
        fail_msg("%.100s is not refused", bytes);
    if (strstr(err.text, part) == NULL)
        fail_msg("%.100s: \"%s\" is not in \"%s\"", bytes, part, err.text);
    assert_int_equal(err.class, ERR_PROTOCOL);
}

static void assert_refused(const char *text, const char *part)
{
    assert_refused_bytes(text, strlen(text), part);
}

struct bad {
    const char *text, *part;
};

#define ASSERT_ALL_REFUSED(bad)                                                                                        \
    for (size_t i_ = 0; i_ < sizeof(bad) / sizeof(bad)[0]; i_++)                                                       \
    assert_refused((bad)[i_].text, (bad)[i_].part)

static void an_item_has_all_its_parts(void **state)
{
    (void)state;
    assert_read("{\"kind\":\"vm\",\"key\":\"K\",\"attributes\":{\"os.build\":\"6.0.6002\",\"os.service_pack\":2,"
                "\"a\":true,\"b\":[\"x\",\"\"],\"c\":false,\"d\":-9223372036854775808,\"e\":[]},"
                "\"links\":[{\"relation\":\"runs_on\",\"kind\":\"hyperv_host\",\"key\":\"H\"},"
                "{\"relation\":\"member_of\",\"kind\":\"machine\",\"by\":{\"id.fqdn\":\"a.example\"}}],"
                "\"unread\":[{\"attributes\":\"guest.\",\"why\":\"switched off\"}]}");
    assert_int_equal(line.type, JSON_ITEM);
    assert_string_equal(line.item.kind, "vm");
    assert_string_equal(line.item.key, "K");
    assert_int_equal(line.item.attribute_count, 7);
    assert_string_equal(item_text(&line.item, "os.build"), "6.0.6002");
    assert_true(item_get(&line.item, "os.service_pack")->number == 2);
    assert_true(item_get(&line.item, "a")->truth);
    assert_int_equal(item_get(&line.item, "b")->list.count, 2);
    assert_string_equal(item_get(&line.item, "b")->list.texts[0], "x");
    assert_false(item_get(&line.item, "c")->truth);
    assert_true(item_get(&line.item, "d")->number == INT64_MIN);
    assert_int_equal(item_get(&line.item, "e")->list.count, 0);
}

static void an_item_has_links_and_unread_sections(void **state)
{
    (void)state;
    assert_read("{\"unread\":[{\"why\":\"off\",\"attributes\":\"guest.\"}],\"key\":\"K\",\"kind\":\"vm\","
                "\"links\":[{\"key\":\"H\",\"relation\":\"runs_on\",\"kind\":\"hyperv_host\"},"
                "{\"relation\":\"same_as\",\"kind\":\"machine\",\"by\":{\"id.fqdn\":\"a.example\"}}]}");
    assert_int_equal(line.item.link_count, 2);
    assert_string_equal(line.item.links[0].relation, "runs_on");
    assert_string_equal(line.item.links[0].kind, "hyperv_host");
    assert_string_equal(line.item.links[0].key, "H");
    assert_null(line.item.links[0].attribute);
    assert_null(line.item.links[1].key);
    assert_string_equal(line.item.links[1].attribute, "id.fqdn");
    assert_string_equal(line.item.links[1].value, "a.example");
    assert_int_equal(line.item.unread_count, 1);
    assert_string_equal(line.item.unread[0].prefix, "guest.");
    assert_string_equal(line.item.unread[0].why, "off");
}

static void the_other_lines_have_theirs(void **state)
{
    (void)state;
    assert_read("{\"gone\":{\"kind\":\"vm\",\"key\":\"K\"}}");
    assert_int_equal(line.type, JSON_GONE);
    assert_string_equal(line.kind, "vm");
    assert_string_equal(line.key, "K");
    assert_read("{\"gone_by\":{\"kind\":\"vm\",\"attribute\":\"id.moref\",\"value\":\"vm-7\"}}");
    assert_int_equal(line.type, JSON_GONE_BY);
    assert_string_equal(line.kind, "vm");
    assert_string_equal(line.attribute, "id.moref");
    assert_string_equal(line.value, "vm-7");
    assert_read("{\"refused\":{\"text\":\"login failed\"}}");
    assert_int_equal(line.type, JSON_REFUSED);
    assert_string_equal(line.text, "login failed");
    assert_read("{\"offer\":{\"plugin\":\"sql\",\"host\":\"db01.example\",\"port\":1433,\"evidence\":\"registry\"}}");
    assert_int_equal(line.type, JSON_OFFER);
    assert_string_equal(line.plugin, "sql");
    assert_string_equal(line.host, "db01.example");
    assert_true(line.port == 1433);
    assert_string_equal(line.evidence, "registry");
    assert_read("{\"end\":{\"completeness\":\"complete\",\"items\":60}}");
    assert_int_equal(line.type, JSON_END);
    assert_string_equal(line.completeness, "complete");
    assert_true(line.items == 60);
    assert_read("{\"fail\":{\"class\":\"denied\",\"text\":\"no\"}}");
    assert_int_equal(line.type, JSON_FAIL);
    assert_string_equal(line.failure_class, "denied");
    assert_string_equal(line.text, "no");
}

static void a_warning_may_lack_kind_and_key(void **state)
{
    (void)state;
    assert_read("{\"warning\":{\"kind\":\"vm\",\"key\":\"K\",\"text\":\"odd\"}}");
    assert_int_equal(line.type, JSON_WARNING);
    assert_string_equal(line.kind, "vm");
    assert_string_equal(line.key, "K");
    assert_string_equal(line.text, "odd");
    assert_read("{\"warning\":{\"text\":\"odd\"}}");
    assert_null(line.kind);
    assert_null(line.key);
}

static void an_end_need_not_count(void **state)
{
    (void)state;
    assert_read("{\"end\":{\"completeness\":\"partial\"}}");
    assert_true(line.items == -1);
    assert_read("{\"end\":{\"completeness\":\"delta\",\"items\":0}}");
    assert_true(line.items == 0);
}

static void white_space_does_no_harm(void **state)
{
    (void)state;
    assert_read(" \t{ \"gone\" : { \"kind\":\"vm\" , \"key\":\"K\" } } \r");
    assert_int_equal(line.type, JSON_GONE);
}

static void escapes_are_understood(void **state)
{
    (void)state;
    assert_read("{\"kind\":\"vm\",\"key\":\"\\ud83d\\ude00\\u00e4\\\\\\/\\\"\\n\\u0001\"}");
    assert_string_equal(line.item.key, "\xF0\x9F\x98\x80\xC3\xA4\\/\"\n\x01");
}

static void what_is_not_json_is_refused_with_its_column(void **state)
{
    static const struct bad bad[] = {
        { "", "the line is empty" },
        { "   ", "not JSON at column 3" },
        { "{\"kind\":\"vm\",", "not JSON at column 13" },
        { "{\"kind\":\"v", "not JSON at column 10" },
        { "{'kind':1}", "not JSON at column 2" },
        { "{\"a\":01}", "not JSON at column 6" },
        { "{\"a\":nul}", "not JSON at column 8" },
        { "{\"a\":1} x", "column 9: end of file expected" },
        { "{\"a\":1}{}", "column 8: end of file expected" },
        { "\xEF\xBB\xBF{}", "byte order mark" },
        { "{\"a\":\"\xFF\"}", "unable to decode byte 0xff" },
        { "{\"a\":\"\xED\xA0\x80\"}", "unable to decode byte 0xed" },
        { "{\"a\":\"\xC0\x80\"}", "unable to decode byte 0xc0" },
        { "{\"a\":\"\\ud800\"}", "invalid Unicode" },
        { "{\"a\":\"\\u0000\"}", "u0000 is not allowed" },
        { "{\"a\\u0000\":1}", "NUL byte in object key" },
        { "{\"a\":\"\x01\"}", "control character 0x1" },
        { "{\"a\":9223372036854775808}", "too big integer" },
        { "{\"a\":-9223372036854775809}", "too big negative integer" },
        { "{\"a\":1e999}", "real number overflow" },
        { "{\"a\":1,\"a\":1}", "duplicate object key" },
    };

    (void)state;
    ASSERT_ALL_REFUSED(bad);
}

static void a_nul_among_the_bytes_is_refused(void **state)
{
    static const char within[] = "{\"kind\":\"v\0m\",\"key\":\"K\"}", behind[] = "{\"kind\":\"vm\",\"key\":\"K\"}";

    (void)state;
    assert_refused_bytes(within, sizeof within - 1, "control character 0x0");
    assert_refused_bytes(behind, sizeof behind, "end of file expected");
}

static void what_is_no_object_is_refused(void **state)
{
    static const struct bad bad[] = {
        { "[]", "is a list; expected an object" },
        { "[{\"kind\":\"vm\",\"key\":\"K\"}]", "is a list; expected an object" },
        { "5", "'[' or '{' expected" },
        { "null", "'[' or '{' expected" },
        { "\"vm\"", "'[' or '{' expected" },
    };

    (void)state;
    ASSERT_ALL_REFUSED(bad);
}

static void unknown_and_missing_members_are_named(void **state)
{
    static const struct bad bad[] = {
        { "{}", "the item lacks its member 'kind', a text" },
        { "{\"kind\":\"vm\"}", "lacks its member 'key'" },
        { "{\"kind\":\"vm\",\"key\":\"K\",\"atributes\":{}}", "unknown member 'atributes'; its members are kind, key" },
        { "{\"kind\":\"vm\",\"key\":\"K\",\"\":1}", "unknown member ''" },
        { "{\"gone\":{\"kind\":\"vm\"}}", "the line 'gone': it lacks its member 'key'" },
        { "{\"gone\":{\"kind\":\"vm\",\"key\":\"K\",\"why\":\"x\"}}",
          "unknown member 'why'; its members are kind, key" },
        { "{\"gone\":{\"kind\":\"vm\",\"key\":\"K\"},\"kind\":\"vm\"}", "one object and nothing beside it" },
        { "{\"gone\":null}", "one object and nothing beside it" },
        { "{\"gone_by\":{\"kind\":\"vm\",\"value\":\"vm-7\"}}", "lacks its member 'attribute'" },
        { "{\"gone_by\":{\"kind\":\"vm\",\"attribute\":\"a\"}}", "lacks its member 'value'" },
        { "{\"end\":[]}", "one object and nothing beside it" },
        { "{\"offer\":{\"plugin\":\"sql\",\"host\":\"h\",\"port\":1}}", "lacks its member 'evidence'" },
        { "{\"warning\":{}}", "lacks its member 'text'" },
        { "{\"end\":{\"items\":1}}", "lacks its member 'completeness'" },
        { "{\"fail\":{\"text\":\"x\"}}", "lacks its member 'class'" },
        { "{\"refused\":{}}", "lacks its member 'text'" },
        { "{\"refused\":{\"text\":\"x\",\"class\":\"denied\"}}", "unknown member 'class'; its members are text" },
        { "{\"gnoe\":{}}", "unknown member 'gnoe'" },
    };

    (void)state;
    ASSERT_ALL_REFUSED(bad);
}

static void members_of_another_type_are_named(void **state)
{
    static const struct bad bad[] = {
        { "{\"kind\":1,\"key\":\"K\"}", "member 'kind' of the item is a whole number; expected a text" },
        { "{\"kind\":\"vm\",\"key\":null}", "member 'key' of the item is null; expected a text" },
        { "{\"kind\":\"vm\",\"key\":\"K\",\"attributes\":[]}", "is a list; expected an object" },
        { "{\"kind\":\"vm\",\"key\":\"K\",\"links\":{}}", "is an object; expected a list" },
        { "{\"kind\":\"vm\",\"key\":\"K\",\"unread\":true}", "is true; expected a list" },
        { "{\"end\":{\"completeness\":\"complete\",\"items\":\"1\"}}", "is a text; expected a whole number" },
        { "{\"end\":{\"completeness\":\"complete\",\"items\":1.0}}", "with a fraction" },
        { "{\"offer\":{\"plugin\":\"sql\",\"host\":\"h\",\"port\":false,\"evidence\":\"e\"}}", "is false; expected" },
    };

    (void)state;
    ASSERT_ALL_REFUSED(bad);
}

#define ITEM(members) "{\"kind\":\"vm\",\"key\":\"K\"," members "}"

static void attributes_of_no_type_of_ours_are_named(void **state)
{
    static const struct bad bad[] = {
        { ITEM("\"attributes\":{\"a\":null}"), "attribute 'a' is null; expected a text, a whole number" },
        { ITEM("\"attributes\":{\"a\":1.0}"), "attribute 'a' is a number with a fraction" },
        { ITEM("\"attributes\":{\"a\":{}}"), "attribute 'a' is an object" },
        { ITEM("\"attributes\":{\"a\":[\"x\",1]}"), "element 2 of the list 'a' is a whole number; expected a text" },
        { ITEM("\"attributes\":{\"a\":[[]]}"), "element 1 of the list 'a' is a list" },
        { ITEM("\"attributes\":{\"A\":1}"), "attribute name 'A'" },
        { ITEM("\"attributes\":{\"\\u001b[2J\":null}"), "attribute '\\x1B[2J'" },
    };

    (void)state;
    ASSERT_ALL_REFUSED(bad);
}

static void bad_links_and_unread_sections_are_counted(void **state)
{
    static const struct bad bad[] = {
        { ITEM("\"links\":[1]"), "element 1 of 'links': it is a whole number; expected an object" },
        { ITEM("\"links\":[{\"relation\":\"r\",\"kind\":\"k\",\"key\":\"x\"},{\"kind\":\"k\",\"key\":\"x\"}]"),
          "element 2 of 'links': it lacks its member 'relation'" },
        { ITEM("\"links\":[{\"relation\":\"r\",\"kind\":\"k\"}]"), "exactly one of the members 'key' and 'by'" },
        { ITEM("\"links\":[{\"relation\":\"r\",\"kind\":\"k\",\"key\":\"x\",\"by\":{\"a\":\"b\"}}]"), "exactly one" },
        { ITEM("\"links\":[{\"relation\":\"r\",\"kind\":\"k\",\"by\":{}}]"), "exactly one attribute with a text" },
        { ITEM("\"links\":[{\"relation\":\"r\",\"kind\":\"k\",\"by\":{\"a\":\"b\",\"c\":\"d\"}}]"), "exactly one" },
        { ITEM("\"links\":[{\"relation\":\"r\",\"kind\":\"k\",\"by\":{\"a\":1}}]"),
          "exactly one attribute with a text" },
        { ITEM("\"links\":[{\"relation\":\"R\",\"kind\":\"k\",\"key\":\"x\"}]"), "'R'" },
        { ITEM("\"unread\":[{\"attributes\":\"a.\"}]"), "element 1 of 'unread': it lacks its member 'why'" },
        { ITEM("\"unread\":[{\"attributes\":\".\",\"why\":\"x\"}]"), "unread section '.'" },
        { ITEM("\"unread\":[{\"attributes\":\"a.\",\"why\":\"x\"},{\"attributes\":\"a.\",\"why\":\"x\"}]"),
          "element 2 of 'unread': the unread section 'a.' is there twice" },
        { ITEM("\"unread\":[\"a.\"]"), "is a text; expected an object" },
    };

    (void)state;
    ASSERT_ALL_REFUSED(bad);
}

static void words_and_numbers_have_their_ranges(void **state)
{
    static const struct bad bad[] = {
        { "{\"kind\":\"VM\",\"key\":\"K\"}", "kind 'VM'" },
        { "{\"kind\":\"vm\",\"key\":\"\"}", "key is empty" },
        { "{\"gone\":{\"kind\":\"VM\",\"key\":\"K\"}}", "'VM'; expected a word" },
        { "{\"gone\":{\"kind\":\"vm\",\"key\":\"\"}}", "member 'key' has 0 bytes; expected 1 to 1024" },
        { "{\"gone_by\":{\"kind\":\"VM\",\"attribute\":\"a\",\"value\":\"v\"}}", "'VM'; expected a word" },
        { "{\"gone_by\":{\"kind\":\"vm\",\"attribute\":\"A b\",\"value\":\"v\"}}", "'A b'; expected a dotted name" },
        { "{\"gone_by\":{\"kind\":\"vm\",\"attribute\":\"a\",\"value\":\"\"}}", "'value' has 0 bytes" },
        { "{\"offer\":{\"plugin\":\"a b\",\"host\":\"h\",\"port\":1,\"evidence\":\"e\"}}", "'a b'; expected a word" },
        { "{\"offer\":{\"plugin\":\"sql\",\"host\":\"\",\"port\":1,\"evidence\":\"e\"}}", "'host' has 0 bytes" },
        { "{\"offer\":{\"plugin\":\"sql\",\"host\":\"h\",\"port\":-1,\"evidence\":\"e\"}}", "-1; expected 0 to 65535" },
        { "{\"offer\":{\"plugin\":\"sql\",\"host\":\"h\",\"port\":65536,\"evidence\":\"e\"}}", "65536; expected 0 to" },
        { "{\"end\":{\"completeness\":\"Complete\"}}", "'Complete'; expected complete, delta or partial" },
        { "{\"end\":{\"completeness\":\"complete\",\"items\":-1}}", "-1; expected 0 to" },
        { "{\"fail\":{\"class\":\"none\",\"text\":\"x\"}}", "'none'; expected unreachable" },
        { "{\"fail\":{\"class\":\"\",\"text\":\"x\"}}", "'class' has 0 bytes" },
    };

    (void)state;
    ASSERT_ALL_REFUSED(bad);
}

static void every_failure_class_of_a_scan_is_read(void **state)
{
    static const char *const words[] = { "unreachable", "timeout",     "denied", "protocol",
                                         "bug",         "unsupported", "config", "system" };
    char text[64];

    (void)state;
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        snprintf(text, sizeof text, "{\"fail\":{\"class\":\"%s\",\"text\":\"x\"}}", words[i]);
        assert_read(text);
        assert_string_equal(line.failure_class, words[i]);
    }
}

/* A line of the prefix and so many copies of the rest. */
static void assert_refused_repeat(const char *prefix, const char *rest, size_t count, const char *part)
{
    struct str text = STR_EMPTY;

    str_add(&text, prefix);
    for (size_t i = 0; i < count; i++)
        str_add(&text, rest);
    assert_refused_bytes(text.bytes, text.length, part);
    str_finish(&text);
}

static void a_flood_is_refused_at_bounded_cost(void **state)
{
    (void)state;
    assert_refused_repeat("{\"kind\":\"", "x", JSON_MAX_LINE, "at most 8388608 are allowed");
    assert_refused_repeat("", "[", 100000, "maximum parsing depth reached");
    assert_refused_repeat("{\"attributes\":", "{\"a\":", 100000, "maximum parsing depth reached");
    assert_refused_repeat("[", "[],", 2000000, "more than the 200000 values");
    assert_refused_repeat("[", "{},", 2000000, "more than the 200000 values");
    assert_refused_repeat("[", "1,", 4000000, "more than the 200000 values");
    assert_refused_repeat("\"", "\\\",", 2000000, "not JSON at column");
    assert_refused_repeat("{\"kind\":\"vm\",\"key\":\"", "K", 1000000, "premature end of input");
}

static void commas_and_brackets_in_texts_are_not_values(void **state)
{
    struct str text = STR_EMPTY;

    (void)state;
    str_add(&text, "{\"kind\":\"vm\",\"key\":\"K\",\"attributes\":{");
    for (int i = 0; i < 8; i++) {
        str_format(&text, "%s\"a%d\":\"", i == 0 ? "" : ",", i);
        for (int j = 0; j < 30000; j++)
            str_add(&text, "\\\"[");
        str_add(&text, "\"");
    }
    str_add(&text, "}}");
    if (!read_bytes(text.bytes, text.length))
        fail_msg("%s", err.text);
    assert_int_equal(line.item.attribute_count, 8);
    str_finish(&text);
}

static void limits_of_items_hold_here_too(void **state)
{
    struct str text = STR_EMPTY;

    (void)state;
    str_add(&text, "{\"kind\":\"vm\",\"key\":\"K\",\"attributes\":{");
    for (int i = 0; i <= 512; i++)
        str_format(&text, "%s\"a%d\":1", i == 0 ? "" : ",", i);
    str_add(&text, "}}");
    assert_refused_bytes(text.bytes, text.length, "an item has at most 512");
    str_finish(&text);
}

/* The facts of an item alone, by the same rules. */
static void facts_come_back_and_bad_ones_are_refused(void **state)
{
    static const char good[] = "{\"a\":\"1\",\"b\":2,\"c\":true,\"d\":[\"x\"]}";
    static const struct bad bad[] = {
        { "", "the line is empty" },
        { "{", "not JSON" },
        { "[]", "the facts are a list" },
        { "{\"a\":null}", "the attribute 'a' is null" },
        { "{\"A b\":1}", "A b" },
        { "{\"a\":1,\"a\":2}", "duplicate" },
        { "{\"a\":[1]}", "element 1 of the list 'a'" },
    };
    struct str out = STR_EMPTY;
    struct item item;

    (void)state;
    item_init(&item, &arena, "vm", "k");
    assert_true(json_read_facts(good, strlen(good), &item, &err));
    json_add_facts(&out, &item);
    assert_string_equal(str_text(&out), good);
    str_finish(&out);
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        item_init(&item, &arena, "vm", "k");
        assert_false(json_read_facts(bad[i].text, strlen(bad[i].text), &item, &err));
        if (strstr(err.text, bad[i].part) == NULL)
            fail_msg("\"%s\" is not in \"%s\"", bad[i].part, err.text);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(an_item_has_all_its_parts, start, finish),
        cmocka_unit_test_setup_teardown(an_item_has_links_and_unread_sections, start, finish),
        cmocka_unit_test_setup_teardown(the_other_lines_have_theirs, start, finish),
        cmocka_unit_test_setup_teardown(a_warning_may_lack_kind_and_key, start, finish),
        cmocka_unit_test_setup_teardown(an_end_need_not_count, start, finish),
        cmocka_unit_test_setup_teardown(white_space_does_no_harm, start, finish),
        cmocka_unit_test_setup_teardown(escapes_are_understood, start, finish),
        cmocka_unit_test_setup_teardown(what_is_not_json_is_refused_with_its_column, start, finish),
        cmocka_unit_test_setup_teardown(a_nul_among_the_bytes_is_refused, start, finish),
        cmocka_unit_test_setup_teardown(what_is_no_object_is_refused, start, finish),
        cmocka_unit_test_setup_teardown(unknown_and_missing_members_are_named, start, finish),
        cmocka_unit_test_setup_teardown(members_of_another_type_are_named, start, finish),
        cmocka_unit_test_setup_teardown(attributes_of_no_type_of_ours_are_named, start, finish),
        cmocka_unit_test_setup_teardown(bad_links_and_unread_sections_are_counted, start, finish),
        cmocka_unit_test_setup_teardown(words_and_numbers_have_their_ranges, start, finish),
        cmocka_unit_test_setup_teardown(every_failure_class_of_a_scan_is_read, start, finish),
        cmocka_unit_test_setup_teardown(a_flood_is_refused_at_bounded_cost, start, finish),
        cmocka_unit_test_setup_teardown(commas_and_brackets_in_texts_are_not_values, start, finish),
        cmocka_unit_test_setup_teardown(limits_of_items_hold_here_too, start, finish),
        cmocka_unit_test_setup_teardown(facts_come_back_and_bad_ones_are_refused, start, finish),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
