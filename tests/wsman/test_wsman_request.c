#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "points.h"
#include "recording_file.h"
#include "utf8.h"
#include "wsman_request.h"
#include "xml.h"

#include <stdlib.h>
#include <string.h>

#define DECLARATION "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
#define OPEN(resource, action, timeout)                                                                                \
    DECLARATION                                                                                                        \
    "<s:Envelope xmlns:s=\"http://www.w3.org/2003/05/soap-envelope\" "                                                 \
    "xmlns:a=\"http://schemas.xmlsoap.org/ws/2004/08/addressing\" "                                                    \
    "xmlns:n=\"http://schemas.xmlsoap.org/ws/2004/09/enumeration\" "                                                   \
    "xmlns:w=\"http://schemas.dmtf.org/wbem/wsman/1/wsman.xsd\" "                                                      \
    "xmlns:m=\"http://schemas.microsoft.com/wbem/wsman/1/wsman.xsd\"><s:Header>"                                       \
    "<a:To>http://hv08.corp.example:5985/wsman</a:To>"                                                                 \
    "<w:ResourceURI s:mustUnderstand=\"true\">" resource "</w:ResourceURI>"                                            \
    "<a:ReplyTo><a:Address s:mustUnderstand=\"true\">"                                                                 \
    "http://schemas.xmlsoap.org/ws/2004/08/addressing/role/anonymous</a:Address></a:ReplyTo>"                          \
    "<a:Action s:mustUnderstand=\"true\">" action "</a:Action>"                                                        \
    "<w:MaxEnvelopeSize s:mustUnderstand=\"true\">153600</w:MaxEnvelopeSize>"                                          \
    "<a:MessageID>uuid:a7950a52-5731-400c-9286-8dea0686dec2</a:MessageID>"                                             \
    "<w:Locale xml:lang=\"en-US\" s:mustUnderstand=\"false\"/>"                                                        \
    "<m:DataLocale xml:lang=\"en-US\" s:mustUnderstand=\"false\"/>"                                                    \
    "<w:OperationTimeout>" timeout "</w:OperationTimeout>"
#define BODY "</s:Header><s:Body>"
#define CLOSE "</s:Body></s:Envelope>\n"
#define WMI "http://schemas.microsoft.com/wbem/wsman/1/wmi/"
#define ENUMERATION "http://schemas.xmlsoap.org/ws/2004/09/enumeration"

static const struct wsman_header header = { .to = "http://hv08.corp.example:5985/wsman",
                                            .message_id = "a7950a52-5731-400c-9286-8dea0686dec2",
                                            .max_envelope = 153600,
                                            .timeout_ms = 60000 };

static void assert_request(struct str *request, const char *expected)
{
    assert_string_equal(str_text(request), expected);
    str_finish(request);
}

static void a_server_is_asked_what_it_is(void **state)
{
    struct str request = STR_EMPTY;

    (void)state;
    wsman_request_identify(&request);
    assert_request(&request, DECLARATION
                   "<s:Envelope xmlns:s=\"http://www.w3.org/2003/05/soap-envelope\" "
                   "xmlns:i=\"http://schemas.dmtf.org/wbem/wsman/identity/1/wsmanidentity.xsd\"><s:Header/><s:Body>"
                   "<i:Identify/>" CLOSE);
}

static void a_query_is_an_enumeration_of_a_namespace(void **state)
{
    struct str request = STR_EMPTY;

    (void)state;
    wsman_request_enumerate(&request, &header, "root/virtualization/v2",
                            "SELECT Name FROM Msvm_ComputerSystem WHERE EnabledState < 3", 20);
    assert_request(&request, OPEN(WMI "root/virtualization/v2/*", ENUMERATION "/Enumerate", "PT60S") BODY
                   "<n:Enumerate><w:OptimizeEnumeration/><w:MaxElements>20</w:MaxElements>"
                   "<w:Filter Dialect=\"http://schemas.microsoft.com/wbem/wsman/1/WQL\">"
                   "SELECT Name FROM Msvm_ComputerSystem WHERE EnabledState &lt; 3</w:Filter>"
                   "</n:Enumerate>" CLOSE);
}

