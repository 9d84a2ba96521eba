#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "log.h"
#include "utf8.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* The plugin ABI has the same numbers. */
_Static_assert(LOG_LEVEL_DEBUG == 1 && LOG_LEVEL_INFO == 2, "levels differ from the plugin ABI's");
_Static_assert(LOG_LEVEL_WARNING == 3 && LOG_LEVEL_ERROR == 4, "levels differ from the plugin ABI's");

struct seen {
    int count;
    enum log_level level;
    char line[2 * PIPE_BUF];
};

static void keep(void *context, enum log_level level, const char *line)
{
    struct seen *seen = context;

    seen->count++;
    seen->level = level;
    assert_true(strlen(line) < sizeof seen->line);
    strcpy(seen->line, line);
}

static struct seen seen;

static int catch_messages(void **state)
{
    (void)state;
    memset(&seen, 0, sizeof seen);
    log_set_sink(keep, &seen);
    log_set_level(LOG_LEVEL_INFO);
    return 0;
}

static int catch_no_more(void **state)
{
    (void)state;
    log_set_sink(NULL, NULL);
    return 0;
}

static void each_function_has_its_level(void **state)
{
    (void)state;
    log_set_level(LOG_LEVEL_DEBUG);
    log_error("%s", "e");
    assert_int_equal(seen.level, LOG_LEVEL_ERROR);
    log_warning("%s", "w");
    assert_int_equal(seen.level, LOG_LEVEL_WARNING);
    log_info("%s", "i");
    assert_int_equal(seen.level, LOG_LEVEL_INFO);
    log_debug("%s %d", "d", 4);
    assert_int_equal(seen.level, LOG_LEVEL_DEBUG);
    assert_string_equal(seen.line, "d 4");
    assert_int_equal(seen.count, 4);
}

static void what_is_below_the_threshold_is_dropped(void **state)
{
    (void)state;
    log_debug("no");
    assert_int_equal(seen.count, 0);
    log_set_level(LOG_LEVEL_ERROR);
    log_warning("no");
    assert_int_equal(seen.count, 0);
    log_error("yes");
    assert_int_equal(seen.count, 1);
}

static void a_number_that_is_no_level_counts_as_error(void **state)
{
    (void)state;
    log_write((enum log_level)0, "zero");
    assert_int_equal(seen.level, LOG_LEVEL_ERROR);
    log_write((enum log_level)77, "more");
    assert_int_equal(seen.level, LOG_LEVEL_ERROR);
    assert_int_equal(seen.count, 2);
}

static void a_message_cannot_forge_a_second_line(void **state)
{
    (void)state;
    log_info("name %s", "a\nmusterd: error: forged\r\x1B[2J\x7F");
    assert_string_equal(seen.line, "name a\\nmusterd: error: forged\\r\\x1B[2J\\x7F");
}

static void invalid_bytes_are_shown(void **state)
{
    (void)state;
    log_info("%s", "caf\xC3\xA9 \xFF \xC2\x9B \xE2\x80\xAE");
    assert_string_equal(seen.line, "caf\xC3\xA9 \\xFF \\u009B \\u202E");
}

static void a_long_message_is_cut_with_a_mark(void **state)
{
    static char text[100001];

    (void)state;
    memset(text, 'x', sizeof text - 1);
    log_info("%s", text);
    assert_true(strlen(seen.line) < PIPE_BUF - 100);
    assert_true(strlen(seen.line) > PIPE_BUF / 2);
    assert_string_equal(seen.line + strlen(seen.line) - 6, " [cut]");
}

static void a_message_that_grows_by_its_escapes_is_cut_too(void **state)
{
    static char text[3001];

    (void)state;
    memset(text, '\n', sizeof text - 1);
    log_info("%s", text);
    assert_true(strlen(seen.line) < PIPE_BUF - 100);
    assert_string_equal(seen.line + strlen(seen.line) - 6, " [cut]");
}

static void a_cut_leaves_no_half_character(void **state)
{
    static char text[100000];

    (void)state;
    for (size_t shift = 0; shift < 4; shift++) {
        memset(text, 'x', shift);
        for (size_t at = shift; at + 4 < sizeof text; at += 4)
            memcpy(text + at, "\xF0\x9F\x98\x80", 5);
        log_info("%s", text);
        assert_true(utf8_valid(seen.line, strlen(seen.line)));
    }
}

static void set_errno(void *context, enum log_level level, const char *line)
{
    (void)context;
    (void)level;
    (void)line;
    errno = EIO;
}

