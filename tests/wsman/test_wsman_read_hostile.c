/* Replies that are cut off, too large, out of order, or no replies at all. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "frames.h"
#include "wsman_read.h"
#include "xml.h"

#include <malloc.h>
#include <string.h>

#define COUNT(array) (sizeof(array) / sizeof *(array))

static bool reads(const struct str *bytes, const struct wsman_taker *taker, struct err *err)
{
    struct wsman_reader *reader = wsman_reader_create(taker);
    bool good = wsman_reader_feed(reader, bytes->bytes, bytes->length, err) && wsman_reader_end(reader, err);

    wsman_reader_destroy(reader);
    return good;
}

static void assert_reads(const struct str *bytes)
{
    struct err err = ERR_EMPTY;

    if (!reads(bytes, NULL, &err))
        fail_msg("%s", err.text);
}

/* Refused with class protocol and these words in the sentence. */
static void assert_refused(const struct str *bytes, const char *words)
{
    struct err err = ERR_EMPTY;

    assert_false(reads(bytes, NULL, &err));
    assert_int_equal(err.class, ERR_PROTOCOL);
    if (strstr(err.text, words) == NULL)
        fail_msg("\"%s\" is not in: %s", words, err.text);
}

static struct str text_of(const char *text)
{
    return (struct str){ .bytes = (char *)text, .length = strlen(text) };
}

/* ------------------------------------------------------------------------------------------------- no reply ---- */

static void what_is_no_reply_is_quoted(void **state)
{
    static const char *const others[][2] = {
        { "", "the reply is empty" },
        { " \n", "begins with \" \\n\"" },
        { "Service Unavailable", "a proxy or another service perhaps, and begins with \"Service Unavailable\"" },
        { "<HTML><HEAD><TITLE>Not Found</TITLE></HEAD></HTML>",
          "a proxy or another service perhaps, and begins with <HTML>" },
        { "<!DOCTYPE html>\n<html/>", "begins with \"<!DOCTYPE html>\\n<html/>\"" },
        { "--Encrypted Boundary\r\n", "begins with \"--Encrypted Boundary\\r\\n\"" },
        { "\x1b]0;title\a<a>", "begins with \"\\x1B]0;title\\x07<a>\"" },
        { "\xff\xfe<\0s", "not UTF-8" },
        { "<Envelope/>", "an Envelope of \"\", not one of SOAP 1.2" },
        { "<s:Envelope xmlns:s=\"http://schemas.xmlsoap.org/soap/envelope/\"/>", "not one of SOAP 1.2" },
        { "<s:Envelope xmlns:s=\"http://www.w3.org/2003/05/soap-envelope\"/>", "has no Body" },
        { "<s:Envelope xmlns:s=\"http://www.w3.org/2003/05/soap-envelope\"><Body/></s:Envelope>", "has no Body" },
        { ENVELOPE("</s:Body><s:Body>"), "more than one Body" },
        { ENVELOPE("<html/>"), "holds <html> of \"\", not a reply of WS-Management" },
        { ENVELOPE("<n:Enumerate/>"), "holds <Enumerate> of \"http://schemas.xmlsoap.org/ws/2004/09/enumeration\"" },
        { ENVELOPE("<i:Identify/>"), "holds <Identify>" },
        { ENVELOPE("<s:x/>"), "holds <x>" },
        { ENVELOPE("<w:Items/>"), "holds <Items>" },
        { ENVELOPE("<s:Fault/><s:Fault/>"), "more than one element" },
        { ENVELOPE("<p:Win32_Volume/><p:Win32_Volume/>"), "more than one element" },
        { ENVELOPE("<n:PullResponse/><p:Win32_Volume/>"), "more than one element" },
        { ENVELOPE("<n:PullResponse/><n:PullResponse/>"), "more than one element" },
        { ENVELOPE("<i:IdentifyResponse/><n:ReleaseResponse/>"), "more than one element" },
        { ENVELOPE("<n:EnumerateResponse/>"), "an EnumerateResponse without its context" },
        { ENVELOPE("<n:EnumerateResponse><n:EnumerationContext/></n:EnumerateResponse>"), "without its context" },
        { ENVELOPE("<n:EnumerateResponse><EndOfSequence/></n:EnumerateResponse>"), "without its context" },
        { ENVELOPE("") "x", "XML, line 1" },
    };

    (void)state;
    for (size_t i = 0; i < COUNT(others); i++) {
        struct str bytes = text_of(others[i][0]);

        assert_refused(&bytes, others[i][1]);
    }
}

