#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "str.h"
#include "xml.h"

#include <string.h>

#define SOAP "http://schemas.xmlsoap.org/soap/envelope/"
#define XSI "http://www.w3.org/2001/XMLSchema-instance"

/* Events as text: <{namespace}name {namespace}attribute=value>, text, </>. */
struct tale {
    struct str told;
    int opened, closed;
    int stop_at; /* the element at which an event refuses; 0: none */
    bool count_only;
};

static bool on_open(void *context, const struct xml_name *name, const struct xml_attribute *attributes, size_t count,
                    struct err *err)
{
    struct tale *tale = context;

    if (++tale->opened == tale->stop_at)
        return err_set(err, ERR_DENIED, "enough of %s", name->local);
    if (tale->count_only)
        return true;
    str_format(&tale->told, "<{%s}%s", name->space, name->local);
    for (size_t i = 0; i < count; i++)
        str_format(&tale->told, " {%s}%s=%s", attributes[i].name.space, attributes[i].name.local, attributes[i].value);
    str_add(&tale->told, ">");
    return true;
}

static bool on_close(void *context, struct err *err)
{
    struct tale *tale = context;

    (void)err;
    tale->closed++;
    if (!tale->count_only)
        str_add(&tale->told, "</>");
    return true;
}

static bool on_text(void *context, const char *bytes, size_t size, struct err *err)
{
    struct tale *tale = context;

    (void)err;
    if (!tale->count_only)
        str_add_bytes(&tale->told, bytes, size);
    return true;
}

static const struct xml_events events = { on_open, on_close, on_text };

/* Reads in parts of so many bytes. */
static bool read_parts(struct tale *tale, const char *bytes, size_t size, size_t part, struct err *err)
{
    struct xml *xml = xml_create(&events, tale);
    bool good = true;

    for (size_t at = 0; good && at < size; at += part)
        good = xml_feed(xml, bytes + at, size - at < part ? size - at : part, err);
    good = good && xml_end(xml, err);
    xml_destroy(xml);
    return good;
}

static void assert_reads(const char *document, const char *wanted)
{
    for (size_t part = 1; part <= strlen(document); part++) {
        struct tale tale = { .told = STR_EMPTY };
        struct err err = ERR_EMPTY;

        if (!read_parts(&tale, document, strlen(document), part, &err))
            fail_msg("%s: %s", document, err.text);
        assert_string_equal(str_text(&tale.told), wanted);
        str_finish(&tale.told);
    }
}

static void assert_refused_bytes(const char *bytes, size_t size, const char *wanted)
{
    for (size_t part = 1; part <= size; part = part * 3 + 1) {
        struct tale tale = { .count_only = true };
        struct err err = ERR_EMPTY;

        assert_false(read_parts(&tale, bytes, size, part, &err));
        assert_int_equal(err.class, ERR_PROTOCOL);
        if (strstr(err.text, wanted) == NULL)
            fail_msg("no \"%s\" in: %s", wanted, err.text);
    }
}

static void assert_refused(const char *document, const char *wanted)
{
    assert_refused_bytes(document, strlen(document), wanted);
}

static void names_are_resolved_and_text_is_whole(void **state)
{
    (void)state;
    assert_reads("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<s:E xmlns:s=\"" SOAP "\"><s:Body a='1'>x &amp; y&#xe9;"
                 "<b xmlns=\"urn:vim25\"/></s:Body></s:E>\n",
                 "<{" SOAP "}E><{" SOAP "}Body {}a=1>x & y\xc3\xa9<{urn:vim25}b></></></>");
}

/* Both ways in which types are written: one declares its prefix on each element, beside an attribute of the same local
 * name without a prefix. */
static void a_type_is_known_by_its_namespace(void **state)
{
    (void)state;
    assert_reads("<r><v xmlns:XMLSchema-instance=\"" XSI "\" XMLSchema-instance:type=\"M\" type=\"HostSystem\">h</v>"
                 "<v xmlns:xsi=\"" XSI "\" type=\"HostSystem\" xsi:type=\"M\">h</v></r>",
                 "<{}r><{}v {" XSI "}type=M {}type=HostSystem>h</><{}v {}type=HostSystem {" XSI "}type=M>h</></>");
}

/* The last one is remembered: what begins as it did is another. */
static void a_namespace_is_told_from_one_that_begins_alike(void **state)
{
    (void)state;
    assert_reads(
        "<r xmlns='urn:a' xmlns:p='urn:ab' p:t='1'><p:b xmlns:q='urn:a' q:t='2'/><b p:t='3'/><b xmlns='' t='4'/>"
        "<b xmlns='urn:'/><b/><b xmlns='urn:abc'/></r>",
        "<{urn:a}r {urn:ab}t=1><{urn:ab}b {urn:a}t=2></><{urn:a}b {urn:ab}t=3></><{}b {}t=4></><{urn:}b></>"
        "<{urn:a}b></><{urn:abc}b></></>");
}

