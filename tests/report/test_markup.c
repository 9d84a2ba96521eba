#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "markup.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* What was put, as one text. */
struct page {
    struct markup markup;
    FILE *out;
    char *text;
    size_t size;
};

static void start(struct page *page)
{
    page->out = open_memstream(&page->text, &page->size);
    assert_non_null(page->out);
    markup_init(&page->markup, page->out);
}

static void finish(struct page *page)
{
    struct err err = ERR_EMPTY;

    assert_true(markup_finish(&page->markup, &err));
    assert_int_equal(fclose(page->out), 0);
}

static void assert_put(struct page *page, const char *wanted)
{
    finish(page);
    assert_string_equal(page->text, wanted);
    free(page->text);
}

static void only_the_format_is_markup(void **state)
{
    struct page page;

    (void)state;
    start(&page);
    markup_put(&page.markup, "<a title=\"%s\">%s</a>", "\" onclick=\"x", "<b>&'%s%n\x1b\xE2\x80\xAE");
    assert_put(&page, "<a title=\"&quot; onclick=&quot;x\">&lt;b&gt;&amp;&#39;%s%n\\x1B\\u202E</a>");
}

static void no_text_is_nothing_and_two_percent_are_one(void **state)
{
    struct page page;
    const char *volatile none = NULL; /* which a compiler must not know */

    (void)state;
    start(&page);
    markup_put(&page.markup, "<p>%s</p>%%", none);
    assert_put(&page, "<p></p>%");
}

static void numbers_are_grouped_where_people_read_them(void **state)
{
    static const struct {
        int64_t number;
        const char *plain, *grouped;
    } rows[] = {
        { 0, "0", "0" },
        { 999, "999", "999" },
        { 1000, "1000", "1,000" },
        { -999, "-999", "-999" },
        { -123456, "-123456", "-123,456" },
        { 1234567, "1234567", "1,234,567" },
        { INT64_MIN, "-9223372036854775808", "-9,223,372,036,854,775,808" },
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char wanted[128];
        struct page page;

        start(&page);
        markup_put(&page.markup, "%" PRId64 " %'" PRId64, rows[i].number, rows[i].number);
        snprintf(wanted, sizeof wanted, "%s %s", rows[i].plain, rows[i].grouped);
        assert_put(&page, wanted);
    }
}

static void each_kind_of_number_is_taken_in_its_place(void **state)
{
    struct page page;

    (void)state;
    start(&page);
    markup_put(&page.markup, "%d|%zu|%'zu|%" PRId64 "|%s|%'d", -5, (size_t)1000, (size_t)12345, INT64_C(1) << 40, "x",
               1000);
    assert_put(&page, "-5|1000|12,345|1099511627776|x|1,000");
}

static void what_was_written_elsewhere_is_added_whole(void **state)
{
    FILE *spool = tmpfile();
    struct page page;
    size_t size = 300001;

    (void)state;
    assert_non_null(spool);
    for (size_t i = 0; i < size; i++)
        fputc('a' + (int)(i % 7), spool);
    start(&page);
    markup_put(&page.markup, "<p>");
    markup_append(&page.markup, spool);
    markup_put(&page.markup, "</p>");
    finish(&page);
    assert_int_equal(page.size, size + strlen("<p></p>"));
    assert_memory_equal(page.text, "<p>abcdefgab", 12);
    for (size_t i = 0; i < size; i++)
        assert_int_equal(page.text[3 + i], 'a' + (int)(i % 7));
    assert_string_equal(page.text + 3 + size, "</p>");
    free(page.text);
    fclose(spool);
}

static void a_failed_write_is_told_at_the_end(void **state)
{
    FILE *full = fopen("/dev/full", "w");
    struct err err = ERR_EMPTY;
    struct markup markup;

    (void)state;
    assert_non_null(full);
    markup_init(&markup, full);
    for (int i = 0; i < 100000; i++)
        markup_put(&markup, "<p>%d</p>", i);
    assert_false(markup_finish(&markup, &err));
    assert_string_equal(err.text, "the report cannot be written: No space left on device");
    fclose(full);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(only_the_format_is_markup),
        cmocka_unit_test(no_text_is_nothing_and_two_percent_are_one),
        cmocka_unit_test(numbers_are_grouped_where_people_read_them),
        cmocka_unit_test(each_kind_of_number_is_taken_in_its_place),
        cmocka_unit_test(what_was_written_elsewhere_is_added_whole),
        cmocka_unit_test(a_failed_write_is_told_at_the_end),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
