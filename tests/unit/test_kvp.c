#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "kvp.h"
#include "str.h"

#include <stdio.h>
#include <string.h>

#define INSTANCE(content) "<INSTANCE CLASSNAME=\"Msvm_KvpExchangeDataItem\">" content "</INSTANCE>"
#define PROPERTY(name, value) "<PROPERTY NAME=\"" name "\" TYPE=\"string\"><VALUE>" value "</VALUE></PROPERTY>"
#define ITEM(name, data) INSTANCE(PROPERTY("Data", data) PROPERTY("Name", name))

static int create(void **state)
{
    *state = kvp_create();
    return 0;
}

static int destroy(void **state)
{
    kvp_destroy(*state);
    return 0;
}

static void assert_item(struct kvp *kvp, const char *text, const char *name, const char *data)
{
    struct err err = ERR_EMPTY;
    struct kvp_item item;

    if (!kvp_read(kvp, text, &item, &err))
        fail_msg("%s", err.text);
    assert_string_equal(item.name, name);
    assert_string_equal(item.data, data);
}

static void assert_refused(struct kvp *kvp, const char *text, const char *words)
{
    struct err err = ERR_EMPTY;
    struct kvp_item item;

    assert_false(kvp_read(kvp, text, &item, &err));
    assert_int_equal(err.class, ERR_PROTOCOL);
    if (strstr(err.text, words) == NULL || strstr(err.text, "a key-value item of the guest: ") != err.text)
        fail_msg("\"%s\" is not in: %s", words, err.text);
}

/* As a host writes it. */
static void an_item_has_its_name_and_data(void **state)
{
    assert_item(
        *state,
        "<INSTANCE CLASSNAME=\"Msvm_KvpExchangeDataItem\"><PROPERTY NAME=\"Caption\" TYPE=\"string\"></PROPERTY>"
        "<PROPERTY NAME=\"Data\" TYPE=\"string\"><VALUE>Windows Server 2019 Datacenter</VALUE></PROPERTY>"
        "<PROPERTY NAME=\"Description\" TYPE=\"string\"></PROPERTY><PROPERTY NAME=\"ElementName\" "
        "TYPE=\"string\"></PROPERTY><PROPERTY NAME=\"InstanceID\" TYPE=\"string\"></PROPERTY><PROPERTY "
        "NAME=\"Name\" TYPE=\"string\"><VALUE>OSName</VALUE></PROPERTY><PROPERTY NAME=\"Source\" "
        "TYPE=\"uint16\"><VALUE>2</VALUE></PROPERTY></INSTANCE>",
        "OSName", "Windows Server 2019 Datacenter");
}

static void an_item_may_be_written_otherwise(void **state)
{
    static const char *const items[][3] = {
        { ITEM("OSName", "a &amp; &lt;b&gt;"), "OSName", "a & <b>" },
        { ITEM("OSName", "<![CDATA[<VALUE>]]>"), "OSName", "<VALUE>" },
        { "<?xml version=\"1.0\"?>\n" ITEM("OSName", "x") "\n", "OSName", "x" },
        { INSTANCE(PROPERTY("Name", "CSDVersion")), "CSDVersion", "" },
        { INSTANCE(PROPERTY("Name", "CSDVersion") "<PROPERTY NAME=\"Data\" TYPE=\"string\"></PROPERTY>"), "CSDVersion",
          "" },
        { ITEM("CSDVersion", ""), "CSDVersion", "" },
        { "<INSTANCE CLASSNAME='msvm_kvpexchangedataitem'><QUALIFIER NAME=\"Name\"><VALUE>q</VALUE></QUALIFIER>"
          "<PROPERTY NAME='NAME'><VALUE>n</VALUE></PROPERTY></INSTANCE>",
          "n", "" },
        { INSTANCE("<PROPERTY NAME=\"Name\"><QUALIFIER NAME=\"x\"><VALUE>q</VALUE></QUALIFIER><VALUE>n</VALUE>"
                   "</PROPERTY>"),
          "n", "" },
    };

    for (size_t i = 0; i < sizeof items / sizeof *items; i++)
        assert_item(*state, items[i][0], items[i][1], items[i][2]);
}

