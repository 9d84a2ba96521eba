/* Verdicts in the transaction that brings the facts: whose they are, and whom a change reaches. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "docket.h"

#include "state.h"

#define W2008 "6.0.6002"
#define W2012 "6.3.9600"
#define W2016 "10.0.14393"

static void what_a_scan_brings_is_judged_with_it(void **state)
{
    struct docket *docket = *state;

    docket_host(docket, "h1", W2016, NULL);
    docket_vm(docket, "web", W2016, "h1", NULL);
    docket_vm(docket, "old", W2008, "h1", NULL);
    docket_scan(docket);
    assert_string_equal(docket_verdicts(docket, "h1"), "agent supported, host supported");
    assert_string_equal(docket_verdicts(docket, "web"), "agent supported, image supported");
    assert_string_equal(docket_verdicts(docket, "old"), "agent unsupported, image supported");
    assert_int_equal(world_number(docket->world, "SELECT count(*) FROM basis"), 1);
    assert_int_equal(world_number(docket->world, "SELECT count(*) FROM protection WHERE since_at <> (SELECT"
                                                 " max(ended_at) FROM journal) OR server <> 'BKP1'"
                                                 " OR product <> 'mabs-v2' OR length(digest) <> 16"
                                                 " OR NOT json_valid(detail)"),
                     0);
    assert_string_equal(world_text(docket->world, "SELECT DISTINCT workload || '/' || version || '/' || installation"
                                                  " FROM protection WHERE verdict = 'unsupported'"),
                        "server/Windows Server 2008 SP2/hyperv-vm");
    assert_string_equal(docket_past(docket), "");
}

static void without_a_basis_nothing_is_judged(void **state)
{
    struct docket *docket = *state;

    docket->world->basis = NULL;
    docket_host(docket, "h1", W2016, NULL);
    docket_scan(docket);
    assert_int_equal(world_number(docket->world, "SELECT count(*) FROM protection"), 0);
    assert_int_equal(world_number(docket->world, "SELECT count(*) FROM meta WHERE name LIKE 'judging%'"), 0);
}

static void a_hosts_build_judges_its_machines_anew(void **state)
{
    struct docket *docket = *state;

    docket_host(docket, "h1", W2016, NULL);
    docket_host(docket, "h2", W2016, NULL);
    docket_vm(docket, "web", W2016, "h1", NULL);
    docket_vm(docket, "db", W2016, "h2", NULL);
    docket_scan(docket);
    docket_host(docket, "h1", W2008, NULL);
    docket_host(docket, "h2", W2016, NULL);
    docket_vm(docket, "web", W2016, "h1", NULL);
    docket_vm(docket, "db", W2016, "h2", NULL);
    docket_scan(docket);
    assert_string_equal(docket_verdicts(docket, "web"), "agent supported, image unsupported");
    assert_string_equal(docket_verdicts(docket, "db"), "agent supported, image supported");
    assert_string_equal(docket_past(docket), "h1 agent supported\nh1 host supported\nweb image supported\n");
    assert_int_equal(world_number(docket->world,
                                  "SELECT count(*) FROM protection p JOIN asset c ON c.id = p.cause AND c.name = 'h1'"
                                  " JOIN asset a ON a.id = p.asset WHERE a.name = 'web' AND p.method = 'image'"),
                     1);
}

static void a_cluster_reaches_the_machines_of_all_its_nodes(void **state)
{
    struct docket *docket = *state;

    for (int round = 0; round < 2; round++) {
        world_add(docket->world, docket_item(docket, "cluster", "c1"));
        docket_host(docket, "h1", W2016, "c1");
        docket_host(docket, "h2", round == 0 ? W2016 : W2008, "c1");
        docket_vm(docket, "web", W2016, "h1", "c1");
        docket_scan(docket);
        assert_string_equal(docket_verdicts(docket, "web"),
                            round == 0 ? "agent supported, image supported" : "agent supported, image unsupported");
    }
}

static void a_volume_reaches_its_machine(void **state)
{
    struct docket *docket = *state;

    docket_machine(docket, "fs", W2012);
    docket_volume(docket, "d", "fs", "NTFS");
    docket_scan(docket);
    assert_string_equal(docket_verdicts(docket, "fs"), "agent supported");
    docket_machine(docket, "fs", W2012);
    docket_volume(docket, "d", "fs", "FAT32");
    docket_scan(docket);
    assert_string_equal(docket_verdicts(docket, "fs"), "agent unsupported");
    assert_string_equal(docket_past(docket), "fs agent supported\n");
    assert_string_equal(docket_verdicts(docket, "d"), "");
}

/* Who lost it does not say so: the relation was the other one's. */
static void a_relation_that_ends_reaches_what_it_led_to(void **state)
{
    struct docket *docket = *state;

    for (int round = 0; round < 2; round++) {
        world_add(docket->world, docket_item(docket, "cluster", "c1"));
        docket_host(docket, "h1", W2016, "c1");
        docket_host(docket, "h2", W2008, round == 0 ? "c1" : NULL);
        docket_vm(docket, "web", W2016, "h1", "c1");
        docket_machine(docket, "fs", W2012);
        docket_machine(docket, "fs2", W2012);
        docket_volume(docket, "d", round == 0 ? "fs" : "fs2", "FAT32");
        docket_volume(docket, "c", "fs", "NTFS");
        docket_volume(docket, "c2", "fs2", "NTFS");
        docket_scan(docket);
        assert_string_equal(docket_verdicts(docket, "web"),
                            round == 0 ? "agent supported, image unsupported" : "agent supported, image supported");
        assert_string_equal(docket_verdicts(docket, "fs"), round == 0 ? "agent unsupported" : "agent supported");
        assert_string_equal(docket_verdicts(docket, "fs2"), round == 0 ? "agent supported" : "agent unsupported");
    }
}