static void an_enumeration_goes_on_by_its_context(void **state)
{
    struct str request = STR_EMPTY;

    (void)state;
    wsman_request_pull(&request, &header, "root/cimv2", "uuid:1", 1000);
    assert_request(&request, OPEN(WMI "root/cimv2/*", ENUMERATION "/Pull", "PT60S") BODY
                   "<n:Pull><n:EnumerationContext>uuid:1</n:EnumerationContext>"
                   "<n:MaxElements>1000</n:MaxElements></n:Pull>" CLOSE);
    wsman_request_release(&request, &header, "root/cimv2", "uuid:1");
    assert_request(&request, OPEN(WMI "root/cimv2/*", ENUMERATION "/Release", "PT60S") BODY
                   "<n:Release><n:EnumerationContext>uuid:1</n:EnumerationContext></n:Release>" CLOSE);
}

static void an_instance_is_named_by_its_keys(void **state)
{
    static const struct wsman_selector keys[] = { { "SystemName", "HV01" }, { "Name", "vm\"ms" } };
    struct str request = STR_EMPTY;

    (void)state;
    wsman_request_get(&request, &header, &(struct wsman_object){ "root/cimv2", "Win32_Service", keys, 2 });
    assert_request(
        &request,
        OPEN(WMI "root/cimv2/Win32_Service", "http://schemas.xmlsoap.org/ws/2004/09/transfer/Get",
             "PT60S") "<w:SelectorSet><w:Selector Name=\"SystemName\">HV01</w:Selector><w:Selector Name=\"Name\">"
                      "vm&quot;ms</w:Selector></w:SelectorSet>" BODY CLOSE);
    wsman_request_get(&request, &header, &(struct wsman_object){ "root/cimv2", "Win32_OperatingSystem", NULL, 0 });
    assert_request(&request, OPEN(WMI "root/cimv2/Win32_OperatingSystem",
                                  "http://schemas.xmlsoap.org/ws/2004/09/transfer/Get", "PT60S") BODY CLOSE);
}

/* MOF order is the caller's. */
static void a_method_has_its_parameters_in_the_order_given(void **state)
{
    static const struct wsman_selector parameters[] = { { "hDefKey", "2147483650" },
                                                        { "sSubKeyName", "SOFTWARE\\Microsoft & <more>" },
                                                        { "sValueName", "" },
                                                        { "Later", NULL } };
    struct str request = STR_EMPTY;

    (void)state;
    wsman_request_invoke(&request, &header,
                         &(struct wsman_method){ .space = "root/cimv2",
                                                 .class = "StdRegProv",
                                                 .name = "GetStringValue",
                                                 .parameters = parameters,
                                                 .parameter_count = 4 });
    assert_request(&request, OPEN(WMI "root/cimv2/StdRegProv", WMI "root/cimv2/StdRegProv/GetStringValue", "PT60S") BODY
                   "<p:GetStringValue_INPUT xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" "
                   "xmlns:p=\"" WMI "root/cimv2/StdRegProv\"><p:hDefKey>2147483650</p:hDefKey>"
                   "<p:sSubKeyName>SOFTWARE\\Microsoft &amp; &lt;more&gt;</p:sSubKeyName>"
                   "<p:sValueName></p:sValueName><p:Later xsi:nil=\"true\"/></p:GetStringValue_INPUT>" CLOSE);
}

