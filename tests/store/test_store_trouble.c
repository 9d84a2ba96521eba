#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "shelf.h"

#include "faults.h"
#include "sql.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static int open_faulty(void **state)
{
    faults_install();
    return shelf_open(state);
}

static int close_faulty(void **state)
{
    int code;

    faults_set(NULL);
    code = shelf_close(state);
    faults_remove();
    return code;
}

static bool add_scope(struct sql *sql, void *context, struct err *err)
{
    struct sql_query query;

    sql_query(&query, sql, "INSERT INTO scope (name) VALUES (?1)");
    sql_bind_text(&query, 1, context);
    return sql_done(&query, err);
}

static bool add(struct shelf *shelf, const char *name)
{
    return store_transaction(shelf->store, add_scope, (void *)name, &shelf->err);
}

static void a_full_disk_is_said_and_passes(void **state)
{
    struct shelf *shelf = *state;

    shelf_store(shelf);
    faults_set(&(struct fault){ .calls = FAULT_WRITE, .at = 1, .code = SQLITE_FULL, .lasting = true });
    for (int i = 0; i < 3; i++) {
        assert_false(add(shelf, "a"));
        assert_int_equal(store_trouble(shelf->store), STORE_TRANSIENT);
        assert_non_null(strstr(shelf->err.text, "disk is full"));
        assert_non_null(strstr(shelf->err.text, "free some space"));
    }
    faults_set(NULL);
    assert_true(add(shelf, "a"));
    assert_int_equal(store_trouble(shelf->store), STORE_FINE);
    assert_string_equal(shelf_rows(shelf, "SELECT name FROM scope"), "a");
}

static void a_disk_that_does_not_take_it_is_an_error(void **state)
{
    struct shelf *shelf = *state;

    shelf_store(shelf);
    faults_set(&(struct fault){ .calls = FAULT_SYNC, .at = 1 });
    assert_false(add(shelf, "a"));
    assert_int_equal(store_trouble(shelf->store), STORE_TRANSIENT);
    assert_non_null(strstr(shelf->err.text, "disk I/O error"));
    assert_true(add(shelf, "a"));
}

/* With another program's lock for longer than is waited. */
static void a_locked_database_is_said_and_passes(void **state)
{
    struct shelf *shelf = *state;
    struct sql *sql = shelf_store(shelf), other;

    sqlite3_busy_timeout(sql->handle, 1);
    assert_true(sql_open(&other, shelf->path, SQLITE_OPEN_READWRITE, NULL));
    assert_true(sql_run(&other, "BEGIN IMMEDIATE", NULL));
    assert_false(add(shelf, "a"));
    assert_int_equal(store_trouble(shelf->store), STORE_TRANSIENT);
    assert_non_null(strstr(shelf->err.text, "locked"));
    sql_close(&other);
    assert_true(add(shelf, "a"));
    assert_int_equal(store_trouble(shelf->store), STORE_FINE);
}

static void a_file_that_was_moved_away_takes_nothing_more(void **state)
{
    struct shelf *shelf = *state;
    char away[128];

    snprintf(away, sizeof away, "%s/away", shelf->folder);
    shelf_store(shelf);
    assert_true(add(shelf, "a"));
    assert_int_equal(rename(shelf->path, away), 0);
    assert_false(add(shelf, "b"));
    assert_int_equal(store_trouble(shelf->store), STORE_TRANSIENT);
    assert_non_null(strstr(shelf->err.text, "moved or removed"));
    assert_int_equal(rename(away, shelf->path), 0);
    assert_true(add(shelf, "b"));
    assert_string_equal(shelf_rows(shelf, "SELECT name FROM scope ORDER BY id"), "a b");
}

/* Overwrites the page where a table begins, in a database whose changes are all in the file. */
static void damage(struct shelf *shelf, const char *table)
{
    char noise[4096], text[128];
    int64_t page;
    int fd;

    snprintf(text, sizeof text, "SELECT rootpage FROM sqlite_schema WHERE name = '%s'", table);
    page = shelf_number(shelf, text);
    memset(noise, 0xa5, sizeof noise);
    fd = open(shelf->path, O_WRONLY);
    assert_int_equal(pwrite(fd, noise, sizeof noise, (page - 1) * 4096), sizeof noise);
    close(fd);
}

