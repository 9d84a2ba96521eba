/* Judging everything anew, in slices. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "docket.h"

#include "hearing.h"
#include "state.h"

#include <stdio.h>
#include <string.h>

#define W2008 "6.0.6002"
#define W2016 "10.0.14393"

enum { MACHINES = 40 };

static void add_fleet(struct docket *docket)
{
    docket_host(docket, "h1", W2016, NULL);
    for (int i = 0; i < MACHINES; i++) {
        char name[16];

        snprintf(name, sizeof name, "vm-%02d", i);
        docket_vm(docket, name, W2016, "h1", NULL);
    }
    docket_scan(docket);
}

static int64_t rows(struct docket *docket)
{
    return world_number(docket->world, "SELECT count(*) FROM protection");
}

static int64_t past(struct docket *docket)
{
    return world_number(docket->world, "SELECT count(*) FROM protection_past");
}

/* No protection is there twice, at no time. */
static void assert_chained(struct docket *docket)
{
    assert_int_equal(world_number(docket->world,
                                  "SELECT count(*) FROM (SELECT asset, method, server, until_at AS until, lead(from_at)"
                                  " OVER (PARTITION BY asset, method, server ORDER BY id) AS next FROM protection_past)"
                                  " WHERE next < until"),
                     0);
    assert_int_equal(world_number(docket->world,
                                  "SELECT count(*) FROM protection p JOIN protection_past o ON o.asset = p.asset AND"
                                  " o.method = p.method AND o.server = p.server WHERE p.since_at < o.until_at"
                                  " OR (p.since_at = o.until_at AND p.digest = o.digest)"),
                     0);
}

static void what_was_never_judged_is_judged(void **state)
{
    struct docket *docket = *state;
    struct rejudge_result total;

    docket->world->basis = NULL;
    add_fleet(docket);
    docket->world->basis = &docket->charter.basis;
    assert_int_equal(docket_rejudge(docket, 10, false, &total), MACHINES / 10 + 1);
    assert_int_equal(total.judged, 2 * MACHINES + 2);
    assert_int_equal(total.changed, total.judged);
    assert_int_equal(rows(docket), total.judged);
    assert_int_equal(world_number(docket->world, "SELECT count(*) FROM protection WHERE verdict <> 'supported'"), 0);
}

static void what_is_judged_under_this_basis_is_left_alone(void **state)
{
    struct docket *docket = *state;
    struct rejudge_result total;

    add_fleet(docket);
    docket_rejudge(docket, 7, false, &total);
    assert_int_equal(total.judged, 2 * MACHINES + 2);
    assert_int_equal(total.changed, 0);
    world_count_writes(docket->world);
    assert_int_equal(docket_rejudge(docket, 7, false, &total), 1);
    assert_int_equal(total.judged, 0);
    assert_int_equal(world_writes(docket->world), 0);
}

static void what_was_judged_on_a_former_day_is_judged_again(void **state)
{
    struct docket *docket = *state;
    struct rejudge_result total;

    add_fleet(docket);
    docket_rejudge(docket, 1000, false, &total);
    docket_rejudge(docket, 1000, false, &total);
    assert_int_equal(total.judged, 0);
    docket->world->now += INT64_C(86400000);
    docket_rejudge(docket, 1000, false, &total);
    assert_int_equal(total.judged, 2 * MACHINES + 2);
    assert_int_equal(total.changed, 0);
    docket_rejudge(docket, 1000, false, &total);
    assert_int_equal(total.judged, 0);
}

static void asked_again_it_judges_again_and_writes_what_differs(void **state)
{
    struct docket *docket = *state;
    struct rejudge_result total;

    add_fleet(docket);
    docket_rejudge(docket, 100, false, &total);
    docket_rejudge(docket, 100, true, &total);
    assert_int_equal(total.judged, 2 * MACHINES + 2);
    assert_int_equal(total.changed, 0);
    assert_int_equal(past(docket), 0);
}

/* "SUBJECT STATE BATCH DETAIL" of what was told of the matrix. */
static const char *told(struct docket *docket)
{
    return world_text(docket->world, "SELECT coalesce(group_concat(subject || ' ' || state || ' ' || batch || ' ' ||"
                                     " detail, char(10)), '') FROM event WHERE what = 'matrix.changed'");
}