static void either_end_of_a_relation_may_come_later(void **state)
{
    struct docket *docket = *state;
    int64_t other = world_target(docket->world, "other", "hv");

    docket_vm(docket, "web", W2016, "h1", NULL);
    docket_scan(docket);
    assert_string_equal(docket_verdicts(docket, "web"), "agent supported, image unknown");
    docket_host(docket, "h1", W2016, NULL);
    assert_true(world_scan(docket->world, other, COMPLETE));
    assert_string_equal(docket_verdicts(docket, "web"), "agent supported, image supported");
}

/* The far end is named by a fact, in another scope. */
static void link_by_name(struct docket *docket, const char *name)
{
    struct item *item = docket_item(docket, "vm", "web");

    item_set_text(item, "id.hyperv_guid", "web", NULL);
    item_set_text(item, "guest.build", W2016, NULL);
    item_link(item, &(struct link){ "runs_on", "hyperv_host", NULL, "id.fqdn", name }, NULL);
    world_add(docket->world, item);
}

static void add_named_machine(struct docket *docket, const char *name)
{
    struct item *item = docket_item(docket, "machine", name);

    item_set_text(item, "os.build", W2012, NULL);
    item_set_text(item, "id.fqdn", name, NULL);
    world_add(docket->world, item);
}

static void a_relation_by_name_that_ends_reaches_what_it_led_to(void **state)
{
    struct docket *docket = *state;

    for (int round = 0; round < 2; round++) {
        struct item *item = docket_item(docket, "protected", "source");

        add_named_machine(docket, "fs.example");
        add_named_machine(docket, "fs2.example");
        item_set_text(item, "protected.type", "Volume", NULL);
        item_set_text(item, "protected.state", "protected", NULL);
        item_link(item, &(struct link){ "protected_by", "backup_server", NULL, "id.fqdn", "BKP1" }, NULL);
        item_link(item,
                  &(struct link){ "protects", "machine", NULL, "id.fqdn", round == 0 ? "FS.example" : "fs2.example" },
                  NULL);
        world_add(docket->world, item);
        docket_scan(docket);
        assert_string_equal(world_text(docket->world, "SELECT group_concat(a.name || ' ' || p.by_what, ', ') FROM"
                                                      " protection p JOIN asset a ON a.id = p.asset"
                                                      " WHERE p.by_what = 'dpmdb'"),
                            round == 0 ? "fs.example dpmdb" : "fs2.example dpmdb");
    }
}

static void add_named_host(struct docket *docket, const char *name)
{
    struct item *item = docket_item(docket, "hyperv_host", "h1");

    item_set_text(item, "os.build", W2016, NULL);
    item_set_text(item, "id.fqdn", name, NULL);
    world_add(docket->world, item);
}

static void a_host_that_is_called_otherwise_is_lost_by_who_named_it(void **state)
{
    struct docket *docket = *state;
    int64_t other = world_target(docket->world, "other", "elsewhere");

    link_by_name(docket, "H1.corp.example");
    docket_scan(docket);
    add_named_host(docket, "h1.corp.example");
    assert_true(world_scan(docket->world, other, COMPLETE));
    assert_string_equal(docket_verdicts(docket, "web"), "agent supported, image supported");
    add_named_host(docket, "h7.corp.example");
    assert_true(world_scan(docket->world, other, COMPLETE));
    assert_string_equal(docket_verdicts(docket, "web"), "agent supported, image unknown");
    add_named_host(docket, "h1.corp.example");
    docket_host(docket, "h9", W2016, NULL); /* so that the removal is not of all there is */
    assert_true(world_scan(docket->world, other, COMPLETE));
    assert_string_equal(docket_verdicts(docket, "web"), "agent supported, image supported");
    world_add_gone(docket->world, "hyperv_host", "h1");
    assert_true(world_scan(docket->world, other, DELTA));
    assert_string_equal(docket_verdicts(docket, "web"), "agent supported, image unknown");
    assert_string_equal(docket_verdicts(docket, "h1"), "");
}

