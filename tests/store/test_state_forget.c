#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "shelf.h"

#include "sql.h"
#include "state.h"
#include "store_inside.h"

#include <stdio.h>
#include <string.h>

enum { OLD = 10, HORIZON = 100, NEW = 200 };

/* Steps until nothing is left; how many. */
static unsigned forget(struct shelf *shelf, size_t most)
{
    bool more = true;
    unsigned steps = 0;

    for (; more; steps++) {
        if (!state_forget(shelf->store, HORIZON, most, &more, &shelf->err))
            fail_msg("%s", shelf->err.text);
        assert_true(steps < 10000);
    }
    shelf_assert_sound(shelf->path);
    return steps;
}

/* Target 1 in scope 1, with the journal's rows 1 (old), 2 (old) and 3 (new). */
static void plant(struct shelf *shelf)
{
    shelf_store(shelf);
    shelf_run(shelf, "INSERT INTO scope (name) VALUES ('a');"
                     "INSERT INTO target (name, plugin, scope, every_ms) VALUES ('a', 'file', 1, 1);"
                     "INSERT INTO journal (kind, target, started_at, ended_at, result) VALUES"
                     " ('scan', 1, 10, 10, 'complete'), ('scan', 1, 11, 11, 'complete'),"
                     " ('scan', 1, 200, 200, 'complete')");
}

/* An item with an asset of its own and all that hangs on it; gone when it is not 0. */
static void add_item(struct shelf *shelf, const char *key, int gone)
{
    char text[1024];

    snprintf(text, sizeof text,
             "INSERT INTO asset (kind, name, created_at, gone_at) VALUES ('vm', '%1$s', 1, nullif(%2$d, 0));"
             "INSERT INTO item (scope, kind, key, asset, name, facts, appeared_at, changed_at, gone_at)"
             " VALUES (1, 'vm', '%1$s', last_insert_rowid(), '%1$s', '{}', 1, 1, nullif(%2$d, 0));"
             "INSERT INTO link (item, number, relation, kind, key) SELECT max(id), 1, 'runs_on', 'vm', 'x' FROM item;"
             "INSERT INTO unread SELECT max(id), 'os.', 'off', 1 FROM item;"
             "INSERT INTO claim SELECT 'id.uuid', 'u', max(id) FROM item",
             key, gone);
    shelf_run(shelf, text);
}

static void add_history(struct shelf *shelf, int journal, int at, const char *key, const char *what)
{
    char text[512];

    snprintf(text, sizeof text,
             "INSERT INTO history (journal, at, asset, item, previous, what, detail)"
             " SELECT %d, %d, asset, id, last_history, '%s', '{}' FROM item WHERE key = '%s';"
             "UPDATE item SET last_history = last_insert_rowid() WHERE key = '%s'",
             journal, at, what, key, key);
    shelf_run(shelf, text);
}

static const char items[] = "SELECT key FROM item ORDER BY id";
static const char assets[] = "SELECT name FROM asset ORDER BY id";
static const char journal[] = "SELECT id FROM journal ORDER BY id";

static void what_is_old_goes_and_what_is_new_stays(void **state)
{
    struct shelf *shelf = *state;

    plant(shelf);
    add_item(shelf, "old", OLD);
    add_item(shelf, "new", NEW);
    add_item(shelf, "living", 0);
    add_history(shelf, 1, OLD, "old", "changed");
    add_history(shelf, 3, NEW, "new", "changed");
    assert_int_equal(forget(shelf, 1000), 1);
    assert_string_equal(shelf_rows(shelf, items), "new living");
    assert_string_equal(shelf_rows(shelf, assets), "new living");
    assert_string_equal(shelf_rows(shelf, journal), "3");
    assert_string_equal(shelf_rows(shelf, "SELECT journal FROM history"), "3");
    assert_string_equal(shelf_rows(shelf, "SELECT item FROM link UNION SELECT item FROM unread"
                                          " UNION SELECT item FROM claim"),
                        "2 3");
}

