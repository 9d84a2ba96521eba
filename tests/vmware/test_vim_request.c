#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "points.h"
#include "utf8.h"
#include "vim_request.h"
#include "xml.h"

#include <string.h>

#define OPEN                                                                                                           \
    "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"                                                                     \
    "<soapenv:Envelope xmlns:soapenv=\"http://schemas.xmlsoap.org/soap/envelope/\" "                                   \
    "xmlns:xsd=\"http://www.w3.org/2001/XMLSchema\" xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\">"          \
    "<soapenv:Body>"
#define CLOSE "</soapenv:Body></soapenv:Envelope>\n"

static void a_call_is_an_envelope(void **state)
{
    struct str body = STR_EMPTY;

    (void)state;
    vim_request_open(&body, "CreateContainerView", "ViewManager", "ViewManager");
    vim_request_reference(&body, "container", "Folder", "group-d1");
    vim_request_text(&body, "type", "VirtualMachine");
    vim_request_int(&body, "number", INT64_MIN);
    vim_request_text(&body, "recursive", "true");
    vim_request_close(&body, "CreateContainerView");
    assert_string_equal(str_text(&body),
                        OPEN "<CreateContainerView xmlns=\"urn:vim25\"><_this type=\"ViewManager\">ViewManager</_this>"
                             "<container type=\"Folder\">group-d1</container><type>VirtualMachine</type>"
                             "<number>-9223372036854775808</number><recursive>true</recursive>"
                             "</CreateContainerView>" CLOSE);
    str_finish(&body);
}

static void a_view_is_walked_through_by_its_spec(void **state)
{
    static const char *const machine[] = { "name", "runtime.host" };
    const struct vim_wanted wanted[] = { { .type = "VirtualMachine", .paths = machine, .count = 2 },
                                         { .type = "Folder" } };
    const struct vim_source source = { .view = "session[1]2" };
    struct str body = STR_EMPTY;

    (void)state;
    vim_request_spec(&body, "specSet", wanted, 2, &source);
    assert_string_equal(str_text(&body),
                        "<specSet><propSet><type>VirtualMachine</type><pathSet>name</pathSet><pathSet>runtime.host"
                        "</pathSet></propSet><propSet><type>Folder</type></propSet><objectSet>"
                        "<obj type=\"ContainerView\">session[1]2</obj><skip>true</skip>"
                        "<selectSet xsi:type=\"TraversalSpec\"><name>view</name><type>ContainerView</type><path>view"
                        "</path><skip>false</skip></selectSet></objectSet></specSet>");
    str_finish(&body);
}

static void objects_are_listed_and_may_have_gone(void **state)
{
    static const char *const paths[] = { "name" }, *const morefs[] = { "vm-1", "vm-2" };
    const struct vim_wanted wanted = { .type = "VirtualMachine", .paths = paths, .count = 1 };
    const struct vim_source source = { .type = "VirtualMachine", .morefs = morefs, .count = 2 };
    struct str body = STR_EMPTY;

    (void)state;
    vim_request_spec(&body, "spec", &wanted, 1, &source);
    assert_string_equal(str_text(&body), "<spec><propSet><type>VirtualMachine</type><pathSet>name</pathSet></propSet>"
                                         "<objectSet><obj type=\"VirtualMachine\">vm-1</obj></objectSet>"
                                         "<objectSet><obj type=\"VirtualMachine\">vm-2</obj></objectSet>"
                                         "<reportMissingObjectsInResults>true</reportMissingObjectsInResults></spec>");
    str_finish(&body);
}

/* --------------------------------------------------------------------------------------------- hostile texts ---- */

/* What an XML parser makes of a request's second argument. */
struct heard {
    size_t depth;
    struct str text, type, reference;
};

static bool on_open(void *context, const struct xml_name *name, const struct xml_attribute *attributes, size_t count,
                    struct err *err)
{
    struct heard *heard = context;