#define FILES                                                                                                          \
    "{\"files\":[{\"file\":\"page.conf\",\"edition\":\"page\",\"date\":\"2018-08-17\","                                \
    "\"hash\":\"00000000000000000000000000000000\",\"sha256\":null,\"page\":\"https://example/page\"}]}"

static void another_basis_is_told_once_and_the_first_one_is_not(void **state)
{
    struct docket *docket = *state;
    struct rejudge_result total;

    add_fleet(docket);
    docket_rejudge(docket, 7, false, &total);
    docket_rejudge(docket, 7, true, &total);
    assert_string_equal(told(docket), "");
    charter_use(&docket->charter, "mabs-v1");
    docket_rejudge(docket, 7, false, &total);
    docket_rejudge(docket, 7, true, &total);
    assert_string_equal(told(docket), "matrix basis 2 basis 2 " FILES);
    charter_use(&docket->charter, "mabs-v2");
    docket_rejudge(docket, 7, false, &total);
    assert_string_equal(told(docket), "matrix basis 2 basis 2 " FILES "\nmatrix basis 1 basis 1 " FILES);
    /* All that follows from it is told with it. */
    assert_int_equal(world_number(docket->world, "SELECT count(*) FROM event WHERE batch NOT LIKE 'basis %'"), 0);
}

static void at_the_end_of_a_pass_findings_are_counted(void **state)
{
    struct docket *docket = *state;
    struct rejudge_result total, slice;

    add_fleet(docket);
    docket_rejudge(docket, 100, false, &total);
    charter_use(&docket->charter, "mabs-v1");
    charter_rule(&docket->charter, &(struct estate_rule){ .by = "agent" });
    docket_rejudge(docket, 9, false, &total);
    assert_int_equal(world_number(docket->world, "SELECT assets FROM finding WHERE kind = 'unlisted'"
                                                 " AND installation = 'hyperv-vm'"),
                     MACHINES);
    /* What was lost on the way is found then, and not before. */
    world_run(docket->world, "UPDATE finding SET assets = 3");
    charter_rule(&docket->charter, &(struct estate_rule){ .by = "agent", .owner = "ann" });
    assert_true(rejudge_slice(docket->world->store, &docket->charter.basis, ++docket->world->now, 9, false, &slice,
                              &docket->world->err));
    assert_true(slice.more);
    assert_int_not_equal(world_number(docket->world, "SELECT max(assets) FROM finding"), MACHINES);
    docket_rejudge(docket, 9, false, &total);
    assert_int_equal(world_number(docket->world, "SELECT max(assets) FROM finding"), MACHINES);
}

static void another_basis_changes_what_it_changes(void **state)
{
    struct docket *docket = *state;
    struct rejudge_result total;
    int64_t before;

    add_fleet(docket);
    docket_rejudge(docket, 100, false, &total);
    before = rows(docket);
    charter_use(&docket->charter, "mabs-v1");
    docket_rejudge(docket, 9, false, &total);
    assert_int_equal(total.changed, before);
    assert_int_equal(rows(docket), before);
    assert_int_equal(past(docket), before);
    assert_string_equal(docket_verdicts(docket, "vm-07"), "agent unlisted, image supported");
    assert_int_equal(world_number(docket->world, "SELECT count(*) FROM basis"), 2);
    assert_int_equal(world_number(docket->world, "SELECT count(*) FROM protection WHERE basis = 1"), 0);
    assert_chained(docket);
}

