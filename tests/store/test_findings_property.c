/* Whatever comes in whatever order, findings are what a count over all verdicts says. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "docket.h"
#include "points.h"
#include "whole.h"

#include "findings.h"
#include "state.h"

enum { MACHINES = 8, ROUNDS = 60, ASSETS = 10, JUDGEMENTS = 30, NOTES = 200 };

/* ----------------------------------------------------------------------------------------------- by exemptions ---- */

#define FAR "9000000000000"
#define COVERED                                                                                                        \
    "EXISTS (SELECT 1 FROM exemption e WHERE e.ended_at IS NULL AND coalesce(e.selector ->> 'asset' IN (p.asset, "     \
    "coalesce(p.cause, p.asset)),"                                                                                     \
    " e.selector ->> 'owner' = p.owner, e.selector ->> 'method' = p.method))"
#define COUNTED "protection p WHERE counts = 1 AND excluded IS NULL"
/* Key, asset and whether all of what the asset has of that key is exempt. */
#define MEMBERS                                                                                                        \
    "SELECT kind, workload, version, installation, product, asset, min(covered) AS covered FROM (SELECT 'unlisted' AS" \
    " kind, workload, version, installation, coalesce(product, '') AS product, asset, " COVERED                        \
    " AS covered FROM " COUNTED                                                                                        \
    " AND verdict = 'unlisted' AND ruled IS NOT 'yes' UNION ALL SELECT 'lifecycle', workload,"                         \
    " coalesce(detail ->> '$.lifecycle.version', version), '', '', asset, " COVERED " FROM " COUNTED                   \
    " AND support_end <= (SELECT CAST(value AS INTEGER) FROM meta WHERE name = 'findings_at'))"                        \
    " GROUP BY kind, workload, version, installation, product, asset"
#define EXPECTED                                                                                                       \
    "SELECT kind, workload, version, installation, product, count(*), sum(covered) FROM (" MEMBERS                     \
    ") GROUP BY kind, workload, version, installation, product"
#define FOUND                                                                                                          \
    "SELECT kind, workload, version, installation, product, assets, exempt FROM finding WHERE state = 'open'"          \
    " AND kind IN ('unlisted', 'lifecycle')"

static const char *const nothing[] = {
    "SELECT count(*) FROM (SELECT * FROM (" EXPECTED ") EXCEPT " FOUND ")",
    "SELECT count(*) FROM (" FOUND " EXCEPT SELECT * FROM (" EXPECTED "))",
    "SELECT count(*) FROM finding f JOIN protection p ON p.asset = f.asset AND p.method = f.method"
    " AND p.server = f.server WHERE f.kind = 'verdict' AND f.state = 'open' AND f.exempt <> " COVERED,
    /* What an unlisted key says is what one of its protections says, and of those that ask as much, the first class. */
    "SELECT count(*) FROM finding f WHERE kind = 'unlisted' AND state = 'open' AND class IS NOT (SELECT class FROM"
    " " COUNTED " AND p.verdict = 'unlisted' AND p.workload = f.workload AND p.version = f.version AND"
    " p.installation = f.installation AND coalesce(p.product, '') = f.product AND f.need = CASE WHEN ruled = 'no' OR"
    " (ruled IS NULL AND class IN ('newer', 'older')) THEN 'act' WHEN ruled IS NOT 'yes' THEN 'decide' END"
    " ORDER BY instr('gap level newer older sku foreign', class) LIMIT 1)",
};

static void assert_found(struct test_world *world)
{
    whole_assert(world->path);
    for (size_t i = 0; i < sizeof nothing / sizeof *nothing; i++) {
        if (world_number(world, nothing[i]) != 0)
            fail_msg("not so: %s", nothing[i]);
    }
}

static void recount(struct test_world *world)
{
    if (!findings_recount(&world->sql, NULL, world->now, &world->err))
        fail_msg("%s", world->err.text);
}

static void change_exemptions(struct test_world *world)
{
    struct str text = STR_EMPTY;

    if (points_random(2) == 0) {
        world_run(
            world,
            "UPDATE exemption SET ended_at = 1, ended_why = 'over' WHERE id = (SELECT min(id) FROM exemption WHERE"
            " ended_at IS NULL)");
    } else {
        str_add(&text, "INSERT INTO exemption (selector, reason, name, made_at, until_at) VALUES ('{");
        switch (points_random(3)) {
        case 0: str_format(&text, "\"asset\":%u", 1 + points_random(ASSETS)); break;
        case 1: str_format(&text, "\"owner\":\"o%u\"", 1 + points_random(3)); break;
        default: str_format(&text, "\"method\":\"%s\"", points_random(2) == 0 ? "agent" : "image");
        }
        str_add(&text, "}', 'r', 'n', 1, " FAR ")");
        world_run(world, str_text(&text));
    }
    str_finish(&text);
    recount(world);
}

