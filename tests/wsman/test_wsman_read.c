#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "frames.h"
#include "points.h"
#include "reply_dump.h"
#include "wsman_read.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static size_t one(void *context)
{
    (void)context;
    return 1;
}

static size_t some(void *context)
{
    return 1 + points_random(*(unsigned *)context);
}

static struct str dumped(const struct str *bytes, const struct reply_parts *parts, bool *good)
{
    struct str out = STR_EMPTY;
    struct err err = ERR_EMPTY;

    *good = reply_dump(&out, bytes->bytes, bytes->length, parts, &err);
    if (!*good)
        assert_int_equal(err.class, ERR_PROTOCOL);
    return out;
}

/* What a reader of this text tells is expected, line by line. */
static void assert_tells(const char *text, const char *expected)
{
    struct str bytes = { .bytes = (char *)text, .length = strlen(text) };
    bool good;
    struct str out = dumped(&bytes, NULL, &good);

    assert_string_equal(str_text(&out), expected);
    str_finish(&out);
}

static void assert_recording_tells(const char *name, const char *expected)
{
    struct str bytes = recording_load(name);

    assert_tells(str_text(&bytes), expected);
    str_finish(&bytes);
}

#define AROUND(kind, context, ended, instances, fault)                                                                 \
    "{\"kind\":\"" kind "\",\"context\":" context ",\"ended\":" ended ",\"instances\":" #instances                     \
    ",\"vendor\":null,\"version\":null,\"protocol\":null,\"fault\":" fault "}\n"
#define ENUMERATED(instances) AROUND("Enumerate", "null", "true", instances, "null")
#define FAULTY(fault) AROUND("Fault", "null", "false", 0, "[" fault "]")

/* ------------------------------------------------------------------------------------------------ in parts ---- */

static void assert_parts_do_not_matter(const char *folder, const char *name, bool must_be_read)
{
    unsigned sizes[] = { 3, 50, 5000 };
    struct str bytes = recording_file_load(folder, name);
    bool good, same;
    struct str whole = dumped(&bytes, NULL, &good),
               single = dumped(&bytes, &(struct reply_parts){ .next = one }, &same);

    if (must_be_read && !good)
        fail_msg("%s/%s is not read", folder, name);
    assert_string_equal(str_text(&single), str_text(&whole));
    str_finish(&single);
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        struct str parts = dumped(&bytes, &(struct reply_parts){ .next = some, .context = &sizes[i] }, &same);

        assert_string_equal(str_text(&parts), str_text(&whole));
        str_finish(&parts);
    }
    str_finish(&whole);
    str_finish(&bytes);
}

static void parts_do_not_matter(void **state)
{
    size_t count = 0;

    (void)state;
    for (const char *name = recording_file_next(RECORDINGS, NULL); name != NULL; count++) {
        assert_parts_do_not_matter(RECORDINGS, name, true);
        name = recording_file_next(RECORDINGS, name);
    }
    assert_true(count > 40);
}

/* Each of which is a request by its name, or a reply. */
static size_t read_folder(const char *folder)
{
    static const char request[] = "-request";
    size_t count = 0;

    for (const char *name = recording_file_next(folder, NULL); name != NULL; count++) {
        size_t length = strlen(name), cut = sizeof request - 1;

        assert_parts_do_not_matter(folder, name, length < cut || strcmp(name + length - cut, request) != 0);
        name = recording_file_next(folder, name);
    }
    return count;
}

static void what_real_servers_answered_is_read(void **state)
{
    const char *folder = getenv("MUSTER_RECORDINGS");
    char real[4096];

    (void)state;
    if (folder == NULL)
        skip();
    assert_true(snprintf(real, sizeof real, "%s/windows-real", folder) < (int)sizeof real);
    assert_true(read_folder(folder) > 0);
    assert_true(read_folder(real) > 0);
}

/* ----------------------------------------------------------------------------------------------- instances ---- */

