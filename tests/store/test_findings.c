/* Findings as scans and judging anew bring them: their life, what is one of them, and what is told together. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "docket.h"
#include "whole.h"

#include "findings.h"
#include "state.h"

#include <stdio.h>

#define W2008 "6.0.6002"
#define W2012 "6.3.9600"
#define W2016 "10.0.14393"

/* "asset-or-key state need verdict class assets", a line each. */
static const char found[] =
    "SELECT coalesce(group_concat(line, char(10)), '') FROM (SELECT CASE kind WHEN 'verdict' THEN (SELECT name FROM"
    " asset a WHERE a.id = f.asset) || ' ' || method ELSE kind || ' ' || workload || '/' || version || '/' ||"
    " installation || '/' || product END || ': ' || rtrim(state || ' ' || need || ' ' || verdict || ' ' || class) ||"
    " CASE assets WHEN 1 THEN '' ELSE ' x' || assets END AS line FROM finding f ORDER BY 1)";

static const char *findings(struct docket *docket)
{
    whole_assert(docket->world->path);
    return world_text(docket->world, found);
}

/* "what state batch" of each event that came since the last call, in the order of happening. */
static const char *events(struct docket *docket)
{
    static const char text[] = "SELECT coalesce(group_concat(line, char(10)), '') FROM (SELECT rtrim(substr(what, 9) ||"
                               " ' ' || state) || CASE batch WHEN '' THEN '' ELSE ' (' || batch || ')' END AS line"
                               " FROM event WHERE id > (SELECT max(id) FROM heard) AND what LIKE 'finding.%'"
                               " ORDER BY id)";
    struct test_world *world = docket->world;
    const char *said;

    world_run(world, "CREATE TABLE IF NOT EXISTS heard (id INTEGER); INSERT INTO heard SELECT 0 WHERE NOT EXISTS"
                     " (SELECT 1 FROM heard)");
    said = world_text(world, text);
    world_run(world, "INSERT INTO heard SELECT max(id) FROM event");
    return said;
}

static void rejudge(struct docket *docket, const char *product, size_t assets)
{
    struct rejudge_result total;

    charter_use(&docket->charter, product);
    docket_rejudge(docket, assets, false, &total);
}

static void scan_machine(struct docket *docket, const char *build)
{
    docket_machine(docket, "web", build);
    docket_machine(docket, "other", W2016);
    docket_scan(docket);
}

/* ---------------------------------------------------------------------------------------------------- its life ---- */

static void it_opens_with_a_scan_is_resolved_by_one_and_opens_again(void **state)
{
    struct docket *docket = *state;

    scan_machine(docket, W2016);
    assert_string_equal(findings(docket), "");
    scan_machine(docket, W2008);
    assert_string_equal(findings(docket), "web agent: open act unsupported");
    assert_string_equal(events(docket), "opened act unsupported");
    assert_int_equal(world_number(docket->world, "SELECT count(*) FROM event e JOIN finding f ON f.id = e.finding"
                                                 " WHERE e.asset = f.asset AND e.target = 1 AND e.journal ="
                                                 " (SELECT max(id) FROM journal) AND e.at = f.opened_at"),
                     1);
    scan_machine(docket, W2016);
    assert_string_equal(findings(docket), "web agent: resolved act unsupported x0");
    assert_string_equal(events(docket), "resolved");
    scan_machine(docket, W2008);
    assert_string_equal(findings(docket), "web agent: open act unsupported");
    assert_string_equal(events(docket), "opened act unsupported");
    assert_int_equal(world_number(docket->world, "SELECT times FROM finding"), 2);
}

static void another_verdict_changes_it(void **state)
{
    struct docket *docket = *state;

    scan_machine(docket, W2016);
    scan_machine(docket, W2008);
    events(docket);
    scan_machine(docket, NULL);
    assert_string_equal(findings(docket), "web agent: open look unknown");
    assert_string_equal(events(docket), "changed look unknown");
}