    (void)err;
    if (++heard->depth != 4 || strcmp(name->local, "container") != 0)
        return true;
    assert_string_equal(name->space, "urn:vim25");
    assert_int_equal(count, 1);
    assert_string_equal(attributes[0].name.local, "type");
    str_add(&heard->type, attributes[0].value);
    return true;
}

static bool on_close(void *context, struct err *err)
{
    struct heard *heard = context;

    (void)err;
    if (heard->depth-- == 4) {
        str_clear(&heard->reference);
        str_add(&heard->reference, str_text(&heard->text));
        str_clear(&heard->text);
    }
    return true;
}

static bool on_text(void *context, const char *bytes, size_t size, struct err *err)
{
    struct heard *heard = context;

    (void)err;
    if (heard->depth == 4)
        str_add_bytes(&heard->text, bytes, size);
    return true;
}

static void assert_heard(const char *text, const char *expected)
{
    static const struct xml_events events = { .open = on_open, .close = on_close, .text = on_text };
    struct heard heard = { 0 };
    struct xml *xml = xml_create(&events, &heard);
    struct str body = STR_EMPTY;
    struct err err = ERR_EMPTY;

    vim_request_open(&body, "Method", "ViewManager", text);
    vim_request_reference(&body, "container", text, text);
    vim_request_close(&body, "Method");
    if (!xml_feed(xml, str_text(&body), body.length, &err) || !xml_end(xml, &err))
        fail_msg("%s in %s", err.text, str_text(&body));
    assert_string_equal(str_text(&heard.type), expected);
    assert_string_equal(str_text(&heard.reference), expected);
    str_finish(&heard.text);
    str_finish(&heard.type);
    str_finish(&heard.reference);
    str_finish(&body);
    xml_destroy(xml);
}

static void texts_arrive_as_they_were(void **state)
{
    static const char *const texts[] = {
        "",
        "root",
        "<&>\"'",
        "]]>",
        "</userName><password>x</password>",
        "&amp;#60; &lt;",
        "<!-- --> <?php ?> <![CDATA[",
        " a\tb\nc\r\nd\re ",
        "pässwörd €  \xf0\x9f\x94\x91",
        "%s%n%%",
        "\xc2\x85\xe2\x80\xa8\x7f",
        "\xef\xbf\xbd",
    };

    (void)state;
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        assert_heard(texts[i], texts[i]);
}

static void what_xml_cannot_hold_is_replaced(void **state)
{
    (void)state;
    assert_heard("a\x01z\x1b", "a\xef\xbf\xbdz\xef\xbf\xbd");
    assert_heard("\xef\xbf\xbe \xef\xbf\xbf", "\xef\xbf\xbd \xef\xbf\xbd");
    assert_heard("caf\xe9", "caf\xef\xbf\xbd");
    assert_heard("\xed\xa0\x80", "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd");
}

static void random_bytes_make_a_document(void **state)
{
    (void)state;
    for (int round = 0; round < 2000; round++) {
        char text[64] = "";
        struct str expected = STR_EMPTY;
        size_t length = points_random(sizeof text);

        for (size_t i = 0; i < length; i++)
            text[i] = (char)(1 + points_random(points_random(2) == 0 ? 255 : 63));
        for (const char *at = text; *at != '\0'; at += length) {
            uint32_t code = utf8_decode(at, &length);

            if ((code < ' ' && strchr("\t\n\r", (int)code) == NULL) || code == 0xfffd || code == 0xfffe ||
                code == 0xffff)
                str_add(&expected, "\xef\xbf\xbd");
            else
                str_add_bytes(&expected, at, length);
        }
        assert_heard(text, str_text(&expected));
        str_finish(&expected);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_call_is_an_envelope),
        cmocka_unit_test(a_view_is_walked_through_by_its_spec),
        cmocka_unit_test(objects_are_listed_and_may_have_gone),
        cmocka_unit_test(texts_arrive_as_they_were),
        cmocka_unit_test(what_xml_cannot_hold_is_replaced),
        cmocka_unit_test(random_bytes_make_a_document),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
