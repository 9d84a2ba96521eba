/* What several targets see of one thing: hosts of a cluster, a vCenter and an export, an account that goes blind. */
#include "rig.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

/* Hosts A and B of one cluster; a file says what each of them has. */
static void configure_cluster(struct rig *rig)
{
    rig_configure(rig,
                  "targets = (\n"
                  " { name = \"a\"; plugin = \"file\"; scope = \"cluster\"; options = { path = \"a.jsonl\"; }; },\n"
                  " { name = \"b\"; plugin = \"file\"; scope = \"cluster\"; options = { path = \"b.jsonl\"; }; } );\n");
}

#define HOST(name) "{\"kind\":\"hyperv_host\",\"key\":\"" name "\",\"attributes\":{\"id.name\":\"" name "\"}}\n"
#define VM(host)                                                                                                       \
    "{\"kind\":\"vm\",\"key\":\"guid-1\",\"attributes\":{\"id.name\":\"VM1\"},"                                        \
    "\"links\":[{\"relation\":\"runs_on\",\"kind\":\"hyperv_host\",\"key\":\"" host "\"}]}\n"
#define END "{\"end\":{\"completeness\":\"complete\"}}\n"

static void scan(struct rig *rig, const char *target)
{
    if (rig_muster(rig, "scan", target, NULL) != 0)
        fail_msg("scan %s: %s%s", target, rig->out, rig->err);
}

static void begin_cluster(struct rig *rig)
{
    rig_begin(rig);
    configure_cluster(rig);
    rig_write(rig, "a.jsonl", "%s", HOST("A") VM("A") END);
    rig_write(rig, "b.jsonl", "%s", HOST("B") END);
    rig_start(rig);
    scan(rig, "a");
    scan(rig, "b");
    assert_int_equal(rig_number(rig, "SELECT count(*) FROM item WHERE gone_at IS NULL"), 3);
}

static void assert_moved_and_never_gone(struct rig *rig)
{
    assert_int_equal(rig_number(rig, "SELECT count(*) FROM item WHERE kind = 'vm' AND gone_at IS NULL"), 1);
    assert_int_equal(rig_number(rig, "SELECT count(*) FROM history WHERE what = 'moved'"), 1);
    assert_int_equal(rig_number(rig, "SELECT count(*) FROM history WHERE what IN ('gone', 'returned')"), 0);
    assert_int_equal(rig_number(rig, "SELECT count(*) FROM history h JOIN item i ON i.id = h.item"
                                     " WHERE i.kind = 'vm' AND h.what = 'appeared'"),
                     1);
    rig_assert_whole(rig);
}

static void a_live_migration_whose_new_host_is_scanned_first_is_a_move(void **state)
{
    struct rig rig;

    (void)state;
    begin_cluster(&rig);
    rig_write(&rig, "a.jsonl", "%s", HOST("A") END);
    rig_write(&rig, "b.jsonl", "%s", HOST("B") VM("B") END);
    scan(&rig, "b");
    scan(&rig, "a");
    assert_moved_and_never_gone(&rig);
    rig_end(&rig);
}

/* The virtual machine is the only one of its kind, so the old host's scan alone would be held: here two stay. */
static void a_live_migration_whose_old_host_is_scanned_first_is_a_move(void **state)
{
    struct rig rig;

    (void)state;
    begin_cluster(&rig);
    rig_write(&rig, "a.jsonl", "%s",
              HOST("A") VM("A") "{\"kind\":\"vm\",\"key\":\"guid-2\"}\n{\"kind\":\"vm\",\"key\":\"guid-3\"}\n" END);
    scan(&rig, "a");
    rig_write(&rig, "a.jsonl", "%s",
              HOST("A") "{\"kind\":\"vm\",\"key\":\"guid-2\"}\n{\"kind\":\"vm\",\"key\":\"guid-3\"}\n" END);
    rig_write(&rig, "b.jsonl", "%s", HOST("B") VM("B") END);
    scan(&rig, "a");
    assert_int_equal(rig_number(&rig, "SELECT count(*) FROM history WHERE what = 'gone'"), 0);
    scan(&rig, "b");
    assert_int_equal(rig_number(&rig, "SELECT count(*) FROM history WHERE what = 'gone'"), 0);
    assert_int_equal(rig_number(&rig, "SELECT count(*) FROM history WHERE what = 'moved'"), 1);
    assert_int_equal(rig_number(&rig, "SELECT count(*) FROM item WHERE kind = 'vm' AND gone_at IS NULL"), 3);
    rig_assert_whole(&rig);
    rig_end(&rig);
}

