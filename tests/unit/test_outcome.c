#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "outcome.h"

#include <signal.h>
#include <string.h>

/* The ways a stream can be when it is judged. */
enum { ENDED, FAILED, BROKEN, SILENT, STREAMS };

static const struct stream streams[STREAMS] = {
    [ENDED] = { .state = STREAM_ENDED, .completeness = PARTIAL, .items = 7 },
    [FAILED] = { .state = STREAM_FAILED, .items = 7, .err = { ERR_DENIED, "login refused" } },
    [BROKEN] = { .state = STREAM_BROKEN, .items = 7, .err = { ERR_PROTOCOL, "more than 3 items in one scan" } },
    [SILENT] = { .state = STREAM_BROKEN,
                 .closed_early = true,
                 .items = 7,
                 .err = { ERR_BUG, "stopped without an end" } },
};

/* The ways its process can have ended. */
enum { FINE, CODE, SIGNAL, DEADLINE, CANCELLED, FLOODED, STOPPING, NO_REASON, LOST, EXITS };

static const struct message_exit exits[EXITS] = {
    [FINE] = { .reason = EXIT_ITSELF, .last_words = "" },
    [CODE] = { .reason = EXIT_ITSELF, .code = 3, .last_words = "" },
    [SIGNAL] = { .reason = EXIT_ITSELF, .signal = SIGSEGV, .last_words = "" },
    [DEADLINE] = { .reason = EXIT_DEADLINE, .signal = SIGKILL, .wall_ms = 1250, .last_words = "" },
    [CANCELLED] = { .reason = EXIT_CANCELLED, .signal = SIGKILL, .last_words = "" },
    [FLOODED] = { .reason = EXIT_FLOODED, .signal = SIGKILL, .last_words = "" },
    [STOPPING] = { .reason = EXIT_STOPPING, .signal = SIGKILL, .last_words = "" },
    [NO_REASON] = { .signal = SIGKILL, .last_words = "" },
};

static struct outcome judge(int stream, int ended)
{
    return outcome_judge(&streams[stream], ended == LOST ? NULL : &exits[ended]);
}

static void assert_judged(struct outcome outcome, enum err_class class, const char *text)
{
    assert_false(outcome.good);
    assert_string_equal(outcome.err.text, text);
    assert_int_equal(outcome.err.class, class);
}

static void only_an_end_and_a_clean_exit_together_are_good(void **state)
{
    (void)state;
    for (int stream = 0; stream < STREAMS; stream++) {
        for (int ended = 0; ended < EXITS; ended++) {
            struct outcome outcome = judge(stream, ended);

            assert_int_equal(outcome.good, stream == ENDED && ended == FINE);
            assert_true(outcome.good || outcome.err.class != ERR_NONE);
            assert_true(outcome.good || outcome.err.text[0] != '\0');
        }
    }
    assert_int_equal(judge(ENDED, FINE).completeness, PARTIAL);
}

static void what_the_stream_said_of_its_failure_counts_most(void **state)
{
    (void)state;
    for (int ended = 0; ended < EXITS; ended++) {
        assert_judged(judge(FAILED, ended), ERR_DENIED, "login refused");
        assert_judged(judge(BROKEN, ended), ERR_PROTOCOL, "more than 3 items in one scan");
    }
}

static void a_death_is_told_with_its_moment(void **state)
{
    (void)state;
    assert_judged(judge(ENDED, CODE), ERR_BUG, "the plugin exited with status 3 after its end");
    assert_judged(judge(SILENT, CODE), ERR_BUG, "the plugin exited with status 3 before its end");
    assert_judged(judge(ENDED, SIGNAL), ERR_BUG,
                  "the plugin died of signal 11 (Segmentation fault) after its end, having sent 7 items");
    assert_judged(judge(SILENT, SIGNAL), ERR_BUG,
                  "the plugin died of signal 11 (Segmentation fault) before its end, having sent 7 items");
}

static void a_kill_is_told_with_its_reason(void **state)
{
    static const int either[] = { ENDED, SILENT };

    (void)state;
    for (size_t i = 0; i < 2; i++) {
        assert_judged(judge(either[i], DEADLINE), ERR_TIMEOUT,
                      "it was killed at its deadline, after 1.2 s and 7 items");
        assert_judged(judge(either[i], CANCELLED), ERR_BUG, "the plugin shut its own stream after 7 items");
        assert_judged(judge(either[i], FLOODED), ERR_BUG, "it was killed because it flooded standard error with text");
        assert_judged(judge(either[i], STOPPING), ERR_SYSTEM, "it was stopped together with its plugin host");
        assert_judged(judge(either[i], NO_REASON), ERR_BUG, "the plugin shut its own stream after 7 items");
        assert_judged(judge(either[i], LOST), ERR_BUG, "the plugin host died, and the scan with it");
    }
}

static void silence_and_a_clean_exit_is_a_stream_without_an_end(void **state)
{
    (void)state;
    assert_judged(judge(SILENT, FINE), ERR_BUG, "stopped without an end");
}

