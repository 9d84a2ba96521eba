#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "evidence.h"

#include <string.h>

#define UUID "45185add-557c-5a15-a37e-accf3d4a2513"
#define SWAPPED "dd5a1845-7c55-155a-a37e-accf3d4a2513"

static struct arena arena;

static int open_arena(void **state)
{
    (void)state;
    arena_init(&arena, ARENA_PLAIN);
    return 0;
}

static int close_arena(void **state)
{
    (void)state;
    arena_finish(&arena);
    return 0;
}

/* What a kind makes of one fact. */
static const char *read_fact(const char *kind, enum evidence_fact fact, const char *text, enum evidence_kind wanted)
{
    const char *facts[FACT_COUNT] = { NULL };

    facts[fact] = text;
    return evidence_read(&arena, kind, "K", facts).values[wanted];
}

static const char *read_uuid(const char *text)
{
    return read_fact("machine", FACT_UUID, text, EVIDENCE_UUID);
}

static const char *read_name(const char *text)
{
    return read_fact("machine", FACT_FQDN, text, EVIDENCE_NAME);
}

static const char *read_key(const char *kind, const char *key, enum evidence_kind wanted)
{
    const char *facts[FACT_COUNT] = { NULL };

    return evidence_read(&arena, kind, key, facts).values[wanted];
}

static void an_smbios_uuid_is_the_same_in_both_byte_orders(void **state)
{
    (void)state;
    assert_string_equal(read_uuid(UUID), UUID);
    assert_string_equal(read_uuid(SWAPPED), UUID);
    assert_string_equal(read_uuid("{DD5A1845-7C55-155A-A37E-ACCF3D4A2513}"), UUID);
    assert_string_equal(read_fact("vm", FACT_UUID, SWAPPED, EVIDENCE_UUID), UUID);
}

static void a_uuid_that_vendors_ship_by_the_thousand_says_nothing(void **state)
{
    static const char *const dummies[] = {
        "00000000-0000-0000-0000-000000000000", "ffffffff-ffff-ffff-ffff-ffffffffffff",
        "FFFFFFFF-FFFF-FFFF-FFFF-FFFFFFFFFFFF", "03000200-0400-0500-0006-000700080009",
        "00020003-0004-0005-0006-000700080009", "4c4c4544-0020-2010-8020-80c04f202020",
        "4c4c4544-0000-2010-8020-80c04f202020", "12345678-1234-5678-90ab-cddeefaabbcc",
        "78563412-3412-7856-90ab-cddeefaabbcc", "ffffff00-ffff-ffff-ffff-ffffffffffff",
    };

    (void)state;
    for (size_t i = 0; i < sizeof dummies / sizeof *dummies; i++)
        assert_null(read_uuid(dummies[i]));
}

static void what_is_no_uuid_is_left_out(void **state)
{
    static const char *const bad[] = {
        "",
        "VMware-42 1c",
        "45185add-557c-5a15-a37e-accf3d4a251",
        "45185add-557c-5a15-a37e-accf3d4a25133",
        "45185add557c-5a15-a37e-accf3d4a25131-",
        "g5185add-557c-5a15-a37e-accf3d4a2513",
        "{45185add-557c-5a15-a37e-accf3d4a2513",
        "45185add_557c_5a15_a37e_accf3d4a2513",
    };

    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_null(read_uuid(bad[i]));
    assert_null(read_uuid(NULL));
}

static void a_name_is_compared_in_lower_case_without_its_dot(void **state)
{
    (void)state;
    assert_string_equal(read_name("Web01.Example."), "web01.example");
    assert_string_equal(read_fact("vm", FACT_GUEST_FQDN, "WEB01", EVIDENCE_NAME), "web01");
    assert_null(read_fact("vm", FACT_FQDN, "web01.example", EVIDENCE_NAME));
}

static void what_every_machine_calls_itself_is_no_name(void **state)
{
    static const char *const bad[] = { "",         "localhost", "localhost.localdomain",
                                       "10.1.2.3", "fe80::1",   "two words",
                                       "\x1b[2J",  ".",         "a\tb" };
    char huge[1024];

    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_null(read_name(bad[i]));
    memset(huge, 'a', sizeof huge - 1);
    huge[sizeof huge - 1] = '\0';
    assert_null(read_name(huge));
}

