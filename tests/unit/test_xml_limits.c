/* The limits of xml.h, each kept and passed by one. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "str.h"
#include "xml.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool on_open(void *context, const struct xml_name *name, const struct xml_attribute *attributes, size_t count,
                    struct err *err)
{
    (void)context, (void)name, (void)attributes, (void)count, (void)err;
    return true;
}

static bool on_close(void *context, struct err *err)
{
    (void)context, (void)err;
    return true;
}

static bool on_text(void *context, const char *bytes, size_t size, struct err *err)
{
    (void)context, (void)bytes, (void)size, (void)err;
    return true;
}

static const struct xml_events events = { on_open, on_close, on_text };

static void add_times(struct str *out, const char *text, size_t times)
{
    for (size_t i = 0; i < times; i++)
        str_add(out, text);
}

static bool reads(struct str *document, struct err *err)
{
    struct xml *xml = xml_create(&events, NULL);
    bool good = true;

    for (size_t at = 0; good && at < document->length; at += 1000)
        good = xml_feed(xml, str_text(document) + at, document->length - at < 1000 ? document->length - at : 1000, err);
    good = good && xml_end(xml, err);
    xml_destroy(xml);
    str_finish(document);
    return good;
}

static void assert_limit(bool good, bool within, const struct err *err, const char *wanted)
{
    assert_int_equal(good, within);
    if (!within && (err->class != ERR_PROTOCOL || strstr(err->text, wanted) == NULL))
        fail_msg("no \"%s\" in: %s", wanted, err->text);
}

static void depth_has_a_limit(void **state)
{
    (void)state;
    for (size_t over = 0; over <= 1; over++) {
        struct str document = STR_EMPTY;
        struct err err = ERR_EMPTY;

        add_times(&document, "<a>", XML_MAX_DEPTH + over);
        add_times(&document, "</a>", XML_MAX_DEPTH + over);
        assert_limit(reads(&document, &err), over == 0, &err, "nested deeper than 64");
    }
}

static void the_number_of_attributes_has_a_limit(void **state)
{
    (void)state;
    for (int over = 0; over <= 1; over++) {
        struct str document = STR_EMPTY;
        struct err err = ERR_EMPTY;

        str_add(&document, "<a xmlns='urn:x' xmlns:y='urn:y'");
        for (int i = 0; i < XML_MAX_ATTRIBUTES + over; i++)
            str_format(&document, " y:a%d='%d'", i, i);
        str_add(&document, "/>");
        assert_limit(reads(&document, &err), over == 0, &err, "more than 16 attributes");
    }
}

/* Those of the elements around count too, those of others do not. */
static void the_number_of_namespaces_has_a_limit(void **state)
{
    (void)state;
    for (int over = 0; over <= 1; over++) {
        struct str document = STR_EMPTY;
        struct err err = ERR_EMPTY;

        str_add(&document, "<r xmlns:a='u'>");
        for (int i = 0; i < 1000; i++)
            str_add(&document, "<b xmlns:b='u' xmlns:c='u'/>");
        str_add(&document, "<b");
        for (int i = 0; i < XML_MAX_SPACES - 1 + over; i++)
            str_format(&document, " xmlns:b%d='u'", i);
        str_add(&document, "/></r>");
        assert_limit(reads(&document, &err), over == 0, &err, "more than 64 namespaces");

        str_add(&document, "<a xmlns='");
        add_times(&document, "x", XML_MAX_VALUE - 5 + (size_t)over);
        str_add(&document, "' xmlns:b='u'><b:b xmlns=''/></a>");
        err = ERR_EMPTY;
        assert_limit(reads(&document, &err), false, &err,
                     over == 0 ? "a name of 4092 bytes" : "a namespace of 4097 bytes");
    }
}

