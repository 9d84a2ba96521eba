#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "agent_owner.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define NAMED(names)                                                                                                   \
    "<?xml version=\"1.0\" encoding=\"utf-16\"?><DLSConfig><Other><MachineName>nobody</MachineName></Other>"           \
    "<Security><AuthorizedMachines>" names "</AuthorizedMachines></Security></DLSConfig>"
#define NAME(name) "<MachineName>" name "</MachineName>"

static struct arena arena;
static struct err err;
static const char *owner;

static int set_up(void **state)
{
    (void)state;
    arena_init(&arena, ARENA_PLAIN);
    err = ERR_EMPTY;
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    arena_finish(&arena);
    return 0;
}

/* ASCII as UTF-16, little endian, with so many bytes of it; with or without a mark in front. */
static bool reads(const char *text, size_t size, bool mark)
{
    unsigned char *bytes = malloc(size + 3);
    size_t from = mark ? 2 : 0;
    bool good;

    bytes[0] = 0xFF;
    bytes[1] = 0xFE;
    for (size_t i = 0; i < size; i++)
        bytes[from + i] = (unsigned char)(i % 2 == 0 ? text[i / 2] : '\0');
    good = agent_owner_read(bytes, from + size, &arena, &owner, &err);
    free(bytes);
    return good;
}

static bool reads_all(const char *text)
{
    return reads(text, 2 * strlen(text), false);
}

static void the_server_that_owns_the_agent_is_found(void **state)
{
    static const char whole[] = NAMED(NAME("mabs1.corp.example"));

    (void)state;
    for (int mark = 0; mark < 2; mark++) {
        assert_true(reads(whole, 2 * strlen(whole), mark == 1));
        assert_string_equal(owner, "mabs1.corp.example");
    }
    assert_true(reads_all(NAMED(NAME("\r\n  mabs1  \r\n"))));
    assert_string_equal(owner, "mabs1");
    assert_true(reads_all(NAMED(NAME("MABS1") NAME("mabs1"))));
    assert_string_equal(owner, "MABS1");
}

static void what_follows_a_nul_does_not_count(void **state)
{
    static const char whole[] = NAMED(NAME("mabs1")) "\0<garbage";

    (void)state;
    assert_true(reads(whole, 2 * sizeof whole, false));
    assert_string_equal(owner, "mabs1");
}

static void none_is_none(void **state)
{
    (void)state;
    assert_true(reads_all(NAMED("")));
    assert_null(owner);
    assert_true(reads_all(NAMED(NAME(""))));
    assert_null(owner);
    assert_true(reads_all("<DLSConfig/>"));
    assert_null(owner);
}

static void several_servers_are_not_one(void **state)
{
    (void)state;
    assert_false(reads_all(NAMED(NAME("mabs1") NAME("mabs2"))));
    assert_non_null(strstr(err.text, "several"));
    assert_null(owner);
}

static void hostile_bytes_are_refused(void **state)
{
    static const struct {
        const char *text, *says;
    } cases[] = {
        { "", "" },
        { "MZ", "" },
        { "<!DOCTYPE a [<!ENTITY b 'c'>]><a/>", "DOCTYPE" },
        { "<a><b></a>", "" },
    };
    unsigned char half[] = { '<', 0, 0x3D, 0xD8 }, odd[] = { '<', 0, 'a' };
    char name[600];

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        assert_false(reads_all(cases[i].text));
        assert_non_null(strstr(err.text, cases[i].says));
    }
    assert_false(agent_owner_read(half, sizeof half, &arena, &owner, &err));
    assert_false(agent_owner_read(odd, sizeof odd, &arena, &owner, &err));
    assert_false(agent_owner_read(odd, AGENT_OWNER_MAX + 1, &arena, &owner, &err));
    snprintf(name, sizeof name, "<a><AuthorizedMachines><MachineName>%0300d</MachineName></AuthorizedMachines></a>", 0);
    assert_false(reads_all(name));
    assert_non_null(strstr(err.text, "255"));
}

static void cut_off_anywhere_it_is_none(void **state)
{
    static const char whole[] = NAMED(NAME("mabs1"));

    (void)state;
    for (size_t size = 0; size < 2 * strlen(whole); size++) {
        assert_false(reads(whole, size, false));
        assert_null(owner);
    }
}

static void characters_beyond_ascii_are_kept(void **state)
{
    /* <a><AuthorizedMachines><MachineName>X</...: X are two, three and four bytes of UTF-8. */
    static const char before[] = "<a><AuthorizedMachines><MachineName>",
                      after[] = "</MachineName></AuthorizedMachines></a>";
    static const unsigned char letters[] = { 0xE9, 0x00, 0xAC, 0x20, 0x3D, 0xD8, 0x00, 0xDE };
    unsigned char bytes[512];
    size_t size = 0;

    (void)state;
    for (size_t i = 0; before[i] != '\0'; i++, size += 2) {
        bytes[size] = (unsigned char)before[i];
        bytes[size + 1] = 0;
    }
    memcpy(bytes + size, letters, sizeof letters);
    size += sizeof letters;
    for (size_t i = 0; after[i] != '\0'; i++, size += 2) {
        bytes[size] = (unsigned char)after[i];
        bytes[size + 1] = 0;
    }
    assert_true(agent_owner_read(bytes, size, &arena, &owner, &err));
    assert_string_equal(owner, "\xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(the_server_that_owns_the_agent_is_found, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_follows_a_nul_does_not_count, set_up, tear_down),
        cmocka_unit_test_setup_teardown(none_is_none, set_up, tear_down),
        cmocka_unit_test_setup_teardown(several_servers_are_not_one, set_up, tear_down),
        cmocka_unit_test_setup_teardown(hostile_bytes_are_refused, set_up, tear_down),
        cmocka_unit_test_setup_teardown(cut_off_anywhere_it_is_none, set_up, tear_down),
        cmocka_unit_test_setup_teardown(characters_beyond_ascii_are_kept, set_up, tear_down),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
