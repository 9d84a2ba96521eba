#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "clock.h"
#include "log.h"

#include <limits.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static struct clock_fake now;
static char lines[64][96];
static enum log_level line_levels[64];
static size_t count;

static void keep(void *context, enum log_level level, const char *line)
{
    (void)context;
    assert_true(count < 64);
    line_levels[count] = level;
    snprintf(lines[count++], sizeof lines[0], "%s", line);
}

static int set_up(void **state)
{
    (void)state;
    count = 0;
    clock_fake_init(&now, 1000, 0);
    log_set_clock(&now.clock);
    log_set_sink(keep, NULL);
    log_set_level(LOG_LEVEL_INFO);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    count = 0;
    log_set_limit(0, 0);
    log_set_level(LOG_LEVEL_INFO);
    log_set_sink(keep, NULL);
    log_info("this has the number of the dropped before it, and the next test starts without");
    log_set_sink(NULL, NULL);
    log_set_clock(NULL);
    return 0;
}

static void write_many(int messages)
{
    for (int i = 0; i < messages; i++)
        log_info("message %d", i);
}

static void without_a_limit_all_pass(void **state)
{
    (void)state;
    write_many(60);
    assert_int_equal(count, 60);
}

static void the_burst_passes_and_no_more(void **state)
{
    (void)state;
    log_set_limit(10, 5);
    write_many(60);
    assert_int_equal(count, 5);
    assert_string_equal(lines[4], "message 4");
}

static void the_next_that_passes_is_preceded_by_how_many_were_dropped(void **state)
{
    (void)state;
    log_set_limit(10, 5);
    write_many(60);
    clock_fake_advance(&now, 1000);
    log_info("again");
    assert_int_equal(count, 7);
    assert_string_equal(lines[5], "55 messages were dropped: more came than the log takes");
    assert_int_equal(line_levels[5], LOG_LEVEL_WARNING);
    assert_string_equal(lines[6], "again");
    log_info("and again");
    assert_int_equal(count, 8);
}

static void one_dropped_message_is_told_in_the_singular(void **state)
{
    (void)state;
    log_set_limit(1, 1);
    write_many(2);
    clock_fake_advance(&now, 1000);
    log_info("again");
    assert_string_equal(lines[1], "1 message was dropped: more came than the log takes");
}

static void errors_are_limited_too(void **state)
{
    (void)state;
    log_set_limit(10, 5);
    for (int i = 0; i < 20; i++)
        log_error("%d", i);
    assert_int_equal(count, 5);
}

static void what_is_below_the_threshold_takes_no_room(void **state)
{
    (void)state;
    log_set_limit(10, 5);
    for (int i = 0; i < 20; i++)
        log_debug("%d", i);
    write_many(5);
    assert_int_equal(count, 5);
    clock_fake_advance(&now, 1000);
    log_info("again");
    assert_string_equal(lines[5], "again");
}

static void dropped_errors_are_told_whatever_the_threshold(void **state)
{
    (void)state;
    log_set_level(LOG_LEVEL_ERROR);
    log_set_limit(1, 1);
    log_error("a");
    log_error("b");
    clock_fake_advance(&now, 1000);
    log_error("c");
    assert_int_equal(count, 3);
    assert_string_equal(lines[1], "1 message was dropped: more came than the log takes");
}

static void a_flood_comes_out_at_the_rate_with_its_notices(void **state)
{
    (void)state;
    log_set_limit(10, 1);
    for (int i = 0; i < 3000; i++) {
        log_info("flood");
        clock_fake_advance(&now, 1);
    }
    assert_in_range(count, 28, 32);
}

static void the_wall_clock_has_no_say(void **state)
{
    (void)state;
    log_set_limit(1, 1);
    write_many(2);
    clock_fake_set_wall(&now, INT64_C(1) << 40);
    write_many(1);
    assert_int_equal(count, 1);
}

static void taking_the_limit_away_still_tells_what_was_dropped(void **state)
{
    (void)state;
    log_set_limit(1, 1);
    write_many(3);
    log_set_limit(0, 0);
    write_many(2);
    assert_int_equal(count, 4);
    assert_string_equal(lines[1], "2 messages were dropped: more came than the log takes");
}

#define THREADS 4
#define EACH 2000

static atomic_uint passed, told;

static void count_lines(void *context, enum log_level level, const char *line)
{
    unsigned dropped;

    (void)context;
    (void)level;
    if (sscanf(line, "%u message", &dropped) == 1)
        told += dropped;
    else
        passed++;
}

static void *log_many(void *context)
{
    (void)context;
    for (int i = 0; i < EACH; i++)
        log_info("from a thread");
    return NULL;
}

static void run_threads(void *(*function)(void *))
{
    pthread_t threads[THREADS];

    for (size_t i = 0; i < THREADS; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, function, NULL), 0);
    for (size_t i = 0; i < THREADS; i++)
        pthread_join(threads[i], NULL);
}

static void no_message_of_any_thread_is_lost_untold(void **state)
{
    (void)state;
    passed = told = 0;
    log_set_clock(NULL);
    log_set_sink(count_lines, NULL);
    log_set_limit(2000, 10);
    run_threads(log_many);
    log_set_limit(0, 0);
    log_info("the last one tells the rest");
    assert_int_equal(passed + told, THREADS * EACH + 1);
    assert_true(told > 0);
}

/* Long enough that two writes would mix, short enough that all lines fit into the pipe. */
static void *log_long(void *context)
{
    char text[1000];

    (void)context;
    memset(text, 'x', sizeof text - 1);
    text[sizeof text - 1] = '\0';
    for (int i = 0; i < 8; i++) {
        log_info("%s", text);
        log_set_level(LOG_LEVEL_INFO);
        log_set_format(i % 2 == 0 ? LOG_JSON : LOG_PLAIN);
    }
    return NULL;
}

static void lines_of_threads_do_not_mix(void **state)
{
    int ends[2];
    int saved = dup(STDERR_FILENO);
    int whole = 0;
    char line[PIPE_BUF + 1];
    FILE *reader;

    (void)state;
    assert_int_equal(pipe(ends), 0);
    dup2(ends[1], STDERR_FILENO);
    log_set_sink(NULL, NULL);
    run_threads(log_long);
    dup2(saved, STDERR_FILENO);
    close(saved);
    close(ends[1]);
    log_set_format(LOG_PLAIN);
    reader = fdopen(ends[0], "r");
    for (; fgets(line, sizeof line, reader) != NULL; whole++) {
        const char *text = strchr(line, 'x');

        assert_int_equal(strspn(text, "x"), 999);
        assert_true(strcmp(text + 999, "\n") == 0 || strcmp(text + 999, "\"}\n") == 0);
    }
    fclose(reader);
    assert_int_equal(whole, THREADS * 8);
}

#define TEST(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(without_a_limit_all_pass),
        TEST(the_burst_passes_and_no_more),
        TEST(the_next_that_passes_is_preceded_by_how_many_were_dropped),
        TEST(one_dropped_message_is_told_in_the_singular),
        TEST(errors_are_limited_too),
        TEST(what_is_below_the_threshold_takes_no_room),
        TEST(dropped_errors_are_told_whatever_the_threshold),
        TEST(a_flood_comes_out_at_the_rate_with_its_notices),
        TEST(the_wall_clock_has_no_say),
        TEST(taking_the_limit_away_still_tells_what_was_dropped),
        TEST(no_message_of_any_thread_is_lost_untold),
        TEST(lines_of_threads_do_not_mix),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