static void what_verdicts_do_not_depend_on_judges_nobody(void **state)
{
    struct docket *docket = *state;

    docket_vm(docket, "web", W2016, "h1", NULL);
    for (int round = 0; round < 2; round++) {
        struct item *item = docket_item(docket, "hyperv_host", "h1");

        item_set_text(item, "os.build", W2016, NULL);
        item_set_int(item, "hardware.memory", 1 + round, NULL);
        world_add(docket->world, item);
        docket_scan(docket);
        /* So that judging anew would show. */
        world_run(docket->world, "UPDATE guard SET judgement = (SELECT min(id) FROM judgement)");
        docket_vm(docket, "web", W2016, "h1", NULL);
    }
    assert_string_equal(docket_past(docket), "");
}

static void an_unchanged_rescan_writes_no_verdict(void **state)
{
    struct docket *docket = *state;

    for (int round = 0; round < 3; round++) {
        docket_host(docket, "h1", W2016, NULL);
        docket_vm(docket, "web", W2016, "h1", NULL);
        if (round == 1)
            world_count_writes(docket->world);
        docket_scan(docket);
    }
    assert_int_equal(world_writes(docket->world), 0);
}

/* Another guest, the same verdict: the row of the item, its history, and no verdict but that which names it. */
static void a_verdict_that_stays_keeps_its_row(void **state)
{
    struct docket *docket = *state;
    int64_t since;

    docket_host(docket, "h1", W2016, NULL);
    docket_vm(docket, "web", W2016, "h1", NULL);
    docket_scan(docket);
    since = world_number(docket->world, "SELECT max(since_at) FROM protection WHERE method = 'image'");
    docket_host(docket, "h1", W2016, NULL);
    docket_vm(docket, "web", W2012, "h1", NULL);
    docket_scan(docket);
    assert_string_equal(docket_past(docket), "web agent supported\n");
    assert_int_equal(world_number(docket->world, "SELECT max(since_at) FROM protection WHERE method = 'image'"), since);
    assert_int_equal(world_number(docket->world, "SELECT count(*) FROM protection_past WHERE from_at >= until_at"), 0);
}

#define STEPS(condition)                                                                                               \
    "SELECT count(*) FROM protection p JOIN asset a ON a.id = p.asset WHERE p.method = 'agent' AND " condition

/* Told of each by its own name, though it is one row. */
static void what_many_are_told_is_written_once(void **state)
{
    struct docket *docket = *state;
    struct test_world *world = docket->world;

    docket_host(docket, "h1", W2016, NULL);
    docket_vm(docket, "web", W2008, "h1", NULL);
    docket_vm(docket, "db-2.corp", W2008, "h1", NULL);
    docket_scan(docket);
    assert_int_equal(world_number(world, STEPS("p.step = 'Protect ' || a.name || ' by image instead of by agent.'")),
                     2);
    assert_int_equal(world_number(world, STEPS("p.step = json_extract(p.detail, '$.step.text')")), 2);
    assert_int_equal(world_number(world, "SELECT count(DISTINCT judgement) FROM protection WHERE method = 'agent' AND"
                                         " verdict = 'unsupported'"),
                     1);
    assert_int_equal(world_number(world, "SELECT count(*) FROM judgement WHERE instr(step, 'web') OR instr(step, 'db')"
                                         " OR instr(detail, 'web')"),
                     0);
}

static void a_name_before_a_semicolon_is_left_out_of_what_is_shared(void **state)
{
    struct docket *docket = *state;
    struct test_world *world = docket->world;

    docket_host(docket, "h1", W2016, NULL);
    docket_vm(docket, "dark", NULL, "h1", NULL);
    docket_vm(docket, "dim", NULL, "h1", NULL);
    docket_scan(docket);
    assert_int_equal(world_number(world, STEPS("p.step LIKE 'Let a scan read % of ' || a.name || '; %'")), 2);
    assert_int_equal(world_number(world, "SELECT count(DISTINCT p.judgement) FROM protection p JOIN asset a ON a.id ="
                                         " p.asset WHERE p.method = 'agent' AND a.name IN ('dark', 'dim')"),
                     1);
}