/* With a line behind it an item is the parser's, however it is written. */
static void items_that_are_written_alike_are_read_as_the_parser_reads_them(void **state)
{
    static const char *const items[] = {
        ITEM("OSName", "Windows"),
        INSTANCE(PROPERTY("Data", "x") PROPERTY("Name", "OSName") PROPERTY("Source", "2")),
        INSTANCE("<PROPERTY NAME=\"Caption\" PROPAGATED=\"true\" TYPE=\"string\"></PROPERTY>" PROPERTY("Name", "a")),
        INSTANCE("<PROPERTY NAME=\"Data\" TYPE=\"string\"><VALUE></VALUE></PROPERTY>" PROPERTY("Name", "a")),
        INSTANCE("<PROPERTY NAME=\"Data\" TYPE=\"string\"></PROPERTY>" PROPERTY("Name", "a")),
        INSTANCE(PROPERTY("Name", "a") PROPERTY("Name", "b")),
        INSTANCE(PROPERTY("Data", "a") PROPERTY("Data", "b") PROPERTY("Name", "c")),
        INSTANCE(PROPERTY("Name", "")),
        INSTANCE(PROPERTY("Data", "x")),
        INSTANCE(PROPERTY("Caption", "one") PROPERTY("Caption", "two") PROPERTY("Name", "a")),
        INSTANCE(PROPERTY("Other", "one") PROPERTY("Name", "a")),
        INSTANCE(PROPERTY("name", "a")),
        ITEM("a", "1 &lt; 2"),
        ITEM("a", "]]>"),
        ITEM("a", "a\x01z"),
        ITEM("a", "\xc3\xa4"),
        ITEM("a", "\xff"),
        ITEM("a", "<VALUE>b</VALUE>"),
        INSTANCE(""),
        INSTANCE(PROPERTY("Name", "a")) "x",
        "<INSTANCE CLASSNAME=\"Msvm_KvpExchangeDataItem\">" PROPERTY("Name", "a"),
        "<INSTANCE CLASSNAME=\"Msvm_KvpExchangeDataItem\"><PROPERTY NAME=\"Name\" TYPE=\"string\"><VALUE>a</VALUE>",
    };

    for (size_t i = 0; i < sizeof items / sizeof *items; i++) {
        char longer[1024], name[64] = "", data[64] = "";
        struct err err = ERR_EMPTY;
        struct kvp_item item;
        bool good = kvp_read(*state, items[i], &item, &err);

        if (good) {
            snprintf(name, sizeof name, "%s", item.name);
            snprintf(data, sizeof data, "%s", item.data);
        }
        snprintf(longer, sizeof longer, "%s\n", items[i]);
        if (kvp_read(*state, longer, &item, &err) != good)
            fail_msg("%s: %s", items[i], good ? err.text : "read by the parser alone");
        if (good && (strcmp(item.name, name) != 0 || strcmp(item.data, data) != 0))
            fail_msg("%s: %s=%s, not %s=%s", items[i], name, data, item.name, item.data);
    }
}

static void what_is_no_item_is_refused_and_the_next_is_read(void **state)
{
    static const char *const texts[][2] = {
        { "", "no element found" },
        { "OSName=Windows", "XML, line 1" },
        { "<INSTANCE", "XML, line 1" },
        { ITEM("OSName", "x") ITEM("OSName", "y"), "junk after document element" },
        { "<html/>", "it begins with <html> instead of <INSTANCE>" },
        { "<a:INSTANCE xmlns:a=\"urn:a\"/>", "instead of <INSTANCE>" },
        { "<INSTANCE/>", "of another class" },
        { "<INSTANCE CLASSNAME=\"Win32_Process\"/>", "of another class" },
        { INSTANCE(""), "it has no name" },
        { ITEM("", "x"), "it has no name" },
        { INSTANCE("<PROPERTY NAME=\"Name\"><VALUE><VALUE>OSName</VALUE></VALUE></PROPERTY>"), "it has no name" },
        { ITEM("OSName", "x</VALUE></PROPERTY>" PROPERTY("Data", "y") "<PROPERTY NAME=\"z\"><VALUE>"), "twice" },
        { INSTANCE(PROPERTY("Name", "OSName") PROPERTY("Name", "OSVersion")), "twice" },
        { INSTANCE("<PROPERTY NAME=\"Name\"><VALUE>a</VALUE><VALUE>b</VALUE></PROPERTY>"), "twice" },
        { "<!DOCTYPE a [<!ENTITY b \"c\">]>" ITEM("OSName", "&b;"), "DOCTYPE" },
        { ITEM("OSName", "&nbsp;"), "undefined entity" },
        { ITEM("OSName", "&#0;"), "XML, line 1" },
        { ITEM("OSName", "\x01"), "XML, line 1" },
        { ITEM("OSName", "\xff"), "XML, line 1" },
    };

    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        assert_refused(*state, texts[i][0], texts[i][1]);
        assert_item(*state, ITEM("OSName", "x"), "OSName", "x");
    }
}

