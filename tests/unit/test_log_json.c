#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "clock.h"
#include "log.h"
#include "utf8.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* 2026-11-22T08:36:14.250Z */
#define NOW INT64_C(1795336574250)
#define HEAD "{\"time\":\"2026-11-22T08:36:14.250Z\",\"level\":\"warning\",\"program\":\"musterd\",\"message\":"

static struct clock_fake now;
static int ends[2];
static int saved;
static char line[2 * PIPE_BUF];

/* Standard error is a pipe that read_line() empties. */
static int set_up(void **state)
{
    (void)state;
    clock_fake_init(&now, 1000, NOW);
    log_set_clock(&now.clock);
    assert_int_equal(pipe(ends), 0);
    saved = dup(STDERR_FILENO);
    dup2(ends[1], STDERR_FILENO);
    unsetenv("JOURNAL_STREAM");
    setenv("MUSTER_LOG_FORMAT", "json", 1);
    log_init("musterd");
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    unsetenv("MUSTER_LOG_FORMAT");
    unsetenv("JOURNAL_STREAM");
    log_set_format(LOG_PLAIN);
    log_set_clock(NULL);
    log_init("test");
    dup2(saved, STDERR_FILENO);
    close(saved);
    close(ends[0]);
    close(ends[1]);
    return 0;
}

/* One read gives all that was written since the last. */
static const char *read_line(void)
{
    ssize_t length = read(ends[0], line, sizeof line - 1);

    assert_true(length > 0);
    line[length] = '\0';
    return line;
}

static void the_environment_chooses_json(void **state)
{
    (void)state;
    log_warning("%d left", 3);
    assert_string_equal(read_line(), HEAD "\"3 left\"}\n");
}

static void a_word_that_is_no_format_is_warned_of(void **state)
{
    (void)state;
    log_set_format(LOG_PLAIN);
    setenv("MUSTER_LOG_FORMAT", "jsno\x1B", 1);
    log_init("musterd");
    assert_string_equal(read_line(), "musterd: warning: MUSTER_LOG_FORMAT is \"jsno\\x1B\" and stays without effect: "
                                     "expected plain or json\n");
    log_info("x");
    assert_string_equal(read_line(), "musterd: info: x\n");
}

static void formats_have_words(void **state)
{
    enum log_format format = LOG_PLAIN;

    (void)state;
    assert_true(log_format_named("json", &format));
    assert_int_equal(format, LOG_JSON);
    assert_true(log_format_named("plain", &format));
    assert_int_equal(format, LOG_PLAIN);
    assert_false(log_format_named("JSON", &format));
    assert_false(log_format_named("", &format));
}

static void each_level_has_its_word(void **state)
{
    (void)state;
    log_set_level(LOG_LEVEL_DEBUG);
    for (enum log_level level = LOG_LEVEL_DEBUG; level <= LOG_LEVEL_ERROR; level++) {
        char member[32];

        log_write(level, "x");
        snprintf(member, sizeof member, "\"level\":\"%s\",", log_level_word(level));
        assert_non_null(strstr(read_line(), member));
    }
    log_set_level(LOG_LEVEL_INFO);
}

static void quotes_and_backslashes_are_escaped(void **state)
{
    (void)state;
    log_warning("%s", "a \"b\" C:\\d");
    assert_string_equal(read_line(), HEAD "\"a \\\"b\\\" C:\\\\d\"}\n");
}

static void a_message_cannot_forge_a_member_or_a_line(void **state)
{
    (void)state;
    log_warning("%s", "x\",\"level\":\"error\"}\n{\"level\":\"error");
    assert_string_equal(read_line(), HEAD "\"x\\\",\\\"level\\\":\\\"error\\\"}\\\\n{\\\"level\\\":\\\"error\"}\n");
}

static void the_message_is_the_text_of_a_plain_line(void **state)
{
    (void)state;
    log_warning("%s", "caf\xC3\xA9 \xFF \x1B \xE2\x80\xAE");
    assert_string_equal(read_line(), HEAD "\"caf\xC3\xA9 \\\\xFF \\\\x1B \\\\u202E\"}\n");
}