/* What text_quote or JSON would change is no name that somebody else can put in. */
static void a_name_that_must_be_quoted_stays_in_its_sentence(void **state)
{
    struct docket *docket = *state;
    struct test_world *world = docket->world;

    docket_host(docket, "h1", W2016, NULL);
    docket_vm(docket, "the \"by\" one", W2008, "h1", NULL);
    docket_vm(docket, "by", W2008, "h1", NULL);
    docket_scan(docket);
    assert_int_equal(world_number(world, STEPS("p.step = 'Protect ' || a.name || ' by image instead of by agent.'")),
                     2);
    assert_int_equal(world_number(world, STEPS("p.step = json_extract(p.detail, '$.step.text')")), 2);
    assert_int_equal(world_number(world, "SELECT count(*) FROM judgement WHERE instr(step, 'the \"by\" one')"), 1);
}

static void machines_of_a_host_are_told_the_same_together_and_one_by_one(void **state)
{
    struct docket *docket = *state;
    struct test_world *world = docket->world;
    struct rejudge_result total;

    docket_host(docket, "h1", W2008, NULL);
    docket_vm(docket, "one", W2016, "h1", NULL);
    docket_vm(docket, "dark", NULL, "h1", NULL);
    docket_vm(docket, "two", W2016, "h1", NULL);
    docket_vm(docket, "three", W2008, "h1", NULL);
    docket_scan(docket);
    /* Each by itself, with nothing that the one before left. */
    docket_rejudge(docket, 1, true, &total);
    assert_int_equal(total.changed, 0);
    assert_int_equal(world_number(world, "SELECT count(DISTINCT p.judgement) FROM protection p JOIN asset a ON a.id ="
                                         " p.asset WHERE p.method = 'image' AND a.name IN ('one', 'two')"),
                     1);
}

static void what_goes_is_protected_no_more(void **state)
{
    struct docket *docket = *state;

    docket_host(docket, "h1", W2016, NULL);
    docket_vm(docket, "web", W2016, "h1", NULL);
    docket_vm(docket, "db", W2016, "h1", NULL);
    docket_scan(docket);
    world_add_gone(docket->world, "vm", "web");
    assert_true(world_scan(docket->world, docket->target, DELTA));
    assert_string_equal(docket_verdicts(docket, "web"), "");
    assert_string_equal(docket_past(docket), "web agent supported\nweb image supported\n");
    docket_vm(docket, "web", W2016, "h1", NULL);
    assert_true(world_scan(docket->world, docket->target, PARTIAL));
    assert_string_equal(docket_verdicts(docket, "web"), "agent supported, image supported");
    assert_string_equal(docket_past(docket), "");
}

static void a_method_that_is_lost_ends(void **state)
{
    struct docket *docket = *state;

    for (int round = 0; round < 2; round++) {
        struct item *item = docket_item(docket, "machine", "h1");

        item_set_text(item, "os.build", W2016, NULL);
        item_set_text(item, "hardware.manufacturer", "Dell Inc.", NULL);
        item_set_bool(item, "hyperv.role", round == 0, NULL);
        world_add(docket->world, item);
        docket_scan(docket);
        assert_string_equal(docket_verdicts(docket, "h1"),
                            round == 0 ? "agent supported, host supported" : "agent supported");
    }
    assert_string_equal(docket_past(docket), "h1 host supported\n");
}

static void add_machine(struct docket *docket, const char *uuid)
{
    struct item *item = docket_item(docket, "machine", "m1");

    item_set_text(item, "os.build", W2008, NULL);
    item_set_text(item, "id.uuid", uuid, NULL);
    world_add(docket->world, item);
}

#define UUID "4c4c4544-0042-3510-8052-b8c04f4e3132"

static void assets_that_become_one_and_part_are_judged_as_what_they_are(void **state)
{
    struct docket *docket = *state;
    int64_t other = world_target(docket->world, "other", "elsewhere");
    struct item *vm = docket_item(docket, "vm", "web");

    item_set_text(vm, "id.uuid", UUID, NULL);
    item_set_text(vm, "id.hyperv_guid", "web", NULL);
    world_add(docket->world, vm);
    docket_scan(docket);
    add_machine(docket, "11111111-2222-3333-4444-555555555555");
    assert_true(world_scan(docket->world, other, COMPLETE));
    assert_int_equal(world_number(docket->world, "SELECT count(DISTINCT asset) FROM protection"), 2);
    docket_past(docket);
    add_machine(docket, UUID);
    assert_true(world_scan(docket->world, other, COMPLETE));
    assert_int_equal(world_number(docket->world, "SELECT count(DISTINCT asset) FROM protection"), 1);
    assert_string_equal(docket_verdicts(docket, "m1"), "agent unsupported, image unknown");
    add_machine(docket, "11111111-2222-3333-4444-555555555555");
    assert_true(world_scan(docket->world, other, COMPLETE));
    assert_int_equal(world_number(docket->world, "SELECT count(DISTINCT asset) FROM protection"), 2);
    assert_int_equal(world_number(docket->world, "SELECT count(*) FROM protection p JOIN asset a ON a.id = p.asset"
                                                 " WHERE a.gone_at IS NOT NULL OR a.merged_into IS NOT NULL"),
                     0);
}