#define OPERATING_SYSTEM                                                                                               \
    "\"properties\":[[\"BuildNumber\",[\"6003\"]],[\"Caption\",[\"Microsoft\xc2\xae Windows Server\xc2\xae 2008 "      \
    "Enterprise \"]],[\"CSDVersion\",[\"Service Pack 2\"]],[\"Description\",[\"\"]],[\"InstallDate\",["                \
    "\"2010-06-01T07:08:09Z\"]],[\"LastBootUpTime\",[\"2026-10-30T01:02:03.375Z\"]],[\"LargeSystemCache\",[]],["       \
    "\"MUILanguages\",[\"de-DE\",\"en-US\"]],[\"OSArchitecture\",[\"64-Bit\"]],[\"OperatingSystemSKU\",[\"10\"]],["    \
    "\"PAEEnabled\",[]],[\"Primary\",[\"true\"]],[\"ProductType\",[\"3\"]],[\"ServicePackMajorVersion\",[\"2\"]],["    \
    "\"Version\",[\"6.0.6003\"]],[\"TotalVisibleMemorySize\",[\"33421116\"]]]}\n"

static void all_properties_and_chosen_ones_are_read_alike(void **state)
{
    (void)state;
    assert_recording_tells("windows-02-os-star",
                           "{\"class\":\"Win32_OperatingSystem\"," OPERATING_SYSTEM ENUMERATED(1));
    assert_recording_tells("windows-03-os-fragment", "{\"class\":\"\"," OPERATING_SYSTEM ENUMERATED(1));
}

static void names_are_resolved_whatever_their_prefix(void **state)
{
    (void)state;
    assert_recording_tells("windows-09-prefixes",
                           "{\"class\":\"Win32_OperatingSystem\"," OPERATING_SYSTEM ENUMERATED(1));
}

static void other_servers_spell_otherwise(void **state)
{
    (void)state;
    assert_recording_tells(
        "omi-02-enum-optimized",
        "{\"class\":\"Win32_OperatingSystem\",\"properties\":[[\"Name\",[\"Microsoft Windows Server 2019 "
        "Datacenter|C:\\\\Windows|\\\\Device\\\\Harddisk0\\\\Partition4\"]],[\"Caption\",[\"Microsoft Windows Server "
        "2019 Datacenter \"]],[\"CSName\",[\"HV01\"]],[\"Version\",[\"10.0.17763\"]],[\"BuildNumber\",[\"17763\"]],["
        "\"OperatingSystemSKU\",[\"8\"]],[\"ProductType\",[\"3\"]],[\"ServicePackMajorVersion\",[\"0\"]],["
        "\"InstallDate\",[\"2020-01-02T03:04:05+01:00\"]],[\"LastBootUpTime\",[\"2026-11-01T02:03:04.500000+01:00\"]],["
        "\"LocalDateTime\",[\"2026-11-22T21:23:45.123000+01:00\"]],[\"CurrentTimeZone\",[\"60\"]],["
        "\"TotalVisibleMemorySize\",[\"134110136\"]],[\"FreePhysicalMemory\",[\"100110136\"]],[\"MUILanguages\",["
        "\"en-US\",\"de-DE\"]],[\"OSArchitecture\",[\"64-bit\"]],[\"PortableOperatingSystem\",[\"FALSE\"]],["
        "\"CSDVersion\",[]],[\"Organization\",[\"\xc3\x9cn\xc3\xaf"
        "code & <S\xc3\xb6hne> \\\"GmbH\\\"\"]]]}\n" ENUMERATED(1));
}

static void an_array_is_one_property(void **state)
{
    (void)state;
    assert_tells(VOLUME("<p:A>1</p:A><p:A/><p:A>3</p:A><p:B xsi:nil=\"true\"/><p:C xsi:nil=\"false\">x</p:C>"
                        "<p:D xsi:nil=\"1\">x</p:D><p:E nil=\"true\">x</p:E>"),
                 "{\"class\":\"Win32_Volume\",\"properties\":[[\"A\",[\"1\",\"\",\"3\"]],[\"B\",[]],[\"C\",[\"x\"]],["
                 "\"D\",[]],[\"E\",[\"x\"]]]}\n" AROUND("Pull", "null", "true", 1, "null"));
}

