/* Counting findings over everything, against a count in SQL that shares nothing with it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "findings.h"
#include "points.h"
#include "store_inside.h"
#include "world.h"

#include <string.h>

enum { ASSETS = 12, JUDGEMENTS = 40, ROUNDS = 150, START = 1000 };

#define NUMBERS(most) "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < " #most ") "

static void run(struct test_world *world, const char *format, ...) __attribute__((format(printf, 2, 3)));
static void run(struct test_world *world, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    world_run(world, arena_vformat(&world->arena, format, args));
    va_end(args);
}

static const char *pick(const char *const *words, unsigned count)
{
    return words[points_random(count)];
}
#define PICK(...)                                                                                                      \
    pick((const char *const[]){ __VA_ARGS__ }, sizeof((const char *const[]){ __VA_ARGS__ }) / sizeof(const char *))

/* Few words, so that keys meet; ends of support on both sides of the times that are looked at. */
static void add_judgement(struct test_world *world, int id)
{
    run(world,
        "INSERT INTO judgement (id, digest, method, server, product, workload, version, installation, verdict, class,"
        " counts, by_what, ruled, reason, owner, excluded, support_end, reasoning, detail) VALUES"
        " (%d, randomblob(16), '%s', 'BKP', %s, '%s', '%s', '%s', '%s', '%s', %u, 'any', %s, '', %s, %s, %s, 1,"
        " '%s')",
        id, PICK("agent", "image"), PICK("NULL", "'p1'"), PICK("server", "sql"), PICK("", "A"),
        PICK("physical", "physical", "hyperv-vm"), PICK("unlisted", "unlisted", "unlisted", "supported"),
        PICK("gap", "newer", "older"), points_random(4) == 0 ? 0 : 1, PICK("NULL", "NULL", "NULL", "'yes'", "'no'"),
        PICK("NULL", "'ann'"), PICK("NULL", "NULL", "NULL", "'a lab'"), PICK("NULL", "1010", "1050", "1090"),
        PICK("{}", "{\"lifecycle\":{\"version\":\"B\"}}"));
}

static void fill(struct test_world *world)
{
    world_run(world, "INSERT INTO reasoning (id, digest, detail) VALUES (1, x'00', '{}');"
                     "INSERT INTO basis (id, hash, files, first_at) VALUES (1, x'00', '[]', 1)");
    run(world, NUMBERS(12) "INSERT INTO asset (id, kind, name, created_at) SELECT i, 'vm', 'vm-' || i, 1 FROM n");
    for (int i = 1; i <= JUDGEMENTS; i++)
        add_judgement(world, i);
}

static void change(struct test_world *world)
{
    int64_t asset = 1 + points_random(ASSETS);

    switch (points_random(12)) {
    case 0: run(world, "DELETE FROM guard WHERE asset = %lld", (long long)asset); break;
    case 1:
        run(world, "UPDATE guard SET judgement = %u WHERE id = (SELECT min(id) FROM guard WHERE asset = %lld)",
            1 + points_random(JUDGEMENTS), (long long)asset);
        break;
    case 2:
        run(world,
            "INSERT INTO exemption (selector, reason, name, made_at, until_at) VALUES ('{\"asset\":%lld}', 'r', 'n', 1,"
            " %u)",
            (long long)asset, START + points_random(200));
        break;
    case 3:
        run(world,
            "INSERT INTO exemption (selector, reason, name, made_at, until_at) VALUES"
            " ('{\"workload\":\"%s\",\"owner\":\"ann\"}', 'r', 'n', 1, %u)",
            PICK("server", "sql"), START + points_random(200));
        break;
    case 4: world_run(world, "UPDATE exemption SET ended_at = 1 WHERE id = (SELECT max(id) FROM exemption)"); break;
    default:
        run(world, "INSERT INTO guard (asset, judgement, basis, since_at) VALUES (%lld, %u, 1, 1)", (long long)asset,
            1 + points_random(JUDGEMENTS));
    }
}