static void another_sentence_is_no_event(void **state)
{
    struct docket *docket = *state;
    int64_t judgement;

    docket_machine(docket, "web", W2012);
    docket_volume(docket, "d1", "web", "ReFS");
    docket_scan(docket);
    assert_string_equal(findings(docket), "web agent: open act unsupported");
    events(docket);
    judgement = world_number(docket->world, "SELECT judgement FROM finding");
    docket_machine(docket, "web", W2012);
    docket_volume(docket, "d1", "web", "FAT32");
    docket_scan(docket);
    assert_string_equal(findings(docket), "web agent: open act unsupported");
    assert_string_equal(events(docket), "");
    assert_int_not_equal(world_number(docket->world, "SELECT judgement FROM finding"), judgement);
    assert_int_equal(world_number(docket->world, "SELECT f.judgement = g.judgement FROM finding f JOIN guard g"
                                                 " ON g.asset = f.asset"),
                     1);
}

static void what_is_gone_retires_its_findings(void **state)
{
    struct docket *docket = *state;

    docket_machine(docket, "web", W2008);
    for (int i = 0; i < 20; i++)
        docket_machine(docket, arena_format(&docket->world->arena, "m%d", i), W2016);
    docket_scan(docket);
    events(docket);
    for (int i = 0; i < 20; i++)
        docket_machine(docket, arena_format(&docket->world->arena, "m%d", i), W2016);
    docket_scan(docket);
    assert_string_equal(findings(docket), "web agent: retired act unsupported x0");
    assert_string_equal(events(docket), "resolved");
}

static void a_target_that_is_configured_no_more_retires_its_findings(void **state)
{
    struct docket *docket = *state;

    scan_machine(docket, W2008);
    rejudge(docket, "mabs-v1", 10);
    assert_string_equal(findings(docket), "unlisted server/Windows Server 2016/physical/mabs-v1: open act unlisted"
                                          " newer\nweb agent: open act unsupported");
    assert_true(findings_stale(&docket->world->sql, docket->target, NULL, docket->world->now, NULL));
    assert_true(state_apply(docket->world->store, NULL, 0, docket->world->now + 1, &docket->world->err));
    assert_string_equal(findings(docket), "stale ///: retired look x0\n"
                                          "unlisted server/Windows Server 2016/physical/mabs-v1: retired act"
                                          " unlisted newer x0\nweb agent: retired act unsupported x0");
}

static void another_basis_supersedes_and_a_scan_under_it_resolves(void **state)
{
    static const struct estate_rule out = { .where = { .name = "web" }, .by = "none", .reason = "a lab" };
    struct docket *docket = *state;
    struct rejudge_result total;

    scan_machine(docket, W2008);
    events(docket);
    charter_rule(&docket->charter, &out);
    docket_rejudge(docket, 10, false, &total);
    assert_string_equal(findings(docket), "web agent: superseded act unsupported x0");
    assert_string_equal(events(docket), "resolved (basis 2)");
    charter_rule(&docket->charter, &(struct estate_rule){ .where = { .name = "nobody" }, .by = "none" });
    docket_rejudge(docket, 1, false, &total);
    assert_string_equal(findings(docket), "web agent: open act unsupported");
    assert_string_equal(events(docket), "opened act unsupported (basis 3)");
    scan_machine(docket, W2016);
    assert_string_equal(findings(docket), "web agent: resolved act unsupported x0");
    assert_string_equal(events(docket), "resolved");
}

static void judging_again_under_the_same_basis_supersedes_nothing(void **state)
{
    struct docket *docket = *state;
    struct rejudge_result total;

    scan_machine(docket, W2008);
    docket_rejudge(docket, 1, false, &total);
    events(docket);
    /* As if the day had brought another fact. */
    world_run(docket->world, "UPDATE item SET gist = NULL, facts = replace(facts, '" W2008 "', '" W2016 "')");
    docket_rejudge(docket, 1, true, &total);
    assert_string_equal(findings(docket), "web agent: resolved act unsupported x0");
    assert_string_equal(events(docket), "resolved");
}

