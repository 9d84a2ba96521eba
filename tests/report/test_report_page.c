/* The formats for people and for viewers of tests, of a database made by hand: what the writers make of what the
 * reading side really gives. What a page looks like is tested with reports that are made by hand (test_html.py). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "report.h"
#include "written.h"

#include <stdlib.h>
#include <string.h>

#define DAY INT64_C(86400000)

static size_t count_of(const char *text, const char *end, const char *piece)
{
    size_t count = 0;

    while ((text = strstr(text, piece)) != NULL && text < end) {
        count++;
        text += strlen(piece);
    }
    return count;
}

/* From the start of a section to the start of the next one. */
static size_t count_in(const char *page, const char *section, const char *next, const char *piece)
{
    char opened[64], closed[64];
    const char *from, *to;

    snprintf(opened, sizeof opened, "<section id=\"%s\"", section);
    snprintf(closed, sizeof closed, "<section id=\"%s\"", next);
    from = strstr(page, opened);
    to = strstr(page, closed);
    assert_non_null(from);
    assert_non_null(to);
    return count_of(from, to, piece);
}

static void read_head(const struct query_report_wish *wish, struct query_report_head *head, struct arena *arena)
{
    struct query_report *report = query_report_open(query, wish, &err);

    assert_non_null(report);
    assert_true(query_report_head(report, arena, head, &err));
    query_report_close(report);
}

static void a_page_lists_as_many_as_the_head_counts(void **state)
{
    const struct query_report_wish wish = { .now = STOCK_NOW };
    struct query_report_head head;
    struct arena arena;
    char *page;

    (void)state;
    arena_init(&arena, ARENA_PLAIN);
    read_head(&wish, &head, &arena);
    page = written_text("html", &wish);
    assert_true(head.need[NEED_ACT] > 0 && head.need[NEED_LOOK] > 0);
    assert_int_equal(count_in(page, "act", "decide", "<th scope=\"row\">"), head.need[NEED_ACT]);
    assert_int_equal(count_in(page, "decide", "look", "<th scope=\"row\">"), head.need[NEED_DECIDE]);
    assert_int_equal(count_in(page, "look", "exemptions", "<th scope=\"row\">"), head.need[NEED_LOOK]);
    assert_int_equal(count_in(page, "complete", "changes", "<code>"), head.file_count);
    assert_int_equal(count_in(page, "rulings", "lifecycle", "<th scope=\"row\">"), head.ruling_count);
    free(page);
    arena_finish(&arena);
}

static void cases_are_as_many_as_the_head_counts(void **state)
{
    const struct query_report_wish wish = { .now = STOCK_NOW };
    struct query_report_head head;
    struct arena arena;
    char *text, *end;
    int64_t all = 0;

    (void)state;
    arena_init(&arena, ARENA_PLAIN);
    read_head(&wish, &head, &arena);
    for (int need = NEED_NOTHING; need <= NEED_ACT; need++)
        all += head.need[need];
    text = written_text("junit", &wish);
    end = text + strlen(text);
    assert_int_equal(count_of(text, end, "<testcase "), all);
    assert_int_equal(count_of(text, end, "<failure "), head.need[NEED_ACT] - head.exempt[NEED_ACT]);
    free(text);
    arena_finish(&arena);
}

/* What nobody may see twice: a report of the past that was made again. */
static void a_page_of_the_past_is_the_same_whenever_it_is_made(void **state)
{
    const struct query_report_wish before = { .now = STOCK_NOW, .at = STOCK_NOW - 10 * DAY },
                                   later = { .now = STOCK_NOW + 5 * DAY, .at = STOCK_NOW - 10 * DAY };
    static const char *const formats[] = { "html", "junit" };

    (void)state;
    for (size_t i = 0; i < sizeof formats / sizeof formats[0]; i++) {
        char *one = written_text(formats[i], &before), *other = written_text(formats[i], &later);

        assert_string_equal(one, other);
        assert_true(strlen(one) > 100);
        free(one);
        free(other);
    }
}

static void hostile_names_of_the_database_are_text(void **state)
{
    const struct query_report_wish wish = { .now = STOCK_NOW };
    static const char *const formats[] = { "html", "junit" };

    (void)state;
    for (size_t i = 0; i < sizeof formats / sizeof formats[0]; i++) {
        char *text = written_text(formats[i], &wish);

        assert_non_null(strstr(text, "=cmd|&#39;/c calc&#39;!A1\\x1B[31m&quot;x&quot;,\\u202Egpj\\n2"));
        assert_null(strchr(text, '\x1b'));
        assert_null(strstr(text, "\xE2\x80\xAE"));
        free(text);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_page_lists_as_many_as_the_head_counts, written_start, written_finish),
        cmocka_unit_test_setup_teardown(cases_are_as_many_as_the_head_counts, written_start, written_finish),
        cmocka_unit_test_setup_teardown(a_page_of_the_past_is_the_same_whenever_it_is_made, written_start,
                                        written_finish),
        cmocka_unit_test_setup_teardown(hostile_names_of_the_database_are_text, written_start, written_finish),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