struct count {
    int64_t at;
    const struct occasion *occasion;
};

static bool count_all(struct sql *sql, void *context, struct err *err)
{
    const struct count *count = context;

    return findings_recount(sql, count->occasion, count->at, err);
}

static void recount(struct test_world *world, const struct occasion *occasion, int64_t at)
{
    struct count count = { at, occasion };

    if (!store_transaction(world->store, count_all, &count, &world->err))
        fail_msg("%s", world->err.text);
}

/* Each protection that counts, with the key that it is in, and whether an exemption covers it. */
#define AT "(SELECT at FROM moment)"
#define COVERED                                                                                                        \
    "EXISTS (SELECT 1 FROM exemption e WHERE e.ended_at IS NULL AND e.until_at > " AT ""                               \
    " AND coalesce(e.selector ->> 'asset' = g.asset, e.selector ->> 'workload' = j.workload AND j.owner = 'ann'))"
#define PROTECTIONS                                                                                                    \
    "protections AS (SELECT g.asset, j.*, " COVERED " AS covered FROM guard g JOIN judgement j ON j.id = g.judgement"  \
    " WHERE j.counts = 1 AND j.excluded IS NULL)"
#define NEED "CASE ruled WHEN 'no' THEN 3 ELSE CASE WHEN class IN ('newer', 'older') THEN 3 ELSE 2 END END"
#define KEYS                                                                                                           \
    "keys AS (SELECT 'unlisted' AS kind, workload, version, installation, coalesce(product, '') AS product, asset,"    \
    " covered, " NEED " AS need FROM protections WHERE verdict = 'unlisted' AND coalesce(ruled, '') <> 'yes'"          \
    " UNION ALL SELECT 'lifecycle', workload, coalesce(detail ->> '$.lifecycle.version', version), '', '', asset, "    \
    "covered, 2 FROM protections"                                                                                      \
    " WHERE support_end <= " AT ")"
#define OF_ASSETS                                                                                                      \
    "assets AS (SELECT kind, workload, version, installation, product, asset, min(covered) AS covered,"                \
    " max(need) AS need FROM keys GROUP BY 1, 2, 3, 4, 5, 6)"
#define EXPECTED                                                                                                       \
    "WITH " PROTECTIONS ", " KEYS ", " OF_ASSETS                                                                       \
    " SELECT coalesce(group_concat(line, char(10)), '') FROM (SELECT kind || '|' || workload || '|' || version || '|'" \
    " || installation || '|' || product || '|' || CASE max(need) WHEN 3 THEN 'act' ELSE 'decide' END || '|' ||"        \
    " count(*) || '|' || sum(covered) AS line FROM assets GROUP BY kind, workload, version, installation, product"     \
    " ORDER BY 1)"

static const char found[] =
    "SELECT coalesce(group_concat(line, char(10)), '') FROM (SELECT kind || '|' || workload || '|' || version || '|' ||"
    " installation || '|' || product || '|' || need || '|' || assets || '|' || exempt AS line FROM finding"
    " WHERE state = 'open' ORDER BY 1)";

static void assert_counted(struct test_world *world)
{
    assert_string_equal(world_text(world, found), world_text(world, EXPECTED));
    /* The judgement is one of the key's, and asks what the finding asks; the exemption covers one of its assets. */
    assert_int_equal(world_number(world, "WITH " PROTECTIONS " SELECT count(*) FROM finding f WHERE f.kind = 'unlisted'"
                                         " AND f.state = 'open' AND NOT EXISTS (SELECT 1 FROM protections p WHERE"
                                         " p.id = f.judgement AND p.workload = f.workload AND p.version = f.version"
                                         " AND p.installation = f.installation AND coalesce(p.product, '') = f.product"
                                         " AND p.class = f.class AND " NEED " = CASE f.need WHEN 'act' THEN 3"
                                         " ELSE 2 END)"),
                     0);
    assert_int_equal(world_number(world, "SELECT count(*) FROM finding WHERE state = 'open' AND exempt > 0 AND"
                                         " exemption NOT IN (SELECT id FROM exemption WHERE ended_at IS NULL"
                                         " AND until_at > " AT ")"),
                     0);
}

