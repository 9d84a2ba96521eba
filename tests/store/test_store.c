#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "shelf.h"

#include "schema.h"
#include "sql.h"

#include <fcntl.h>
#include <grp.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static void a_new_database_has_the_schema_and_says_whose_it_is(void **state)
{
    struct shelf *shelf = *state;
    struct sql *sql = shelf_store(shelf);
    int64_t number;

    assert_int_equal(store_trouble(shelf->store), STORE_FINE);
    assert_true(sql_number(sql, "PRAGMA application_id", &number, NULL));
    assert_int_equal(number, SCHEMA_APPLICATION);
    assert_true(sql_number(sql, "PRAGMA user_version", &number, NULL));
    assert_int_equal(number, SCHEMA_VERSION);
    assert_true(sql_number(sql, "PRAGMA auto_vacuum", &number, NULL));
    assert_int_equal(number, 2);
    assert_true(sql_number(sql, "PRAGMA synchronous", &number, NULL));
    assert_int_equal(number, 2);
    assert_true(sql_number(sql, "SELECT count(*) FROM item", &number, NULL));
    assert_string_equal(shelf_rows(shelf, "PRAGMA journal_mode"), "wal");
}

static void what_was_committed_is_there_after_a_restart(void **state)
{
    struct shelf *shelf = *state;

    shelf_store(shelf);
    shelf_run(shelf, "INSERT INTO scope (name) VALUES ('kept')");
    shelf_leave(shelf);
    shelf_store(shelf);
    assert_string_equal(shelf_rows(shelf, "SELECT name FROM scope"), "kept");
}

static void an_empty_file_becomes_a_database(void **state)
{
    struct shelf *shelf = *state;

    shelf_write_file(shelf->path, "", 0);
    shelf_store(shelf);
    assert_int_equal(shelf_number(shelf, "PRAGMA user_version"), SCHEMA_VERSION);
}

static mode_t mode_of(const char *path)
{
    struct stat status;

    assert_int_equal(lstat(path, &status), 0);
    return status.st_mode & 07777U;
}

static gid_t group_of(const char *path)
{
    struct stat status;

    assert_int_equal(lstat(path, &status), 0);
    return status.st_gid;
}

static const char *const parts[] = { "", "-wal", "-shm" };

static void its_files_are_closed_to_others_whatever_the_umask(void **state)
{
    struct shelf *shelf = *state;

    umask(0);
    shelf_store(shelf);
    umask(022);
    for (size_t i = 0; i < 3; i++)
        assert_int_equal(mode_of(shelf_beside(shelf, parts[i])), 0640);
    shelf_leave(shelf);
    remove(shelf->path);
    umask(0777);
    shelf_store(shelf);
    umask(022);
    for (size_t i = 0; i < 3; i++)
        assert_int_equal(mode_of(shelf_beside(shelf, parts[i])), 0640);
}

/* Some group that is not root's. */
static const char *other_group(void)
{
    return getgrgid(1)->gr_name;
}

static void its_files_belong_to_the_readers_group(void **state)
{
    struct shelf *shelf = *state;
    struct store_options options = { .path = shelf->path, .readers = other_group() };

    if (geteuid() != 0)
        skip();
    shelf_store(shelf);
    shelf_leave(shelf);
    assert_int_equal(group_of(shelf->path), 0);
    chmod(shelf->path, 0600);
    shelf->store = store_open(&options, &shelf->err);
    assert_non_null(shelf->store);
    for (size_t i = 0; i < 3; i++) {
        assert_int_equal(group_of(shelf_beside(shelf, parts[i])), 1);
        assert_int_equal(mode_of(shelf_beside(shelf, parts[i])), 0640);
    }
}

static void without_readers_its_own_mode_and_group_stay(void **state)
{
    struct shelf *shelf = *state;

    if (geteuid() != 0)
        skip();
    shelf_store(shelf);
    shelf_leave(shelf);
    assert_int_equal(chown(shelf->path, 0, 1), 0);
    chmod(shelf->path, 0600);
    shelf_store(shelf);
    for (size_t i = 0; i < 3; i++) {
        assert_int_equal(mode_of(shelf_beside(shelf, parts[i])), 0600);
        assert_int_equal(group_of(shelf_beside(shelf, parts[i])), 1);
    }
}

