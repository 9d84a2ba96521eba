#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "recording.h"
#include "vim_scout.h"

#include <string.h>

#define OBJECT "<objects><obj type=\"Folder\">group-d1</obj></objects>"
#define FILTER "<filterSet><objectSet><kind>enter</kind><obj type=\"Folder\">group-d1</obj></objectSet></filterSet>"

static const size_t parts[] = { 1, 7, 511, 513, 16384, SIZE_MAX };

static void look(struct vim_scout *scout, const char *bytes, size_t size, size_t part)
{
    vim_scout_begin(scout);
    for (size_t step; size > 0; bytes += step, size -= step) {
        step = size < part ? size : part;
        vim_scout_feed(scout, bytes, step);
    }
}

static void assert_same(const char *text, const char *expected)
{
    if (expected == NULL)
        assert_null(text);
    else
        assert_string_equal(text != NULL ? text : "(nothing)", expected);
}

static void assert_guesses(const char *text, const char *expected)
{
    struct vim_scout scout = { 0 };

    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        look(&scout, text, strlen(text), parts[i]);
        assert_same(vim_scout_next(&scout), expected);
    }
    vim_scout_finish(&scout);
}

/* What the reader of the whole reply says. */
static const char *said(const struct vim_reply *reply)
{
    return reply->token != NULL ? reply->token : reply->truncated ? reply->version : NULL;
}

/* One has its token behind the objects, as no server writes it: that is the reader's to find. */
static void it_guesses_what_the_reader_of_a_recording_says(void **state)
{
    size_t named = 0;

    (void)state;
    for (const char *name = recording_next(NULL); name != NULL; name = recording_next(name)) {
        struct str bytes = recording_load(name);
        struct vim_reader *reader = vim_reader_create(NULL, NULL);
        const char *expected;

        assert_true(vim_reader_feed(reader, bytes.bytes, bytes.length, NULL) && vim_reader_end(reader, NULL));
        expected = strcmp(name, "made-04-prefixes") == 0 ? NULL : said(vim_reader_reply(reader));
        assert_guesses(str_text(&bytes), expected);
        named += expected != NULL;
        vim_reader_destroy(reader);
        str_finish(&bytes);
    }
    assert_int_equal(named, 3);
}

static void a_token_is_there_before_the_rest_of_its_reply(void **state)
{
    static const char text[] = RETRIEVED("<token>a/b@1</token>" OBJECT);
    const size_t head = (size_t)(strstr(text, OBJECT) - text);
    struct vim_scout scout = { 0 };

    (void)state;
    look(&scout, text, head, 16384);
    assert_same(vim_scout_next(&scout), "a/b@1");
    vim_scout_finish(&scout);
    assert_guesses(RETRIEVED(OBJECT), NULL);
    assert_guesses(RETRIEVED(OBJECT "<token>behind</token>"), NULL); /* the reader finds it */
}

static void a_version_is_asked_for_where_the_end_says_that_there_is_more(void **state)
{
    (void)state;
    assert_guesses(UPDATED("<version>7</version>" FILTER "<truncated>true</truncated>"), "7");
    assert_guesses(UPDATED("<version>7</version>" FILTER "<truncated>1</truncated>"), "7");
    assert_guesses(UPDATED("<version>7</version>" FILTER "<truncated>false</truncated>"), NULL);
    assert_guesses(UPDATED("<version>7</version>" FILTER), NULL);
    assert_guesses(UPDATED("<version></version><truncated>true</truncated>"), NULL);
    assert_guesses(ENVELOPE("<v:WaitForUpdatesExResponse xmlns:v=\"urn:vim25\"><v:returnval><v:version>8</v:version>"
                            "<v:truncated>true</v:truncated></v:returnval></v:WaitForUpdatesExResponse>"),
                   "8");
    assert_guesses(UPDATED(""), NULL);
}

static void what_is_no_reply_names_nothing(void **state)
{
    (void)state;
    assert_guesses("", NULL);
    assert_guesses("<html><body>truncated>true</body></html>", NULL);
    assert_guesses(FAULT("<faultstring>truncated&gt;true</faultstring>"), NULL);
    assert_guesses(RETRIEVED("<token>never ended"), NULL);
    assert_guesses("<!DOCTYPE x>" RETRIEVED("<token>t</token>"), NULL);
}

static void one_reply_says_nothing_of_the_next(void **state)
{
    static const char first[] = UPDATED("<version>7</version>" FILTER "<truncated>true</truncated>");
    static const char second[] = UPDATED("<version>8</version>" FILTER);
    struct vim_scout scout = { 0 };

    (void)state;
    look(&scout, first, sizeof first - 1, 100);
    assert_same(vim_scout_next(&scout), "7");
    look(&scout, second, sizeof second - 1, 100);
    assert_same(vim_scout_next(&scout), NULL);
    vim_scout_finish(&scout);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_guesses_what_the_reader_of_a_recording_says),
        cmocka_unit_test(a_token_is_there_before_the_rest_of_its_reply),
        cmocka_unit_test(a_version_is_asked_for_where_the_end_says_that_there_is_more),
        cmocka_unit_test(what_is_no_reply_names_nothing),
        cmocka_unit_test(one_reply_says_nothing_of_the_next),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