static void what_is_counted_is_what_is_there(void **state)
{
    struct test_world *world = *state;

    fill(world);
    world_run(world, "CREATE TABLE moment (at INTEGER); INSERT INTO moment VALUES (0)");
    for (int round = 0; round < ROUNDS; round++) {
        int64_t at = START + points_random(150), before;

        for (unsigned i = points_random(8); i > 0; i--)
            change(world);
        run(world, "UPDATE moment SET at = %lld", (long long)at);
        recount(world, NULL, at);
        assert_counted(world);
        before = sqlite3_total_changes64(store_sql(world->store)->handle);
        recount(world, NULL, at);
        assert_int_equal(sqlite3_total_changes64(store_sql(world->store)->handle), before);
    }
}

/* ---------------------------------------------------------------------------------------------------- by hand ---- */

static void add_three(struct test_world *world)
{
    world_run(world, "INSERT INTO reasoning (id, digest, detail) VALUES (1, x'00', '{}');"
                     "INSERT INTO basis (id, hash, files, first_at) VALUES (1, x'00', '[]', 1);"
                     "INSERT INTO judgement (id, digest, method, server, workload, version, installation, verdict,"
                     " class, counts, by_what, reason, reasoning, detail, support_end) VALUES (1, x'00', 'agent',"
                     " 'BKP', 'server', 'A', 'physical', 'unlisted', 'gap', 1, 'any', '', 1, '{}', 500)");
    run(world, NUMBERS(3) "INSERT INTO asset (id, kind, name, created_at) SELECT i, 'vm', 'vm-' || i, 1 FROM n");
    run(world, NUMBERS(3) "INSERT INTO guard (asset, judgement, basis, since_at) SELECT i, 1, 1, 1 FROM n");
}

static void exempt(struct test_world *world, const char *selector, int64_t until)
{
    run(world, "INSERT INTO exemption (selector, reason, name, made_at, until_at) VALUES ('%s', 'r', 'n', 1, %lld)",
        selector, (long long)until);
}

/* "KIND STATE ASSETS EXEMPT EXEMPTION", and then the words of the events. */
static const char *story(struct test_world *world)
{
    return world_text(world, "SELECT (SELECT group_concat(kind || ' ' || state || ' ' || assets || ' ' || exempt ||"
                             " coalesce(' by ' || exemption, ''), ', ') FROM (SELECT * FROM finding ORDER BY kind"
                             " DESC)) || ': ' || (SELECT coalesce(group_concat(what || batch, ', '), '') FROM"
                             " (SELECT * FROM event ORDER BY id))");
}

static void exemptions_are_counted_by_asset_and_what_they_leave_is_told_again(void **state)
{
    struct test_world *world = *state;

    add_three(world);
    recount(world, NULL, 100);
    assert_string_equal(story(world), "unlisted open 3 0: finding.opened");
    exempt(world, "{\"asset\":2}", 1000);
    recount(world, NULL, 200);
    assert_string_equal(story(world), "unlisted open 3 1 by 1: finding.opened");
    exempt(world, "{\"workload\":\"server\"}", 900);
    recount(world, NULL, 300);
    assert_string_equal(story(world), "unlisted open 3 3 by 1: finding.opened");
    /* The second one is over, and support as well. */
    recount(world, &(struct occasion){ .batch = " b" }, 900);
    assert_string_equal(story(world), "unlisted open 3 1 by 1, lifecycle open 3 1 by 1:"
                                      " finding.opened, finding.opened b, finding.opened b");
    recount(world, NULL, 950);
    assert_string_equal(story(world), "unlisted open 3 1 by 1, lifecycle open 3 1 by 1:"
                                      " finding.opened, finding.opened b, finding.opened b");
}