static void an_array_may_be_interrupted(void **state)
{
    (void)state;
    assert_tells(VOLUME("<p:A>1</p:A><p:B>2</p:B><p:A xsi:nil=\"true\"/><p:A>3</p:A>"),
                 "{\"class\":\"Win32_Volume\",\"properties\":[[\"A\",[\"1\",\"3\"]],[\"B\",[\"2\"]]]}\n" AROUND(
                     "Pull", "null", "true", 1, "null"));
}

static void a_datetime_is_the_text_of_its_child(void **state)
{
    (void)state;
    assert_tells(VOLUME("<p:A> <cim:Datetime>1</cim:Datetime>\n</p:A><p:B><Date>2</Date></p:B>"
                        "<p:C><cim:CIM_DateTime>3</cim:CIM_DateTime></p:C><p:D><cim:Time>4</cim:Time></p:D>"
                        "<p:E><cim:Interval>5</cim:Interval></p:E><p:F><p:Datetime>6</p:Datetime></p:F>"),
                 "{\"class\":\"Win32_Volume\",\"properties\":[[\"A\",[\"1\"]],[\"B\",[\"2\"]],[\"C\",[\"3\"]],[\"D\",["
                 "\"4\"]],[\"E\",[\"5\"]],[\"F\",[]]]}\n" AROUND("Pull", "null", "true", 1, "null"));
}

static void references_and_copies_of_instances_are_no_values(void **state)
{
    (void)state;
    assert_recording_tells("windows-23-references",
                           "{\"class\":\"Win32_MountPoint\",\"properties\":[[\"Directory\",[]],[\"Volume\",[]],["
                           "\"Owner\",[]],[\"Note\",[\"kept\"]]]}\n" ENUMERATED(1));
    assert_recording_tells("windows-24-with-addresses",
                           "{\"class\":\"Win32_Volume\",\"properties\":[[\"Capacity\",[\"1\"]],[\"DriveLetter\",["
                           "\"C:\"]],[\"DriveType\",[\"3\"]],[\"FileSystem\",[\"NTFS\"]],[\"FreeSpace\",[\"1\"]],["
                           "\"Label\",[\"\"]]]}\n" AROUND("Pull", "null", "true", 1, "null"));
}

/* Of a failover cluster's resource: which virtual machine it is. */
static void the_private_properties_of_a_resource_are_its_machine(void **state)
{
    (void)state;
    assert_tells(
        PULLED("<p:R><p:PrivateProperties><q:X xmlns:q='x'>1</q:X><q:VmID xmlns:q='x'>a-b</q:VmID>"
               "</p:PrivateProperties><p:S><VmID>c</VmID></p:S><p:T><q:X xmlns:q='x'><q:VmID>d</q:VmID></q:X>"
               "</p:T></p:R>"),
        "{\"class\":\"R\",\"properties\":[[\"PrivateProperties\",[\"a-b\"]],[\"S\",[\"c\"]],[\"T\",[]]]}\n" AROUND(
            "Pull", "null", "true", 1, "null"));
}

static void what_stands_beside_items_is_none(void **state)
{
    (void)state;
    assert_tells(PULLED("<a:EndpointReference><a:Address>x</a:Address></a:EndpointReference><p:Win32_Volume/>"),
                 "{\"class\":\"Win32_Volume\",\"properties\":[]}\n" AROUND("Pull", "null", "true", 1, "null"));
}