static void a_failed_or_partial_scan_neither_opens_nor_resolves_by_absence(void **state)
{
    struct docket *docket = *state;
    const char *before;

    scan_machine(docket, W2008);
    rejudge(docket, "mabs-v1", 10);
    before = findings(docket);
    events(docket);
    for (int i = 0; i < 3; i++) {
        assert_true(world_fail(docket->world, docket->target, ERR_UNREACHABLE, "no route to host"));
        docket_machine(docket, "other", W2016);
        assert_true(world_scan(docket->world, docket->target, PARTIAL));
        assert_string_equal(findings(docket), before);
        assert_string_equal(events(docket), "");
    }
}

static void a_scan_that_changes_nothing_writes_no_finding(void **state)
{
    struct docket *docket = *state;
    struct rejudge_result total;

    for (int i = 0; i < 3; i++)
        scan_machine(docket, W2008);
    rejudge(docket, "mabs-v1", 10);
    world_count_writes(docket->world);
    scan_machine(docket, W2008);
    assert_int_equal(world_writes(docket->world), 0);
    events(docket);
    docket_rejudge(docket, 10, true, &total);
    assert_int_equal(total.changed, 0);
    assert_string_equal(events(docket), "");
}

/* ------------------------------------------------------------------------------------------- many of one thing ---- */

enum { MACHINES = 40 };

static void scan_host(struct docket *docket, const char *build)
{
    docket_host(docket, "h1", build, NULL);
    for (int i = 0; i < MACHINES; i++)
        docket_vm(docket, arena_format(&docket->world->arena, "vm%d", i), W2008, "h1", NULL);
    docket_scan(docket);
}

static void a_host_and_its_machines_have_one_cause(void **state)
{
    static const struct estate_rule by_image = { .where = { .kind = "vm" }, .by = "image" };
    struct docket *docket = *state;
    struct test_world *world = docket->world;

    charter_rule(&docket->charter, &by_image);
    scan_host(docket, W2016);
    assert_string_equal(findings(docket), "");
    scan_host(docket, W2008);
    findings(docket);
    /* The machines count by image, which their host decides; the host by agent and by itself. */
    assert_int_equal(world_number(world, "SELECT count(*) FROM finding WHERE kind = 'verdict' AND state = 'open'"),
                     MACHINES + 2);
    assert_int_equal(world_number(world, "SELECT count(*) FROM finding f JOIN judgement j ON j.id = f.judgement"
                                         " JOIN asset c ON c.id = j.cause WHERE c.name = 'h1' AND f.state = 'open'"),
                     MACHINES);
    scan_host(docket, W2016);
    findings(docket);
    assert_int_equal(world_number(world, "SELECT count(*) FROM finding WHERE state = 'open'"), 0);
}

static void scan_fleet(struct docket *docket, int machines)
{
    for (int i = 0; i < 20; i++)
        docket_machine(docket, arena_format(&docket->world->arena, "m%d", i), i < machines ? W2016 : W2012);
    docket_scan(docket);
}

static void an_unlisted_key_has_so_many_assets(void **state)
{
    struct docket *docket = *state;

    charter_use(&docket->charter, "mabs-v1");
    scan_fleet(docket, 3);
    assert_string_equal(findings(docket),
                        "unlisted server/Windows Server 2016/physical/mabs-v1: open act unlisted newer x3");
    assert_string_equal(events(docket), "opened act unlisted newer (first 1)");
    scan_fleet(docket, 12);
    assert_string_equal(findings(docket),
                        "unlisted server/Windows Server 2016/physical/mabs-v1: open act unlisted newer x12");
    scan_fleet(docket, 1);
    assert_string_equal(findings(docket),
                        "unlisted server/Windows Server 2016/physical/mabs-v1: open act unlisted newer");
    assert_string_equal(events(docket), "");
    scan_fleet(docket, 0);
    assert_string_equal(findings(docket),
                        "unlisted server/Windows Server 2016/physical/mabs-v1: resolved act unlisted newer x0");
    assert_string_equal(events(docket), "resolved");
}