static void comments_and_instructions_are_passed_over(void **state)
{
    (void)state;
    assert_reads("<!-- a --><?what ever?><r>a<!-- <b> --><?x y?>b<![CDATA[<&]]></r><!-- c -->", "<{}r>ab<&</>");
}

static void a_document_that_is_cut_off_anywhere_is_no_document(void **state)
{
    static const char document[] = "<?xml version=\"1.0\"?><r xmlns=\"urn:a\"><v t=\"1\">\xc3\xa9 &lt;</v><w/></r>";

    (void)state;
    for (size_t size = 0; size < sizeof document - 1; size++) {
        struct tale tale = { .count_only = true };
        struct err err = ERR_EMPTY;

        assert_false(read_parts(&tale, document, size, 7, &err));
        assert_int_equal(err.class, ERR_PROTOCOL);
        assert_true(tale.closed < 3);
    }
}

static void errors_name_the_line(void **state)
{
    (void)state;
    assert_refused("<r>\n\n<a></b></r>", "line 3: mismatched tag");
    assert_refused("<r>\n<a b='1' b='2'/></r>", "line 2: duplicate attribute");
    assert_refused("<r/>\n<r/>", "line 2: ");
    assert_refused("", "no element found");
}

static void a_doctype_is_refused_and_with_it_every_entity(void **state)
{
    (void)state;
    assert_refused("<!DOCTYPE r><r/>", "a DOCTYPE");
    assert_refused("<!DOCTYPE r SYSTEM \"file:///etc/passwd\"><r/>", "a DOCTYPE");
    assert_refused("<!DOCTYPE r [<!ENTITY x SYSTEM \"file:///etc/passwd\">]><r>&x;</r>", "a DOCTYPE");
    assert_refused("<!DOCTYPE l [<!ENTITY a \"lol\"><!ENTITY b \"&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;\">"
                   "<!ENTITY c \"&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;\">]><l>&c;</l>",
                   "a DOCTYPE");
    assert_refused("<r>&x;</r>", "undefined entity");
}

static void only_utf8_is_read(void **state)
{
    (void)state;
    assert_reads("<?xml version='1.0' encoding='utf-8'?><r>\xf0\x9f\x92\xa9</r>", "<{}r>\xf0\x9f\x92\xa9</>");
    assert_reads("\xef\xbb\xbf<r>a</r>", "<{}r>a</>");
    assert_refused("<?xml version='1.0' encoding='ISO-8859-1'?><r>\xe4</r>", "ISO-8859-1; only UTF-8");
    assert_refused("<r>\xe4</r>", "not well-formed");
    assert_refused("<r>\xc0\xaf</r>", "not well-formed");
    assert_refused("<r>\xed\xa0\x80</r>", "not well-formed");
    assert_refused("<r>\xf4\x90\x80\x80</r>", "not well-formed");
    assert_refused("<r a='\xff'/>", "not well-formed");
    assert_refused("<r\xff/>", "not well-formed");
    assert_refused_bytes("<r>a\0b</r>", 10, "not well-formed");
    assert_refused_bytes("\xff\xfe<\0r\0/\0>\0", 10, "not UTF-8");
    assert_refused_bytes("\xfe\xff\0<\0r\0/\0>", 10, "not UTF-8");
    assert_refused_bytes("<\0r\0/\0>\0", 8, "not UTF-8");
    assert_refused_bytes("\0<\0r\0/\0>", 8, "not UTF-8");
}

static void prefixes_that_nobody_declared_are_refused(void **state)
{
    (void)state;
    assert_refused("<s:r/>", "unbound prefix");
    assert_refused("<r s:a='1'/>", "unbound prefix");
    assert_refused("<r><s:a xmlns:s='urn:s'/><s:a/></r>", "unbound prefix");
    assert_refused("<r><a><s:a xmlns:s='urn:s'/></a><b s:a=''/></r>", "unbound prefix");
}

static void a_declaration_holds_in_its_element_only(void **state)
{
    (void)state;
    assert_reads("<p:a p:x='1' xmlns:p='urn:1'><p:b xmlns:p='urn:2' p:x='2'><p:c/></p:b><p:d xml:lang='en'/></p:a>",
                 "<{urn:1}a {urn:1}x=1><{urn:2}b {urn:2}x=2><{urn:2}c></></><{urn:1}d "
                 "{http://www.w3.org/XML/1998/namespace}lang=en></></>");
    assert_reads("<a xmlns='urn:1'><b xmlns=''><c xmlns='urn:2'/><d/></b><e xmlns:xml="
                 "'http://www.w3.org/XML/1998/namespace' xmlnsx='1'/></a>",
                 "<{urn:1}a><{}b><{urn:2}c></><{}d></></><{urn:1}e {}xmlnsx=1></></>");
    assert_reads("<p xmlns:p='urn:1'><p:p/><p/></p>", "<{}p><{urn:1}p></><{}p></></>");
}

/* A namespace may hold anything that could stand between it and a name. */
static void a_namespace_cannot_forge_a_name(void **state)
{
    (void)state;
    assert_reads("<p:b xmlns:p=\"urn:a&#10;c\"/>", "<{urn:a\nc}b></>");
}