static void an_answer_is_an_instance(void **state)
{
    (void)state;
    assert_recording_tells("windows-20-registry",
                           "{\"class\":\"GetStringValue_OUTPUT\",\"properties\":[[\"ReturnValue\",[\"0\"]],["
                           "\"sValue\",[\"4.0\"]]]}\n" AROUND("answer", "null", "false", 1, "null"));
    assert_recording_tells("omi-22-invoke-notfound",
                           "{\"class\":\"GetStringValue\",\"properties\":[[\"ReturnValue\",[\"2\"]],[\"sValue\",["
                           "]]]}\n" AROUND("answer", "null", "false", 1, "null"));
    assert_recording_tells(
        "omi-24-get",
        "{\"class\":\"Win32_Service\",\"properties\":[[\"Name\",[\"vmms\"]],[\"DisplayName\",[\"Hyper-V Virtual "
        "Machine Management\"]],[\"State\",[\"Running\"]],[\"StartMode\",[\"Auto\"]],[\"PathName\",[]],["
        "\"StartName\",[]]]}\n" AROUND("answer", "null", "false", 1, "null"));
    assert_tells(ENVELOPE("<w:XmlFragment><Name>x</Name></w:XmlFragment>"),
                 "{\"class\":\"\",\"properties\":[[\"Name\",[\"x\"]]]}\n" AROUND("answer", "null", "false", 1, "null"));
}

static void an_instance_may_have_nothing(void **state)
{
    (void)state;
    assert_tells(PULLED("<w:XmlFragment/><p:Win32_Volume>text</p:Win32_Volume>"),
                 "{\"class\":\"\",\"properties\":[]}\n{\"class\":\"Win32_Volume\",\"properties\":[]}\n" AROUND(
                     "Pull", "null", "true", 2, "null"));
}

/* -------------------------------------------------------------------------------------------- enumerations ---- */

static void an_enumeration_goes_on_until_its_end(void **state)
{
    static const struct {
        const char *name, *context;
        bool ended;
        size_t instances;
    } replies[] = {
        { "windows-04-volumes-go-on", "uuid:7F3B0C52-1C1E-4C0B-9E3A-5B8C8C1F0A11", false, 2 },
        { "windows-05-volumes-pulled", "uuid:7F3B0C52-1C1E-4C0B-9E3A-5B8C8C1F0A12", false, 1 },
        { "windows-06-volumes-end", NULL, true, 1 },
        { "windows-07-none", NULL, true, 0 },
        { "omi-03-enum-projection", "2557018112", false, 20 },
        { "omi-05-enum-noopt", "1215496193", false, 0 },
        { "omi-06-pull-first", "1215496193", false, 50 },
        { "omi-14-cluster", NULL, true, 2 },
    };

    (void)state;
    for (size_t i = 0; i < sizeof replies / sizeof *replies; i++) {
        struct str bytes = recording_load(replies[i].name);
        struct wsman_reader *reader = wsman_reader_create(NULL);
        const struct wsman_reply *reply = wsman_reader_reply(reader);

        assert_true(wsman_reader_feed(reader, bytes.bytes, bytes.length, NULL) && wsman_reader_end(reader, NULL));
        assert_int_equal(reply->ended, replies[i].ended);
        assert_int_equal(reply->instances, replies[i].instances);
        if (replies[i].context == NULL)
            assert_null(reply->context);
        else
            assert_string_equal(reply->context, replies[i].context);
        wsman_reader_destroy(reader);
        str_finish(&bytes);
    }
}

static void a_pull_need_not_repeat_the_context(void **state)
{
    (void)state;
    assert_tells(ENVELOPE("<n:PullResponse><n:Items/></n:PullResponse>"), AROUND("Pull", "null", "false", 0, "null"));
    assert_tells(ENVELOPE("<n:PullResponse><n:EnumerationContext> \n</n:EnumerationContext></n:PullResponse>"),
                 AROUND("Pull", "null", "false", 0, "null"));
    assert_tells(ENVELOPE("<n:PullResponse><n:EndOfSequence/><n:EnumerationContext>1</n:EnumerationContext>"
                          "</n:PullResponse>"),
                 AROUND("Pull", "null", "true", 0, "null"));
}

