#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "shelf.h"

#include "sql.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { STRANGER = 54321 };

/* Refused with these words, and the file is byte for byte as it was. */
#define UNTOUCHED(shelf, ...)                                                                                          \
    do {                                                                                                               \
        struct str before = STR_EMPTY, after = STR_EMPTY;                                                              \
        shelf_read_file((shelf)->path, &before);                                                                       \
        SHELF_REFUSES(shelf, (shelf)->path, __VA_ARGS__);                                                              \
        shelf_read_file((shelf)->path, &after);                                                                        \
        assert_int_equal(before.length, after.length);                                                                 \
        assert_memory_equal(before.bytes, after.bytes, before.length);                                                 \
        str_finish(&before);                                                                                           \
        str_finish(&after);                                                                                            \
    } while (0)

static void make(struct shelf *shelf, const char *more)
{
    shelf_store(shelf);
    shelf_run(shelf, more);
    shelf_leave(shelf);
}

static void a_newer_schema_is_refused(void **state)
{
    struct shelf *shelf = *state;

    make(shelf, "PRAGMA user_version = 99");
    UNTOUCHED(shelf, "newer musterd", "schema 99");
}

/* A daemon that died left its last changes in PATH-wal alone. */
static void a_newer_schema_that_waits_in_the_wal_is_refused(void **state)
{
    struct shelf *shelf = *state;
    struct str wal = STR_EMPTY;

    shelf_store(shelf);
    shelf_leave(shelf);
    shelf_run(shelf, "PRAGMA user_version = 99");
    shelf_read_file(shelf_beside(shelf, "-wal"), &wal);
    assert_true(wal.length > 0);
    UNTOUCHED(shelf, "newer musterd", "schema 99");
    str_finish(&wal);
}

static void another_programs_database_is_refused(void **state)
{
    struct shelf *shelf = *state;
    struct sql sql;

    assert_true(sql_open(&sql, shelf->path, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, NULL));
    assert_true(sql_run(&sql, "PRAGMA application_id = 7; PRAGMA user_version = 1; CREATE TABLE theirs (a)", NULL));
    assert_true(sql_run(&sql, "PRAGMA journal_mode = WAL", NULL));
    sql_close(&sql);
    UNTOUCHED(shelf, "another program");
    shelf_run(shelf, "PRAGMA application_id = 0; PRAGMA user_version = 0");
    UNTOUCHED(shelf, "another program");
    remove(shelf_beside(shelf, "-wal"));
    remove(shelf_beside(shelf, "-shm"));
    UNTOUCHED(shelf, "another program");
    assert_false(shelf_has(shelf_beside(shelf, "-wal")));
    assert_false(shelf_has(shelf_beside(shelf, "-shm")));
}

static void what_is_no_database_is_refused(void **state)
{
    struct shelf *shelf = *state;
    char noise[8192];

    memset(noise, 'x', sizeof noise);
    for (size_t size = 1; size < sizeof noise; size = size * 3 + 7) {
        shelf_write_file(shelf->path, noise, size);
        UNTOUCHED(shelf, "no database");
    }
}

static void a_database_that_was_cut_off_is_refused(void **state)
{
    static const unsigned shares[] = { 2, 3, 10 };
    struct shelf *shelf = *state;
    struct stat status;

    for (size_t i = 0; i < sizeof shares / sizeof *shares; i++) {
        make(shelf, "INSERT INTO scope (name) VALUES ('x')");
        assert_int_equal(stat(shelf->path, &status), 0);
        assert_int_equal(truncate(shelf->path, status.st_size / shares[i]), 0);
        UNTOUCHED(shelf, "malformed", "restore it from a backup");
        remove(shelf->path);
    }
    shelf_write_file(shelf->path, "SQLite format 3", 16);
    UNTOUCHED(shelf, "no database");
}

static void overwrite(struct shelf *shelf, off_t from, size_t size)
{
    char *noise = malloc(size);
    int fd = open(shelf->path, O_WRONLY);

    memset(noise, 0xa5, size);
    assert_int_equal(pwrite(fd, noise, size, from), size);
    close(fd);
    free(noise);
}