static void what_namespaces_forbid_is_refused(void **state)
{
    static const char *const tokens[] = { "<a:/>",           "<:a/>",
                                          "<a:b:c/>",        "<a:1/>",
                                          "<r xmlns:='u'/>", "<r xmlns:a:b='u'/>",
                                          "<r :a=''/>",      "<r xmlns:1='u'/>",
                                          "<?a:b c?><r/>" };

    (void)state;
    for (size_t i = 0; i < sizeof tokens / sizeof *tokens; i++)
        assert_refused(tokens[i], "not well-formed (invalid token)");
    assert_refused("<r xmlns:p=''/>", "must not undeclare prefix");
    assert_refused("<r xmlns:xmlns='urn:a'/>", "reserved prefix (xmlns)");
    assert_refused("<r xmlns:p='http://www.w3.org/2000/xmlns/'/>", "reserved prefix (xmlns)");
    assert_refused("<r xmlns:xml='urn:a'/>", "reserved prefix (xml)");
    assert_refused("<r xmlns='http://www.w3.org/XML/1998/namespace'/>", "reserved namespace names");
    assert_refused("<r xmlns:p='u' xmlns:q='u' p:a='1' q:a='2'/>", "duplicate attribute");
    assert_refused("<r xmlns:p='u' xmlns:p='v'/>", "duplicate attribute");
    assert_reads("<r xmlns:p='u' xmlns:q='v' p:a='1' q:a='2' a='3' xmlns='u'/>", "<{u}r {u}a=1 {v}a=2 {}a=3></>");
}

static void an_event_ends_the_reading_with_its_own_error(void **state)
{
    static const char document[] = "<r><a/><b/><c/></r>";

    (void)state;
    for (size_t part = 1; part < sizeof document; part++) {
        struct tale tale = { .count_only = true, .stop_at = 3 };
        struct err err = ERR_EMPTY;

        assert_false(read_parts(&tale, document, sizeof document - 1, part, &err));
        assert_int_equal(err.class, ERR_DENIED);
        assert_string_equal(err.text, "enough of b");
        assert_int_equal(tale.opened, 3);
        assert_int_equal(tale.closed, 1);
    }
}

static void nothing_is_read_after_a_failure_or_the_end(void **state)
{
    struct tale tale = { .count_only = true };
    struct xml *xml = xml_create(&events, &tale);
    struct err err = ERR_EMPTY;

    (void)state;
    assert_false(xml_feed(xml, "<r></b>", 7, &err));
    assert_false(xml_feed(xml, "<r/>", 4, &err));
    assert_int_equal(err.class, ERR_BUG);
    assert_false(xml_end(xml, &err));
    xml_destroy(xml);

    xml = xml_create(&events, &tale);
    assert_true(xml_feed(xml, "<r/>", 4, NULL));
    assert_true(xml_end(xml, NULL));
    assert_false(xml_feed(xml, "<r/>", 4, &err));
    xml_destroy(xml);
    xml_destroy(NULL);
}

static void another_document_may_begin(void **state)
{
    static const char *const former[] = { "<r>", "<r></b>", "\xff\xfe", "<!DOCTYPE r>", "<r/>", "<r a='1' a='1'>" };
    struct tale tale = { .told = STR_EMPTY };
    struct xml *xml = xml_create(&events, &tale);

    (void)state;
    for (size_t i = 0; i < sizeof former / sizeof *former; i++) {
        xml_feed(xml, former[i], strlen(former[i]), NULL);
        xml_restart(xml);
        str_clear(&tale.told);
        assert_true(xml_feed(xml, "<r xmlns='urn:x'>a</r>", 22, NULL));
        assert_true(xml_end(xml, NULL));
        assert_string_equal(str_text(&tale.told), "<{urn:x}r>a</>");
        xml_restart(xml);
    }
    xml_destroy(xml);
    str_finish(&tale.told);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_are_resolved_and_text_is_whole),
        cmocka_unit_test(a_type_is_known_by_its_namespace),
        cmocka_unit_test(a_namespace_is_told_from_one_that_begins_alike),
        cmocka_unit_test(comments_and_instructions_are_passed_over),
        cmocka_unit_test(a_document_that_is_cut_off_anywhere_is_no_document),
        cmocka_unit_test(errors_name_the_line),
        cmocka_unit_test(a_doctype_is_refused_and_with_it_every_entity),
        cmocka_unit_test(only_utf8_is_read),
        cmocka_unit_test(prefixes_that_nobody_declared_are_refused),
        cmocka_unit_test(a_declaration_holds_in_its_element_only),
        cmocka_unit_test(a_namespace_cannot_forge_a_name),
        cmocka_unit_test(what_namespaces_forbid_is_refused),
        cmocka_unit_test(an_event_ends_the_reading_with_its_own_error),
        cmocka_unit_test(nothing_is_read_after_a_failure_or_the_end),
        cmocka_unit_test(another_document_may_begin),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