static void a_release_has_nothing_to_tell(void **state)
{
    (void)state;
    assert_recording_tells("omi-07-release", AROUND("empty", "null", "false", 0, "null"));
    assert_recording_tells("windows-08-release", AROUND("empty", "null", "false", 0, "null"));
    assert_tells(ENVELOPE("<n:ReleaseResponse><n:x/></n:ReleaseResponse>"),
                 AROUND("Release", "null", "false", 0, "null"));
}

static void a_server_says_what_it_is(void **state)
{
    (void)state;
    assert_recording_tells(
        "windows-01-identify",
        "{\"kind\":\"Identify\",\"context\":null,\"ended\":false,\"instances\":0,\"vendor\":\"Microsoft "
        "Corporation\",\"version\":\"OS: 6.1.7601 SP: 1.0 Stack: 2.0\",\"protocol\":"
        "\"http://schemas.dmtf.org/wbem/wsman/1/wsman.xsd\",\"fault\":null}\n");
    assert_recording_tells("omi-01-identify",
                           "{\"kind\":\"Identify\",\"context\":null,\"ended\":false,\"instances\":0,\"vendor\":\"Open "
                           "Management Infrastructure\",\"version\":\"1.0.8-6\",\"protocol\":"
                           "\"http://schemas.dmtf.org/wbem/wsman/1/wsman.xsd\",\"fault\":null}\n");
}

/* -------------------------------------------------------------------------------------------------- faults ---- */

static void the_innermost_fault_counts(void **state)
{
    (void)state;
    assert_recording_tells("windows-30-fault-namespace", FAULTY("\"Sender\",\"DestinationUnreachable\",\"\",2147749902,"
                                                                "\"Der Namespace ist ung\xc3\xbcltig.\""));
    assert_recording_tells("windows-31-fault-denied",
                           FAULTY("\"Sender\",\"AccessDenied\",\"\",5,\"Access is denied.\""));
    assert_recording_tells("windows-32-fault-wmi", FAULTY("\"Receiver\",\"InternalError\",\"\",2147749902,"
                                                          "\"The WMI service says that the namespace is not there.\""));
    assert_recording_tells("windows-33-fault-envelope",
                           FAULTY("\"Sender\",\"EncodingLimit\",\"MaxEnvelopeSizeExceeded\",2150858970,"
                                  "\"The response is too large.\""));
    assert_recording_tells("windows-35-fault-quota",
                           FAULTY("\"Receiver\",\"QuotaLimit\",\"\",2150859174,\"This user has 15 operations, which "
                                  "is all that are allowed.\""));
}

static void a_fault_without_windows_has_its_reason(void **state)
{
    (void)state;
    assert_recording_tells("omi-08-pull-badctx",
                           FAULTY("\"Sender\",\"DestinationUnreachable\",\"\",0,\"Enumeration context not found\""));
    assert_recording_tells(
        "omi-32-fault-badquery",
        FAULTY("\"Receiver\",\"InternalError\",\"\",0,\"The query is not valid for the specified query language.\""));
}

#define WINDOWS(code, message) "<f:WSManFault Code=\"" code "\"><f:Message>" message "</f:Message></f:WSManFault>"
#define DETAIL(content) FAULT("<s:Reason><s:Text>why</s:Text></s:Reason><s:Detail>" content "</s:Detail>")

