/* Reports as data, of a database made by hand: each format to the letter, and into files. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "report.h"
#include "written.h"

#include <dirent.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <unistd.h>

#define DAY INT64_C(86400000)
#define PIPE 4096 /* bytes that a pipe takes before who writes has to wait */
#define YESTERDAY (STOCK_NOW / DAY * DAY - 1)

/* ------------------------------------------------------------------------------------------------------ golden ---- */

/* Instead of that of libc: the machine has the same name everywhere. */
int uname(struct utsname *machine)
{
    *machine = (struct utsname){ .nodename = "watch01" };
    return 0;
}

static char *read_file(const char *path)
{
    char *text = calloc(1, 1 << 20);
    FILE *in = fopen(path, "r");

    assert_non_null(text);
    if (in == NULL)
        fail_msg("%s cannot be read", path);
    assert_true(fread(text, 1, (1 << 20) - 1, in) > 0);
    fclose(in);
    return text;
}

static void write_file(const char *path, const char *text)
{
    FILE *out = fopen(path, "w");

    assert_non_null(out);
    fputs(text, out);
    assert_int_equal(fclose(out), 0);
}

/* The first line that is another is told. */
static void assert_same(const char *text, const char *golden, const char *path)
{
    const char *one = text, *other = golden;
    int line = 1;

    if (strcmp(text, golden) == 0)
        return;
    while (*one == *other) {
        line += *one == '\n';
        one++;
        other++;
    }
    fail_msg("%s:%d is other than what is written now: \"%.60s\"", path, line, one);
}

static void assert_golden(const char *name, const char *format, const struct query_report_wish *wish)
{
    char path[256], *text = written_text(format, wish), *golden;

    snprintf(path, sizeof path, GOLDEN "/%s.%s", name, format);
    if (getenv("MUSTER_GOLDEN") != NULL)
        write_file(path, text);
    golden = read_file(path);
    assert_same(text, golden, path);
    free(golden);
    free(text);
}

/* Besides the stock: it had TLS 1.0 for long, and the scan of today could not tell. */
static void add_old_tls(void)
{
    stock_run(&stock, "INSERT INTO item (id, scope, kind, key, name, facts, appeared_at, changed_at) VALUES (70, 1,"
                      " 'sql_instance', 'old', '<b>\\AGED', '{\"sql.tls\":\"TLSv1\"}', 1, 1);"
                      "INSERT INTO sighting VALUES (1, 'old', 'h', 70, NULL, 0);"
                      "INSERT INTO unread VALUES (70, 'sql.', 'TLS 1.0 alone', 1)");
}

static void the_report_of_now_is_what_the_files_hold(void **state)
{
    const struct query_report_wish wish = { .now = STOCK_NOW };

    (void)state;
    add_old_tls();
    assert_golden("now", "json", &wish);
    assert_golden("now", "csv", &wish);
}

static void the_report_of_a_day_in_the_past_is_what_the_files_hold_whenever_it_is_asked_for(void **state)
{
    const struct query_report_wish wish = { .now = STOCK_NOW, .at = YESTERDAY };
    const struct query_report_wish later = { .now = STOCK_NOW + 30 * DAY, .at = YESTERDAY };

    (void)state;
    add_old_tls();
    assert_golden("past", "json", &wish);
    assert_golden("past", "csv", &wish);
    assert_golden("past", "json", &later);
    assert_golden("past", "csv", &later);
}

static void a_filter_leaves_the_rest_out_of_every_part(void **state)
{
    const struct query_report_wish wish = { .now = STOCK_NOW, .site = "AN*", .server = "mabs0?" };
    char *text = written_text("csv", &wish);

    (void)state;
    assert_non_null(strstr(text, ",db01,"));
    assert_null(strstr(text, ",web01,"));
    free(text);
    text = written_text("json", &wish);
    assert_non_null(strstr(text, "\"act\":{\"protections\":1,\"exempt\":0},\"decide\":{\"protections\":0,"));
    assert_non_null(
        strstr(text, "\n\"where\": {\"owner\":null,\"site\":\"AN*\",\"server\":\"mabs0?\",\"workload\":null},\n"));
    free(text);
}

static void no_cell_of_csv_begins_as_a_formula_does(void **state)
{
    const struct query_report_wish wish = { .now = STOCK_NOW };
    char *text = written_text("csv", &wish);

    (void)state;
    assert_non_null(strstr(text, "\"'=cmd|'/c calc'!A1"));
    assert_null(strstr(text, ",="));
    assert_null(strstr(text, ",\"="));
    free(text);
}

/* While somebody reads, the log cannot be begun anew. */
static void assert_no_reader(void)
{
    struct sql_query rows;

    stock_run(&stock, "CREATE TABLE more (id INTEGER)");
    sql_query(&rows, &stock.sql, "PRAGMA wal_checkpoint(TRUNCATE)");
    assert_true(sql_row(&rows));
    assert_int_equal(sql_int(&rows, 0), 0);
    assert_true(sql_done(&rows, &err));
}

static void who_takes_it_slowly_gets_it_when_the_reading_is_over(void **state)
{
    const struct query_report_wish wish = { .now = STOCK_NOW };
    char *text = written_text("json", &wish), got[65536] = "", *at = got;
    int pipes[2], status;
    ssize_t size;
    pid_t child;

    (void)state;
    assert_int_equal(pipe(pipes), 0);
    assert_true(fcntl(pipes[1], F_SETPIPE_SZ, PIPE) > 0 && strlen(text) > 2 * PIPE);
    child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        struct query *own = query_open(stock.path, &err);
        FILE *out = fdopen(pipes[1], "w");
        bool good =
            own != NULL && out != NULL && report_write(own, &wish, report_format("json"), "Weekly", "1.0", out, &err);

        _exit(!good || fclose(out) != 0);
    }
    close(pipes[1]);
    assert_int_equal(poll(&(struct pollfd){ .fd = pipes[0], .events = POLLIN }, 1, -1), 1);
    assert_no_reader();
    while ((size = read(pipes[0], at, sizeof got - (size_t)(at - got) - 1)) > 0)
        at += size;
    *at = '\0';
    close(pipes[0]);
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(status, 0);
    assert_string_equal(got, text);
    free(text);
}