static void errno_stays_as_it_was(void **state)
{
    (void)state;
    log_set_sink(set_errno, NULL);
    errno = ENOTTY;
    log_info("%s", "text");
    assert_int_equal(errno, ENOTTY);
}

static void levels_have_words(void **state)
{
    (void)state;
    for (enum log_level level = LOG_LEVEL_DEBUG; level <= LOG_LEVEL_ERROR; level++)
        assert_int_equal(log_level_named(log_level_word(level)), level);
    assert_string_equal(log_level_word(LOG_LEVEL_WARNING), "warning");
    assert_string_equal(log_level_word((enum log_level)9), "error");
    assert_int_equal(log_level_named("loud"), 0);
    assert_int_equal(log_level_named(""), 0);
}

struct pipe_to_stderr {
    int ends[2];
    int saved;
};

static void capture(struct pipe_to_stderr *capture)
{
    assert_int_equal(pipe(capture->ends), 0);
    capture->saved = dup(STDERR_FILENO);
    dup2(capture->ends[1], STDERR_FILENO);
    log_set_sink(NULL, NULL);
}

/* One read gives one write's bytes as long as nothing else was written. */
static void release(struct pipe_to_stderr *capture, char *line, size_t size)
{
    ssize_t length;

    dup2(capture->saved, STDERR_FILENO);
    close(capture->saved);
    close(capture->ends[1]);
    length = read(capture->ends[0], line, size - 1);
    close(capture->ends[0]);
    line[length < 0 ? 0 : length] = '\0';
}

static void standard_error_gets_program_level_and_text(void **state)
{
    struct pipe_to_stderr to;
    char line[2 * PIPE_BUF];

    (void)state;
    unsetenv("JOURNAL_STREAM");
    capture(&to);
    log_init("musterd");
    log_warning("%d left", 3);
    release(&to, line, sizeof line);
    assert_string_equal(line, "musterd: warning: 3 left\n");
}

static void the_longest_line_is_one_whole_line(void **state)
{
    static char text[100001];
    static char program[1001];
    struct pipe_to_stderr to;
    char line[2 * PIPE_BUF];

    (void)state;
    memset(text, 'x', sizeof text - 1);
    memset(program, 'p', sizeof program - 1);
    capture(&to);
    log_init(program);
    log_warning("%s", text);
    release(&to, line, sizeof line);
    log_init("test");
    assert_true(strlen(line) <= PIPE_BUF);
    assert_string_equal(line + strlen(line) - 7, " [cut]\n");
}

static void the_journal_gets_priorities(void **state)
{
    struct pipe_to_stderr to;
    struct stat status;
    char stream[64];
    char line[2 * PIPE_BUF];

    (void)state;
    capture(&to);
    fstat(STDERR_FILENO, &status);
    snprintf(stream, sizeof stream, "%ju:%ju", (uintmax_t)status.st_dev, (uintmax_t)status.st_ino);
    setenv("JOURNAL_STREAM", stream, 1);
    log_init("musterd");
    log_error("down");
    log_info("up");
    release(&to, line, sizeof line);
    assert_string_equal(line, "<3>down\n<6>up\n");
}

static void an_inherited_journal_variable_is_not_believed(void **state)
{
    static const char *const streams[] = { "1:1", "", "x", "1", ":" };

    (void)state;
    for (size_t i = 0; i < sizeof streams / sizeof streams[0]; i++) {
        struct pipe_to_stderr to;
        char line[2 * PIPE_BUF];

        setenv("JOURNAL_STREAM", streams[i], 1);
        capture(&to);
        log_init("p");
        log_error("x");
        release(&to, line, sizeof line);
        assert_string_equal(line, "p: error: x\n");
    }
    unsetenv("JOURNAL_STREAM");
}

#define CAUGHT(test) cmocka_unit_test_setup_teardown(test, catch_messages, catch_no_more)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CAUGHT(each_function_has_its_level),
        CAUGHT(what_is_below_the_threshold_is_dropped),
        CAUGHT(a_number_that_is_no_level_counts_as_error),
        CAUGHT(a_message_cannot_forge_a_second_line),
        CAUGHT(invalid_bytes_are_shown),
        CAUGHT(a_long_message_is_cut_with_a_mark),
        CAUGHT(a_message_that_grows_by_its_escapes_is_cut_too),
        CAUGHT(a_cut_leaves_no_half_character),
        CAUGHT(errno_stays_as_it_was),
        CAUGHT(levels_have_words),
        CAUGHT(standard_error_gets_program_level_and_text),
        CAUGHT(the_longest_line_is_one_whole_line),
        CAUGHT(the_journal_gets_priorities),
        CAUGHT(an_inherited_journal_variable_is_not_believed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
