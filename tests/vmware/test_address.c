#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "address.h"

#include <string.h>

/* NULL: it is none, or says nothing. */
static const struct {
    const char *text, *ip;
} ips[] = {
    { "192.0.2.1", "192.0.2.1" },
    { "126.255.255.255", "126.255.255.255" },
    { "127.0.0.1", NULL },
    { "127.255.0.1", NULL },
    { "128.0.0.1", "128.0.0.1" },
    { "169.253.255.255", "169.253.255.255" },
    { "169.254.0.1", NULL },
    { "169.255.0.1", "169.255.0.1" },
    { "0.0.0.0", NULL },
    { "1.2.3", NULL },
    { "1.2.3.4 ", NULL },
    { "", NULL },
    { "web01", NULL },
    { "2001:DB8:0:0::5", "2001:db8::5" },
    { "fe80::1", NULL },
    { "febf::1", NULL },
    { "fec0::1", "fec0::1" },
    { "fe80::1%eth0", NULL },
    { "::1", NULL },
    { "::", NULL },
    { "::2", "::2" },
    { "1:2:3:4:5:6:7:8:9", NULL },
};

static const struct {
    const char *text, *mac;
} macs[] = {
    { "00:50:56:AB:CD:EF", "00:50:56:ab:cd:ef" },
    { "00-50-56-ab-cd-ef", "00:50:56:ab:cd:ef" },
    { "00:50:56:ab:cd:e", NULL },
    { "00:50:56:ab:cd:ef0", NULL },
    { "00:50:56:ab:cd:eg", NULL },
    { "0050:56:ab:cd:ef:", NULL },
    { "", NULL },
};

static bool same(const char *one, const char *other)
{
    return one == NULL || other == NULL ? one == other : strcmp(one, other) == 0;
}

static void addresses_are_told_in_one_spelling(void **state)
{
    struct arena arena;

    (void)state;
    arena_init(&arena, ARENA_PLAIN);
    for (size_t i = 0; i < sizeof ips / sizeof *ips; i++)
        if (!same(address_ip(&arena, ips[i].text), ips[i].ip))
            fail_msg("'%s'", ips[i].text);
    for (size_t i = 0; i < sizeof macs / sizeof *macs; i++)
        if (!same(address_mac(&arena, macs[i].text), macs[i].mac))
            fail_msg("'%s'", macs[i].text);
    arena_finish(&arena);
}

static void names_are_no_addresses(void **state)
{
    (void)state;
    assert_true(address_is("127.0.0.1"));
    assert_true(address_is("fe80::1"));
    assert_false(address_is("esx01.corp.example"));
    assert_false(address_is("10.0.0"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(addresses_are_told_in_one_spelling),
        cmocka_unit_test(names_are_no_addresses),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