/* ------------------------------------------------------------------------------------------------- notes alone ---- */

static const char *pick(const char *const *words, size_t count)
{
    return words[points_random((unsigned)count)];
}
#define PICK(...)                                                                                                      \
    pick((const char *const[]){ __VA_ARGS__ }, sizeof((const char *const[]){ __VA_ARGS__ }) / sizeof(const char *))

/* Few words, so that keys meet. Ways of assets are by the judgement's number, so that a row can keep its way. */
static void add_judgement(struct test_world *world, int id)
{
    const char *verdict =
        PICK("unlisted", "unlisted", "unlisted", "supported", "unsupported", "conditional", "deprecated");
    const char *text = arena_format(
        &world->arena,
        "INSERT INTO reasoning (id, digest, detail) VALUES (%d, randomblob(16),"
        " '{\"legs\":[{\"verdict\":\"%s\",\"reason\":\"\"}]}');"
        "INSERT INTO judgement (id, digest, method, server, product, workload, version, installation,"
        " verdict, class, counts, by_what, ruled, reason, owner, excluded, support_end, reasoning, detail)"
        " VALUES (%d, randomblob(16), '%s', '%s', %s, '%s', '%s', 'physical', '%s', '%s', %d, 'any', %s,"
        " '', '%s', %s, %s, %d, '{}')",
        id, verdict, id, id % 2 == 0 ? "agent" : "image", id % 4 < 2 ? "B1" : "B2", PICK("NULL", "'p1'"),
        PICK("server", "sql"), PICK("A", "B"), verdict, verdict[2] == 'l' ? PICK("gap", "newer", "sku", "foreign") : "",
        points_random(6) != 0, PICK("NULL", "NULL", "NULL", "'yes'", "'no'", "'deprecated'"), PICK("o1", "o2", "o3"),
        PICK("NULL", "NULL", "NULL", "'lab'"), PICK("NULL", "1500", "3000"), id);

    world_run(world, text);
}

static void fill(struct test_world *world)
{
    world_run(world, "INSERT INTO basis (id, hash, files, first_at) VALUES (1, x'00', '[]', 1);"
                     "INSERT INTO scope (name) VALUES ('s')");
    for (int i = 1; i <= ASSETS; i++)
        world_run(world, "INSERT INTO asset (kind, name, created_at) VALUES ('vm', 'vm', 1);"
                         "INSERT INTO item (scope, kind, key, asset, name, facts, appeared_at, changed_at, lost_at)"
                         " SELECT 1, 'vm', max(id), max(id), 'vm', '{}', 1, 1, 1 FROM asset");
    for (int i = 1; i <= JUDGEMENTS; i++)
        add_judgement(world, i);
}

/* A judgement of the same way as this one, or of a way that the asset has not; 0: the row ends. */
static int64_t next_judgement(struct test_world *world, int64_t asset, int64_t before)
{
    return world_number(
        world,
        arena_format(&world->arena,
                     "SELECT coalesce((SELECT id FROM judgement j WHERE CASE WHEN %lld = 0 THEN NOT EXISTS (SELECT 1"
                     " FROM protection p WHERE p.asset = %lld AND p.method = j.method AND p.server = j.server) ELSE"
                     " %lld %% 4 = id %% 4 END AND id >= %u ORDER BY id LIMIT 1), 0)",
                     (long long)before, (long long)asset, (long long)before, 1 + points_random(JUDGEMENTS)));
}

static void set_row(struct test_world *world, int64_t asset, int64_t before, int64_t now)
{
    const char *text;

    if (before == 0)
        text = arena_format(&world->arena,
                            "INSERT INTO guard (asset, judgement, basis, since_at) VALUES (%lld, %lld, 1, 1)",
                            (long long)asset, (long long)now);
    else if (now == 0)
        text = arena_format(&world->arena, "DELETE FROM guard WHERE asset = %lld AND judgement = %lld",
                            (long long)asset, (long long)before);
    else
        text = arena_format(&world->arena, "UPDATE guard SET judgement = %lld WHERE asset = %lld AND judgement = %lld",
                            (long long)now, (long long)asset, (long long)before);
    world_run(world, text);
}

