/* Writing JSON: the exact text, and that reading gives back what was written, whatever it was. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "json.h"

#include <string.h>

static struct arena arena;
static struct str out;
static struct err err;

static int start(void **state)
{
    (void)state;
    arena_init(&arena, ARENA_PLAIN);
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

static void assert_text(const char *text, const char *json)
{
    str_clear(&out);
    json_add_text(&out, text);
    assert_string_equal(str_text(&out), json);
}

static void text_is_escaped_where_it_must_be(void **state)
{
    (void)state;
    assert_text("", "\"\"");
    assert_text("plain", "\"plain\"");
    assert_text("\"quoted\\", "\"\\\"quoted\\\\\"");
    assert_text("\b\f\n\r\t", "\"\\b\\f\\n\\r\\t\"");
    assert_text("\x01\x1F\x7F", "\"\\u0001\\u001f\\u007f\"");
    assert_text("</script>\xF0\x9F\x98\x80", "\"</script>\xF0\x9F\x98\x80\"");
    assert_text("\xC2\x9B"
                "31m\xC3\xA9\xE2\x80\xAE\xE2\x80\xA8",
                "\"\\u009b31m\xC3\xA9\\u202e\\u2028\"");
    assert_text("\xF3\xA0\x80\x81", "\"\\udb40\\udc01\"");
}

static void bytes_that_are_not_utf8_are_replaced(void **state)
{
    (void)state;
    assert_text("a\xFF\"b", "\"a\xEF\xBF\xBD\\\"b\"");
    assert_text("\xC3", "\"\xEF\xBF\xBD\"");
}

static void an_item_is_one_line_with_members_in_order(void **state)
{
    const char *const texts[] = { "x", "y\n" };
    struct item item;

    (void)state;
    item_init(&item, &arena, "vm", "K");
    item_unread(&item, "guest.", "off", &err);
    item_link(&item, &(struct link){ .relation = "runs_on", .kind = "hyperv_host", .key = "H" }, &err);
    item_link(&item, &(struct link){ .relation = "same_as", .kind = "machine", .attribute = "id.fqdn", .value = "a" },
              &err);
    item_set_text(&item, "b", "6.0", &err);
    item_set_int(&item, "a", INT64_MIN, &err);
    item_set_bool(&item, "c", false, &err);
    item_set_list(&item, "d", texts, 2, &err);
    item_set_list(&item, "e", texts, 0, &err);
    json_add_item(&out, &item);
    assert_string_equal(str_text(&out),
                        "{\"kind\":\"vm\",\"key\":\"K\",\"attributes\":{\"b\":\"6.0\",\"a\":-9223372036854775808,"
                        "\"c\":false,\"d\":[\"x\",\"y\\n\"],\"e\":[]},"
                        "\"links\":[{\"relation\":\"runs_on\",\"kind\":\"hyperv_host\",\"key\":\"H\"},"
                        "{\"relation\":\"same_as\",\"kind\":\"machine\",\"by\":{\"id.fqdn\":\"a\"}}],"
                        "\"unread\":[{\"attributes\":\"guest.\",\"why\":\"off\"}]}\n");
}

static void empty_members_are_left_out(void **state)
{
    struct item item;

    (void)state;
    item_init(&item, &arena, "vm", "K");
    str_add(&out, "before\n");
    json_add_item(&out, &item);
    assert_string_equal(str_text(&out), "before\n{\"kind\":\"vm\",\"key\":\"K\"}\n");
}

static void every_other_line_comes_back_as_it_was_written(void **state)
{
    static const char *const lines[] = {
        "{\"gone\":{\"kind\":\"vm\",\"key\":\"K\\u0001\"}}\n",
        "{\"gone_by\":{\"kind\":\"vm\",\"attribute\":\"id.moref\",\"value\":\"vm-7\\n\"}}\n",
        "{\"offer\":{\"plugin\":\"sql\",\"host\":\"h\\\"\",\"port\":0,\"evidence\":\"\xC3\xA4\"}}\n",
        "{\"warning\":{\"kind\":\"vm\",\"key\":\"K\",\"text\":\"odd\"}}\n",
        "{\"warning\":{\"text\":\"odd\\n\"}}\n",
        "{\"end\":{\"completeness\":\"complete\",\"items\":60}}\n",
        "{\"end\":{\"completeness\":\"delta\"}}\n",
        "{\"refused\":{\"text\":\"login failed\\n\"}}\n",
        "{\"fail\":{\"class\":\"denied\",\"text\":\"no\"}}\n",
        "{\"kind\":\"vm\",\"key\":\"K\",\"attributes\":{\"a\":1}}\n",
    };

    (void)state;
    for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++) {
        struct json_line line;

        if (!json_read_line(lines[i], strlen(lines[i]), &arena, &line, &err))
            fail_msg("%s: %s", lines[i], err.text);
        str_clear(&out);
        json_add_line(&out, &line);
        assert_string_equal(str_text(&out), lines[i]);
    }
}

static uint32_t random_state = 20171101;

static size_t draw(size_t below)
{
    random_state = random_state * 1664525 + 1013904223;
    return (random_state >> 8) % below;
}

/* Texts that have broken other writers, and bytes of all sorts that are still UTF-8. */
static const char *draw_text(void)
{
    static const char *const pieces[] = {
        "\"",
        "\\",
        "\\u0000",
        "\n",
        "\r\n",
        "\x01",
        "\x1F",
        "\x7F",
        "\t",
        "/",
        "</script>",
        "'; DROP TABLE x;--",
        "%s%n",
        "\xC2\x80",
        "\xC3\xA4",
        "\xE2\x80\xA8",
        "\xEF\xBB\xBF",
        "\xEF\xBF\xBF",
        "\xF0\x9F\x98\x80",
        "\xF4\x8F\xBF\xBF",
        "{",
        "}",
        "[",
        ",",
        ":",
        "null",
        "plain text",
        "\\\"",
        "\\\\",
        " ",
    };
    struct str text = STR_EMPTY;
    const char *copy;

    for (size_t i = draw(8); i > 0; i--)
        str_add(&text, pieces[draw(sizeof pieces / sizeof pieces[0])]);
    copy = arena_text(&arena, str_text(&text));
    str_finish(&text);
    return copy;
}