static void names_agree_where_one_is_the_short_form_of_the_other(void **state)
{
    (void)state;
    assert_true(evidence_names_agree("web01", "web01.example"));
    assert_true(evidence_names_agree("web01.example", "web01"));
    assert_false(evidence_names_agree("web01.a.example", "web01.b.example"));
    assert_false(evidence_names_agree("web01", "web011.example"));
    assert_false(evidence_names_agree("web01", "web02"));
    assert_true(evidence_name_joins("web01.example"));
    assert_false(evidence_name_joins("web01"));
}

static void each_kind_has_evidence_of_its_own(void **state)
{
    (void)state;
    assert_string_equal(read_key("vcenter", "{" SWAPPED "}", EVIDENCE_UUID), SWAPPED);
    assert_string_equal(read_key("gizmo", UUID, EVIDENCE_UUID), UUID);
    assert_null(read_key("machine", UUID, EVIDENCE_UUID));
    assert_null(read_key("volume", UUID, EVIDENCE_UUID));
    assert_null(read_key("protected", UUID, EVIDENCE_UUID));
    assert_string_equal(read_key("sql_instance", "SQL01.example\\ERP", EVIDENCE_NAME), "sql01.example\\erp");
    assert_string_equal(read_key("database", "SQL01.example\\ERP/Sales", EVIDENCE_NAME), "sql01.example\\erp/Sales");
    assert_null(read_key("sql_instance", "SQL01\\ERP.X", EVIDENCE_NAME));
    assert_null(read_key("sql_instance", "sql01.example", EVIDENCE_NAME));
    assert_string_equal(read_fact("backup_server", FACT_FQDN, "b.example", EVIDENCE_NAME), "b.example");
    assert_string_equal(read_fact("vm", FACT_HYPERV_GUID, SWAPPED, EVIDENCE_INSTANCE), SWAPPED);
}

static void computers_are_one_class_and_no_kind_can_slip_into_it(void **state)
{
    const char *facts[FACT_COUNT] = { NULL };

    (void)state;
    assert_string_equal(evidence_read(&arena, "vm", "K", facts).class,
                        evidence_read(&arena, "esxi_host", "K", facts).class);
    assert_string_not_equal(evidence_read(&arena, "computer", "K", facts).class,
                            evidence_read(&arena, "machine", "K", facts).class);
    assert_string_equal(evidence_read(&arena, "gizmo", "K", facts).class, "gizmo");
}

static void the_facts_that_matter_are_known_by_name(void **state)
{
    (void)state;
    assert_true(evidence_is_fact("id.uuid"));
    assert_true(evidence_is_fact("guest.fqdn"));
    assert_true(evidence_is_fact("id.name"));
    assert_false(evidence_is_fact("os.build"));
    assert_false(evidence_is_fact("id."));
    assert_string_equal(evidence_fact_name(FACT_UUID), "id.uuid");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(an_smbios_uuid_is_the_same_in_both_byte_orders, open_arena, close_arena),
        cmocka_unit_test_setup_teardown(a_uuid_that_vendors_ship_by_the_thousand_says_nothing, open_arena, close_arena),
        cmocka_unit_test_setup_teardown(what_is_no_uuid_is_left_out, open_arena, close_arena),
        cmocka_unit_test_setup_teardown(a_name_is_compared_in_lower_case_without_its_dot, open_arena, close_arena),
        cmocka_unit_test_setup_teardown(what_every_machine_calls_itself_is_no_name, open_arena, close_arena),
        cmocka_unit_test_setup_teardown(names_agree_where_one_is_the_short_form_of_the_other, open_arena, close_arena),
        cmocka_unit_test_setup_teardown(each_kind_has_evidence_of_its_own, open_arena, close_arena),
        cmocka_unit_test_setup_teardown(computers_are_one_class_and_no_kind_can_slip_into_it, open_arena, close_arena),
        cmocka_unit_test_setup_teardown(the_facts_that_matter_are_known_by_name, open_arena, close_arena),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