static void what_the_row_says_already_stays_while_it_is_true(void **state)
{
    struct test_world *world = *state;

    add_three(world);
    world_run(world, "UPDATE guard SET judgement = 2; UPDATE judgement SET id = 2");
    exempt(world, "{\"asset\":3}", 1000);
    world_run(world, "UPDATE exemption SET id = 9");
    recount(world, NULL, 100);
    world_run(world, "INSERT INTO judgement SELECT 1, x'01', 'image', server, product, workload, version,"
                     " installation, verdict, class, counts, by_what, ruled, reason, step, cause, owner, site,"
                     " criticality, excluded, support_end, reasoning, detail FROM judgement;"
                     "UPDATE guard SET judgement = 1 WHERE asset = 1;"
                     "INSERT INTO exemption (id, selector, reason, name, made_at, until_at) VALUES (1,"
                     " '{\"asset\":1}', 'r', 'n', 1, 1000)");
    recount(world, NULL, 200);
    assert_string_equal(world_text(world, "SELECT judgement || ' ' || exemption || ' ' || exempt FROM finding"),
                        "2 9 2");
    world_run(world, "UPDATE guard SET judgement = 1; UPDATE exemption SET ended_at = 1 WHERE id = 9");
    recount(world, NULL, 300);
    assert_string_equal(world_text(world, "SELECT judgement || ' ' || exemption || ' ' || exempt FROM finding"),
                        "1 1 1");
}

static void what_nobody_has_any_more_ends(void **state)
{
    struct test_world *world = *state;

    add_three(world);
    recount(world, NULL, 600);
    world_run(world, "DELETE FROM guard");
    recount(world, NULL, 700);
    assert_string_equal(story(world), "unlisted resolved 0 0, lifecycle resolved 0 0:"
                                      " finding.opened, finding.opened, finding.resolved, finding.resolved");
    run(world, NUMBERS(2) "INSERT INTO guard (asset, judgement, basis, since_at) SELECT i, 1, 1, 1 FROM n");
    recount(world, NULL, 800);
    world_run(world, "DELETE FROM guard");
    recount(world, &(struct occasion){ .anew = true }, 900);
    assert_int_equal(world_number(world, "SELECT count(*) FROM finding WHERE state = 'superseded' AND times = 2"), 2);
}

static void a_finding_of_one_asset_is_exempt_while_it_is_covered(void **state)
{
    struct test_world *world = *state;

    add_three(world);
    world_run(world, "UPDATE judgement SET verdict = 'unsupported', class = '', support_end = NULL;"
                     "INSERT INTO finding (kind, asset, method, server, state, need, verdict, judgement, opened_at,"
                     " changed_at) VALUES ('verdict', 1, 'agent', 'BKP', 'open', 'act', 'unsupported', 1, 1, 1),"
                     " ('verdict', 2, 'agent', 'BKP', 'open', 'act', 'unsupported', 1, 1, 1)");
    exempt(world, "{\"asset\":2}", 1000);
    recount(world, NULL, 100);
    assert_string_equal(story(world), "verdict open 1 0, verdict open 1 1 by 1: ");
    recount(world, NULL, 1000);
    assert_string_equal(story(world), "verdict open 1 0, verdict open 1 0: finding.opened");
}

#define WITH_WORLD(test) cmocka_unit_test_setup_teardown(test, world_open, world_close)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_WORLD(what_is_counted_is_what_is_there),
        WITH_WORLD(exemptions_are_counted_by_asset_and_what_they_leave_is_told_again),
        WITH_WORLD(what_the_row_says_already_stays_while_it_is_true),
        WITH_WORLD(what_nobody_has_any_more_ends),
        WITH_WORLD(a_finding_of_one_asset_is_exempt_while_it_is_covered),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
