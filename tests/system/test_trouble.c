/* A database in trouble: the disk is full, somebody holds it locked, it is damaged. */
#include "rig.h"

#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <sqlite3.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#define MACHINE "{\"kind\":\"machine\",\"key\":\"m%d\",\"attributes\":{\"id.name\":\"M%d\",\"note\":\"%0200d\"}}\n"
#define END "{\"end\":{\"completeness\":\"complete\"}}\n"

static void write_fleet(struct rig *rig, int machines)
{
    char *text = malloc((size_t)machines * 400 + 200);
    size_t size = 0;

    for (int i = 0; i < machines; i++)
        size += (size_t)sprintf(text + size, MACHINE, i, i, i);
    strcpy(text + size, END);
    rig_write(rig, "a.jsonl", "%s", text);
    free(text);
}

static void begin(struct rig *rig)
{
    rig_begin(rig);
    rig_configure(rig, "targets = ( { name = \"a\"; plugin = \"file\"; options = { path = \"a.jsonl\"; }; } );\n");
    write_fleet(rig, 1);
    rig_start(rig);
    assert_int_equal(rig_muster(rig, "scan", NULL), 0);
}

static void a_full_disk_loses_no_scan_that_was_begun(void **state)
{
    struct rlimit limit, tight;
    struct rig rig;
    pid_t waiting;

    (void)state;
    begin(&rig);
    assert_int_equal(prlimit(rig.daemon, RLIMIT_FSIZE, NULL, &limit), 0);
    tight = (struct rlimit){ 65536, limit.rlim_max }; /* the log is in a file too, and stays below */
    assert_int_equal(prlimit(rig.daemon, RLIMIT_FSIZE, &tight, NULL), 0);
    write_fleet(&rig, 2000);
    waiting = rig_scan_in_background(&rig);
    rig_await_text(&rig, "log", "muster.db: ");
    assert_int_equal(waitpid(waiting, NULL, WNOHANG), 0); /* it is not told that all is well */
    assert_int_equal(rig_muster(&rig, "status", NULL), 0);
    assert_non_null(strstr(rig.out, "muster.db"));
    assert_int_equal(rig_number(&rig, "SELECT count(*) FROM item"), 1);
    assert_int_equal(prlimit(rig.daemon, RLIMIT_FSIZE, &limit, NULL), 0);
    assert_int_equal(rig_end_of(waiting), 0);
    assert_int_equal(rig_number(&rig, "SELECT count(*) FROM item"), 2000);
    rig_assert_whole(&rig);
    rig_end(&rig);
}

static void a_database_that_another_program_holds_locked_is_waited_for(void **state)
{
    sqlite3 *other;
    struct rig rig;
    char path[128];
    pid_t waiting;

    (void)state;
    begin(&rig);
    snprintf(path, sizeof path, "%s/muster.db", rig.folder);
    assert_int_equal(sqlite3_open(path, &other), SQLITE_OK);
    assert_int_equal(sqlite3_exec(other, "BEGIN IMMEDIATE", NULL, NULL, NULL), SQLITE_OK);
    write_fleet(&rig, 50);
    waiting = rig_scan_in_background(&rig);
    rig_await_text(&rig, "log", "locked");
    assert_int_equal(sqlite3_exec(other, "ROLLBACK", NULL, NULL, NULL), SQLITE_OK);
    sqlite3_close(other);
    assert_int_equal(rig_end_of(waiting), 0);
    assert_int_equal(rig_number(&rig, "SELECT count(*) FROM item"), 50);
    rig_end(&rig);
}

static void overwrite(const char *path, const char *bytes, size_t size, off_t at)
{
    int file = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);

    assert_true(file >= 0);
    assert_int_equal(pwrite(file, bytes, size, at), (ssize_t)size);
    close(file);
}

static void a_file_that_is_no_database_is_left_as_it_is(void **state)
{
    static const char text[] = "these are my notes, and no database at all; they are longer than a header is: "
                               "0123456789012345678901234567890123456789";
    struct rig rig;
    char path[128], *now;

    (void)state;
    rig_begin(&rig);
    rig_configure(&rig, "targets = ( { name = \"a\"; plugin = \"ok\"; } );\n");
    snprintf(path, sizeof path, "%s/muster.db", rig.folder);
    overwrite(path, text, sizeof text - 1, 0);
    rig_spawn(&rig, NULL);
    assert_int_equal(rig_wait(&rig), 78);
    now = rig_read(&rig, "muster.db");
    assert_string_equal(now, text);
    free(now);
    rig_end(&rig);
}

static void a_database_damaged_under_the_daemon_is_not_made_worse(void **state)
{
    struct rig rig;
    char path[128];
    char junk[4096];
    struct stat before, after;

    (void)state;
    begin(&rig);
    write_fleet(&rig, 500);
    assert_int_equal(rig_muster(&rig, "scan", NULL), 0);
    rig_stop(&rig);
    snprintf(path, sizeof path, "%s/muster.db", rig.folder);
    memset(junk, 0x5a, sizeof junk);
    assert_int_equal(stat(path, &before), 0);
    for (off_t at = 4096; at + 4096 <= before.st_size; at += 4096)
        overwrite(path, junk, sizeof junk, at);
    rig_spawn(&rig, "--once");
    assert_int_equal(rig_wait(&rig), 1);
    assert_int_equal(stat(path, &after), 0);
    assert_int_equal(after.st_size, before.st_size);
    rig_end(&rig);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_full_disk_loses_no_scan_that_was_begun),
        cmocka_unit_test(a_database_that_another_program_holds_locked_is_waited_for),
        cmocka_unit_test(a_file_that_is_no_database_is_left_as_it_is),
        cmocka_unit_test(a_database_damaged_under_the_daemon_is_not_made_worse),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
