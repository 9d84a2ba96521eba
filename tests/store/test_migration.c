#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "shelf.h"

#include "faults.h"
#include "log.h"
#include "migration.h"
#include "schema.h"
#include "sql.h"
#include "store_inside.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* A schema with a history of its own. */
static const char *step(int version)
{
    static const char *const steps[] = {
        "CREATE TABLE word (id INTEGER PRIMARY KEY, text TEXT NOT NULL);",
        "ALTER TABLE word ADD COLUMN length INTEGER; UPDATE word SET length = length(text);",
        "CREATE INDEX word_by_length ON word(length); DELETE FROM word WHERE length > 3;",
    };

    return steps[version - 1];
}

static const char *broken_step(int version)
{
    return version < 3 ? step(version) : "DELETE FROM word; INSERT INTO nowhere VALUES (1)";
}

static bool open_at(struct shelf *shelf, const char *(*steps)(int version), int count)
{
    const struct migration migration = { steps, count };

    shelf->store = store_open_as(&(struct store_options){ .path = shelf->path }, &migration, &shelf->err);
    return shelf->store != NULL;
}

/* A database of the first schema with two words in it. */
static void plant(struct shelf *shelf)
{
    assert_true(open_at(shelf, step, 1));
    shelf_run(shelf, "INSERT INTO word (text) VALUES ('one'), ('three')");
    shelf_leave(shelf);
}

static const char *words(struct shelf *shelf)
{
    return shelf_rows(shelf, "SELECT text FROM word ORDER BY id");
}

static int64_t version(struct shelf *shelf)
{
    return shelf_number(shelf, "PRAGMA user_version");
}

/* What a copy says, opened where it lies. */
static const char *copy_rows(struct shelf *shelf, const char *ending, const char *text)
{
    struct shelf copy = *shelf;

    snprintf(copy.path, sizeof copy.path, "%s", shelf_beside(shelf, ending));
    return shelf_rows(&copy, text);
}

static void an_older_database_is_brought_up_to_date_after_a_copy(void **state)
{
    struct shelf *shelf = *state;
    struct stat status;

    plant(shelf);
    assert_true(open_at(shelf, step, 3));
    assert_string_equal(words(shelf), "one");
    assert_int_equal(version(shelf), 3);
    assert_string_equal(shelf_rows(shelf, "SELECT length FROM word"), "3");
    assert_string_equal(copy_rows(shelf, "-1.backup", "SELECT text FROM word ORDER BY id"), "one three");
    assert_string_equal(copy_rows(shelf, "-1.backup", "PRAGMA user_version"), "1");
    assert_string_equal(copy_rows(shelf, "-1.backup", "PRAGMA journal_mode"), "delete");
    assert_string_equal(copy_rows(shelf, "-1.backup", "PRAGMA integrity_check"), "ok");
    assert_int_equal(stat(shelf_beside(shelf, "-1.backup"), &status), 0);
    assert_int_equal(status.st_mode & 07777U, 0640);
    assert_false(shelf_has(shelf_beside(shelf, "-1.backup.new")));
}

static void a_database_of_today_is_left_alone(void **state)
{
    struct shelf *shelf = *state;

    plant(shelf);
    assert_true(open_at(shelf, step, 1));
    assert_string_equal(words(shelf), "one three");
    assert_false(shelf_has(shelf_beside(shelf, "-1.backup")));
}

static void the_new_and_the_migrated_have_one_schema(void **state)
{
    static const char schema[] = "SELECT name, sql FROM sqlite_schema ORDER BY name";
    struct shelf *shelf = *state;
    struct str fresh = STR_EMPTY;

    assert_true(open_at(shelf, step, 3));
    str_add(&fresh, shelf_rows(shelf, schema));
    shelf_leave(shelf);
    remove(shelf->path);
    plant(shelf);
    assert_true(open_at(shelf, step, 3));
    assert_string_equal(shelf_rows(shelf, schema), str_text(&fresh));
    str_finish(&fresh);
}

static void a_failing_step_leaves_the_old_database_whole(void **state)
{
    struct shelf *shelf = *state;

    plant(shelf);
    assert_false(open_at(shelf, broken_step, 3));
    assert_non_null(strstr(shelf->err.text, "stays at schema 1"));
    assert_non_null(strstr(shelf->err.text, "schema 3"));
    assert_non_null(strstr(shelf->err.text, "nowhere"));
    assert_int_equal(version(shelf), 1);
    assert_string_equal(words(shelf), "one three");
    assert_string_equal(shelf_rows(shelf, "SELECT count(*) FROM pragma_table_info('word')"), "2");
    assert_false(shelf_has(shelf_beside(shelf, "-1.backup")));
    assert_false(shelf_has(shelf_beside(shelf, "-1.backup.new")));
    assert_true(open_at(shelf, step, 1));
    shelf_leave(shelf);
    assert_true(open_at(shelf, step, 3));
}