static void formats_are_found_by_name(void **state)
{
    (void)state;
    assert_string_equal(report_format("csv")->suffix, ".csv");
    assert_null(report_format("exe"));
    assert_null(report_format(""));
}

/* ------------------------------------------------------------------------------------------------------- files ---- */

struct place {
    char folder[64], path[128];
};

static struct place place;

static int start_place(void **state)
{
    strcpy(place.folder, "/tmp/muster-report-XXXXXX");
    if (mkdtemp(place.folder) == NULL)
        return -1;
    snprintf(place.path, sizeof place.path, "%s/weekly.csv", place.folder);
    return written_start(state);
}

static int finish_place(void **state)
{
    unlink(place.path);
    rmdir(place.folder);
    return written_finish(state);
}

static size_t count_files(void)
{
    DIR *folder = opendir(place.folder);
    size_t count = 0;

    assert_non_null(folder);
    while (readdir(folder) != NULL)
        count++;
    closedir(folder);
    return count - 2; /* . and .. */
}

static bool write_place(const char *path)
{
    const struct query_report_wish wish = { .now = STOCK_NOW };

    return report_write_file(query, &wish, report_format("csv"), "Weekly", "1.0", path, &err);
}

static void a_file_is_the_whole_report(void **state)
{
    const struct query_report_wish wish = { .now = STOCK_NOW };
    char *text = written_text("csv", &wish), *written;
    struct stat status;

    (void)state;
    if (!write_place(place.path))
        fail_msg("%s", err.text);
    written = read_file(place.path);
    assert_string_equal(written, text);
    assert_int_equal(stat(place.path, &status), 0);
    assert_int_equal(status.st_mode & 0777, 0640);
    assert_int_equal(count_files(), 1);
    free(written);
    free(text);
}

/* What a disk that is full does too: a write that does not take everything. */
static void a_full_disk_leaves_the_report_of_before_and_nothing_else(void **state)
{
    struct rlimit usual, small;
    char *left;

    (void)state;
    write_file(place.path, "the report of last week\n");
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &usual), 0);
    small = usual;
    small.rlim_cur = 512;
    signal(SIGXFSZ, SIG_IGN);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
    assert_false(write_place(place.path));
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &usual), 0);
    assert_int_equal(err.class, ERR_SYSTEM);
    assert_non_null(strstr(err.text, place.path));
    assert_non_null(strstr(err.text, "File too large"));
    left = read_file(place.path);
    assert_string_equal(left, "the report of last week\n");
    assert_int_equal(count_files(), 1);
    free(left);
}

static void what_is_refused_leaves_the_report_of_before_and_nothing_else(void **state)
{
    const struct query_report_wish wish = { .now = STOCK_NOW, .at = STOCK_NOW - 400 * DAY };
    char *left;

    (void)state;
    write_file(place.path, "the report of last week\n");
    assert_false(report_write_file(query, &wish, report_format("json"), "Weekly", "1.0", place.path, &err));
    assert_int_equal(err.class, ERR_CONFIG);
    left = read_file(place.path);
    assert_string_equal(left, "the report of last week\n");
    assert_int_equal(count_files(), 1);
    free(left);
}

static void a_folder_that_is_not_there_is_told(void **state)
{
    (void)state;
    assert_false(write_place("/nowhere/at/all/weekly.csv"));
    assert_non_null(strstr(err.text, "/nowhere/at/all/weekly.csv"));
    assert_non_null(strstr(err.text, "No such file or directory"));
    assert_false(write_place(place.folder));
    assert_non_null(strstr(err.text, "directory"));
    assert_int_equal(count_files(), 0);
}

static void a_device_that_takes_nothing_is_told(void **state)
{
    const struct query_report_wish wish = { .now = STOCK_NOW };

    (void)state;
    for (const struct report_format *format = report_formats; format->name != NULL; format++) {
        FILE *full = fopen("/dev/full", "w");

        assert_non_null(full);
        assert_false(report_write(query, &wish, format, "Weekly", "1.0", full, &err));
        assert_non_null(strstr(err.text, "No space left on device"));
        fclose(full);
    }
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, written_start, written_finish)
#define PLACED(name) cmocka_unit_test_setup_teardown(name, start_place, finish_place)
    const struct CMUnitTest tests[] = {
        TEST(the_report_of_now_is_what_the_files_hold),
        TEST(the_report_of_a_day_in_the_past_is_what_the_files_hold_whenever_it_is_asked_for),
        TEST(a_filter_leaves_the_rest_out_of_every_part),
        TEST(no_cell_of_csv_begins_as_a_formula_does),
        TEST(who_takes_it_slowly_gets_it_when_the_reading_is_over),
        TEST(formats_are_found_by_name),
        PLACED(a_file_is_the_whole_report),
        PLACED(a_full_disk_leaves_the_report_of_before_and_nothing_else),
        PLACED(what_is_refused_leaves_the_report_of_before_and_nothing_else),
        PLACED(a_folder_that_is_not_there_is_told),
        PLACED(a_device_that_takes_nothing_is_told),
    };
#undef PLACED
#undef TEST

    return cmocka_run_group_tests(tests, NULL, NULL);
}
