#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "guest.h"
#include "instance.h"

#include <stdio.h>
#include <string.h>

#define GUID "5C3F4A60-1111-4A4A-9B9B-000000000001"
#define MOST 16

/* Tells a host what a guest tells, NAME=DATA by NAME=DATA. */
static void tell(const char *state, const char *const *words)
{
    static char texts[MOST][4096];
    const char *given[MOST] = { NULL };
    struct err err;
    size_t count = 0;

    instances_begin();
    assert_true(machines_take_system(&machines, "HV1", instance("Name=" GUID, state, NULL), &err));
    for (; count < MOST && words[count] != NULL; count++) {
        const char *equals = strchr(words[count], '=');

        if (equals == NULL)
            snprintf(texts[count], sizeof texts[count], "GuestIntrinsicExchangeItems=%s", words[count]);
        else
            snprintf(
                texts[count], sizeof texts[count],
                "GuestIntrinsicExchangeItems=<INSTANCE CLASSNAME=\"Msvm_KvpExchangeDataItem\"><PROPERTY NAME=\"Data\">"
                "<VALUE>%s</VALUE></PROPERTY><PROPERTY NAME=\"Name\"><VALUE>%.*s</VALUE></PROPERTY></INSTANCE>",
                equals + 1, (int)(equals - words[count]), words[count]);
        given[count] = texts[count];
    }
    machines_take_exchange(&machines,
                           instance("SystemName=" GUID, given[0], given[1], given[2], given[3], given[4], given[5],
                                    given[6], given[7], given[8], given[9], given[10], given[11], NULL));
}

#define TELL(...) tell("EnabledState=2", (const char *const[]){ __VA_ARGS__, NULL })

static void is(const char *attribute, const char *wanted)
{
    const char *found = fact(GUID, attribute);

    if (wanted == NULL ? found != NULL : found == NULL || strcmp(found, wanted) != 0)
        fail_msg("%s is %s, not %s", attribute, found == NULL ? "nothing" : found, wanted == NULL ? "nothing" : wanted);
}

static void a_windows_tells_what_it_is(void **state)
{
    (void)state;
    TELL("FullyQualifiedDomainName=Web01.Corp.Example.", "OSName=Windows Server 2008 R2 Standard", "OSVersion=6.1.7601",
         "CSDVersion=Service Pack 1", "OSPlatformId=2", "ServicePackMajor=1", "ProductType=3",
         "ProcessorArchitecture=9", "IntegrationServicesVersion=6.3.9600.18339",
         "NetworkAddressIPv4=10.0.0.9;169.254.1.2;127.0.0.1", "NetworkAddressIPv6=fe80::1%12;2001:DB8::1");
    is("guest.family", "windows");
    is("guest.fqdn", "web01.corp.example");
    is("guest.name", "Windows Server 2008 R2 Standard");
    is("guest.build", "6.1.7601");
    is("guest.service_pack", "1");
    is("guest.product_type", "3");
    is("guest.arch", "x64");
    is("guest.addresses", "10.0.0.9 2001:db8::1");
    is("vm.integration_version", "6.3.9600.18339");
    is("guest.distribution", NULL);
    assert_null(guest_silence(machines.all.items[0], machines.arena));
    instances_end();
}

static void a_linux_tells_its_distribution(void **state)
{
    (void)state;
    TELL("FullyQualifiedDomainName=lx1", "OSName=Ubuntu", "OSVersion=4.4.0", "OSMajorVersion=16.04",
         "OSMinorVersion=", "OSBuildNumber=4.4.0-57-generic", "ProcessorArchitecture=x86_64");
    is("guest.family", "linux");
    is("guest.distribution", "Ubuntu");
    is("guest.distribution_version", "16.04");
    is("guest.arch", "x64");
    is("guest.build", NULL);
    is("guest.product_type", NULL);
    instances_end();
}

static void families_are_told_apart(void **state)
{
    static const struct {
        const char *one, *other, *family;
    } cases[] = {
        { "OSPlatformId=2", "ProcessorArchitecture=0", "windows" },
        { "ProductType=1", "OSName=Windows 10 Enterprise", "windows" },
        { "OSName=CentOS Linux", "ProcessorArchitecture=i686", "linux" },
        { "OSName=FreeBSD", "ProcessorArchitecture=amd64", "other" },
        { "OSName=CentOS Linux", "ProcessorArchitecture=9", NULL },
        { "OSName=Whatever", "OSVersion=1.0", NULL },
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        TELL(cases[i].one, cases[i].other);
        is("guest.family", cases[i].family);
        instances_end();
    }
}

