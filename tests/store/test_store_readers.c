#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "shelf.h"

#include "sql.h"

#include <grp.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

enum { READER = 54321, READERS = 1 };

/* In another process, as a user of that group: how many scopes it sees, 255 where it cannot read. */
static int count_as(const char *path, uid_t user, gid_t group)
{
    int status;
    pid_t pid = fork();

    assert_true(pid >= 0);
    if (pid == 0) {
        struct sql sql;
        int64_t number;

        if (setgroups(0, NULL) != 0 || setresgid(group, group, group) != 0 || setresuid(user, user, user) != 0)
            _exit(254);
        if (!sql_open(&sql, path, SQLITE_OPEN_READONLY, NULL) ||
            !sql_number(&sql, "SELECT count(*) FROM scope", &number, NULL))
            _exit(255);
        sql_close(&sql);
        _exit((int)number);
    }
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_true(WIFEXITED(status));
    return WEXITSTATUS(status);
}

static void open_shared(struct shelf *shelf)
{
    struct store_options options = { .path = shelf->path, .readers = getgrgid(READERS)->gr_name };

    shelf->store = store_open(&options, &shelf->err);
    if (shelf->store == NULL)
        fail_msg("%s", shelf->err.text);
}

static bool add_scope(struct sql *sql, void *context, struct err *err)
{
    (void)context;
    return sql_run(sql, "INSERT INTO scope (name) VALUES ('a')", err);
}

static void readers_see_what_was_committed_while_the_daemon_runs(void **state)
{
    struct shelf *shelf = *state;

    if (geteuid() != 0)
        skip();
    open_shared(shelf);
    assert_int_equal(count_as(shelf->path, READER, READERS), 0);
    assert_true(store_transaction(shelf->store, add_scope, NULL, NULL));
    assert_int_equal(count_as(shelf->path, READER, READERS), 1);
}

static void readers_can_open_it_when_the_daemon_is_down(void **state)
{
    struct shelf *shelf = *state;

    if (geteuid() != 0)
        skip();
    open_shared(shelf);
    assert_true(store_transaction(shelf->store, add_scope, NULL, NULL));
    shelf_leave(shelf);
    for (int i = 0; i < 2; i++)
        assert_int_equal(count_as(shelf->path, READER, READERS), 1);
    assert_true(shelf_has(shelf_beside(shelf, "-wal")));
}

static void others_cannot_read_it(void **state)
{
    struct shelf *shelf = *state;

    if (geteuid() != 0)
        skip();
    open_shared(shelf);
    assert_int_equal(count_as(shelf->path, READER, READER), 255);
    shelf_leave(shelf);
    assert_int_equal(count_as(shelf->path, READER, READER), 255);
}

/* What a large transaction made of it is not kept for ever. */
static void the_wal_is_small_when_the_daemon_is_down(void **state)
{
    struct shelf *shelf = *state;
    struct stat status;

    shelf_store(shelf);
    shelf_run(shelf, "INSERT INTO meta (name, value) VALUES ('large', printf('%.20000000c', 'x'))");
    assert_int_equal(stat(shelf_beside(shelf, "-wal"), &status), 0);
    assert_true(status.st_size > 20000000);
    shelf_leave(shelf);
    assert_int_equal(stat(shelf_beside(shelf, "-wal"), &status), 0);
    assert_int_equal(status.st_size, 0);
}

#define ON_SHELF(test) cmocka_unit_test_setup_teardown(test, shelf_open, shelf_close)

int main(void)
{
    const struct CMUnitTest tests[] = {
        ON_SHELF(readers_see_what_was_committed_while_the_daemon_runs),
        ON_SHELF(readers_can_open_it_when_the_daemon_is_down),
        ON_SHELF(others_cannot_read_it),
        ON_SHELF(the_wal_is_small_when_the_daemon_is_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