static void a_step_does_no_more_than_it_may(void **state)
{
    struct shelf *shelf = *state;
    bool more;

    plant(shelf);
    for (int i = 0; i < 25; i++) {
        char key[16];

        snprintf(key, sizeof key, "old-%d", i);
        add_item(shelf, key, OLD);
        add_history(shelf, 1, OLD, key, "changed");
    }
    for (int left = 25; left > 0; left -= 5) {
        assert_int_equal(shelf_number(shelf, "SELECT count(*) FROM history"), left);
        assert_int_equal(shelf_number(shelf, "SELECT count(*) FROM item"), 25);
        assert_true(state_forget(shelf->store, HORIZON, 5, &more, &shelf->err));
        assert_true(more);
    }
    /* 25 items, 2 rows of the journal, 25 assets, and a last look. */
    assert_int_equal(forget(shelf, 5), 11);
    assert_int_equal(shelf_number(shelf, "SELECT count(*) FROM asset"), 0);
}

static void nothing_to_forget_writes_nothing(void **state)
{
    struct shelf *shelf = *state;
    int64_t changes;

    plant(shelf);
    forget(shelf, 1000);
    changes = sqlite3_total_changes64(store_sql(shelf->store)->handle);
    assert_int_equal(forget(shelf, 1000), 1);
    assert_int_equal(sqlite3_total_changes64(store_sql(shelf->store)->handle), changes);
}

static void the_newest_row_of_each_target_stays_in_the_journal(void **state)
{
    struct shelf *shelf = *state;

    plant(shelf);
    shelf_run(shelf, "INSERT INTO target (name, plugin, scope, every_ms) VALUES ('b', 'file', 1, 1);"
                     "INSERT INTO journal (kind, target, started_at, ended_at, result) VALUES"
                     " ('scan', 2, 20, 20, 'denied'), ('scan', 2, 21, 21, 'denied'),"
                     " ('configuration', NULL, 22, 22, 'applied')");
    forget(shelf, 1000);
    assert_string_equal(shelf_rows(shelf, journal), "3 5");
}

/* As after a clock that stood in the future for a while. */
static void what_history_refers_to_stays(void **state)
{
    struct shelf *shelf = *state;

    plant(shelf);
    add_item(shelf, "old", OLD);
    add_history(shelf, 2, NEW, "old", "changed");
    forget(shelf, 1000);
    assert_string_equal(shelf_rows(shelf, journal), "2 3");
    assert_string_equal(shelf_rows(shelf, items), "old");
    assert_string_equal(shelf_rows(shelf, assets), "old");
}

/* As after a clock that stood in the future for a while. */
static void what_came_after_a_row_that_stays_stays_with_it(void **state)
{
    struct shelf *shelf = *state;

    plant(shelf);
    add_item(shelf, "jumped", 0);
    add_item(shelf, "other", 0);
    add_history(shelf, 1, OLD, "jumped", "appeared");
    add_history(shelf, 1, NEW, "jumped", "changed");
    add_history(shelf, 2, OLD, "jumped", "changed");
    add_history(shelf, 2, OLD, "other", "changed");
    add_history(shelf, 2, OLD, "jumped", "changed");
    forget(shelf, 1000);
    assert_string_equal(shelf_rows(shelf, "SELECT id FROM history ORDER BY id"), "2 3 5");
}

static void an_asset_stays_while_something_refers_to_it(void **state)
{
    struct shelf *shelf = *state;

    plant(shelf);
    add_item(shelf, "item", NEW);
    add_item(shelf, "survivor", OLD);
    add_item(shelf, "merged", OLD);
    add_history(shelf, 3, NEW, "merged", "changed");
    shelf_run(shelf, "UPDATE asset SET gone_at = 10;"
                     "UPDATE asset SET merged_into = 2, gone_at = NULL WHERE id = 3;"
                     "UPDATE item SET asset = 2 WHERE asset = 3");
    add_history(shelf, 3, NEW, "merged", "joined");
    forget(shelf, 1000);
    assert_string_equal(shelf_rows(shelf, assets), "item survivor merged");
    assert_string_equal(shelf_rows(shelf, items), "item merged");
    shelf_run(shelf, "DELETE FROM history");
    forget(shelf, 1000);
    assert_string_equal(shelf_rows(shelf, assets), "item");
}