static void a_fault_may_lack_anything(void **state)
{
    static const char *const faults[][2] = {
        { FAULT(""), FAULTY("\"\",\"\",\"\",0,\"\"") },
        { FAULT("<s:Code><s:Value>Sender</s:Value></s:Code>"), FAULTY("\"Sender\",\"\",\"\",0,\"\"") },
        { FAULT("<s:Code><s:Value> s:Sender\n</s:Value><s:Subcode><s:Value>w:A</s:Value><s:Subcode><s:Value>w:B"
                "</s:Value></s:Subcode></s:Subcode></s:Code>"),
          FAULTY("\"Sender\",\"A\",\"\",0,\"\"") },
        { FAULT("<s:Reason><s:Text> </s:Text><s:Text> two\n</s:Text><s:Text>three</s:Text></s:Reason>"),
          FAULTY("\"\",\"\",\"\",0,\"two\"") },
        { FAULT("<Code><Value>x</Value></Code><Reason><Text>x</Text></Reason>"), FAULTY("\"\",\"\",\"\",0,\"\"") },
        { DETAIL(WINDOWS("7", "")), FAULTY("\"\",\"\",\"\",7,\"why\"") },
        { DETAIL(WINDOWS("7", " outer <f:ProviderFault> mid " WINDOWS("8", " \n") " dle </f:ProviderFault>")),
          FAULTY("\"\",\"\",\"\",8,\"mid  dle\"") },
        { DETAIL(WINDOWS("7", "outer " WINDOWS("8", "inner"))), FAULTY("\"\",\"\",\"\",8,\"inner\"") },
        { DETAIL(WINDOWS("7", "first") WINDOWS("8", "second")), FAULTY("\"\",\"\",\"\",7,\"first\"") },
        { DETAIL(WINDOWS("7", WINDOWS("0", "x"))), FAULTY("\"\",\"\",\"\",7,\"x\"") },
        { DETAIL(WINDOWS("-2147217394", "signed")), FAULTY("\"\",\"\",\"\",2147749902,\"signed\"") },
        { DETAIL(WINDOWS("-2147483649", "low")), FAULTY("\"\",\"\",\"\",0,\"low\"") },
        { DETAIL(WINDOWS("4294967296", "large")), FAULTY("\"\",\"\",\"\",0,\"large\"") },
        { DETAIL(WINDOWS("0x5", "hex")), FAULTY("\"\",\"\",\"\",0,\"hex\"") },
        { DETAIL("<f:WSManFault xmlns:x=\"urn:x\" x:Code=\"5\"/>"), FAULTY("\"\",\"\",\"\",0,\"why\"") },
        { DETAIL("<WSManFault Code=\"5\"/><x/>text"), FAULTY("\"\",\"\",\"\",0,\"why\"") },
        { DETAIL("<w:FaultDetail>bare</w:FaultDetail>"), FAULTY("\"\",\"\",\"bare\",0,\"why\"") },
    };

    (void)state;
    for (size_t i = 0; i < sizeof faults / sizeof *faults; i++)
        assert_tells(faults[i][0], faults[i][1]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(parts_do_not_matter),
        cmocka_unit_test(what_real_servers_answered_is_read),
        cmocka_unit_test(all_properties_and_chosen_ones_are_read_alike),
        cmocka_unit_test(names_are_resolved_whatever_their_prefix),
        cmocka_unit_test(other_servers_spell_otherwise),
        cmocka_unit_test(an_array_is_one_property),
        cmocka_unit_test(an_array_may_be_interrupted),
        cmocka_unit_test(a_datetime_is_the_text_of_its_child),
        cmocka_unit_test(references_and_copies_of_instances_are_no_values),
        cmocka_unit_test(the_private_properties_of_a_resource_are_its_machine),
        cmocka_unit_test(what_stands_beside_items_is_none),
        cmocka_unit_test(an_answer_is_an_instance),
        cmocka_unit_test(an_instance_may_have_nothing),
        cmocka_unit_test(an_enumeration_goes_on_until_its_end),
        cmocka_unit_test(a_pull_need_not_repeat_the_context),
        cmocka_unit_test(a_release_has_nothing_to_tell),
        cmocka_unit_test(a_server_says_what_it_is),
        cmocka_unit_test(the_innermost_fault_counts),
        cmocka_unit_test(a_fault_without_windows_has_its_reason),
        cmocka_unit_test(a_fault_may_lack_anything),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