static void a_method_of_an_instance_names_it(void **state)
{
    static const struct wsman_selector keys[] = { { "Name", "vmms" } };
    static const struct wsman_selector wanted[] = { { "Wanted", "0" }, { "Wanted", "106" } };
    struct wsman_header short_header = header;
    struct str request = STR_EMPTY;

    (void)state;
    short_header.timeout_ms = 1050;
    wsman_request_invoke(&request, &short_header,
                         &(struct wsman_method){ .space = "root/virtualization",
                                                 .class = "Msvm_Service",
                                                 .name = "Tell",
                                                 .keys = keys,
                                                 .key_count = 1,
                                                 .parameters = wanted,
                                                 .parameter_count = 2 });
    assert_request(&request,
                   OPEN(WMI "root/virtualization/Msvm_Service", WMI "root/virtualization/Msvm_Service/Tell",
                        "PT1.050S") "<w:SelectorSet><w:Selector Name=\"Name\">vmms</w:Selector></w:SelectorSet>" BODY
                                    "<p:Tell_INPUT xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" "
                                    "xmlns:p=\"" WMI
                                    "root/virtualization/Msvm_Service\"><p:Wanted>0</p:Wanted><p:Wanted>106</p:Wanted>"
                                    "</p:Tell_INPUT>" CLOSE);
}

/* --------------------------------------------------------------------------------- what a parser makes of it ---- */

static bool on_open(void *context, const struct xml_name *name, const struct xml_attribute *attributes, size_t count,
                    struct err *err)
{
    struct str *out = context;

    (void)err;
    str_format(out, "\n<%s|%s", name->space, name->local);
    for (size_t i = 0; i < count; i++)
        str_format(out, " %s|%s=%s", attributes[i].name.space, attributes[i].name.local, attributes[i].value);
    str_add_char(out, '>');
    return true;
}

static bool on_close(void *context, struct err *err)
{
    (void)err;
    str_add(context, "\n</>");
    return true;
}

static bool on_text(void *context, const char *bytes, size_t size, struct err *err)
{
    (void)err;
    str_add_bytes(context, bytes, size);
    return true;
}

/* Elements with their namespaces, attributes and texts: what is the same whatever the prefixes. */
static struct str meaning(const struct str *request)
{
    static const struct xml_events events = { .open = on_open, .close = on_close, .text = on_text };
    struct str out = STR_EMPTY;
    struct xml *xml = xml_create(&events, &out);
    struct err err = ERR_EMPTY;

    if (!xml_feed(xml, request->bytes, request->length, &err) || !xml_end(xml, &err))
        fail_msg("%s: %s", err.text, str_text(request));
    xml_destroy(xml);
    return out;
}

static void random_text(struct str *out)
{
    static const char bytes[] = "a&<>\"'\t\n\r\x01\x1f\x7f\xff\xc3\xa9]%;{}";

    str_clear(out);
    for (unsigned i = points_random(20); i > 0; i--)
        str_add_char(out, bytes[points_random(sizeof bytes - 1)]);
}

/* What a parser must find, where the text may hold what XML cannot. */
static void add_as_heard(struct str *out, const char *text)
{
    for (; *text != '\0'; text++)
        if ((unsigned char)*text < 0x20 && strchr("\t\n\r", *text) == NULL)
            str_add(out, "\xef\xbf\xbd");
        else
            str_add_char(out, *text);
}

static void hostile_texts_stay_what_they_are(void **state)
{
    struct str text = STR_EMPTY, clean = STR_EMPTY, request = STR_EMPTY, expected = STR_EMPTY;

    (void)state;
    for (int i = 0; i < 2000; i++) {
        random_text(&text);
        struct wsman_selector both = { .name = str_text(&text), .value = str_text(&text) };
        struct wsman_selector parameter = { .name = "x", .value = str_text(&text) };
        struct wsman_header hostile = { .to = str_text(&text), .message_id = str_text(&text) };

        wsman_request_invoke(&request, &hostile,
                             &(struct wsman_method){ "root/cimv2", "C", "M", &both, 1, &parameter, 1 });
        wsman_request_pull(&clean, &hostile, "root/cimv2", str_text(&text), 1);
        struct str invoked = meaning(&request), pulled = meaning(&clean);

        str_clear(&clean);
        utf8_clean(&clean, str_text(&text), text.length);
        str_clear(&text);
        add_as_heard(&text, str_text(&clean));
        str_format(&expected, "http://schemas.dmtf.org/wbem/wsman/1/wsman.xsd|Selector |Name=%s>%s\n</>",
                   str_text(&text), str_text(&text));
        assert_non_null(strstr(str_text(&invoked), str_text(&expected)));
        str_clear(&expected);
        str_format(&expected, "<" WMI "root/cimv2/C|x>%s\n</>", str_text(&text));
        assert_non_null(strstr(str_text(&invoked), str_text(&expected)));
        str_clear(&expected);
        str_format(&expected, "|To>%s\n</>", str_text(&text));
        assert_non_null(strstr(str_text(&invoked), str_text(&expected)));
        str_clear(&expected);
        str_format(&expected, "|EnumerationContext>%s\n</>", str_text(&text));
        assert_non_null(strstr(str_text(&pulled), str_text(&expected)));
        str_clear(&expected);
        str_clear(&request);
        str_clear(&clean);
        str_finish(&invoked);
        str_finish(&pulled);
    }
    str_finish(&text);
    str_finish(&clean);
    str_finish(&request);
    str_finish(&expected);
}