static void a_former_verdict_keeps_its_asset(void **state)
{
    static const char assets[] = "SELECT group_concat(name, ' ') FROM (SELECT name FROM asset ORDER BY id)";
    struct shelf *shelf = *state;

    plant(shelf);
    add_item(shelf, "kept", OLD);
    add_item(shelf, "old", OLD);
    add_item(shelf, "survivor", 0);
    add_item(shelf, "merged", OLD);
    add_item(shelf, "merged and kept", OLD);
    shelf_run(shelf, "UPDATE asset SET merged_into = 3, gone_at = NULL WHERE id > 3;"
                     "INSERT INTO basis (id, hash, files, first_at) VALUES (1, x'01', '[]', 1); INSERT INTO reasoning "
                     "VALUES (1, x'01', '{}');"
                     "INSERT INTO judgement (digest, method, server, workload, version, installation, verdict, class,"
                     " counts, by_what, reason, reasoning, detail) VALUES (x'01', 'agent', 'b', '', '', '',"
                     " 'supported', '', 1, 'any', '', 1, '{}');"
                     "INSERT INTO guard_past (asset, judgement, basis, from_at, until_at) VALUES"
                     " (1, 1, 1, 1, 200), (1, 1, 1, 1, 200), (5, 1, 1, 1, 200)");
    forget(shelf, 1000);
    assert_string_equal(shelf_rows(shelf, assets), "kept survivor merged and kept");
    shelf_run(shelf, "UPDATE guard_past SET until_at = 10");
    forget(shelf, 1000);
    assert_string_equal(shelf_rows(shelf, assets), "survivor");
}

/* Three of each that are old: one by itself, and two that something refers to. */
static void what_was_told_goes_when_nobody_is_to_hear_of_it(void **state)
{
    static const char left[] = "SELECT * FROM (SELECT 'e' || id FROM event UNION SELECT 'f' || id FROM finding"
                               " UNION SELECT 'x' || id FROM exemption UNION SELECT 'a' || id FROM alert) ORDER BY 1";
    struct shelf *shelf = *state;

    plant(shelf);
    add_item(shelf, "old", OLD);
    shelf_run(
        shelf,
        "INSERT INTO exemption (selector, reason, name, made_at, until_at, ended_at) VALUES"
        " ('{}', 'r', 'n', 1, 9, 10), ('{}', 'r', 'n', 1, 9, 10), ('{}', 'r', 'n', 1, 9, 200);"
        "INSERT INTO finding (kind, asset, target, workload, state, need, exemption, opened_at, changed_at, ended_at)"
        " VALUES ('verdict', 1, NULL, '', 'retired', 'act', NULL, 5, 5, 10),"
        " ('unlisted', NULL, NULL, 'a', 'resolved', 'act', NULL, 5, 5, 10),"
        " ('unlisted', NULL, NULL, 'b', 'resolved', 'act', NULL, 5, 5, 10),"
        " ('unlisted', NULL, NULL, 'c', 'resolved', 'act', NULL, 5, 5, 200),"
        " ('stale', NULL, 1, '', 'open', 'look', 2, 5, 5, NULL);"
        "INSERT INTO event (at, what, subject, state, finding, asset) VALUES"
        " (5, 'finding.opened', 'finding 1', 'act', 1, 1), (10, 'finding.resolved', 'finding 1', '', 1, 1),"
        " (10, 'finding.resolved', 'finding 2', '', 2, NULL), (200, 'finding.resolved', 'finding 4', '', 4, NULL),"
        " (10, 'scan.failing', 'target 1 scan', 'failing', NULL, NULL);"
        "INSERT INTO hook (name, cursor, history_cursor) VALUES ('mail', 4, 0), ('fast', 5, 0);"
        "INSERT INTO pending VALUES ('mail', 'b', 3, 20), ('mail', 'h', -1, 20);"
        "INSERT INTO told VALUES ('mail', 'finding 3', 'act', 2);"
        "INSERT INTO alert (key, hook, what, title, count, payload, state, made_at, ended_at) VALUES"
        " ('1', 'mail', 'w', 't', 1, '{}', 'delivered', 5, 10), ('2', 'mail', 'w', 't', 1, '{}', 'dead', 5, 10),"
        " ('3', 'mail', 'w', 't', 1, '{}', 'waiting', 5, NULL), ('4', 'mail', 'w', 't', 1, '{}', 'dead', 5, 200)");
    forget(shelf, 1000);
    assert_string_equal(shelf_rows(shelf, left), "a2 a3 a4 e3 e4 e5 f2 f3 f4 f5 x2 x3");
    assert_string_equal(shelf_rows(shelf, assets), "");
    shelf_run(shelf, "DELETE FROM pending; DELETE FROM told; UPDATE hook SET cursor = 5;"
                     "UPDATE finding SET exemption = NULL");
    forget(shelf, 1);
    assert_string_equal(shelf_rows(shelf, left), "a3 a4 e4 f4 f5 x3");
}