static void a_reply_is_refused_wherever_it_is_cut_off(void **state)
{
    static const char *const names[] = { "windows-02-os-star", "windows-30-fault-namespace", "windows-09-prefixes",
                                         "omi-15-dedup" };

    (void)state;
    for (size_t i = 0; i < COUNT(names); i++) {
        struct str whole = recording_load(names[i]);
        size_t end = (size_t)(strstr(str_text(&whole), "Envelope>\n") - str_text(&whole)) + strlen("Envelope>");

        if (strstr(str_text(&whole), "Envelope>\n") == NULL)
            end = whole.length;
        for (size_t size = 0; size < end; size++) {
            struct str cut = { .bytes = whole.bytes, .length = size };

            assert_refused(&cut, "");
        }
        assert_reads(&whole);
        str_finish(&whole);
    }
}

/* --------------------------------------------------------------------------------------------------- takers ---- */

static bool refuse_second(void *context, const struct cim_instance *instance, struct err *err)
{
    size_t *count = context;

    (void)instance;
    return ++*count < 2 || err_set(err, ERR_SYSTEM, "no room for it");
}

static void a_taker_ends_the_reading_in_its_own_words(void **state)
{
    struct str bytes = recording_load("omi-06-pull-first");
    struct err err = ERR_EMPTY;
    size_t count = 0;

    (void)state;
    assert_false(reads(&bytes, &(struct wsman_taker){ .take = refuse_second, .context = &count }, &err));
    assert_int_equal(count, 2);
    assert_int_equal(err.class, ERR_SYSTEM);
    assert_string_equal(err.text, "no room for it");
    str_finish(&bytes);
}

/* --------------------------------------------------------------------------------------------------- limits ---- */

/* The head, count times the part, the tail. */
static struct str repeated(const char *head, const char *part, size_t count, const char *tail)
{
    struct str bytes = STR_EMPTY;

    str_add(&bytes, head);
    for (size_t i = 0; i < count; i++)
        str_add(&bytes, part);
    str_add(&bytes, tail);
    return bytes;
}

static void assert_fits(const char *head, const char *part, size_t most, const char *tail, const char *words)
{
    struct str fits = repeated(head, part, most, tail), over = repeated(head, part, most + 1, tail);

    assert_reads(&fits);
    assert_refused(&over, words);
    str_finish(&fits);
    str_finish(&over);
}

#define PROPERTY_OPEN PULLED_OPEN "<p:Win32_Volume><p:Label>"
#define PROPERTY_CLOSE "</p:Label></p:Win32_Volume>" PULLED_CLOSE
#define FAULT_OPEN ENVELOPE_OPEN "<s:Fault>"
#define FAULT_CLOSE "</s:Fault>" ENVELOPE_CLOSE

