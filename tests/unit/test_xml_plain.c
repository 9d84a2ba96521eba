#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "str.h"
#include "xml.h"
#include "xml_plain.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define DOCUMENTS 3000
#define PIECES 24

static void assert_plain(const char *bytes, size_t taken, const char *text)
{
    struct xml_plain plain;

    xml_plain_read(&plain, bytes, strlen(bytes));
    assert_int_equal(plain.taken, taken);
    assert_int_equal(plain.length, strlen(text));
    assert_memory_equal(plain.text, text, plain.length);
}

static void text_and_the_five_references_are_decoded(void **state)
{
    (void)state;
    assert_plain("a b\tc<", 5, "a b\tc");
    assert_plain("&lt;A B=&quot;it&apos;s&quot;&gt;&amp;amp;</v>", 42, "<A B=\"it's\">&amp;");
    assert_plain("", 0, "");
}

static void what_may_mean_something_else_is_left(void **state)
{
    static const char *const left[] = { "<",      "]]>",      "]",   "\r\n", "\x01",  "\x7F", "\xC3\xA9", "&#65;",
                                        "&euro;", "&#x26;lt", "&lt", "&",    "&quot", "&LT;", "&lt ;",    "& lt;" };

    (void)state;
    for (size_t i = 0; i < sizeof left / sizeof *left; i++) {
        char bytes[32];

        assert_plain(left[i], 0, "");
        snprintf(bytes, sizeof bytes, "x&gt;%s", left[i]);
        assert_plain(bytes, 5, "x>");
    }
}

static void no_more_is_decoded_than_there_is_room_for(void **state)
{
    struct str bytes = STR_EMPTY;
    struct xml_plain plain;

    (void)state;
    for (size_t i = 0; i < XML_PLAIN_ROOM + 1; i++)
        str_add(&bytes, "&gt;");
    xml_plain_read(&plain, bytes.bytes, bytes.length);
    assert_int_equal(plain.length, XML_PLAIN_ROOM);
    assert_int_equal(plain.taken, 4 * XML_PLAIN_ROOM);
    str_finish(&bytes);
}

static void line_feeds_are_counted(void **state)
{
    struct xml_plain plain;

    (void)state;
    xml_plain_read(&plain, "a\n&lt;\n\nb", 10);
    assert_int_equal(plain.lines, 3);
}

/* ------------------------------------------------------------------------------------------ beside the parser ---- */

static bool on_open(void *told, const struct xml_name *name, const struct xml_attribute *attributes, size_t count,
                    struct err *err)
{
    (void)err;
    str_format(told, "\x01%s", name->local);
    for (size_t i = 0; i < count; i++)
        str_format(told, "\x02%s", attributes[i].value);
    return true;
}

static bool on_close(void *told, struct err *err)
{
    (void)err;
    str_add(told, "\x03");
    return true;
}

static bool on_text(void *told, const char *bytes, size_t size, struct err *err)
{
    (void)err;
    str_add_bytes(told, bytes, size);
    return true;
}

/* In parts of so many bytes; of one, no text goes past the parser that is not a byte of its own. */
static bool read_parts(struct str *told, const struct str *document, size_t part, struct err *err)
{
    static const struct xml_events events = { on_open, on_close, on_text };
    struct xml *xml = xml_create(&events, told);
    bool good = true;

    for (size_t at = 0; good && at < document->length; at += part)
        good = xml_feed(xml, document->bytes + at, document->length - at < part ? document->length - at : part, err);
    good = good && xml_end(xml, err);
    xml_destroy(xml);
    return good;
}

/* What a document may be made of, and what makes it none. */
static const char *const pieces[] = {
    "<a>",
    "</a>",
    "<a>",
    "</a>",
    "<b/>",
    "<a t=\"&lt;x>&amp;\">",
    "<a t='&gt;'/>",
    "&lt;",
    "&gt;",
    "&amp;",
    "&quot;",
    "&apos;",
    "&#65;",
    "&#x3c;",
    "text",
    "x > y",
    "]",
    "]]&gt;",
    "\n",
    "\r\n",
    "<!-- & > -->",
    "<?p & > ?>",
    "\xC3\xA9",
    "<![CDATA[&lt;<&>]]>",
    "&lt;a&gt;",
    " ",
    "\t",
    ">",
    "]]>",
    "&",
    "&lt",
    "<",
    "\xC3",
    "\x01",
    "&e;",
    "\x7F",
};
#define GOOD_PIECES 28

static void make_document(struct str *document, unsigned *seed)
{
    size_t count = rand_r(seed) % PIECES, bad = rand_r(seed) % 4 == 0;

    str_clear(document);
    str_add(document, "<r>");
    for (size_t i = 0; i < count; i++) {
        size_t from = bad ? sizeof pieces / sizeof *pieces : GOOD_PIECES;

        str_add(document, pieces[(size_t)rand_r(seed) % from]);
    }
    str_add(document, "</r>");
}

/* Some documents are whole: those in which each element ends. */
static void check_document(const struct str *document, size_t *whole)
{
    struct str told = STR_EMPTY, bytewise = STR_EMPTY;
    struct err err = ERR_EMPTY, bytewise_err = ERR_EMPTY;
    bool good = read_parts(&bytewise, document, 1, &bytewise_err);

    *whole += good;
    for (size_t part = 2; part <= document->length; part = part < 8 ? part + 1 : part * 2 + 1) {
        str_clear(&told);
        err = (struct err)ERR_EMPTY;
        if (read_parts(&told, document, part, &err) != good || strcmp(err.text, bytewise_err.text) != 0)
            fail_msg("in parts of %zu: %s; else: %s; %s", part, err.text, bytewise_err.text, str_text(document));
        if (good)
            assert_string_equal(str_text(&told), str_text(&bytewise));
    }
    str_finish(&told);
    str_finish(&bytewise);
}

static void whatever_is_cut_anywhere_the_same_is_told(void **state)
{
    const char *given = getenv("MUSTER_SEED");
    unsigned seed = given == NULL ? 1 : (unsigned)strtoul(given, NULL, 10);
    struct str document = STR_EMPTY;
    size_t whole = 0;

    (void)state;
    for (size_t i = 0; i < DOCUMENTS; i++) {
        make_document(&document, &seed);
        check_document(&document, &whole);
    }
    assert_true(whole > DOCUMENTS / 20 && whole < DOCUMENTS);
    str_finish(&document);
}

static void errors_name_the_line_behind_text_that_the_parser_did_not_see(void **state)
{
    struct str document = STR_EMPTY, told = STR_EMPTY;
    struct err err = ERR_EMPTY;

    (void)state;
    str_add(&document, "<r>\n&lt;\n&gt;\n<a>&lt;\n</b></r>");
    assert_false(read_parts(&told, &document, document.length, &err));
    assert_non_null(strstr(err.text, "line 5: mismatched tag"));
    str_finish(&document);
    str_finish(&told);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(text_and_the_five_references_are_decoded),
        cmocka_unit_test(what_may_mean_something_else_is_left),
        cmocka_unit_test(no_more_is_decoded_than_there_is_room_for),
        cmocka_unit_test(line_feeds_are_counted),
        cmocka_unit_test(whatever_is_cut_anywhere_the_same_is_told),
        cmocka_unit_test(errors_name_the_line_behind_text_that_the_parser_did_not_see),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