static void an_item_is_refused_wherever_it_is_cut_off(void **state)
{
    static const char whole[] = ITEM("OSName", "Windows");

    for (size_t size = 0; size < sizeof whole - 1; size++) {
        struct str cut = STR_EMPTY;

        str_add_bytes(&cut, whole, size);
        assert_refused(*state, str_text(&cut), "");
        str_finish(&cut);
    }
    assert_item(*state, whole, "OSName", "Windows");
}

static struct str stuffed(const char *before, size_t count, const char *behind)
{
    struct str text = STR_EMPTY;

    str_add(&text, before);
    for (size_t i = 0; i < count; i++)
        str_add_char(&text, 'x');
    str_add(&text, behind);
    return text;
}

static void an_item_has_its_largest_size(void **state)
{
    static const struct {
        const char *before, *behind;
        size_t max;
        const char *words;
    } limits[] = {
        { "<INSTANCE CLASSNAME=\"Msvm_KvpExchangeDataItem\"><PROPERTY NAME=\"Name\"><VALUE>",
          "</VALUE></PROPERTY></INSTANCE>", KVP_MAX_NAME, "its name has more than 2048 bytes" },
        { "<INSTANCE CLASSNAME=\"Msvm_KvpExchangeDataItem\">" PROPERTY("Name", "n") "<PROPERTY NAME=\"Data\"><VALUE>",
          "</VALUE></PROPERTY></INSTANCE>", KVP_MAX_DATA, "its data has more than 8192 bytes" },
        { ITEM("n", "d") "<!--", "-->", KVP_MAX_ITEM - (sizeof ITEM("n", "d") - 1) - 7,
          "it has more than 65536 bytes" },
    };

    for (size_t i = 0; i < sizeof limits / sizeof *limits; i++) {
        struct str fits = stuffed(limits[i].before, limits[i].max, limits[i].behind);
        struct str over = stuffed(limits[i].before, limits[i].max + 1, limits[i].behind);
        struct kvp_item item;

        assert_true(kvp_read(*state, str_text(&fits), &item, NULL));
        assert_refused(*state, str_text(&over), limits[i].words);
        str_finish(&fits);
        str_finish(&over);
    }
}

/* What a document made the parser remember ends with it. */
static void a_reader_may_be_used_again_and_again(void **state)
{
    struct str text = STR_EMPTY;
    struct kvp_item item;

    for (int i = 0; i < 20000; i++) {
        str_clear(&text);
        str_format(&text, "<INSTANCE CLASSNAME=\"Msvm_KvpExchangeDataItem\" A%d=\"\">" PROPERTY("Name", "n%d") "%s", i,
                   i, i % 3 == 0 ? "" : "</INSTANCE>");
        assert_int_equal(kvp_read(*state, str_text(&text), &item, NULL), i % 3 != 0);
    }
    str_finish(&text);
}

static void a_text_may_be_of_a_name(void **state)
{
    (void)state;
    assert_true(kvp_may_be(ITEM("OSName", "x"), "OSName"));
    assert_true(kvp_may_be(ITEM("OSVersion", "OSName"), "OSName"));
    assert_true(kvp_may_be("OSName >OSNameOSName<>OSName<", "OSName"));
    assert_false(kvp_may_be(ITEM("OSVersion", "x"), "OSName"));
    assert_false(kvp_may_be(ITEM("OSNames", "x"), "OSName"));
    assert_false(kvp_may_be(ITEM("MyOSName", "x"), "OSName"));
    assert_false(kvp_may_be("OSName<", "OSName"));
    assert_false(kvp_may_be(">OSName", "OSName"));
    assert_false(kvp_may_be("", "OSName"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(an_item_has_its_name_and_data, create, destroy),
        cmocka_unit_test_setup_teardown(an_item_may_be_written_otherwise, create, destroy),
        cmocka_unit_test_setup_teardown(items_that_are_written_alike_are_read_as_the_parser_reads_them, create,
                                        destroy),
        cmocka_unit_test_setup_teardown(what_is_no_item_is_refused_and_the_next_is_read, create, destroy),
        cmocka_unit_test_setup_teardown(an_item_is_refused_wherever_it_is_cut_off, create, destroy),
        cmocka_unit_test_setup_teardown(an_item_has_its_largest_size, create, destroy),
        cmocka_unit_test_setup_teardown(a_reader_may_be_used_again_and_again, create, destroy),
        cmocka_unit_test(a_text_may_be_of_a_name),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