/* Up to all rows of some assets become others, each once. */
static void note_some(struct test_world *world, struct findings *findings)
{
    for (int64_t asset = 1 + points_random(3); asset <= ASSETS; asset += 1 + points_random(4)) {
        int64_t before = world_number(world, arena_format(&world->arena,
                                                          "SELECT coalesce((SELECT judgement FROM guard WHERE asset ="
                                                          " %lld ORDER BY judgement * %u %% 31 LIMIT 1), 0)",
                                                          (long long)asset, 1 + points_random(30)));
        int64_t now;

        if (points_random(3) == 0)
            before = 0;
        now = before != 0 && points_random(4) == 0 ? 0 : next_judgement(world, asset, before);
        if (before == now)
            continue;
        set_row(world, asset, before, now);
        if (!findings_note(findings, asset, before, now, &world->err))
            fail_msg("%s", world->err.text);
    }
}

static void what_is_noted_comes_to_what_is_there(void **state)
{
    static const struct occasion occasions[] = { { 0 }, { .anew = true, .batch = "basis 1" } };
    struct test_world *world = *state;

    fill(world);
    world->now = 1000;
    for (int round = 0; round < NOTES; round++) {
        struct findings findings;

        world->now += points_random(20);
        if (points_random(10) == 0)
            change_exemptions(world);
        findings_init(&findings, &world->sql, &occasions[points_random(2)], world->now);
        note_some(world, &findings);
        if (!findings_write(&findings, &world->err))
            fail_msg("%s", world->err.text);
        findings_finish(&findings);
        assert_found(world);
    }
}

/* ------------------------------------------------------------------------------------------- scans and judging ---- */

static const char *const builds[] = { "6.0.6002", "6.3.9600", "10.0.14393", "10.0.14393", NULL };

static void scan(struct docket *docket)
{
    struct test_world *world = docket->world;
    bool partial = points_random(6) == 0;

    docket_host(docket, "h1", builds[points_random(4)], NULL);
    docket_host(docket, "h2", "10.0.14393", NULL);
    for (int i = 0; i < MACHINES; i++) {
        const char *host = points_random(2) == 0 ? "h1" : "h2";

        if (points_random(5) != 0)
            docket_vm(docket, arena_format(&world->arena, "vm%d", i), builds[points_random(5)], host, NULL);
        if (points_random(5) != 0)
            docket_machine(docket, arena_format(&world->arena, "m%d", i), builds[points_random(5)]);
    }
    if (!world_scan(world, docket->target, partial ? PARTIAL : COMPLETE))
        fail_msg("%s", world->err.text);
    if (points_random(2) == 0)
        assert_true(world_accept(world, docket->target));
}

static void change_basis(struct docket *docket)
{
    static const struct estate_rule rules[] = {
        { .where = { .kind = "vm" }, .by = "image", .owner = "o1" },
        { .where = { .name = "m*" }, .by = "none", .reason = "a lab" },
        { .where = { .name = "vm1" }, .owner = "o2" },
    };

    switch (points_random(4)) {
    case 0: charter_use(&docket->charter, points_random(2) == 0 ? "mabs-v1" : "mabs-v2"); break;
    case 1: charter_rule(&docket->charter, &rules[points_random(3)]); break;
    case 2: charter_ruling(&docket->charter, ANSWER_NO + points_random(3)); break;
    default:
        charter_support(&docket->charter, "Windows Server 2008 SP2",
                        docket->world->now + 100000 - points_random(1000000));
    }
}

/* One slice, and what it leaves waits. */
static void judge(struct docket *docket)
{
    struct test_world *world = docket->world;
    struct rejudge_result result;

    if (!rejudge_slice(world->store, &docket->charter.basis, ++world->now, 1 + points_random(12), points_random(4) == 0,
                       &result, &world->err))
        fail_msg("%s", world->err.text);
}

static void what_scans_and_judging_bring_comes_to_what_is_there(void **state)
{
    struct docket *docket = *state;

    for (int round = 0; round < ROUNDS; round++) {
        switch (points_random(8)) {
        case 0: change_basis(docket); break;
        case 1: change_exemptions(docket->world); break;
        case 2: assert_true(world_fail(docket->world, docket->target, ERR_TIMEOUT, "no answer")); break;
        case 3:
        case 4: judge(docket); break;
        default: scan(docket);
        }
        assert_found(docket->world);
    }
    assert_true(state_apply(docket->world->store, NULL, 0, docket->world->now + 1, &docket->world->err));
    assert_found(docket->world);
    assert_int_equal(world_number(docket->world, "SELECT count(*) FROM finding WHERE state = 'open'"), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(what_is_noted_comes_to_what_is_there, world_open, world_close),
        cmocka_unit_test_setup_teardown(what_scans_and_judging_bring_comes_to_what_is_there, docket_open, docket_close),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
