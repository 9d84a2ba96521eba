/* What is told as another, and as what kind, where a protection is judged under two circumstances. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "verdict_change.h"

#include <string.h>

#define COUNT(table) (sizeof(table) / sizeof(table)[0])
#define NONE CHANGE_COUNT

static const struct condition ntfs = { .id = "R1", .text = "All volumes are NTFS." };
static const struct condition same_ntfs = { .id = "v4:row2", .text = "All volumes are NTFS." };
static const struct condition agent_there = { .id = "R22", .text = "The agent is there." };
static const struct entry_row row = { .row = 8 };
static const struct entry_row *rows[] = { &row };
static const char *const files[] = { "volume", "file" };
static const char *const machine[] = { "vm" };
static const struct ruling yes = {
    .product = "mabs-v2", .answer = ANSWER_YES, .who = "the board", .basis = "case 7", .review_at = 1
};
static const struct ruling no = {
    .product = "mabs-v4", .answer = ANSWER_NO, .who = "ann", .basis = "b", .review_at = 1
};

/* A verdict of one leg, as a row of a table. */
struct made {
    enum verdict_word word;
    enum verdict_class class;
    bool rowless;
    const struct ruling *ruling;
    struct verdict_condition conditions[2];
    size_t condition_count;
    const char *const *covers;
    size_t cover_count;
    const char *const *omits;
    size_t omit_count;
    enum method method;
    const char *conflict;
};

struct pair {
    struct leg leg;
    struct verdict verdict;
    struct verdict_condition conditions[2];
};

static const struct verdict *make(struct pair *pair, const struct made *made)
{
    if (made->word == 0)
        return NULL;
    memcpy(pair->conditions, made->conditions, sizeof pair->conditions);
    pair->leg = (struct leg){
        .workload = "server",
        .word = made->word,
        .class = made->class,
        .rows = rows,
        .row_count = !made->rowless,
        .conditions = pair->conditions,
        .condition_count = made->condition_count,
        .covers = made->covers,
        .cover_count = made->cover_count,
        .omits = made->omits,
        .omit_count = made->omit_count,
        .reason = "the reason",
        .conflict = made->conflict,
    };
    pair->verdict = (struct verdict){ .method = made->method == 0 ? METHOD_AGENT : made->method,
                                      .word = made->word,
                                      .class = made->class,
                                      .legs = &pair->leg,
                                      .leg_count = 1,
                                      .ruling = made->ruling };
    return &pair->verdict;
}

#define IS(name) .word = VERDICT_##name
#define OPEN(which)                                                                                                    \
    {                                                                                                                  \
        .condition = &(which), .state = STATE_FOOTNOTE                                                                 \
    }
#define MET(which)                                                                                                     \
    {                                                                                                                  \
        .condition = &(which), .state = STATE_MET                                                                      \
    }
#define ATTESTED(which)                                                                                                \
    {                                                                                                                  \
        .condition = &(which), .state = STATE_ATTESTED                                                                 \
    }

