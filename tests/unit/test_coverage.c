/* Protected or not, supported or not. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "coverage.h"

#include <string.h>

static const struct {
    const char *verdict;
    bool supports;
} verdicts[] = {
    { "supported", true }, { "deprecated", true },     { "conditional", true },  { "unknown", false },
    { "unlisted", false }, { "contradictory", false }, { "unsupported", false },
};

#define VERDICTS (sizeof verdicts / sizeof *verdicts)

static const char *word_of(bool listed, const char *verdict, const char *ruled)
{
    struct coverage_sum sum = { 0 };

    coverage_add(&sum, listed, verdict, ruled);
    return coverage_word(coverage_of(&sum));
}

static void each_verdict_has_its_place(void **state)
{
    (void)state;
    for (size_t i = 0; i < VERDICTS; i++) {
        bool yes = verdicts[i].supports;

        assert_string_equal(word_of(true, verdicts[i].verdict, NULL),
                            yes ? "protected-supported" : "protected-unsupported");
        assert_string_equal(word_of(false, verdicts[i].verdict, ""),
                            yes ? "unprotected-supported" : "unprotected-unsupported");
    }
}

static void a_word_that_is_no_verdict_supports_nothing(void **state)
{
    (void)state;
    assert_string_equal(word_of(true, "splendid", NULL), "protected-unsupported");
    assert_string_equal(word_of(true, "", NULL), "protected-unsupported");
}

static void a_ruling_decides_instead(void **state)
{
    (void)state;
    for (size_t i = 0; i < VERDICTS; i++) {
        assert_true(coverage_supports(verdicts[i].verdict, "yes"));
        assert_true(coverage_supports(verdicts[i].verdict, "deprecated"));
        assert_false(coverage_supports(verdicts[i].verdict, "no"));
    }
}

static void the_best_of_what_protects_decides_and_nothing_else_speaks_for_it(void **state)
{
    struct coverage_sum sum = { 0 };

    (void)state;
    coverage_add(&sum, false, "supported", NULL);
    assert_string_equal(coverage_word(coverage_of(&sum)), "unprotected-supported");
    coverage_add(&sum, true, "unsupported", NULL);
    assert_string_equal(coverage_word(coverage_of(&sum)), "protected-unsupported");
    coverage_add(&sum, true, "conditional", NULL);
    assert_string_equal(coverage_word(coverage_of(&sum)), "protected-supported");
}

/* Whatever the order in which they come. */
static void the_order_is_no_matter(void **state)
{
    (void)state;
    for (unsigned one = 0; one < VERDICTS * 2; one++) {
        for (unsigned other = 0; other < VERDICTS * 2; other++) {
            struct coverage_sum forth = { 0 }, back = { 0 };

            coverage_add(&forth, one % 2 != 0, verdicts[one / 2].verdict, NULL);
            coverage_add(&forth, other % 2 != 0, verdicts[other / 2].verdict, NULL);
            coverage_add(&back, other % 2 != 0, verdicts[other / 2].verdict, NULL);
            coverage_add(&back, one % 2 != 0, verdicts[one / 2].verdict, NULL);
            assert_int_equal(coverage_of(&forth), coverage_of(&back));
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_verdict_has_its_place),
        cmocka_unit_test(a_word_that_is_no_verdict_supports_nothing),
        cmocka_unit_test(a_ruling_decides_instead),
        cmocka_unit_test(the_best_of_what_protects_decides_and_nothing_else_speaks_for_it),
        cmocka_unit_test(the_order_is_no_matter),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