static bool swallow(struct sql *sql, void *context, struct err *err)
{
    return sql_run(sql, "INSERT INTO meta (name, value) VALUES ('half', '')", err) && !add_scope(sql, context, NULL);
}

static void a_damaged_database_is_never_written_again(void **state)
{
    struct shelf *shelf = *state;
    struct str before = STR_EMPTY, after = STR_EMPTY;
    struct sql *sql = shelf_store(shelf);

    /* Something that waits in PATH-wal. */
    shelf_run(shelf, "INSERT INTO meta (name, value) VALUES ('whole', '')");
    damage(shelf, "scope");
    sqlite3_db_release_memory(sql->handle);
    assert_false(store_transaction(shelf->store, swallow, "a", &shelf->err));
    assert_int_equal(store_trouble(shelf->store), STORE_DAMAGED);
    shelf_read_file(shelf->path, &before);
    assert_false(store_transaction(shelf->store, add_scope, "b", &shelf->err));
    assert_non_null(strstr(shelf->err.text, "nothing more is written"));
    assert_int_equal(store_trouble(shelf->store), STORE_DAMAGED);
    assert_string_equal(shelf_rows(shelf, "SELECT name FROM meta"), "whole");
    shelf_leave(shelf);
    shelf_read_file(shelf->path, &after);
    assert_int_equal(before.length, after.length);
    assert_memory_equal(before.bytes, after.bytes, before.length);
    str_finish(&before);
    str_finish(&after);
    SHELF_REFUSES(shelf, "damaged");
}

static void a_read_only_file_system_is_refused_at_the_start(void **state)
{
    struct shelf *shelf = *state;

    faults_set(&(struct fault){ .calls = FAULT_WRITE, .at = 1, .code = SQLITE_READONLY, .lasting = true });
    SHELF_REFUSES(shelf, "readonly", "writable");
    faults_set(NULL);
    shelf_store(shelf);
}

/* A new database is whole or not there, wherever its making was cut off; the next start makes it. */
static void each_call_of_the_first_start_may_fail(void **state)
{
    static const struct fault kinds[] = {
        { .calls = FAULT_WRITE | FAULT_SYNC | FAULT_TRUNCATE | FAULT_OPEN, .torn = true },
        { .calls = FAULT_WRITE | FAULT_SYNC | FAULT_TRUNCATE, .torn = true, .lasting = true },
        { .calls = FAULT_READ },
    };
    struct shelf *shelf = *state;

    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        struct fault fault = kinds[i];
        bool struck = true;

        for (fault.at = 1; struck; fault.at++) {
            faults_set(&fault);
            shelf->store = store_open(&(struct store_options){ .path = shelf->path }, &shelf->err);
            struck = faults_struck();
            assert_true(struck || shelf->store != NULL);
            shelf_leave(shelf);
            faults_set(NULL);
            shelf_store(shelf);
            assert_true(add(shelf, "a"));
            shelf_leave(shelf);
            shelf_assert_sound(shelf->path);
            remove(shelf->path);
            remove(shelf_beside(shelf, "-wal"));
            remove(shelf_beside(shelf, "-shm"));
        }
        assert_true(fault.at > 10);
    }
}

#define ON_SHELF(test) cmocka_unit_test_setup_teardown(test, open_faulty, close_faulty)

int main(void)
{
    const struct CMUnitTest tests[] = {
        ON_SHELF(a_full_disk_is_said_and_passes),
        ON_SHELF(a_disk_that_does_not_take_it_is_an_error),
        ON_SHELF(a_locked_database_is_said_and_passes),
        ON_SHELF(a_file_that_was_moved_away_takes_nothing_more),
        ON_SHELF(a_damaged_database_is_never_written_again),
        ON_SHELF(a_read_only_file_system_is_refused_at_the_start),
        ON_SHELF(each_call_of_the_first_start_may_fail),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