static const struct {
    struct made before, after;
    enum change_kind kind, also;
    const char *text; /* a part of what is told */
} table[] = {
    /* The words alone. */
    { { IS(SUPPORTED) }, { IS(SUPPORTED) }, NONE, NONE, "" },
    { { IS(SUPPORTED) }, { IS(UNSUPPORTED) }, CHANGE_LOST, NONE, "the reason" },
    { { IS(SUPPORTED) }, { IS(UNKNOWN) }, CHANGE_LOST, NONE, "the reason" },
    { { IS(SUPPORTED) }, { IS(UNLISTED), .rowless = true }, CHANGE_LOST, NONE, "the reason" },
    { { IS(SUPPORTED) }, { IS(CONTRADICTORY) }, CHANGE_LOST, NONE, "the reason" },
    { { IS(DEPRECATED) }, { IS(UNSUPPORTED) }, CHANGE_LOST, NONE, "the reason" },
    { { IS(CONDITIONAL) }, { IS(UNSUPPORTED) }, CHANGE_LOST, NONE, "the reason" },
    { { IS(UNSUPPORTED) }, { IS(SUPPORTED) }, CHANGE_GAINED, NONE, "the reason" },
    { { IS(UNKNOWN) }, { IS(CONDITIONAL) }, CHANGE_GAINED, NONE, "the reason" },
    { { IS(SUPPORTED) }, { IS(DEPRECATED) }, CHANGE_DEPRECATED, NONE, "the reason" },
    { { IS(DEPRECATED) }, { IS(SUPPORTED) }, CHANGE_OTHER, NONE, "the reason" },
    { { IS(DEPRECATED) }, { IS(DEPRECATED) }, NONE, NONE, "" },
    { { IS(SUPPORTED) }, { IS(CONDITIONAL) }, CHANGE_CONDITIONS, NONE, "the reason" },
    { { IS(CONDITIONAL) }, { IS(SUPPORTED) }, CHANGE_OTHER, NONE, "the reason" },
    { { IS(UNKNOWN) }, { IS(UNSUPPORTED) }, CHANGE_OTHER, NONE, "the reason" },
    { { IS(UNSUPPORTED) }, { IS(UNSUPPORTED) }, NONE, NONE, "" },

    { { IS(SUPPORTED) }, { IS(UNKNOWN), .conflict = "two differ" }, CHANGE_LOST, NONE, "the reason; two differ" },

    /* No row: how that is read is another thing than what a row says. */
    { { IS(UNLISTED), .rowless = true }, { IS(UNSUPPORTED), .rowless = true }, CHANGE_ABSENCE, NONE, "the reason" },
    { { IS(UNSUPPORTED), .rowless = true }, { IS(UNLISTED), .rowless = true }, CHANGE_ABSENCE, NONE, "the reason" },
    { { IS(UNLISTED), .rowless = true }, { IS(UNSUPPORTED) }, CHANGE_OTHER, NONE, "the reason" },
    { { IS(UNKNOWN), .rowless = true }, { IS(UNSUPPORTED), .rowless = true }, CHANGE_OTHER, NONE, "the reason" },
    { { IS(UNLISTED), .class = CLASS_GAP, .rowless = true },
      { IS(UNLISTED), .class = CLASS_NEWER, .rowless = true },
      CHANGE_OTHER,
      NONE,
      "the reason" },
    { { IS(UNLISTED), .class = CLASS_GAP }, { IS(UNLISTED), .class = CLASS_GAP }, NONE, NONE, "" },

    /* What is covered. */
    { { IS(SUPPORTED), .covers = files, .cover_count = 2 },
      { IS(SUPPORTED), .covers = files, .cover_count = 1 },
      CHANGE_SCOPE_LOST,
      NONE,
      "not covered any more: file" },
    { { IS(SUPPORTED), .covers = files, .cover_count = 2 },
      { IS(SUPPORTED), .covers = files, .cover_count = 2, .omits = files, .omit_count = 1 },
      CHANGE_SCOPE_LOST,
      NONE,
      "not covered any more: volume" },
    { { IS(SUPPORTED), .covers = files, .cover_count = 2, .omits = files, .omit_count = 1 },
      { IS(SUPPORTED), .covers = files + 1, .cover_count = 1 },
      NONE,
      NONE,
      "" },
    { { IS(SUPPORTED), .covers = files, .cover_count = 1 },
      { IS(SUPPORTED), .covers = files, .cover_count = 2 },
      NONE,
      NONE,
      "" },
    { { IS(SUPPORTED), .covers = files, .cover_count = 2 }, { IS(UNSUPPORTED) }, CHANGE_LOST, NONE, "the reason" },
    { { IS(SUPPORTED), .covers = files, .cover_count = 2 },
      { IS(SUPPORTED), .covers = machine, .cover_count = 1, .method = METHOD_IMAGE },
      CHANGE_SCOPE_LOST,
      NONE,
      "image counts instead of agent; not covered any more: volume, file" },

    /* What it hangs on: by what a condition says, not by whose it is. */
    { { IS(SUPPORTED) },
      { IS(SUPPORTED), .conditions = { OPEN(ntfs) }, .condition_count = 1 },
      CHANGE_CONDITIONS,
      NONE,
      "it hangs on R1: All volumes are NTFS." },
    { { IS(SUPPORTED), .conditions = { OPEN(ntfs) }, .condition_count = 1 },
      { IS(SUPPORTED), .conditions = { OPEN(same_ntfs) }, .condition_count = 1 },
      NONE,
      NONE,
      "" },
    { { IS(SUPPORTED), .conditions = { MET(ntfs) }, .condition_count = 1 },
      { IS(SUPPORTED), .conditions = { OPEN(same_ntfs) }, .condition_count = 1 },
      CHANGE_CONDITIONS,
      NONE,
      "v4:row2" },
    { { IS(SUPPORTED), .conditions = { ATTESTED(ntfs) }, .condition_count = 1 },
      { IS(SUPPORTED), .conditions = { OPEN(ntfs) }, .condition_count = 1 },
      CHANGE_CONDITIONS,
      NONE,
      "R1" },
    { { IS(SUPPORTED) },
      { IS(SUPPORTED), .conditions = { MET(ntfs), ATTESTED(agent_there) }, .condition_count = 2 },
      NONE,
      NONE,
      "" },
    { { IS(CONDITIONAL), .conditions = { OPEN(ntfs) }, .condition_count = 1 },
      { IS(CONDITIONAL), .conditions = { OPEN(ntfs), OPEN(agent_there) }, .condition_count = 2 },
      CHANGE_CONDITIONS,
      NONE,
      "it hangs on R22: The agent is there." },
    { { IS(UNSUPPORTED) }, { IS(UNSUPPORTED), .conditions = { OPEN(ntfs) }, .condition_count = 1 }, NONE, NONE, "" },
    { { IS(SUPPORTED), .covers = files, .cover_count = 2 },
      { IS(DEPRECATED), .conditions = { OPEN(ntfs) }, .condition_count = 1, .covers = files, .cover_count = 1 },
      CHANGE_SCOPE_LOST,
      CHANGE_DEPRECATED,
      "not covered any more: file; it hangs on R1: All volumes are NTFS. the reason" },

    /* Rulings: the published word comes first; without a yes, one that ends is worse than another word. */
    { { IS(UNLISTED), .rowless = true, .ruling = &yes },
      { IS(UNLISTED), .rowless = true },
      CHANGE_RULING,
      NONE,
      "the ruling of the board (yes, for mabs-v2: case 7) does not carry over" },
    { { IS(UNLISTED), .rowless = true, .ruling = &yes },
      { IS(UNSUPPORTED), .rowless = true },
      CHANGE_RULING,
      CHANGE_ABSENCE,
      "does not carry over; the reason" },
    { { IS(UNLISTED), .rowless = true, .ruling = &yes }, { IS(SUPPORTED) }, CHANGE_GAINED, NONE, "the reason" },
    { { IS(UNLISTED), .rowless = true },
      { IS(UNLISTED), .rowless = true, .ruling = &no },
      CHANGE_OTHER,
      NONE,
      "the ruling of ann (no, for mabs-v4: b) holds" },
    { { IS(UNLISTED), .ruling = &yes }, { IS(UNLISTED), .ruling = &no }, CHANGE_OTHER, NONE, "ann" },
    { { IS(UNLISTED), .ruling = &yes }, { IS(UNLISTED), .ruling = &yes }, NONE, NONE, "" },

    /* There on one side only. */
    { { 0 }, { IS(SUPPORTED) }, CHANGE_OTHER, NONE, "agent counts, and did not before; the reason" },
    { { IS(SUPPORTED) }, { 0 }, CHANGE_OTHER, NONE, "agent does not count any more" },
    { { IS(UNSUPPORTED) }, { IS(UNSUPPORTED), .method = METHOD_IMAGE }, NONE, NONE, "" },
};