/* ---------------------------------------------------------------------- what a server is known to have taken ---- */

static void request_enumerate(struct str *out, const struct wsman_header *recorded)
{
    wsman_request_enumerate(out, recorded, "root/cimv2", "SELECT * FROM Win32_OperatingSystem", 20);
}

static void request_pull(struct str *out, const struct wsman_header *recorded)
{
    wsman_request_pull(out, recorded, "root/cimv2", "2557018112", 20);
}

static void request_get(struct str *out, const struct wsman_header *recorded)
{
    static const struct wsman_selector key = { "Name", "vmms" };

    wsman_request_get(out, recorded, &(struct wsman_object){ "root/cimv2", "Win32_Service", &key, 1 });
}

static void request_invoke(struct str *out, const struct wsman_header *recorded)
{
    static const struct wsman_selector parameters[] = {
        { "hDefKey", "2147483650" },
        { "sSubKeyName", "SOFTWARE\\Microsoft\\PowerShell\\3\\PowerShellEngine" },
        { "sValueName", "PowerShellVersion" },
    };

    wsman_request_invoke(
        out, recorded,
        &(struct wsman_method){ "root/default", "StdRegProv", "GetStringValue", NULL, 0, parameters, 3 });
}

static void recorded_requests_mean_the_same(void **state)
{
    static const struct {
        const char *name, *message_id;
        void (*write)(struct str *out, const struct wsman_header *recorded);
    } requests[] = {
        { "02-enum-optimized-request", "a7950a52-5731-400c-9286-8dea0686dec2", request_enumerate },
        { "04-pull-request", "5a9ce130-751a-45c1-b3d2-9c4c60dbba41", request_pull },
        { "20-invoke-getstring-request", "e9caba38-2c31-4c30-8443-c4f8f0cb61a3", request_invoke },
        { "24-get-request", "5c5afdb3-deee-4a57-a4ca-5b8108a0ad01", request_get },
    };
    const char *folder = getenv("MUSTER_RECORDINGS");

    (void)state;
    if (folder == NULL)
        skip();
    for (size_t i = 0; i < sizeof requests / sizeof *requests; i++) {
        struct wsman_header recorded = { .to = "http://127.0.0.1:25985/wsman",
                                         .message_id = requests[i].message_id,
                                         .max_envelope = 512000,
                                         .timeout_ms = 60000 };
        struct str taken = recording_file_load(folder, requests[i].name), written = STR_EMPTY;
        struct str expected = meaning(&taken), found;

        requests[i].write(&written, &recorded);
        found = meaning(&written);
        assert_string_equal(str_text(&found), str_text(&expected));
        str_finish(&taken);
        str_finish(&written);
        str_finish(&expected);
        str_finish(&found);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_server_is_asked_what_it_is),
        cmocka_unit_test(a_query_is_an_enumeration_of_a_namespace),
        cmocka_unit_test(an_enumeration_goes_on_by_its_context),
        cmocka_unit_test(an_instance_is_named_by_its_keys),
        cmocka_unit_test(a_method_has_its_parameters_in_the_order_given),
        cmocka_unit_test(a_method_of_an_instance_names_it),
        cmocka_unit_test(hostile_texts_stay_what_they_are),
        cmocka_unit_test(recorded_requests_mean_the_same),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