static void add_random_attribute(struct item *item)
{
    const char *name = arena_format(&arena, "n%zu.a_%zu", draw(9), draw(99));
    const char *texts[5];

    switch (draw(4)) {
    case 0: assert_true(item_set_text(item, name, draw_text(), &err)); break;
    case 1: assert_true(item_set_int(item, name, (int64_t)((uint64_t)draw(1 << 24) << draw(40)), &err)); break;
    case 2: assert_true(item_set_bool(item, name, draw(2) == 1, &err)); break;
    default:
        for (size_t i = 0; i < 5; i++)
            texts[i] = draw_text();
        assert_true(item_set_list(item, name, texts, draw(6), &err));
        break;
    }
}

static void fill_random(struct item *item)
{
    item_init(item, &arena, "vm", arena_format(&arena, "k%s", draw_text()));
    for (size_t i = draw(12); i > 0; i--)
        add_random_attribute(item);
    for (size_t i = draw(4); i > 0; i--) {
        struct link link = { .relation = "runs_on", .kind = "machine" };
        const char *text = arena_format(&arena, "x%s", draw_text());

        if (draw(2) == 0)
            link.key = text;
        else {
            link.attribute = "id.fqdn";
            link.value = text;
        }
        assert_true(item_link(item, &link, &err));
    }
    for (size_t i = draw(3); i > 0; i--)
        assert_true(
            item_unread(item, arena_format(&arena, "u%zu.", i), arena_format(&arena, "w%s", draw_text()), &err));
}

static void assert_comes_back(struct item *item)
{
    struct json_line line;
    struct hash128 before, after;

    str_clear(&out);
    json_add_item(&out, item);
    assert_ptr_equal(strchr(out.bytes, '\n'), out.bytes + out.length - 1);
    if (!json_read_line(out.bytes, out.length - 1, &arena, &line, &err))
        fail_msg("%s: %.500s", err.text, out.bytes);
    assert_int_equal(line.type, JSON_ITEM);
    assert_string_equal(line.item.kind, item->kind);
    assert_string_equal(line.item.key, item->key);
    assert_int_equal(line.item.bytes, item->bytes);
    before = item_hash(item);
    after = item_hash(&line.item);
    assert_true(before.low == after.low && before.high == after.high);
}

static void any_item_comes_back_as_it_was_written(void **state)
{
    struct item item;

    (void)state;
    for (int round = 0; round < 500; round++) {
        fill_random(&item);
        assert_comes_back(&item);
        arena_reset(&arena);
    }
}

/* Control characters take six bytes each: the longest line that an item can make. */
static void the_largest_items_come_back_too(void **state)
{
    char *text = arena_alloc(&arena, 65537);
    const char **texts = arena_alloc(&arena, 4096 * sizeof *texts);
    struct item item;

    (void)state;
    memset(text, '\x01', 65536);
    item_init(&item, &arena, "vm", "K");
    for (size_t i = 0; item_set_text(&item, arena_format(&arena, "a%zu", i), text, &err); i++)
        continue;
    assert_true(item.bytes > 900000);
    assert_comes_back(&item);

    for (size_t i = 0; i < 4096; i++)
        texts[i] = "";
    item_init(&item, &arena, "vm", "K");
    for (size_t i = 0; item_set_list(&item, arena_format(&arena, "a%zu", i), texts, 4096, &err); i++)
        continue;
    assert_true(item.bytes > 900000);
    assert_comes_back(&item);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(text_is_escaped_where_it_must_be, start, finish),
        cmocka_unit_test_setup_teardown(bytes_that_are_not_utf8_are_replaced, start, finish),
        cmocka_unit_test_setup_teardown(an_item_is_one_line_with_members_in_order, start, finish),
        cmocka_unit_test_setup_teardown(empty_members_are_left_out, start, finish),
        cmocka_unit_test_setup_teardown(every_other_line_comes_back_as_it_was_written, start, finish),
        cmocka_unit_test_setup_teardown(any_item_comes_back_as_it_was_written, start, finish),
        cmocka_unit_test_setup_teardown(the_largest_items_come_back_too, start, finish),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