/* They are written many at once, and the rest one by one. */
static void what_many_verdicts_were_is_kept_row_by_row(void **state)
{
    struct docket *docket = *state;
    struct rejudge_result total;

    add_fleet(docket);
    world_run(docket->world, "CREATE TEMP TABLE old AS SELECT asset, judgement, basis, since_at FROM guard");
    charter_use(&docket->charter, "mabs-v1");
    docket_rejudge(docket, 1000, false, &total);
    assert_int_equal(total.changed, rows(docket));
    assert_true(total.changed > 64 && total.changed % 32 != 0);
    assert_int_equal(past(docket), total.changed);
    assert_int_equal(world_number(docket->world, "SELECT count(*) FROM (SELECT * FROM old EXCEPT SELECT asset,"
                                                 " judgement, basis, from_at FROM guard_past)"),
                     0);
    assert_int_equal(world_number(docket->world, "SELECT count(*) FROM guard_past p JOIN guard g ON g.asset = p.asset"
                                                 " WHERE p.until_at <> g.since_at"),
                     0);
    assert_chained(docket);
}

static void a_basis_that_says_the_same_leaves_the_rows_as_they_are(void **state)
{
    struct docket *docket = *state;
    struct rejudge_result total;

    add_fleet(docket);
    docket_rejudge(docket, 100, false, &total);
    docket->charter.basis.hash.low ^= 1;
    docket_rejudge(docket, 100, false, &total);
    assert_int_equal(total.judged, 2 * MACHINES + 2);
    assert_int_equal(total.changed, 0);
    assert_int_equal(world_number(docket->world, "SELECT count(*) FROM guard WHERE basis <> 1"), 0);
    assert_int_equal(docket_rejudge(docket, 100, false, &total), 1);
    assert_int_equal(total.judged, 0);
}

static void slice(struct docket *docket, struct rejudge_result *result)
{
    assert_true(rejudge_slice(docket->world->store, &docket->charter.basis, ++docket->world->now, 10, false, result,
                              &docket->world->err));
}

static void after_a_restart_it_goes_on_where_it_stopped(void **state)
{
    struct docket *docket = *state;
    struct test_world *world = docket->world;
    struct rejudge_result result, total;

    add_fleet(docket);
    charter_use(&docket->charter, "mabs-v1");
    slice(docket, &result);
    slice(docket, &result);
    assert_true(result.more);
    store_close(world->store);
    world->store = store_open(&(struct store_options){ .path = world->path }, &world->err);
    assert_non_null(world->store);
    assert_int_equal(docket_rejudge(docket, 10, false, &total), MACHINES / 10 - 1);
    assert_int_equal(past(docket), 2 * MACHINES + 2);
    assert_chained(docket);
}

/* As a backup server does whose facts are others at each scan. */
static void change_server(struct docket *docket, int number)
{
    struct item *item = docket_item(docket, "backup_server", "mabs");
    char version[32];

    snprintf(version, sizeof version, "12.0.%d.0", number);
    assert_true(item_set_text(item, "backup.version", version, NULL));
    world_add(docket->world, item);
    assert_true(world_scan(docket->world, world_target(docket->world, "dpm", "dpm"), COMPLETE));
}

static void who_changes_at_each_scan_keeps_nobody_waiting_for_ever(void **state)
{
    struct docket *docket = *state;
    struct rejudge_result result, total;

    add_fleet(docket);
    docket_rejudge(docket, 100, false, &total);
    charter_use(&docket->charter, "mabs-v1");
    for (int i = 0; i < 2 * MACHINES / 10; i++) {
        change_server(docket, i);
        slice(docket, &result);
        assert_true(result.more);
    }
    assert_int_equal(world_number(docket->world, "SELECT count(*) FROM protection WHERE product <> 'mabs-v1'"), 0);
    docket_rejudge(docket, 10, false, &total);
    assert_int_equal(world_number(docket->world, "SELECT count(*) FROM meta WHERE name = 'judging_done_at'"), 1);
    assert_int_equal(world_number(docket->world, "SELECT count(*) FROM meta WHERE name = 'judging_again'"), 0);
}

static void another_basis_in_the_middle_starts_over(void **state)
{
    struct docket *docket = *state;
    struct rejudge_result result, total;

    add_fleet(docket);
    charter_use(&docket->charter, "mabs-v1");
    slice(docket, &result);
    slice(docket, &result);
    charter_use(&docket->charter, "mabs-v2");
    docket_rejudge(docket, 10, false, &total);
    assert_int_equal(total.judged, 2 * MACHINES + 2);
    assert_int_equal(rows(docket), 2 * MACHINES + 2);
    assert_string_equal(docket_verdicts(docket, "vm-01"), "agent supported, image supported");
    assert_int_equal(world_number(docket->world, "SELECT count(*) FROM protection WHERE product <> 'mabs-v2'"), 0);
    assert_chained(docket);
}