static void a_key_rests_on_what_is_said_of_one_of_its_assets_now(void **state)
{
    static const struct estate_rule owned = { .where = { .kind = "machine" }, .owner = "ann" };
    struct docket *docket = *state;
    int64_t before;

    charter_use(&docket->charter, "mabs-v1");
    docket_machine(docket, "a", W2016);
    docket_machine(docket, "b", W2016);
    docket_scan(docket);
    before = world_number(docket->world, "SELECT judgement FROM finding");
    events(docket);
    charter_rule(&docket->charter, &owned);
    docket_machine(docket, "a", W2016 ".1");
    docket_machine(docket, "b", W2016 ".1");
    docket_scan(docket);
    findings(docket);
    assert_int_not_equal(world_number(docket->world, "SELECT judgement FROM finding"), before);
    assert_int_equal(world_number(docket->world, "SELECT count(*) FROM finding f JOIN guard g ON g.judgement ="
                                                 " f.judgement"),
                     2);
    assert_string_equal(events(docket), "");
}

static void a_targets_first_good_scan_is_one_batch(void **state)
{
    struct docket *docket = *state;

    assert_true(world_fail(docket->world, docket->target, ERR_UNREACHABLE, "no route to host"));
    docket_machine(docket, "a", W2008);
    docket_machine(docket, "b", W2008);
    docket_scan(docket);
    assert_string_equal(events(docket), "opened act unsupported (first 1)\nopened act unsupported (first 1)");
    docket_machine(docket, "a", W2008);
    docket_machine(docket, "b", W2008);
    docket_machine(docket, "c", W2008);
    docket_scan(docket);
    assert_string_equal(events(docket), "opened act unsupported");
}

static void another_basis_is_one_batch_over_all_slices(void **state)
{
    struct docket *docket = *state;

    for (int i = 0; i < 6; i++)
        docket_machine(docket, arena_format(&docket->world->arena, "m%d", i), i < 3 ? W2016 : W2008);
    docket_scan(docket);
    events(docket);
    rejudge(docket, "mabs-v1", 1);
    assert_int_equal(world_number(docket->world, "SELECT assets FROM finding WHERE kind = 'unlisted'"), 3);
    assert_string_equal(events(docket), "opened act unlisted newer (basis 2)");
    rejudge(docket, "mabs-v2", 1);
    assert_string_equal(events(docket), "resolved (basis 1)");
    assert_int_equal(world_number(docket->world, "SELECT count(*) FROM finding WHERE state = 'superseded'"), 1);
    assert_int_equal(world_number(docket->world, "SELECT count(*) FROM meta WHERE name = 'judging_anew'"), 0);
    findings(docket);
}

/* -------------------------------------------------------------------------------- support, rulings, exemptions ---- */

static void the_end_of_a_vendors_support_is_found_when_it_has_come(void **state)
{
    struct docket *docket = *state;
    struct test_world *world = docket->world;
    int64_t end;

    scan_machine(docket, W2016);
    end = world->now + 1000000;
    charter_support(&docket->charter, "Windows Server 2008 SP2", end);
    docket_machine(docket, "a", W2008);
    docket_machine(docket, "b", W2008);
    docket_scan(docket);
    assert_int_equal(world_number(world, "SELECT count(*) FROM finding WHERE kind = 'lifecycle'"), 0);
    events(docket);
    /* A scan after the end counts all that have come to it, not only what it brings. */
    world->now = end;
    docket_machine(docket, "a", W2008);
    docket_machine(docket, "b", W2008);
    docket_machine(docket, "c", W2008);
    docket_scan(docket);
    findings(docket);
    assert_int_equal(world_number(world, "SELECT assets FROM finding WHERE kind = 'lifecycle' AND need = 'decide'"), 3);
    assert_string_equal(events(docket), "opened act unsupported\nopened decide");
    docket_machine(docket, "a", W2012);
    docket_machine(docket, "b", W2008);
    docket_machine(docket, "c", W2008);
    docket_scan(docket);
    assert_string_equal(findings(docket), "a agent: resolved act unsupported x0\nb agent: open act unsupported\n"
                                          "c agent: open act unsupported\n"
                                          "lifecycle server/Windows Server 2008 SP2//: open decide x2");
}