static void a_page_that_was_overwritten_is_noticed(void **state)
{
    struct shelf *shelf = *state;

    make(shelf, "INSERT INTO scope (name) VALUES ('x')");
    overwrite(shelf, (off_t)4096 * 5, 4096);
    UNTOUCHED(shelf, "damaged", "restore it from a backup");
}

/* Of a large one only the beginning of each table is read. */
static void a_large_database_with_a_damaged_table_is_refused(void **state)
{
    struct shelf *shelf = *state;
    int64_t page;

    make(shelf, "INSERT INTO meta (name, value) VALUES ('large', printf('%.6000000c', 'x'))");
    page = shelf_number(shelf, "SELECT rootpage FROM sqlite_schema WHERE name = 'item'");
    overwrite(shelf, (off_t)(page - 1) * 4096, 4096);
    UNTOUCHED(shelf, "malformed");
}

static void a_damaged_header_behind_the_magic_is_refused(void **state)
{
    struct shelf *shelf = *state;

    make(shelf, "SELECT 1");
    overwrite(shelf, 16, 40);
    UNTOUCHED(shelf, "restore it from a backup");
}

/* ------------------------------------------------------------------------------------------------------------ place
 */

static void a_folder_that_is_not_there_is_named(void **state)
{
    struct shelf *shelf = *state;

    snprintf(shelf->path, sizeof shelf->path, "%s/nowhere/muster.db", shelf->folder);
    SHELF_REFUSES(shelf, "nowhere", "No such file or directory");
    snprintf(shelf->path, sizeof shelf->path, "%s/", shelf->folder);
    SHELF_REFUSES(shelf, "not a regular file");
}

static void a_file_or_folder_that_others_may_change_is_refused(void **state)
{
    struct shelf *shelf = *state;

    chmod(shelf->folder, 0777);
    SHELF_REFUSES(shelf, shelf->folder, "chmod o-w");
    assert_false(shelf_has(shelf->path));
    assert_false(shelf_has(shelf_beside(shelf, "-lock")));
    chmod(shelf->folder, 0755);
    make(shelf, "SELECT 1");
    chmod(shelf->path, 0666);
    UNTOUCHED(shelf, "chmod o-w");
    chmod(shelf->path, 0640);
    if (geteuid() == 0) {
        assert_int_equal(chown(shelf->path, STRANGER, 0), 0);
        UNTOUCHED(shelf, "chown root");
    }
}

static void what_is_no_regular_file_is_refused(void **state)
{
    struct shelf *shelf = *state;

    assert_int_equal(mkfifo(shelf->path, 0640), 0);
    SHELF_REFUSES(shelf, "regular file");
    remove(shelf->path);
    assert_int_equal(symlink("/nowhere/at/all", shelf->path), 0);
    SHELF_REFUSES(shelf, shelf->path);
}

static void a_group_that_is_not_there_is_refused(void **state)
{
    struct shelf *shelf = *state;

    assert_null(store_open(&(struct store_options){ .path = shelf->path, .readers = "no such group" }, &shelf->err));
    assert_int_equal(shelf->err.class, ERR_CONFIG);
    assert_non_null(strstr(shelf->err.text, "no such group"));
    assert_false(shelf_has(shelf->path));
}

#define ON_SHELF(test) cmocka_unit_test_setup_teardown(test, shelf_open, shelf_close)

int main(void)
{
    const struct CMUnitTest tests[] = {
        ON_SHELF(a_newer_schema_is_refused),
        ON_SHELF(a_newer_schema_that_waits_in_the_wal_is_refused),
        ON_SHELF(another_programs_database_is_refused),
        ON_SHELF(what_is_no_database_is_refused),
        ON_SHELF(a_database_that_was_cut_off_is_refused),
        ON_SHELF(a_page_that_was_overwritten_is_noticed),
        ON_SHELF(a_large_database_with_a_damaged_table_is_refused),
        ON_SHELF(a_damaged_header_behind_the_magic_is_refused),
        ON_SHELF(a_folder_that_is_not_there_is_named),
        ON_SHELF(a_file_or_folder_that_others_may_change_is_refused),
        ON_SHELF(what_is_no_regular_file_is_refused),
        ON_SHELF(a_group_that_is_not_there_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
