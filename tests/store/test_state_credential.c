#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "shelf.h"

#include "sql.h"
#include "state.h"

#include <string.h>

static struct credential_state held(void)
{
    struct credential_state state = {
        .word = CREDENTIAL_HELD,
        .fingerprint = { 1, 2, 3, 0, 5, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 16 },
        .attempts = 2,
        .retry_at = 2000,
        .held_at = 1000,
        .target = "host-1",
        .why = "the password is wrong",
    };

    return state;
}

static void set(struct shelf *shelf, const char *name, const struct credential_state *state)
{
    if (!state_set_credential(shelf->store, name, state, 1000, &shelf->err))
        fail_msg("%s", shelf->err.text);
}

static bool get(struct shelf *shelf, const char *name, struct credential_state *state)
{
    bool known;

    if (!state_credential(shelf->store, name, state, &known, &shelf->err))
        fail_msg("%s", shelf->err.text);
    return known;
}

static void what_was_stored_comes_back_after_a_restart(void **state)
{
    struct shelf *shelf = *state;
    struct credential_state stored = held(), found;

    memset(&found, 0, sizeof found);
    shelf_store(shelf);
    set(shelf, "scan", &stored);
    shelf_leave(shelf);
    shelf_store(shelf);
    assert_true(get(shelf, "scan", &found));
    assert_int_equal(found.word, stored.word);
    assert_memory_equal(found.fingerprint, stored.fingerprint, sizeof stored.fingerprint);
    assert_int_equal(found.attempts, 2);
    assert_int_equal(found.retry_at, 2000);
    assert_int_equal(found.held_at, 1000);
    assert_string_equal(found.target, "host-1");
    assert_string_equal(found.why, "the password is wrong");
}

static void each_word_comes_back(void **state)
{
    struct shelf *shelf = *state;
    struct credential_state found;

    shelf_store(shelf);
    for (enum credential_word word = CREDENTIAL_UNTRIED; word <= CREDENTIAL_HELD; word++) {
        set(shelf, "scan", &(struct credential_state){ .word = word });
        assert_true(get(shelf, "scan", &found));
        assert_int_equal(found.word, word);
        assert_int_equal(found.retry_at, 0);
    }
    assert_string_equal(shelf_rows(shelf, "SELECT state, retry_at, held_at, target FROM credential"), "held|-|-|-");
}

static void one_that_is_not_there_is_not_known(void **state)
{
    struct shelf *shelf = *state;
    struct credential_state found;

    shelf_store(shelf);
    assert_false(get(shelf, "scan", &found));
}

static void the_same_again_writes_nothing(void **state)
{
    struct shelf *shelf = *state;
    struct credential_state stored = held();
    struct sql *sql = shelf_store(shelf);
    int64_t changes;

    set(shelf, "scan", &stored);
    changes = sqlite3_total_changes64(sql->handle);
    set(shelf, "scan", &stored);
    assert_int_equal(sqlite3_total_changes64(sql->handle), changes);
    stored.attempts++;
    set(shelf, "scan", &stored);
    assert_int_equal(sqlite3_total_changes64(sql->handle), changes + 1);
}

static void what_is_not_configured_is_forgotten(void **state)
{
    struct shelf *shelf = *state;
    struct credential_state stored = held();
    struct sql *sql = shelf_store(shelf);
    int64_t changes;

    set(shelf, "a", &stored);
    set(shelf, "b", &stored);
    set(shelf, "c", &stored);
    changes = sqlite3_total_changes64(sql->handle);
    assert_true(
        state_keep_credentials(shelf->store, (const char *const[]){ "c", "a", "b", "d" }, 4, 2000, &shelf->err));
    assert_int_equal(sqlite3_total_changes64(sql->handle), changes);
    assert_true(state_keep_credentials(shelf->store, (const char *const[]){ "c", "a" }, 2, 2000, &shelf->err));
    assert_string_equal(shelf_rows(shelf, "SELECT name FROM credential ORDER BY name"), "a c");
    assert_true(state_keep_credentials(shelf->store, NULL, 0, 2000, &shelf->err));
    assert_int_equal(shelf_number(shelf, "SELECT count(*) FROM credential"), 0);
}

/* Somebody wrote into the table: it costs an attempt, and neither overruns nor holds for ever. */
static void strange_rows_are_read_safely(void **state)
{
    struct shelf *shelf = *state;
    struct credential_state found;

    shelf_store(shelf);
    shelf_run(shelf, "INSERT INTO credential (name, state, fingerprint, target, why) VALUES"
                     " ('a', 'nonsense', x'0102', printf('%.1000c', 'x'), replace(printf('%.3000c', 'x'), 'x', 'ü'))");
    assert_true(get(shelf, "a", &found));
    assert_int_equal(found.word, CREDENTIAL_UNTRIED);
    assert_int_equal(found.fingerprint[0], 0);
    assert_int_equal(strlen(found.target), sizeof found.target - 1);
    assert_int_equal(strlen(found.why) % 2, 0);
}

#define ON_SHELF(test) cmocka_unit_test_setup_teardown(test, shelf_open, shelf_close)

int main(void)
{
    const struct CMUnitTest tests[] = {
        ON_SHELF(what_was_stored_comes_back_after_a_restart), ON_SHELF(each_word_comes_back),
        ON_SHELF(one_that_is_not_there_is_not_known),         ON_SHELF(the_same_again_writes_nothing),
        ON_SHELF(what_is_not_configured_is_forgotten),        ON_SHELF(strange_rows_are_read_safely),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
