/* The lines at the bottom of a terminal that say what goes on. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "live.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct live live;
static struct style style;
static char *shown;
static size_t size;

static void begin(bool terminal)
{
    style = (struct style){ .columns = 40, .out = open_memstream(&shown, &size) };
    assert_non_null(style.out);
    live_init(&live, &style, terminal);
}

static int finish(void **state)
{
    (void)state;
    live_finish(&live);
    fclose(style.out);
    free(shown);
    return 0;
}

/* All that was put out. */
static const char *look(void)
{
    fflush(style.out);
    return shown;
}

static void a_line_is_rewritten_as_it_changes(void **state)
{
    (void)state;
    begin(true);
    live_set(&live, "vc01", 0);
    live_set(&live, "vc01", 200);
    assert_string_equal(look(), "vc01                 0 items\n"
                                "\033[1A\r\033[J"
                                "vc01                 200 items\n");
}

static void what_stays_stands_above_what_goes_on(void **state)
{
    (void)state;
    begin(true);
    live_set(&live, "a", 1);
    live_set(&live, "b", 2);
    live_end(&live, "a");
    live_print(&live, "a: complete\n");
    assert_non_null(strstr(look(), "\033[1A\r\033[Ja: complete\nb                    2 items\n"));
}

static void many_lines_are_a_few_and_a_number(void **state)
{
    char name[16];

    (void)state;
    begin(true);
    for (int i = 0; i < 20; i++) {
        snprintf(name, sizeof name, "t%d", i);
        live_set(&live, name, i);
    }
    assert_non_null(strstr(look(), "... and 12 more\n"));
    assert_int_equal(live.height, 9);
}

static void a_hostile_name_moves_no_cursor(void **state)
{
    (void)state;
    begin(true);
    live_set(&live, "\x1b[2J\n", 1);
    assert_non_null(strstr(look(), "\\x1B[2J\\n"));
    assert_null(strstr(look(), "\x1b[2J"));
}

static void what_never_began_may_end(void **state)
{
    (void)state;
    begin(true);
    live_end(&live, "nobody");
    assert_int_equal(live.lines.count, 0);
}

static void where_there_is_no_terminal_only_what_stays_is_shown(void **state)
{
    (void)state;
    begin(false);
    live_set(&live, "vc01", 1);
    live_print(&live, "vc01: complete\n");
    live_end(&live, "vc01");
    assert_string_equal(look(), "vc01: complete\n");
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(a_line_is_rewritten_as_it_changes, finish),
        cmocka_unit_test_teardown(what_stays_stands_above_what_goes_on, finish),
        cmocka_unit_test_teardown(many_lines_are_a_few_and_a_number, finish),
        cmocka_unit_test_teardown(a_hostile_name_moves_no_cursor, finish),
        cmocka_unit_test_teardown(what_never_began_may_end, finish),
        cmocka_unit_test_teardown(where_there_is_no_terminal_only_what_stays_is_shown, finish),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