static void what_every_host_has_been_scanned_without_is_gone(void **state)
{
    struct rig rig;

    (void)state;
    begin_cluster(&rig);
    rig_write(&rig, "a.jsonl", "%s", HOST("A") VM("A") "{\"kind\":\"vm\",\"key\":\"guid-2\"}\n" END);
    scan(&rig, "a");
    rig_write(&rig, "a.jsonl", "%s", HOST("A") VM("A") END);
    scan(&rig, "a");
    assert_int_equal(rig_number(&rig, "SELECT count(*) FROM item WHERE key = 'guid-2' AND gone_at IS NULL"), 1);
    scan(&rig, "b");
    assert_int_equal(rig_number(&rig, "SELECT count(*) FROM item WHERE key = 'guid-2' AND gone_at IS NULL"), 0);
    assert_int_equal(rig_number(&rig, "SELECT count(*) FROM history WHERE what = 'gone'"), 1);
    rig_assert_whole(&rig);
    rig_end(&rig);
}

static void an_account_that_suddenly_sees_nothing_removes_nothing(void **state)
{
    struct rig rig;

    (void)state;
    begin_cluster(&rig);
    rig_write(&rig, "a.jsonl", "%s", END);
    scan(&rig, "a");
    scan(&rig, "a");
    scan(&rig, "b");
    assert_int_equal(rig_number(&rig, "SELECT count(*) FROM item WHERE gone_at IS NULL"), 3);
    assert_int_equal(rig_muster(&rig, "status", NULL), 0);
    assert_non_null(strstr(rig.out, "accept"));
    /* It was right after all. */
    assert_int_equal(rig_muster(&rig, "accept", "a", NULL), 0);
    scan(&rig, "b");
    assert_int_equal(rig_number(&rig, "SELECT count(*) FROM item WHERE gone_at IS NULL"), 1);
    rig_assert_whole(&rig);
    rig_end(&rig);
}

#define UUID "740e5e0e-779b-5caf-8019-7f8bf44ca92b"
#define SWAPPED "0e5e0e74-9b77-af5c-8019-7f8bf44ca92b"

static void two_sources_that_see_one_machine_make_one_asset(const char *first, const char *second)
{
    struct rig rig;

    rig_begin(&rig);
    rig_configure(&rig, "targets = ( { name = \"host\"; plugin = \"file\"; options = { path = \"host.jsonl\"; }; },\n"
                        " { name = \"inside\"; plugin = \"file\"; options = { path = \"inside.jsonl\"; }; } );\n");
    rig_write(&rig, "host.jsonl", "%s",
              "{\"kind\":\"vm\",\"key\":\"v1\",\"attributes\":{\"id.name\":\"VM1\",\"id.uuid\":\"" SWAPPED
              "\"}}\n" END);
    rig_write(&rig, "inside.jsonl", "%s",
              "{\"kind\":\"machine\",\"key\":\"m1\",\"attributes\":{\"id.name\":\"VM1\",\"id.uuid\":\"" UUID
              "\"}}\n" END);
    rig_start(&rig);
    scan(&rig, first);
    scan(&rig, second);
    assert_int_equal(rig_number(&rig, "SELECT count(*) FROM item"), 2);
    assert_int_equal(rig_number(&rig, "SELECT count(DISTINCT asset) FROM item"), 1);
    assert_int_equal(rig_muster(&rig, "show", "VM1", NULL), 0);
    assert_non_null(strstr(rig.out, "UUID"));
    rig_assert_whole(&rig);
    rig_end(&rig);
}

static void a_machine_seen_from_its_host_and_then_from_inside_is_one_asset(void **state)
{
    (void)state;
    two_sources_that_see_one_machine_make_one_asset("host", "inside");
}

static void a_machine_seen_from_inside_and_then_from_its_host_is_one_asset(void **state)
{
    (void)state;
    two_sources_that_see_one_machine_make_one_asset("inside", "host");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_live_migration_whose_new_host_is_scanned_first_is_a_move),
        cmocka_unit_test(a_live_migration_whose_old_host_is_scanned_first_is_a_move),
        cmocka_unit_test(what_every_host_has_been_scanned_without_is_gone),
        cmocka_unit_test(an_account_that_suddenly_sees_nothing_removes_nothing),
        cmocka_unit_test(a_machine_seen_from_its_host_and_then_from_inside_is_one_asset),
        cmocka_unit_test(a_machine_seen_from_inside_and_then_from_its_host_is_one_asset),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