static void a_copy_is_never_overwritten(void **state)
{
    struct shelf *shelf = *state;
    struct str kept = STR_EMPTY;

    plant(shelf);
    shelf_write_file(shelf_beside(shelf, "-1.backup"), "precious", 8);
    assert_true(open_at(shelf, step, 2));
    shelf_read_file(shelf_beside(shelf, "-1.backup"), &kept);
    assert_string_equal(str_text(&kept), "precious");
    assert_string_equal(copy_rows(shelf, "-1.backup.2", "SELECT count(*) FROM word"), "2");
    str_finish(&kept);
}

static void too_many_copies_are_refused_before_anything_changes(void **state)
{
    struct shelf *shelf = *state;
    char ending[32];

    plant(shelf);
    shelf_write_file(shelf_beside(shelf, "-1.backup"), "", 0);
    for (int i = 2; i <= 9; i++) {
        snprintf(ending, sizeof ending, "-1.backup.%d", i);
        shelf_write_file(shelf_beside(shelf, ending), "", 0);
    }
    assert_false(open_at(shelf, step, 2));
    assert_non_null(strstr(shelf->err.text, "move those away"));
    assert_int_equal(version(shelf), 1);
}

static void a_copy_that_was_cut_off_is_made_anew(void **state)
{
    struct shelf *shelf = *state;

    plant(shelf);
    shelf_write_file(shelf_beside(shelf, "-1.backup.new"), "half", 4);
    assert_true(open_at(shelf, step, 2));
    assert_string_equal(copy_rows(shelf, "-1.backup", "SELECT count(*) FROM word"), "2");
}

static void what_only_the_wal_holds_is_in_the_copy(void **state)
{
    struct shelf *shelf = *state;

    plant(shelf);
    /* A connection that leaves without a checkpoint, as a process that dies does. */
    shelf_run(shelf, "INSERT INTO word (text) VALUES ('wal')");
    assert_true(open_at(shelf, step, 2));
    assert_string_equal(copy_rows(shelf, "-1.backup", "SELECT count(*) FROM word"), "3");
    assert_string_equal(shelf_rows(shelf, "SELECT count(*) FROM word"), "3");
}

/* Wherever it is cut off, the next start finds the old database or the new one, and brings it up to date. */
static void each_call_of_a_migration_may_fail(void **state)
{
    static const struct fault kinds[] = {
        { .calls = FAULT_WRITE | FAULT_SYNC | FAULT_TRUNCATE | FAULT_OPEN, .torn = true },
        { .calls = FAULT_WRITE | FAULT_SYNC | FAULT_TRUNCATE, .torn = true, .lasting = true },
        { .calls = FAULT_WRITE, .code = SQLITE_FULL, .lasting = true },
        { .calls = FAULT_READ },
    };
    struct shelf *shelf = *state;

    faults_install();
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        struct fault fault = kinds[i];
        bool struck = true;

        for (fault.at = 1; struck; fault.at++) {
            remove(shelf->path);
            plant(shelf);
            faults_set(&fault);
            assert_true(open_at(shelf, step, 3) || faults_struck());
            struck = faults_struck();
            shelf_leave(shelf);
            faults_set(NULL);
            assert_true(version(shelf) == 3 || strcmp(words(shelf), "one three") == 0);
            assert_true(open_at(shelf, step, 3));
            assert_string_equal(words(shelf), "one");
            shelf_leave(shelf);
            shelf_assert_sound(shelf->path);
            remove(shelf_beside(shelf, "-1.backup"));
            remove(shelf_beside(shelf, "-1.backup.new"));
        }
        assert_true(fault.at > 10);
    }
    faults_remove();
}

static void every_step_of_the_real_schema_is_there(void **state)
{
    (void)state;
    assert_int_equal(migration_schema.count, SCHEMA_VERSION);
    for (int i = 1; i <= SCHEMA_VERSION; i++)
        assert_non_null(migration_schema.step(i));
}

#define ON_SHELF(test) cmocka_unit_test_setup_teardown(test, shelf_open, shelf_close)

int main(void)
{
    const struct CMUnitTest tests[] = {
        ON_SHELF(an_older_database_is_brought_up_to_date_after_a_copy),
        ON_SHELF(a_database_of_today_is_left_alone),
        ON_SHELF(the_new_and_the_migrated_have_one_schema),
        ON_SHELF(a_failing_step_leaves_the_old_database_whole),
        ON_SHELF(a_copy_is_never_overwritten),
        ON_SHELF(too_many_copies_are_refused_before_anything_changes),
        ON_SHELF(a_copy_that_was_cut_off_is_made_anew),
        ON_SHELF(what_only_the_wal_holds_is_in_the_copy),
        ON_SHELF(each_call_of_a_migration_may_fail),
        cmocka_unit_test(every_step_of_the_real_schema_is_there),
    };

    log_set_level(LOG_LEVEL_WARNING);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