static void what_the_organisation_ruled_asks_what_the_ruling_says(void **state)
{
    struct docket *docket = *state;
    struct rejudge_result total;

    docket_machine(docket, "web", W2016);
    docket_scan(docket);
    rejudge(docket, "mabs-v1", 10);
    charter_ruling(&docket->charter, ANSWER_YES);
    docket_rejudge(docket, 10, false, &total);
    assert_string_equal(findings(docket),
                        "unlisted server/Windows Server 2016/physical/mabs-v1: superseded act unlisted newer x0");
    charter_ruling(&docket->charter, ANSWER_NO);
    docket_rejudge(docket, 10, false, &total);
    assert_string_equal(findings(docket),
                        "unlisted server/Windows Server 2016/physical/mabs-v1: open act unlisted newer");
    charter_ruling(&docket->charter, ANSWER_DEPRECATED);
    docket_rejudge(docket, 10, false, &total);
    assert_string_equal(findings(docket),
                        "unlisted server/Windows Server 2016/physical/mabs-v1: open decide unlisted newer");
}

static void what_is_exempt_when_it_opens_is_marked(void **state)
{
    struct docket *docket = *state;
    struct test_world *world = docket->world;

    world_run(world, "INSERT INTO exemption (selector, reason, name, made_at, until_at) VALUES"
                     " ('{\"name\":\"a*\"}', 'known', 'ann', 1, 9000000000000)");
    charter_use(&docket->charter, "mabs-v1");
    docket_machine(docket, "a1", W2008);
    docket_machine(docket, "b1", W2008);
    docket_machine(docket, "a2", W2016);
    docket_machine(docket, "b2", W2016);
    docket_scan(docket);
    findings(docket);
    assert_string_equal(world_text(world, "SELECT group_concat(exempt || coalesce(exemption, '-') || '/' || assets,"
                                          " ' ') FROM (SELECT * FROM finding ORDER BY id)"),
                        "11/1 0-/1 11/2");
    docket_machine(docket, "a1", W2008);
    docket_machine(docket, "b1", W2008);
    docket_machine(docket, "a2", W2016);
    docket_machine(docket, "b2", W2012);
    docket_scan(docket);
    assert_int_equal(world_number(world, "SELECT exempt = assets FROM finding WHERE kind = 'unlisted'"), 1);
    events(docket);
    docket_machine(docket, "a1", W2008);
    docket_machine(docket, "b1", W2008);
    docket_machine(docket, "a2", W2016);
    docket_machine(docket, "b2", W2016);
    docket_scan(docket);
    assert_string_equal(events(docket), "opened act unlisted newer");
}

#define IN_DOCKET(test) cmocka_unit_test_setup_teardown(test, docket_open, docket_close)

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_DOCKET(it_opens_with_a_scan_is_resolved_by_one_and_opens_again),
        IN_DOCKET(another_verdict_changes_it),
        IN_DOCKET(another_sentence_is_no_event),
        IN_DOCKET(what_is_gone_retires_its_findings),
        IN_DOCKET(a_target_that_is_configured_no_more_retires_its_findings),
        IN_DOCKET(another_basis_supersedes_and_a_scan_under_it_resolves),
        IN_DOCKET(judging_again_under_the_same_basis_supersedes_nothing),
        IN_DOCKET(a_failed_or_partial_scan_neither_opens_nor_resolves_by_absence),
        IN_DOCKET(a_scan_that_changes_nothing_writes_no_finding),
        IN_DOCKET(a_host_and_its_machines_have_one_cause),
        IN_DOCKET(an_unlisted_key_has_so_many_assets),
        IN_DOCKET(a_key_rests_on_what_is_said_of_one_of_its_assets_now),
        IN_DOCKET(a_targets_first_good_scan_is_one_batch),
        IN_DOCKET(another_basis_is_one_batch_over_all_slices),
        IN_DOCKET(the_end_of_a_vendors_support_is_found_when_it_has_come),
        IN_DOCKET(what_the_organisation_ruled_asks_what_the_ruling_says),
        IN_DOCKET(what_is_exempt_when_it_opens_is_marked),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