static void a_refusal_stands_beside_a_good_run_and_makes_any_other_denied(void **state)
{
    (void)state;
    for (int stream = 0; stream < STREAMS; stream++) {
        struct stream refused = streams[stream];

        refused.refusal = (struct err){ ERR_DENIED, "wrong password" };
        for (int ended = 0; ended < EXITS; ended++) {
            struct outcome before = judge(stream, ended), outcome = before, same = before;

            outcome_add_refusal(&same, &streams[stream]);
            assert_int_equal(same.err.class, before.err.class);
            assert_string_equal(same.err.text, before.err.text);
            outcome_add_refusal(&outcome, &refused);
            assert_int_equal(outcome.good, before.good);
            assert_int_equal(outcome.err.class, ERR_DENIED);
            assert_ptr_equal(strstr(outcome.err.text, "wrong password"), outcome.err.text);
            assert_true(before.good || strstr(outcome.err.text, before.err.text) != NULL);
        }
    }
}

static void last_words_are_told_where_they_explain(void **state)
{
    static const int explained[][2] = {
        { ENDED, CODE },     { SILENT, CODE }, { SILENT, SIGNAL },    { SILENT, DEADLINE },
        { SILENT, FLOODED }, { SILENT, FINE }, { SILENT, CANCELLED },
    };
    static const int others[][2] = {
        { SILENT, STOPPING },
        { FAILED, CODE },
        { BROKEN, SIGNAL },
    };

    (void)state;
    for (size_t i = 0; i < sizeof explained / sizeof explained[0]; i++) {
        struct message_exit ended = exits[explained[i][1]];

        ended.last_words = "100%s sure\\n";
        assert_non_null(
            strstr(outcome_judge(&streams[explained[i][0]], &ended).err.text, "; its last words: 100%s sure\\n"));
    }
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++) {
        struct message_exit ended = exits[others[i][1]];

        ended.last_words = "words";
        assert_null(strstr(outcome_judge(&streams[others[i][0]], &ended).err.text, "words"));
    }
}

static void long_last_words_are_cut(void **state)
{
    static char words[MESSAGE_MAX_WORDS + 1];
    struct message_exit ended = exits[SIGNAL];
    struct outcome outcome;

    (void)state;
    memset(words, 'x', MESSAGE_MAX_WORDS);
    ended.last_words = words;
    outcome = outcome_judge(&streams[SILENT], &ended);
    assert_int_equal(strlen(outcome.err.text), ERR_TEXT_SIZE - 1);
    assert_non_null(strstr(outcome.err.text, "signal 11"));
}

static void signals_are_explained(void **state)
{
    static const struct {
        int number;
        const char *hint;
    } hints[] = {
        { SIGXCPU, "it used up its processor time" },
        { SIGKILL, "killed from outside, perhaps for lack of memory" },
        { SIGABRT, "Aborted" },
        { SIGALRM, "Alarm clock" },
        { 127, "Unknown signal 127" },
    };

    (void)state;
    for (size_t i = 0; i < sizeof hints / sizeof hints[0]; i++) {
        struct message_exit ended = { .reason = EXIT_ITSELF, .signal = (uint64_t)hints[i].number, .last_words = "" };

        assert_non_null(strstr(outcome_judge(&streams[SILENT], &ended).err.text, hints[i].hint));
    }
}

static void a_dead_host_is_explained(void **state)
{
    static const struct {
        int status;
        bool was_ready;
        const char *text;
    } rows[] = {
        { 3 << 8, false, "the plugin host exited with status 3 before the plugin was loaded and prepared" },
        { 0, true, "the plugin host exited with status 0 while it was serving" },
        { SIGSEGV, false,
          "the plugin host died of signal 11 (Segmentation fault) before the plugin was loaded and prepared" },
        { SIGSEGV | 0x80, true, "the plugin host died of signal 11 (Segmentation fault) while it was serving" },
        { SIGALRM, false, "the plugin host ended itself, because loading and preparing the plugin took too long" },
        { SIGALRM, true, "the plugin host died of signal 14 (Alarm clock) while it was serving" },
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct err err = ERR_EMPTY;

        outcome_host_death(rows[i].status, rows[i].was_ready, &err);
        assert_string_equal(err.text, rows[i].text);
        assert_int_equal(err.class, ERR_BUG);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(only_an_end_and_a_clean_exit_together_are_good),
        cmocka_unit_test(what_the_stream_said_of_its_failure_counts_most),
        cmocka_unit_test(a_death_is_told_with_its_moment),
        cmocka_unit_test(a_kill_is_told_with_its_reason),
        cmocka_unit_test(silence_and_a_clean_exit_is_a_stream_without_an_end),
        cmocka_unit_test(a_refusal_stands_beside_a_good_run_and_makes_any_other_denied),
        cmocka_unit_test(last_words_are_told_where_they_explain),
        cmocka_unit_test(long_last_words_are_cut),
        cmocka_unit_test(signals_are_explained),
        cmocka_unit_test(a_dead_host_is_explained),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