static void texts_have_their_largest_size(void **state)
{
    static const struct {
        const char *before, *behind;
        size_t max;
        const char *words;
    } limits[] = {
        { PROPERTY_OPEN, PROPERTY_CLOSE, WSMAN_MAX_TEXT,
          "an instance of Win32_Volume: property Label: its value has more than 1048576 bytes" },
        { PROPERTY_OPEN "<cim:Datetime>", "</cim:Datetime>" PROPERTY_CLOSE, WSMAN_MAX_TEXT,
          "an instance of Win32_Volume: property Label: its value has more than 1048576 bytes" },
        { PULLED_OPEN "<w:XmlFragment><Label>", "</Label></w:XmlFragment>" PULLED_CLOSE, WSMAN_MAX_TEXT,
          "an instance: property Label: its value has more" },
        { ENVELOPE_OPEN "<p:Win32_Volume><p:Label>", "</p:Label></p:Win32_Volume>" ENVELOPE_CLOSE, WSMAN_MAX_TEXT,
          "an instance of Win32_Volume: property Label: its value has more" },
        { ENVELOPE_OPEN "<n:PullResponse><n:EnumerationContext>",
          "</n:EnumerationContext></n:PullResponse>" ENVELOPE_CLOSE, WSMAN_MAX_CONTEXT,
          "the enumeration's context has more than 4096 bytes" },
        { ENVELOPE_OPEN "<i:IdentifyResponse><i:ProductVendor>",
          "</i:ProductVendor></i:IdentifyResponse>" ENVELOPE_CLOSE, WSMAN_MAX_CONTEXT,
          "the product's vendor has more" },
        { ENVELOPE_OPEN "<i:IdentifyResponse><i:ProductVersion>",
          "</i:ProductVersion></i:IdentifyResponse>" ENVELOPE_CLOSE, WSMAN_MAX_CONTEXT,
          "the product's version has more" },
        { ENVELOPE_OPEN "<i:IdentifyResponse><i:ProtocolVersion>",
          "</i:ProtocolVersion></i:IdentifyResponse>" ENVELOPE_CLOSE, WSMAN_MAX_CONTEXT,
          "the protocol's version has more" },
        { FAULT_OPEN "<s:Code><s:Value>", "</s:Value></s:Code>" FAULT_CLOSE, WSMAN_MAX_CONTEXT,
          "the code of a fault has more" },
        { FAULT_OPEN "<s:Code><s:Subcode><s:Value>", "</s:Value></s:Subcode></s:Code>" FAULT_CLOSE, WSMAN_MAX_CONTEXT,
          "the code of a fault has more" },
        { FAULT_OPEN "<s:Reason><s:Text>", "</s:Text></s:Reason>" FAULT_CLOSE, WSMAN_MAX_REASON,
          "the reason of a fault has more than 65536 bytes" },
        { FAULT_OPEN "<s:Detail><w:FaultDetail>", "</w:FaultDetail></s:Detail>" FAULT_CLOSE, WSMAN_MAX_CONTEXT,
          "the detail of a fault has more" },
        { FAULT_OPEN "<s:Detail><f:WSManFault><f:Message>", "<f:x/>x</f:Message></f:WSManFault></s:Detail>" FAULT_CLOSE,
          WSMAN_MAX_REASON - 1, "the message of a fault has more" },
        { FAULT_OPEN "<s:Detail><f:WSManFault><f:Message><f:ProviderFault>",
          "</f:ProviderFault></f:Message></f:WSManFault></s:Detail>" FAULT_CLOSE, WSMAN_MAX_REASON,
          "the message of a fault has more" },
        { FAULT_OPEN "<s:Detail><p:MSFT_WmiError><p:error_Code>",
          "</p:error_Code></p:MSFT_WmiError></s:Detail>" FAULT_CLOSE, WSMAN_MAX_CONTEXT,
          "the code of a fault has more" },
    };

    (void)state;
    for (size_t i = 0; i < COUNT(limits); i++)
        assert_fits(limits[i].before, "x", limits[i].max, limits[i].behind, limits[i].words);
}

static void texts_that_nobody_reads_may_be_of_any_length(void **state)
{
    static const char *const places[][2] = {
        { ENVELOPE_OPEN, ENVELOPE_CLOSE },
        { ENVELOPE_OPEN "<n:PullResponse><n:Expires>", "</n:Expires></n:PullResponse>" ENVELOPE_CLOSE },
        { PULLED_OPEN, PULLED_CLOSE },
        { PULLED_OPEN "<p:Win32_Volume>", "</p:Win32_Volume>" PULLED_CLOSE },
        { PROPERTY_OPEN "<a:Address>", "</a:Address>" PROPERTY_CLOSE },
        { PROPERTY_OPEN "<a:Address/>", PROPERTY_CLOSE },
        { PULLED_OPEN "<w:Item><a:EndpointReference>", "</a:EndpointReference></w:Item>" PULLED_CLOSE },
        { FAULT_OPEN "<s:Detail>", "</s:Detail>" FAULT_CLOSE },
    };

    (void)state;
    for (size_t i = 0; i < COUNT(places); i++) {
        struct str bytes = repeated(places[i][0], "0123456789abcdef", 2 * WSMAN_MAX_TEXT / 16, places[i][1]);

        assert_reads(&bytes);
        str_finish(&bytes);
    }
}

static void an_instance_has_so_many_properties(void **state)
{
    struct str fits = STR_EMPTY, over = STR_EMPTY;

    (void)state;
    for (int i = 0; i < WSMAN_MAX_PROPERTIES; i++)
        str_format(&fits, "<p:P%d/><p:P0/>", i);
    str_format(&over, "%s%s<p:More/>%s", PULLED_OPEN "<p:Win32_Volume>", str_text(&fits),
               "</p:Win32_Volume>" PULLED_CLOSE);
    assert_refused(&over, "an instance of Win32_Volume: more than 1024 properties");
    str_clear(&over);
    /* Two that have so many, as each begins anew. */
    str_format(&over, "%s%s%s%s%s", PULLED_OPEN "<p:Win32_Volume>", str_text(&fits),
               "</p:Win32_Volume><p:Win32_Volume>", str_text(&fits), "</p:Win32_Volume>" PULLED_CLOSE);
    assert_reads(&over);
    str_finish(&fits);
    str_finish(&over);
}

