/* Plugins that use the interface wrongly, or fail as they may. */
#include "trial.h"

#define FAIL(number) .options = { { "class", number } }, .words = { "the server said \"no\"" }

static const struct trial trials[] = {
    { "a_failure_without_a_word_is_told", "silent", .class = ERR_BUG, .words = { "returned -1 without saying why" } },
    { "an_unknown_class_is_a_bug_and_keeps_its_words", "strange_class", .class = ERR_BUG,
      .words = { "the moon is in the wrong phase" } },
    { "an_unknown_completeness_is_a_bug", "strange_end", .class = ERR_BUG,
      .words = { "muster_end() with 77, which is no completeness" } },
    { "ending_twice_is_a_bug", "end_twice", .class = ERR_BUG, .words = { "called muster_end() twice" } },
    { "asking_for_an_undeclared_option_is_a_bug", "undeclared", .class = ERR_BUG,
      .words = { "asks for an option \"colour\", which its table does not have" } },
    { "asking_by_the_wrong_getter_is_a_bug", "wrong_getter", .class = ERR_BUG,
      .words = { "asks for option well as int, but its table says bool" } },
    { "using_a_record_after_it_was_emitted_is_a_bug", "stale", .class = ERR_BUG,
      .words = { "used a record after it had emitted it" } },
    { "emitting_a_record_twice_is_a_bug", "stale", .options = { { "twice", "yes" } }, .class = ERR_BUG,
      .words = { "emitted a record that it had emitted already" } },
    { "unreachable_comes_through", "fail", .class = ERR_UNREACHABLE, FAIL("1") },
    { "timeout_comes_through", "fail", .class = ERR_TIMEOUT, FAIL("2") },
    { "denied_comes_through", "fail", .class = ERR_DENIED, FAIL("3") },
    { "protocol_comes_through", "fail", .class = ERR_PROTOCOL, FAIL("4") },
    { "bug_comes_through", "fail", .class = ERR_BUG, FAIL("5") },
    { "unsupported_comes_through", "fail", .class = ERR_UNSUPPORTED, FAIL("6") },
    { "config_comes_through", "fail", .class = ERR_CONFIG, FAIL("7") },
};

int main(void)
{
    return trials_run("returns", trials, sizeof trials / sizeof trials[0]);
}