static void the_kind_is_that_of_the_table_and_the_sentence_tells_it(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(table); i++) {
        struct pair one, other;
        const struct verdict *before = make(&one, &table[i].before), *after = make(&other, &table[i].after);
        unsigned kinds = verdict_change(before, after);
        struct str text = STR_EMPTY;

        verdict_change_write(&text, before, after, kinds);
        if (change_first(kinds) != table[i].kind || strstr(str_text(&text), table[i].text) == NULL)
            fail_msg("row %zu: kinds %x: %s", i, kinds, str_text(&text));
        if (table[i].also != NONE && (kinds >> table[i].also & 1) == 0)
            fail_msg("row %zu: kinds %x", i, kinds);
        str_finish(&text);
    }
}

static void the_same_verdict_is_no_change_of_itself(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(table); i++) {
        struct pair one, other;

        assert_int_equal(verdict_change(make(&one, &table[i].before), make(&other, &table[i].before)), 0);
    }
    assert_int_equal(verdict_change(NULL, NULL), 0);
}

/* A cluster of hosts: what one of them leaves out, is not covered; what one asks, the verdict hangs on, and once. */
static void of_several_legs_all_are_looked_at(void **state)
{
    struct verdict_condition conditions[] = { OPEN(ntfs), OPEN(ntfs) };
    struct leg before[3] = { { .covers = files, .cover_count = 2 }, { .covers = files, .cover_count = 2 } };
    struct leg after[3] = { { .covers = files, .cover_count = 2 },
                            { .covers = files, .cover_count = 2, .omits = files, .omit_count = 1 },
                            { .conditions = conditions, .condition_count = 2 } };
    struct verdict one = { .word = VERDICT_SUPPORTED, .method = METHOD_IMAGE, .legs = before, .leg_count = 2 };
    struct verdict other = { .word = VERDICT_SUPPORTED, .method = METHOD_IMAGE, .legs = after, .leg_count = 3 };
    struct str text = STR_EMPTY;
    unsigned kinds = verdict_change(&one, &other);

    (void)state;
    assert_int_equal(kinds, 1U << CHANGE_SCOPE_LOST | 1U << CHANGE_CONDITIONS);
    verdict_change_write(&text, &one, &other, kinds);
    assert_string_equal(str_text(&text), "not covered any more: volume; it hangs on R1: All volumes are NTFS.");
    str_finish(&text);
}