/* Elements of an array that fill an instance's memory: some less, some more. */
static void an_instance_has_its_largest_size(void **state)
{
    struct str element = STR_EMPTY;
    size_t most = WSMAN_MAX_INSTANCE / 65536;

    (void)state;
    str_add(&element, "<p:Label>");
    for (int i = 0; i < 65536; i++)
        str_add_char(&element, 'x');
    str_add(&element, "</p:Label>");
    struct str fits =
        repeated(PULLED_OPEN "<p:Win32_Volume>", str_text(&element), most - 1, "</p:Win32_Volume>" PULLED_CLOSE);
    struct str over =
        repeated(PULLED_OPEN "<p:Win32_Volume>", str_text(&element), most, "</p:Win32_Volume>" PULLED_CLOSE);

    assert_reads(&fits);
    assert_refused(&over, "an instance of Win32_Volume: property Label: the instance takes more than 4194304 bytes");
    str_finish(&fits);
    str_finish(&over);
    str_finish(&element);
}

/* What costs most memory for a byte that is sent. */
static void elements_without_text_fill_an_instance_too(void **state)
{
    struct str over = repeated(PULLED_OPEN "<p:Win32_Volume>", "<p:A/>", WSMAN_MAX_INSTANCE / 16 + 1,
                               "</p:Win32_Volume>" PULLED_CLOSE);

    (void)state;
    assert_refused(&over, "property A: the instance takes more than 4194304 bytes");
    str_finish(&over);
}

static void what_stands_around_has_its_largest_size(void **state)
{
    struct str context = STR_EMPTY, over;

    (void)state;
    str_add(&context, "<n:EnumerationContext>");
    for (int i = 0; i < WSMAN_MAX_CONTEXT; i++)
        str_add_char(&context, 'x');
    str_add(&context, "</n:EnumerationContext>");
    over = repeated(ENVELOPE_OPEN "<n:PullResponse>", str_text(&context), WSMAN_MAX_INSTANCE / WSMAN_MAX_CONTEXT,
                    "</n:PullResponse>" ENVELOPE_CLOSE);
    assert_refused(&over, "what stands around the instances takes more than 4194304 bytes");
    str_finish(&over);
    str_finish(&context);
}

static void faults_within_faults_end_at_the_depth_of_xml(void **state)
{
    struct str over = repeated(FAULT_OPEN "<s:Detail>", "<f:WSManFault Code=\"1\"><f:Message>", XML_MAX_DEPTH, "");

    (void)state;
    assert_refused(&over, "nested deeper");
    str_finish(&over);
}

/* Memory does not grow with the reply. */
static void a_long_reply_takes_no_more_memory_than_a_short_one(void **state)
{
    static const char instance[] = "<p:Win32_Volume><p:Label>a label of some length</p:Label><p:A>1</p:A><p:A>2</p:A>"
                                   "</p:Win32_Volume>";
    struct wsman_reader *reader = wsman_reader_create(NULL);
    size_t early = 0;

    (void)state;
    assert_true(wsman_reader_feed(reader, PULLED_OPEN, strlen(PULLED_OPEN), NULL));
    for (size_t i = 0; i < 100000; i++) {
        assert_true(wsman_reader_feed(reader, instance, sizeof instance - 1, NULL));
        if (i == 1000)
            early = mallinfo2().uordblks;
    }
    assert_true(mallinfo2().uordblks <= early + 65536);
    assert_int_equal(wsman_reader_reply(reader)->instances, 100000);
    wsman_reader_destroy(reader);
}

static void a_reader_that_was_given_up_leaves_nothing(void **state)
{
    struct wsman_reader *reader = wsman_reader_create(NULL);

    (void)state;
    assert_true(wsman_reader_feed(reader, PROPERTY_OPEN "abc", strlen(PROPERTY_OPEN "abc"), NULL));
    wsman_reader_destroy(reader);
    wsman_reader_destroy(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_no_reply_is_quoted),
        cmocka_unit_test(a_reply_is_refused_wherever_it_is_cut_off),
        cmocka_unit_test(a_taker_ends_the_reading_in_its_own_words),
        cmocka_unit_test(texts_have_their_largest_size),
        cmocka_unit_test(texts_that_nobody_reads_may_be_of_any_length),
        cmocka_unit_test(an_instance_has_so_many_properties),
        cmocka_unit_test(an_instance_has_its_largest_size),
        cmocka_unit_test(elements_without_text_fill_an_instance_too),
        cmocka_unit_test(what_stands_around_has_its_largest_size),
        cmocka_unit_test(faults_within_faults_end_at_the_depth_of_xml),
        cmocka_unit_test(a_long_reply_takes_no_more_memory_than_a_short_one),
        cmocka_unit_test(a_reader_that_was_given_up_leaves_nothing),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