static void a_link_leads_to_one_database_with_one_lock(void **state)
{
    struct shelf *shelf = *state;
    char link[128];

    shelf_store(shelf);
    shelf_leave(shelf);
    snprintf(link, sizeof link, "%s/link.db", shelf->folder);
    assert_int_equal(symlink(shelf->path, link), 0);
    shelf->store = store_open(&(struct store_options){ .path = link }, &shelf->err);
    assert_non_null(shelf->store);
    assert_true(shelf_has(shelf_beside(shelf, "-lock")));
    snprintf(link, sizeof link, "%s/link.db-lock", shelf->folder);
    assert_false(shelf_has(link));
}

/* ---------------------------------------------------------------------------------------------------- transactions
 */

static bool add_scope(struct sql *sql, void *context, struct err *err)
{
    return sql_run(sql, "INSERT INTO scope (name) VALUES ('a')", err) &&
           (context == NULL || err_set(err, ERR_BUG, "%s", (const char *)context));
}

static void a_transaction_that_fails_leaves_nothing(void **state)
{
    struct shelf *shelf = *state;

    shelf_store(shelf);
    assert_false(store_transaction(shelf->store, add_scope, "no", &shelf->err));
    assert_string_equal(shelf->err.text, "no");
    assert_int_equal(shelf_number(shelf, "SELECT count(*) FROM scope"), 0);
    assert_int_equal(store_trouble(shelf->store), STORE_FINE);
    assert_true(store_transaction(shelf->store, add_scope, NULL, &shelf->err));
    assert_int_equal(shelf_number(shelf, "SELECT count(*) FROM scope"), 1);
}

static void a_mistake_in_a_statement_is_no_trouble_of_the_database(void **state)
{
    struct shelf *shelf = *state;

    shelf_store(shelf);
    assert_true(store_transaction(shelf->store, add_scope, NULL, &shelf->err));
    assert_false(store_transaction(shelf->store, add_scope, NULL, &shelf->err));
    assert_non_null(strstr(shelf->err.text, "UNIQUE"));
    assert_non_null(strstr(shelf->err.text, shelf->path));
    assert_int_equal(store_trouble(shelf->store), STORE_FINE);
}

static bool nest(struct sql *sql, void *context, struct err *err)
{
    struct shelf *shelf = context;
    struct err inner;

    (void)sql;
    assert_false(store_transaction(shelf->store, add_scope, NULL, &inner));
    return err_set(err, inner.class, "%s", inner.text);
}

static void a_transaction_inside_of_another_is_refused(void **state)
{
    struct shelf *shelf = *state;

    shelf_store(shelf);
    assert_false(store_transaction(shelf->store, nest, shelf, &shelf->err));
    assert_int_equal(shelf->err.class, ERR_BUG);
    assert_true(store_transaction(shelf->store, add_scope, NULL, &shelf->err));
}

/* Leaves a query in its middle. */
static bool leave_query(struct sql *sql, void *context, struct err *err)
{
    struct sql_query query;

    sql_query(&query, sql, "SELECT name FROM sqlite_schema");
    assert_true(sql_row(&query));
    return context == NULL || err_set(err, ERR_BUG, "left");
}

static void a_query_that_was_left_ends_with_its_transaction(void **state)
{
    struct shelf *shelf = *state;
    struct sql *sql = shelf_store(shelf);

    for (int i = 0; i < 2; i++) {
        assert_int_equal(store_transaction(shelf->store, leave_query, i == 0 ? NULL : shelf, &shelf->err), i == 0);
        assert_int_equal(sqlite3_txn_state(sql->handle, NULL), SQLITE_TXN_NONE);
    }
}

#define ON_SHELF(test) cmocka_unit_test_setup_teardown(test, shelf_open, shelf_close)

int main(void)
{
    const struct CMUnitTest tests[] = {
        ON_SHELF(a_new_database_has_the_schema_and_says_whose_it_is),
        ON_SHELF(what_was_committed_is_there_after_a_restart),
        ON_SHELF(an_empty_file_becomes_a_database),
        ON_SHELF(its_files_are_closed_to_others_whatever_the_umask),
        ON_SHELF(its_files_belong_to_the_readers_group),
        ON_SHELF(without_readers_its_own_mode_and_group_stay),
        ON_SHELF(a_link_leads_to_one_database_with_one_lock),
        ON_SHELF(a_transaction_that_fails_leaves_nothing),
        ON_SHELF(a_mistake_in_a_statement_is_no_trouble_of_the_database),
        ON_SHELF(a_transaction_inside_of_another_is_refused),
        ON_SHELF(a_query_that_was_left_ends_with_its_transaction),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