static void what_a_guest_makes_up_is_unread_and_says_so(void **state)
{
    (void)state;
    TELL("OSPlatformId=2", "OSVersion=&lt;script&gt;", "ServicePackMajor=-1", "ProductType=99999999999999999999",
         "ProcessorArchitecture=77", "NetworkAddressIPv4=not;an;address;1.2.3", "FullyQualifiedDomainName=\xff");
    is("guest.build", "? the guest says OSVersion is '<script>'");
    is("guest.service_pack", "? the guest says ServicePackMajor is '-1'");
    is("guest.product_type", "? the guest says ProductType is '99999999999999999999'");
    is("guest.arch", NULL);
    is("guest.addresses", "");
    instances_end();
}

/* One broken item leaves the others as they are. */
static void an_item_that_is_no_xml_leaves_one_fact_unread(void **state)
{
    (void)state;
    TELL("<x>OSVersion<", "OSPlatformId=2", "OSName=Windows Server 2016 Standard", "not about anything");
    is("guest.name", "Windows Server 2016 Standard");
    assert_non_null(strstr(fact(GUID, "guest.build"), "? a key-value item of the guest: "));
    instances_end();
}

static void the_first_of_a_name_counts(void **state)
{
    (void)state;
    TELL("OSPlatformId=2", "OSVersion=10.0.14393", "OSVersion=6.0.6002");
    is("guest.build", "10.0.14393");
    instances_end();
}

static void a_guest_that_tells_nothing_has_its_reason(void **state)
{
    static const struct {
        const char *state, *why;
    } cases[] = {
        { "EnabledState=2", "the guest told nothing: it has no integration services, or their data exchange is off" },
        { "EnabledState=3", "the virtual machine is not running (off)" },
        { "EnabledState=32769", "the virtual machine is not running (saved)" },
    };
    static const char *const nothing[] = { NULL };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        tell(cases[i].state, nothing);
        assert_string_equal(guest_silence(machines.all.items[0], machines.arena), cases[i].why);
        instances_end();
    }
}

static void only_names_of_computers_are_offered(void **state)
{
    static const char *const good[] = { "web01.corp.example", "a.b", "x-1.corp.example", "1.2.3.4x", NULL };
    static const char *const bad[] = { "",           "web01",         ".corp.example", "web01..example", "web01.corp.",
                                       "a b.corp",   "-a.corp",       "a-.corp",       "a.corp-",        "a/b.corp",
                                       "a.corp:443", "\xc3\xa4.corp", "a_b.corp",      "$(x).corp",      NULL };
    char long_label[70], long_name[300];

    (void)state;
    for (size_t i = 0; good[i] != NULL; i++)
        assert_true(guest_is_name(good[i]));
    for (size_t i = 0; bad[i] != NULL; i++)
        if (guest_is_name(bad[i]))
            fail_msg("%s is a name", bad[i]);
    memset(long_label, 'a', sizeof long_label);
    memcpy(long_label + 64, ".com", 5);
    assert_false(guest_is_name(long_label));
    assert_true(guest_is_name(long_label + 1));
    for (size_t i = 0; i < sizeof long_name; i++)
        long_name[i] = i % 2 == 0 ? 'a' : '.';
    long_name[253] = '\0';
    assert_true(guest_is_name(long_name));
    long_name[253] = '.';
    long_name[255] = '\0';
    assert_false(guest_is_name(long_name));
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_windows_tells_what_it_is),
        cmocka_unit_test(a_linux_tells_its_distribution),
        cmocka_unit_test(families_are_told_apart),
        cmocka_unit_test(what_a_guest_makes_up_is_unread_and_says_so),
        cmocka_unit_test(an_item_that_is_no_xml_leaves_one_fact_unread),
        cmocka_unit_test(the_first_of_a_name_counts),
        cmocka_unit_test(a_guest_that_tells_nothing_has_its_reason),
        cmocka_unit_test(only_names_of_computers_are_offered),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