static void an_asset_stays_while_it_is_told_of(void **state)
{
    struct shelf *shelf = *state;

    plant(shelf);
    add_item(shelf, "found", OLD);
    add_item(shelf, "told", OLD);
    add_item(shelf, "old", OLD);
    shelf_run(shelf, "INSERT INTO finding (kind, asset, state, need, opened_at, changed_at, ended_at) VALUES"
                     " ('verdict', 1, 'retired', 'act', 5, 5, 200);"
                     "INSERT INTO event (at, what, subject, state, asset) VALUES"
                     " (200, 'finding.resolved', 'finding 1', '', 2)");
    forget(shelf, 1000);
    assert_string_equal(shelf_rows(shelf, assets), "found told");
    shelf_run(shelf, "UPDATE finding SET ended_at = 10; UPDATE event SET at = 10");
    forget(shelf, 1000);
    assert_string_equal(shelf_rows(shelf, assets), "");
}

static void what_a_finding_was_told_stays_with_it(void **state)
{
    struct shelf *shelf = *state;

    plant(shelf);
    add_item(shelf, "asset", 0);
    shelf_run(shelf, "INSERT INTO basis (id, hash, files, first_at) VALUES (1, x'01', '[]', 1);"
                     "INSERT INTO reasoning VALUES (1, x'01', '{}'), (2, x'02', '{}');"
                     "INSERT INTO judgement (digest, method, server, workload, version, installation, verdict, class,"
                     " counts, by_what, reason, reasoning, detail) VALUES (x'01', 'agent', 'b', '', '', '',"
                     " 'supported', '', 1, 'any', '', 1, '{}'), (x'02', 'agent', 'b', '', '', '', 'supported', '', 1,"
                     " 'any', '', 2, '{}');"
                     "INSERT INTO guard_past (asset, judgement, basis, from_at, until_at) VALUES (1, 1, 1, 1, 10),"
                     " (1, 2, 1, 1, 10);"
                     "INSERT INTO finding (kind, asset, judgement, state, need, opened_at, changed_at, ended_at) VALUES"
                     " ('verdict', 1, 2, 'resolved', 'act', 5, 5, 200)");
    forget(shelf, 1000);
    assert_string_equal(shelf_rows(shelf, "SELECT id FROM judgement UNION ALL SELECT id FROM reasoning"), "2 2");
}

static void pages_are_given_back_bit_by_bit(void **state)
{
    struct shelf *shelf = *state;
    int64_t before, after, pages;
    bool more;

    plant(shelf);
    shelf_run(shelf, "INSERT INTO meta VALUES ('large', printf('%.8000000c', 'x')); DELETE FROM meta");
    before = shelf_number(shelf, "PRAGMA freelist_count");
    assert_true(before > 1500);
    assert_true(state_forget(shelf->store, HORIZON, 10, &more, &shelf->err));
    assert_true(more);
    after = shelf_number(shelf, "PRAGMA freelist_count");
    assert_int_equal(before - after, 256);
    forget(shelf, 10);
    pages = shelf_number(shelf, "PRAGMA page_count");
    assert_true(pages < 500);
    assert_true(shelf_number(shelf, "PRAGMA freelist_count") < pages);
}

#define ON_SHELF(test) cmocka_unit_test_setup_teardown(test, shelf_open, shelf_close)

int main(void)
{
    const struct CMUnitTest tests[] = {
        ON_SHELF(what_is_old_goes_and_what_is_new_stays),
        ON_SHELF(a_step_does_no_more_than_it_may),
        ON_SHELF(nothing_to_forget_writes_nothing),
        ON_SHELF(the_newest_row_of_each_target_stays_in_the_journal),
        ON_SHELF(what_history_refers_to_stays),
        ON_SHELF(an_asset_stays_while_something_refers_to_it),
        ON_SHELF(what_came_after_a_row_that_stays_stays_with_it),
        ON_SHELF(a_former_verdict_keeps_its_asset),
        ON_SHELF(what_was_told_goes_when_nobody_is_to_hear_of_it),
        ON_SHELF(an_asset_stays_while_it_is_told_of),
        ON_SHELF(what_a_finding_was_told_stays_with_it),
        ON_SHELF(pages_are_given_back_bit_by_bit),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