/* A scan that judges by the new basis while the rest still waits. */
static void a_scan_in_the_middle_is_not_undone(void **state)
{
    struct docket *docket = *state;
    struct rejudge_result result, total;

    add_fleet(docket);
    charter_use(&docket->charter, "mabs-v1");
    slice(docket, &result);
    docket_vm(docket, "vm-39", W2008, "h1", NULL);
    assert_true(world_scan(docket->world, docket->target, PARTIAL));
    assert_string_equal(docket_verdicts(docket, "vm-39"), "agent unsupported, image supported");
    docket_rejudge(docket, 10, false, &total);
    assert_string_equal(docket_verdicts(docket, "vm-39"), "agent unsupported, image supported");
    assert_int_equal(past(docket), 2 * MACHINES + 2);
    assert_chained(docket);
}

static void a_rule_takes_out_of_scope_and_the_row_says_so(void **state)
{
    struct docket *docket = *state;
    struct rejudge_result total;

    add_fleet(docket);
    charter_rule(
        &docket->charter,
        &(struct estate_rule){ .where = { .name = "vm-0?" }, .by = "none", .reason = "a laboratory", .owner = "it" });
    docket_rejudge(docket, 1000, false, &total);
    assert_int_equal(world_number(docket->world, "SELECT count(*) FROM protection WHERE counts = 0 AND excluded ="
                                                 " 'a laboratory' AND owner = 'it' AND by_what = 'none'"),
                     20);
}

static const char *digests(struct docket *docket)
{
    return world_text(docket->world, "SELECT group_concat(hex(digest)) FROM (SELECT digest FROM protection"
                                     " ORDER BY asset, method)");
}

static void one_asset_at_a_time_gives_the_same(void **state)
{
    struct docket *docket = *state;
    struct rejudge_result total;
    const char *before;

    add_fleet(docket);
    before = digests(docket);
    world_run(docket->world, "DELETE FROM guard; DELETE FROM judgement; DELETE FROM basis; DELETE FROM meta");
    assert_int_equal(docket_rejudge(docket, 1, false, &total), MACHINES + 2);
    assert_string_equal(digests(docket), before);
}

/* With no room to remember anything: far numbers are runs of their own, each of which begins with nothing. */
static bool judge_forgetfully(struct sql *sql, void *context, struct err *err)
{
    struct docket *docket = context;
    struct hearing hearing;
    int64_t assets[MACHINES + 1];
    bool good;

    for (int i = 0; i <= MACHINES; i++)
        assets[i] = 1 + 1000 * (int64_t)i;
    hearing_init(&hearing, sql, &docket->charter.basis, NULL, docket->world->now);
    hearing.most = 0;
    good = hearing_judge(&hearing, assets, MACHINES + 1, err);
    assert_int_equal(hearing.judged, 2 * MACHINES + 2);
    assert_int_equal(hearing.protections.changed, 0);
    hearing_finish(&hearing);
    return good;
}

static void what_is_forgotten_on_the_way_gives_the_same(void **state)
{
    struct docket *docket = *state;
    struct rejudge_result total;

    add_fleet(docket);
    world_run(docket->world, "DELETE FROM guard; DELETE FROM meta;"
                             "UPDATE history SET asset = (asset - 1) * 1000 + 1;"
                             "UPDATE item SET asset = (asset - 1) * 1000 + 1;"
                             "UPDATE asset SET id = -id; UPDATE asset SET id = (-id - 1) * 1000 + 1");
    docket_rejudge(docket, 1000, false, &total);
    assert_int_equal(total.judged, 2 * MACHINES + 2);
    assert_true(store_transaction(docket->world->store, judge_forgetfully, docket, &docket->world->err));
}