static void who_retires_a_target_ends_what_it_alone_saw(void **state)
{
    struct docket *docket = *state;
    struct test_world *world = docket->world;
    struct rejudge_result total;

    docket_host(docket, "h1", W2016, NULL);
    docket_scan(docket);
    docket_rejudge(docket, 100, false, &total);
    assert_true(state_apply(world->store, NULL, 0, world->now + 1, &world->err));
    assert_string_equal(docket_verdicts(docket, "h1"), "");
    assert_int_equal(world_number(world, "SELECT count(*) FROM meta WHERE name = 'judging_next'"), 1);
}

/* Whose host waits for acceptance is judged when everything is, at the latest. */
static void an_accepted_removal_ends_verdicts_and_asks_for_the_rest(void **state)
{
    struct docket *docket = *state;
    struct rejudge_result total;

    docket_host(docket, "h1", W2016, NULL);
    docket_vm(docket, "web", W2016, "h1", NULL);
    docket_scan(docket);
    docket_rejudge(docket, 100, false, &total);
    docket_vm(docket, "web", W2016, "h1", NULL);
    docket_scan(docket);
    assert_string_equal(docket_verdicts(docket, "h1"), "agent supported, host supported");
    assert_true(world_accept(docket->world, docket->target));
    assert_string_equal(docket_verdicts(docket, "h1"), "");
    docket_rejudge(docket, 100, false, &total);
    assert_string_equal(docket_verdicts(docket, "web"), "agent supported, image unknown");
}

static void a_failed_run_judges_nothing(void **state)
{
    struct docket *docket = *state;

    docket_host(docket, "h1", W2016, NULL);
    docket_scan(docket);
    world_count_writes(docket->world);
    charter_use(&docket->charter, "mabs-v1");
    assert_true(world_fail(docket->world, docket->target, ERR_UNREACHABLE, "no route to host"));
    assert_int_equal(world_number(docket->world, "SELECT count(*) FROM written WHERE name <> 'journal'"), 0);
}

#define WITH_DOCKET(test) cmocka_unit_test_setup_teardown(test, docket_open, docket_close)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_DOCKET(what_a_scan_brings_is_judged_with_it),
        WITH_DOCKET(without_a_basis_nothing_is_judged),
        WITH_DOCKET(a_hosts_build_judges_its_machines_anew),
        WITH_DOCKET(a_cluster_reaches_the_machines_of_all_its_nodes),
        WITH_DOCKET(a_volume_reaches_its_machine),
        WITH_DOCKET(a_relation_that_ends_reaches_what_it_led_to),
        WITH_DOCKET(a_relation_by_name_that_ends_reaches_what_it_led_to),
        WITH_DOCKET(either_end_of_a_relation_may_come_later),
        WITH_DOCKET(a_host_that_is_called_otherwise_is_lost_by_who_named_it),
        WITH_DOCKET(what_verdicts_do_not_depend_on_judges_nobody),
        WITH_DOCKET(an_unchanged_rescan_writes_no_verdict),
        WITH_DOCKET(a_verdict_that_stays_keeps_its_row),
        WITH_DOCKET(what_goes_is_protected_no_more),
        WITH_DOCKET(a_method_that_is_lost_ends),
        WITH_DOCKET(assets_that_become_one_and_part_are_judged_as_what_they_are),
        WITH_DOCKET(what_many_are_told_is_written_once),
        WITH_DOCKET(a_name_before_a_semicolon_is_left_out_of_what_is_shared),
        WITH_DOCKET(a_name_that_must_be_quoted_stays_in_its_sentence),
        WITH_DOCKET(machines_of_a_host_are_told_the_same_together_and_one_by_one),
        WITH_DOCKET(who_retires_a_target_ends_what_it_alone_saw),
        WITH_DOCKET(an_accepted_removal_ends_verdicts_and_asks_for_the_rest),
        WITH_DOCKET(a_failed_run_judges_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
