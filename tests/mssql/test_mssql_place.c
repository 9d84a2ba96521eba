/* Whom the driver listens to: nobody's files and no environment but ours; and that it needs no more than a confined run
 * has. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "mssql_place.h"
#include "sqlpeer.h"
#include "talk.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define INSTANCE "SELF"

static char home[64], fingerprint[128];

static void __attribute__((format(printf, 2, 3))) write_home(const char *name, const char *format, ...)
{
    char path[128];
    va_list args;
    FILE *file;

    snprintf(path, sizeof path, "%s/%s", home, name);
    file = fopen(path, "we");
    assert_non_null(file);
    va_start(args, format);
    vfprintf(file, format, args);
    va_end(args);
    fclose(file);
}

static void set_home(const char *variable, const char *name)
{
    char path[128];

    snprintf(path, sizeof path, "%s/%s", home, name);
    setenv(variable, path, 1);
}

/* Each of these would send the driver elsewhere, or have it write down what it does, passwords among it. */
static void mislead(void)
{
    static const char *const values[][2] = {
        { "TDSVER", "4.2" },
        { "TDSPORT", "1" },
        { "TDSHOST", "192.0.2.1" },
        { "ODBCINSTINI", ".odbcinst.ini" },
    };
    static const char *const paths[][2] = {
        { "HOME", "" },
        { "TDSDUMP", "dump" },
        { "TDSDUMPCONFIG", "dump" },
        { "FREETDS", "" },
        { "FREETDSCONF", ".freetds.conf" },
        { "SYBASE", "" },
        { "ODBCINI", ".odbc.ini" },
        { "ODBCSYSINI", "" },
        { "SSLKEYLOGFILE", "keys" },
    };

    snprintf(home, sizeof home, "/tmp/muster-mssql-XXXXXX");
    assert_non_null(mkdtemp(home));
    write_home(".freetds.conf", "[global]\ndump file = %s/dump\n[muster]\nhost = 192.0.2.1\n", home);
    write_home(".odbc.ini", "[ODBC]\nTrace = Yes\nTraceFile = %s/trace\n", home);
    write_home(".odbcinst.ini", "[ODBC]\nTrace = Yes\nTraceFile = %s/trace\n[FreeTDS]\nDriver = %s/none.so\n", home,
               home);
    for (size_t i = 0; i < sizeof values / sizeof values[0]; i++)
        setenv(values[i][0], values[i][1], 1);
    for (size_t i = 0; i < sizeof paths / sizeof paths[0]; i++)
        set_home(paths[i][0], paths[i][1]);
}

static int setup(void **state)
{
    (void)state;
    mislead();
    talks_begin(NULL, NULL);
    talk_with(INSTANCE);
    talk_refused(ERR_PROTOCOL, "SHA-256 ");
    snprintf(fingerprint, sizeof fingerprint, "%.*s", 95, strstr(talk.err.text, "SHA-256 ") + strlen("SHA-256 "));
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    talks_end();
    for (size_t i = 0; i < 3; i++) {
        static const char *const names[] = { ".freetds.conf", ".odbc.ini", ".odbcinst.ini" };
        char path[128];

        snprintf(path, sizeof path, "%s/%s", home, names[i]);
        unlink(path);
    }
    return rmdir(home); /* nothing else is in it */
}

static void talk_pinned(void)
{
    talk_with(INSTANCE);
    talk.settings.ca_file = NULL;
    talk.settings.fingerprint = fingerprint;
}

/* ------------------------------------------------------------------------------------------------ environment ---- */

static int entries(const char *path)
{
    DIR *folder = opendir(path);
    int count = 0;

    assert_non_null(folder);
    while (readdir(folder) != NULL)
        count++;
    closedir(folder);
    return count - 2;
}

static void neither_a_home_nor_an_environment_misleads_the_driver(void **state)
{
    (void)state;
    talk_pinned();
    talk_opens();
    talk_brings("SELECT 1 AS one", "[1]\n");
    assert_int_equal(entries(home), 3);
}

static void what_was_foreign_is_gone_and_the_rest_is_there(void **state)
{
    (void)state;
    setenv("TDSDUMP", "/nowhere", 1);
    setenv("ODBCX", "x", 1);
    setenv("XODBC", "x", 1);
    mssql_place_set("/a", "/b");
    assert_null(getenv("TDSDUMP"));
    assert_null(getenv("ODBCX"));
    assert_null(getenv("SSLKEYLOGFILE"));
    assert_string_equal(getenv("XODBC"), "x");
    assert_string_equal(getenv("ODBCINI"), "/a");
    assert_string_equal(getenv("FREETDSCONF"), "/b");
    mssql_place_clear();
    assert_string_equal(getenv("ODBCINI"), "/dev/null");
}

static void nothing_is_left_of_a_session(void **state)
{
    int before;

    (void)state;
    talk_pinned();
    mssql_close(talk.mssql);
    talk.mssql = NULL;
    before = entries("/proc/self/fd");
    talk_opens();
    mssql_close(talk.mssql);
    talk.mssql = NULL;
    assert_int_equal(entries("/proc/self/fd"), before);
    assert_int_equal(entries("/proc/self/task"), 1);
    assert_string_equal(getenv("FREETDSCONF"), "/dev/null");
}

static void a_file_in_memory_is_read_by_its_path(void **state)
{
    struct mssql_file file = MSSQL_FILE_NONE;
    struct str content = STR_EMPTY;
    char bytes[16] = "";
    int opened;

    (void)state;
    str_add(&content, "what it holds");
    assert_true(mssql_file_write(&file, &content, &talk.err));
    opened = open(file.path, O_RDONLY | O_CLOEXEC);
    assert_int_equal(read(opened, bytes, sizeof bytes), 13);
    assert_string_equal(bytes, "what it holds");
    close(opened);
    mssql_file_finish(&file);
    mssql_file_finish(&file);
    assert_int_equal(file.descriptor, -1);
    str_finish(&content);
}

/* --------------------------------------------------------------------------------------------------- confined ---- */

static void a_confined_run_logs_in(void **state)
{
    (void)state;
    talk_pinned();
    assert_int_equal(talk_confined(false), 0);
    if (geteuid() == 0)
        assert_int_equal(talk_confined(true), 0);
    assert_int_equal(talk_count(INSTANCE, "refused"), 0);
    assert_int_equal(talk_count(INSTANCE, "logins"), geteuid() == 0 ? 2 : 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(neither_a_home_nor_an_environment_misleads_the_driver),
        cmocka_unit_test(what_was_foreign_is_gone_and_the_rest_is_there),
        cmocka_unit_test(nothing_is_left_of_a_session),
        cmocka_unit_test(a_file_in_memory_is_read_by_its_path),
        cmocka_unit_test(a_confined_run_logs_in),
    };

    if (sqlpeer_login_absent() != 0)
        return sqlpeer_login_absent();
    return cmocka_run_group_tests(tests, setup, teardown);
}