/* An item that has no gist is judged by its facts. */
static void facts_without_a_gist_tell_the_same(void **state)
{
    struct docket *docket = *state;
    struct rejudge_result total;

    add_fleet(docket);
    docket_machine(docket, "fs", "6.3.9600");
    docket_volume(docket, "d", "fs", "FAT32");
    assert_true(world_scan(docket->world, docket->target, PARTIAL));
    assert_string_equal(docket_verdicts(docket, "fs"), "agent unsupported");
    world_run(docket->world, "UPDATE item SET gist = NULL");
    docket_rejudge(docket, 1000, true, &total);
    assert_int_equal(total.changed, 0);
    assert_int_equal(total.judged, rows(docket));
}

static void a_damaged_gist_is_told_and_changes_nothing(void **state)
{
    struct docket *docket = *state;
    struct rejudge_result result;

    add_fleet(docket);
    world_run(docket->world, "UPDATE item SET gist = x'0144' WHERE key = 'vm-05'");
    assert_false(rejudge_slice(docket->world->store, &docket->charter.basis, docket->world->now, 1000, true, &result,
                               &docket->world->err));
    assert_non_null(strstr(docket->world->err.text, "gist of item"));
    assert_int_equal(past(docket), 0);
}

static void old_verdicts_are_forgotten_with_their_reasons(void **state)
{
    struct docket *docket = *state;
    struct test_world *world = docket->world;
    struct rejudge_result total;
    int64_t before;
    bool more = true;

    add_fleet(docket);
    before = world_number(world, "SELECT count(*) FROM reasoning");
    charter_use(&docket->charter, "mabs-v1");
    docket_rejudge(docket, 100, false, &total);
    assert_true(world_number(world, "SELECT count(*) FROM reasoning") > before);
    assert_true(state_forget(world->store, world->now, 10, &more, &world->err));
    assert_true(more);
    assert_int_equal(past(docket), 2 * MACHINES + 2);
    for (int steps = 0; more && steps < 100; steps++)
        assert_true(state_forget(world->store, world->now + 1, 10, &more, &world->err));
    assert_false(more);
    assert_int_equal(past(docket), 0);
    assert_int_equal(rows(docket), 2 * MACHINES + 2);
    assert_int_equal(world_number(world, "SELECT count(*) FROM reasoning WHERE id NOT IN"
                                         " (SELECT reasoning FROM protection)"),
                     0);
    assert_int_equal(world_number(world, "SELECT count(*) FROM judgement WHERE id NOT IN"
                                         " (SELECT judgement FROM guard)"),
                     0);
}

#define WITH_DOCKET(test) cmocka_unit_test_setup_teardown(test, docket_open, docket_close)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_DOCKET(what_was_never_judged_is_judged),
        WITH_DOCKET(what_is_judged_under_this_basis_is_left_alone),
        WITH_DOCKET(what_was_judged_on_a_former_day_is_judged_again),
        WITH_DOCKET(asked_again_it_judges_again_and_writes_what_differs),
        WITH_DOCKET(another_basis_is_told_once_and_the_first_one_is_not),
        WITH_DOCKET(at_the_end_of_a_pass_findings_are_counted),
        WITH_DOCKET(another_basis_changes_what_it_changes),
        WITH_DOCKET(what_many_verdicts_were_is_kept_row_by_row),
        WITH_DOCKET(a_basis_that_says_the_same_leaves_the_rows_as_they_are),
        WITH_DOCKET(after_a_restart_it_goes_on_where_it_stopped),
        WITH_DOCKET(who_changes_at_each_scan_keeps_nobody_waiting_for_ever),
        WITH_DOCKET(another_basis_in_the_middle_starts_over),
        WITH_DOCKET(a_scan_in_the_middle_is_not_undone),
        WITH_DOCKET(a_rule_takes_out_of_scope_and_the_row_says_so),
        WITH_DOCKET(one_asset_at_a_time_gives_the_same),
        WITH_DOCKET(what_is_forgotten_on_the_way_gives_the_same),
        WITH_DOCKET(facts_without_a_gist_tell_the_same),
        WITH_DOCKET(a_damaged_gist_is_told_and_changes_nothing),
        WITH_DOCKET(old_verdicts_are_forgotten_with_their_reasons),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
