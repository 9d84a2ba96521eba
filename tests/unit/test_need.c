/* What verdicts ask of people. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "need.h"

static void what_is_not_supported_asks_for_action_a_decision_or_a_look(void **state)
{
    (void)state;
    assert_int_equal(need_of(VERDICT_UNSUPPORTED, CLASS_NONE, false), NEED_ACT);
    assert_int_equal(need_of(VERDICT_CONTRADICTORY, CLASS_NONE, false), NEED_ACT);
    assert_int_equal(need_of(VERDICT_DEPRECATED, CLASS_NONE, false), NEED_DECIDE);
    assert_int_equal(need_of(VERDICT_UNKNOWN, CLASS_NONE, false), NEED_LOOK);
    assert_int_equal(need_of(VERDICT_CONDITIONAL, CLASS_NONE, false), NEED_LOOK);
    assert_int_equal(need_of(VERDICT_SUPPORTED, CLASS_NONE, false), NEED_NOTHING);
}

static void of_what_is_unlisted_only_newer_and_older_ask_for_action(void **state)
{
    (void)state;
    for (enum verdict_class class = CLASS_NONE; class <= CLASS_FOREIGN; class ++)
        assert_int_equal(need_of(VERDICT_UNLISTED, class, false),
                         class == CLASS_NEWER || class == CLASS_OLDER ? NEED_ACT : NEED_DECIDE);
}

static void what_is_stale_asks_for_a_look_and_never_for_less_than_before(void **state)
{
    (void)state;
    assert_int_equal(need_of(VERDICT_SUPPORTED, CLASS_NONE, true), NEED_LOOK);
    for (enum verdict_word word = VERDICT_DEPRECATED; word <= VERDICT_UNSUPPORTED; word++)
        assert_int_equal(need_of(word, CLASS_NONE, true), need_of(word, CLASS_NONE, false));
}

static void what_the_organisation_ruled_decides_instead_of_what_is_published(void **state)
{
    (void)state;
    for (enum verdict_word word = VERDICT_SUPPORTED; word <= VERDICT_UNSUPPORTED; word++) {
        for (enum verdict_class class = CLASS_NONE; class <= CLASS_FOREIGN; class ++) {
            assert_int_equal(need_ruled(word, class, 0, false), need_of(word, class, false));
            assert_int_equal(need_ruled(word, class, 0, true), need_of(word, class, true));
            assert_int_equal(need_ruled(word, class, ANSWER_YES, false), NEED_NOTHING);
            assert_int_equal(need_ruled(word, class, ANSWER_YES, true), NEED_LOOK);
            assert_int_equal(need_ruled(word, class, ANSWER_NO, false), NEED_ACT);
            assert_int_equal(need_ruled(word, class, ANSWER_DEPRECATED, true), NEED_DECIDE);
        }
    }
}

static void words_ask_as_what_they_stand_for(void **state)
{
    static const struct {
        const char *verdict, *class, *ruled;
        bool stale;
        enum need need;
    } cases[] = {
        { "supported", "", NULL, false, NEED_NOTHING },
        { "supported", NULL, NULL, true, NEED_LOOK },
        { "unlisted", "newer", NULL, false, NEED_ACT },
        { "unlisted", "gap", NULL, false, NEED_DECIDE },
        { "unlisted", "newer", "yes", false, NEED_NOTHING },
        { "unlisted", "gap", "no", false, NEED_ACT },
        { "contradictory", "", "deprecated", false, NEED_DECIDE },
        { "conditional", "", NULL, false, NEED_LOOK },
        { "nonsense", "", NULL, true, NEED_NOTHING },
        { "unsupported", "nonsense", "nonsense", false, NEED_ACT },
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_int_equal(need_of_words(cases[i].verdict, cases[i].class, cases[i].ruled, cases[i].stale),
                         cases[i].need);
}

static void each_has_its_word_and_nothing_has_none(void **state)
{
    (void)state;
    assert_string_equal(need_word(NEED_ACT), "act");
    assert_string_equal(need_word(NEED_DECIDE), "decide");
    assert_string_equal(need_word(NEED_LOOK), "look");
    assert_string_equal(need_word(NEED_NOTHING), "");
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_not_supported_asks_for_action_a_decision_or_a_look),
        cmocka_unit_test(of_what_is_unlisted_only_newer_and_older_ask_for_action),
        cmocka_unit_test(what_is_stale_asks_for_a_look_and_never_for_less_than_before),
        cmocka_unit_test(what_the_organisation_ruled_decides_instead_of_what_is_published),
        cmocka_unit_test(words_ask_as_what_they_stand_for),
        cmocka_unit_test(each_has_its_word_and_nothing_has_none),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