/* What contradicted itself before is no news. */
static void an_old_conflict_is_not_told(void **state)
{
    const struct made made[] = { { IS(SUPPORTED), .conflict = "old" }, { IS(UNKNOWN), .conflict = "still" } };
    struct pair one, other;
    const struct verdict *before = make(&one, &made[0]), *after = make(&other, &made[1]);
    struct str text = STR_EMPTY;

    (void)state;
    verdict_change_write(&text, before, after, verdict_change(before, after));
    assert_string_equal(str_text(&text), "the reason");
    str_finish(&text);
}

static void each_kind_has_a_word_of_its_own(void **state)
{
    (void)state;
    for (enum change_kind kind = 0; kind < CHANGE_COUNT; kind++) {
        assert_true(change_word(kind)[0] != '\0');
        for (enum change_kind other = 0; other < kind; other++)
            assert_string_not_equal(change_word(kind), change_word(other));
    }
    assert_int_equal(change_first(0), CHANGE_COUNT);
    assert_int_equal(change_first(1U << CHANGE_GAINED | 1U << CHANGE_RULING), CHANGE_RULING);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_kind_is_that_of_the_table_and_the_sentence_tells_it),
        cmocka_unit_test(the_same_verdict_is_no_change_of_itself),
        cmocka_unit_test(of_several_legs_all_are_looked_at),
        cmocka_unit_test(an_old_conflict_is_not_told),
        cmocka_unit_test(each_kind_has_a_word_of_its_own),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
