#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "shelf.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

/* A process that has the store open until it is killed; its other end is closed by then. */
static pid_t start_holder(struct shelf *shelf)
{
    int ready[2];
    char byte;
    pid_t pid;

    assert_int_equal(pipe(ready), 0);
    pid = fork();
    assert_true(pid >= 0);
    if (pid == 0) {
        struct store *store = store_open(&(struct store_options){ .path = shelf->path }, NULL);

        if (store == NULL || write(ready[1], "r", 1) != 1)
            _exit(1);
        for (;;)
            pause();
    }
    close(ready[1]);
    assert_int_equal(read(ready[0], &byte, 1), 1);
    close(ready[0]);
    return pid;
}

static void stop_holder(pid_t pid)
{
    int status;

    kill(pid, SIGKILL);
    assert_int_equal(waitpid(pid, &status, 0), pid);
}

static void a_second_daemon_is_refused_with_the_first_ones_pid(void **state)
{
    struct shelf *shelf = *state;
    pid_t pid = start_holder(shelf);
    char words[64];

    snprintf(words, sizeof words, "another musterd (pid %d)", (int)pid);
    SHELF_REFUSES(shelf, words, "muster.db-lock", "stop it first");
    SHELF_REFUSES(shelf, words);
    stop_holder(pid);
}

static void a_daemon_that_was_killed_leaves_no_lock(void **state)
{
    struct shelf *shelf = *state;

    stop_holder(start_holder(shelf));
    assert_true(shelf_has(shelf_beside(shelf, "-lock")));
    shelf_store(shelf);
}

static void the_lock_is_given_back_by_closing(void **state)
{
    struct shelf *shelf = *state;
    pid_t pid;

    shelf_store(shelf);
    shelf_leave(shelf);
    pid = start_holder(shelf);
    stop_holder(pid);
}

static void a_refused_database_is_not_kept_locked(void **state)
{
    struct shelf *shelf = *state;

    shelf_write_file(shelf->path, "no database", 11);
    SHELF_REFUSES(shelf, "no database");
    remove(shelf->path);
    stop_holder(start_holder(shelf));
}

static void the_file_tells_people_who_has_it(void **state)
{
    struct shelf *shelf = *state;
    struct str text = STR_EMPTY;
    char pid[32];

    shelf_write_file(shelf_beside(shelf, "-lock"), "1234567890 of one with a longer number", 38);
    shelf_store(shelf);
    shelf_read_file(shelf_beside(shelf, "-lock"), &text);
    snprintf(pid, sizeof pid, "%d\n", (int)getpid());
    assert_string_equal(str_text(&text), pid);
    str_finish(&text);
}

/* Nobody is lured into locking another file. */
static void a_link_in_the_locks_place_is_refused(void **state)
{
    struct shelf *shelf = *state;
    char victim[128];

    snprintf(victim, sizeof victim, "%s/victim", shelf->folder);
    shelf_write_file(victim, "precious", 8);
    assert_int_equal(symlink(victim, shelf_beside(shelf, "-lock")), 0);
    SHELF_REFUSES(shelf, "muster.db-lock", "cannot be opened");
}

#define ON_SHELF(test) cmocka_unit_test_setup_teardown(test, shelf_open, shelf_close)

int main(void)
{
    const struct CMUnitTest tests[] = {
        ON_SHELF(a_second_daemon_is_refused_with_the_first_ones_pid),
        ON_SHELF(a_daemon_that_was_killed_leaves_no_lock),
        ON_SHELF(the_lock_is_given_back_by_closing),
        ON_SHELF(a_refused_database_is_not_kept_locked),
        ON_SHELF(the_file_tells_people_who_has_it),
        ON_SHELF(a_link_in_the_locks_place_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