static void a_name_has_a_limit_with_its_namespace(void **state)
{
    (void)state;
    for (size_t over = 0; over <= 1; over++) {
        struct str document = STR_EMPTY;
        struct err err = ERR_EMPTY;

        str_add(&document, "<a xmlns='urn:x");
        add_times(&document, "x", XML_MAX_NAME - 6 + over);
        str_add(&document, "'/>");
        assert_limit(reads(&document, &err), over == 0, &err, "a name of 513 bytes");

        str_add(&document, "<a ");
        add_times(&document, "x", XML_MAX_NAME + over);
        str_add(&document, "='1'/>");
        err = ERR_EMPTY;
        assert_limit(reads(&document, &err), over == 0, &err, "a name of 513 bytes");
    }
}

static void an_attributes_value_has_a_limit(void **state)
{
    (void)state;
    for (size_t over = 0; over <= 1; over++) {
        struct str document = STR_EMPTY;
        struct err err = ERR_EMPTY;

        str_add(&document, "<a b='");
        add_times(&document, "x", XML_MAX_VALUE + over);
        str_add(&document, "'/>");
        assert_limit(reads(&document, &err), over == 0, &err, "value of 4097 bytes");
    }
}

/* What expat has to hold until it is whole: it must not be filled without an end. */
static void a_tag_that_does_not_end_is_given_up(void **state)
{
    static const char *const starts[] = { "<r b='", "<r ", "<", "<r><!--", "<r><?x ", "<!DOCTYPE ", "</" };
    char *block = malloc(XML_MAX_TAG);

    (void)state;
    memset(block, 'x', XML_MAX_TAG);
    for (size_t i = 0; i < sizeof starts / sizeof starts[0]; i++) {
        struct xml *xml = xml_create(&events, NULL);
        struct err err = ERR_EMPTY;
        bool good = xml_feed(xml, starts[i], strlen(starts[i]), &err);

        for (int fed = 0; good && fed < 3; fed++)
            good = xml_feed(xml, block, XML_MAX_TAG, &err);
        assert_false(good);
        assert_int_equal(err.class, ERR_PROTOCOL);
        xml_destroy(xml);
    }
    free(block);
}

/* Names are remembered to the end of a document; other names than its own have to come from somewhere. */
static void different_names_have_a_limit(void **state)
{
    static const struct {
        const char *before, *after;
        bool good; /* namespaces are forgotten with their elements */
    } forms[] = {
        { "<n", "/>", false },
        { "<n a", "='1'/>", false },
        { "<n xmlns:p", "='urn:x'/>", false },
        { "<n xmlns='urn:x", "'/>", true },
    };

    (void)state;
    for (size_t form = 0; form < sizeof forms / sizeof forms[0]; form++) {
        struct xml *xml = xml_create(&events, NULL);
        struct err err = ERR_EMPTY;
        bool good = xml_feed(xml, "<r>", 3, &err);

        for (int i = 0; good && i < 1000000; i++) {
            char element[64];

            snprintf(element, sizeof element, "%s%d%s", forms[form].before, i, forms[form].after);
            good = xml_feed(xml, element, strlen(element), &err);
        }
        xml_destroy(xml);
        assert_limit(good, forms[form].good, &err, "too many different names");
    }
}

static void text_may_be_of_any_length(void **state)
{
    struct xml *xml = xml_create(&events, NULL);
    char *block = malloc(1 << 20);
    struct err err = ERR_EMPTY;

    (void)state;
    memset(block, 'x', 1 << 20);
    assert_true(xml_feed(xml, "<r>", 3, &err));
    for (int i = 0; i < 64; i++)
        assert_true(xml_feed(xml, block, 1 << 20, &err));
    assert_true(xml_feed(xml, "</r>", 4, &err));
    assert_true(xml_end(xml, &err));
    xml_destroy(xml);
    free(block);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_number_of_namespaces_has_a_limit), cmocka_unit_test(depth_has_a_limit),
        cmocka_unit_test(the_number_of_attributes_has_a_limit), cmocka_unit_test(a_name_has_a_limit_with_its_namespace),
        cmocka_unit_test(an_attributes_value_has_a_limit),      cmocka_unit_test(a_tag_that_does_not_end_is_given_up),
        cmocka_unit_test(different_names_have_a_limit),         cmocka_unit_test(text_may_be_of_any_length),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