static void the_program_is_escaped_too(void **state)
{
    (void)state;
    log_init("a\"b");
    log_warning("x");
    assert_non_null(strstr(read_line(), "\"program\":\"a\\\"b\",\"message\":\"x\"}\n"));
}

static void the_journal_gets_the_priority_in_front(void **state)
{
    struct stat status;
    char stream[64];

    (void)state;
    fstat(STDERR_FILENO, &status);
    snprintf(stream, sizeof stream, "%ju:%ju", (uintmax_t)status.st_dev, (uintmax_t)status.st_ino);
    setenv("JOURNAL_STREAM", stream, 1);
    log_init("musterd");
    log_warning("x");
    assert_string_equal(read_line(), "<4>" HEAD "\"x\"}\n");
}

/* The end of the message as JSON: a backslash that is cut off from what it escapes would take the quote along. */
static void assert_is_whole(const char *record)
{
    size_t length = strlen(record);
    const char *message = strstr(record, "\"message\":\"");

    assert_in_range(length, PIPE_BUF / 2, PIPE_BUF);
    assert_string_equal(record + length - 9, " [cut]\"}\n");
    assert_true(utf8_valid(record, length));
    assert_null(strstr(record, "\xEF\xBF\xBD"));
    for (message += 11; message < record + length - 3; message++) {
        assert_true(*message != '"');
        message += *message == '\\';
    }
    assert_string_equal(message, "\"}\n");
}

static void whatever_is_cut_is_still_one_whole_record(void **state)
{
    static const char *const units[] = { "x",    "\"",       "\"\xC3\xA9",       "\\",          "\n",
                                         "\xFF", "\xC3\xA9", "\xF0\x9F\x98\x80", "\xE2\x80\xAE" };
    static char text[3 * PIPE_BUF];

    (void)state;
    for (size_t i = 0; i < sizeof units / sizeof units[0]; i++) {
        for (size_t shift = 0; shift < 8; shift++) {
            memset(text, 'y', shift);
            text[shift] = '\0';
            while (strlen(text) < sizeof text - 8)
                strcat(text, units[i]);
            log_warning("%s", text);
            assert_is_whole(read_line());
        }
    }
}

static void the_longest_program_leaves_room(void **state)
{
    static char text[PIPE_BUF], program[1001];

    (void)state;
    memset(text, '"', sizeof text - 1);
    memset(program, 1, sizeof program - 1);
    log_init(program);
    log_warning("%s", text);
    assert_is_whole(read_line());
}

static void a_message_that_just_fits_is_not_cut(void **state)
{
    static char text[PIPE_BUF];
    size_t room = PIPE_BUF - strlen(HEAD) - strlen("\"\"}\n");

    (void)state;
    memset(text, '"', room / 2);
    log_warning("%s", text);
    assert_null(strstr(read_line(), "[cut]"));
    text[room / 2] = '"';
    log_warning("%s", text);
    assert_is_whole(read_line());
}

static void errno_stays_as_it_was(void **state)
{
    (void)state;
    errno = ENOTTY;
    log_warning("%m");
    assert_int_equal(errno, ENOTTY);
    assert_non_null(strstr(read_line(), strerror(ENOTTY)));
}

#define TEST(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(the_environment_chooses_json),
        TEST(a_word_that_is_no_format_is_warned_of),
        TEST(formats_have_words),
        TEST(each_level_has_its_word),
        TEST(quotes_and_backslashes_are_escaped),
        TEST(a_message_cannot_forge_a_member_or_a_line),
        TEST(the_message_is_the_text_of_a_plain_line),
        TEST(the_program_is_escaped_too),
        TEST(the_journal_gets_the_priority_in_front),
        TEST(whatever_is_cut_is_still_one_whole_record),
        TEST(the_longest_program_leaves_room),
        TEST(a_message_that_just_fits_is_not_cut),
        TEST(errno_stays_as_it_was),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
