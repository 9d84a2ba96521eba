#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "verdict_sample.h"

#include <string.h>

#define COUNT(table) (sizeof(table) / sizeof(table)[0])

static void every_word_is_found_again(void **state)
{
    (void)state;
    for (enum verdict_word word = VERDICT_SUPPORTED; word <= VERDICT_UNSUPPORTED; word++) {
        assert_string_not_equal(verdict_word(word), "");
        assert_int_equal(verdict_find(verdict_word(word)), word);
    }
}

static void what_is_no_word_is_not_found(void **state)
{
    (void)state;
    assert_int_equal(verdict_find(""), 0);
    assert_int_equal(verdict_find("Supported"), 0);
    assert_int_equal(verdict_find("support"), 0);
    assert_string_equal(verdict_word(0), "");
    assert_string_equal(verdict_word(VERDICT_UNSUPPORTED + 1), "");
    assert_string_equal(method_word(0), "");
    assert_string_equal(condition_state_word(STATE_SCOPE + 1), "");
}

static void no_class_has_no_word(void **state)
{
    (void)state;
    assert_string_equal(verdict_class_word(CLASS_NONE), "");
    for (enum verdict_class class = CLASS_GAP; class <= CLASS_FOREIGN; class ++)
        assert_string_not_equal(verdict_class_word(class), "");
}

static struct sample sample;
static struct hash128 before;

static void start_sample(void)
{
    sample_make(&sample);
    before = verdict_digest(&sample.verdict);
}

static bool is_same(void)
{
    struct hash128 now = verdict_digest(&sample.verdict);

    return now.low == before.low && now.high == before.high;
}

static void the_digest_tells_each_text_that_changes(void **state)
{
    const char **texts[] = {
        &sample.host.name,
        &sample.host.kind,
        &sample.vm.name,
        &sample.vm.kind,
        &sample.volume.name,
        &sample.edition.name,
        &sample.edition.page,
        &sample.edition.date,
        &sample.condition.id,
        &sample.condition.text,
        &sample.condition.remedy,
        &sample.value.text,
        &sample.attestation.who,
        &sample.attestation.basis,
        &sample.conditions[0].cause.fact,
        &sample.conditions[0].cause.why,
        &sample.versions[0],
        &sample.installations[1],
        &sample.covers[0],
        &sample.omits[0],
        &sample.product.name,
        &sample.version.name,
        &sample.ruling.who,
        &sample.ruling.basis,
        &sample.legs[0].workload,
        &sample.legs[0].reason,
        &sample.legs[0].missing,
        &sample.legs[0].conflict,
        &sample.verdict.server,
        &sample.verdict.product,
        &sample.verdict.step.text,
        &sample.verdict.step.version,
        &sample.verdict.by,
        &sample.verdict.owner,
        &sample.verdict.site,
        &sample.verdict.criticality,
        &sample.verdict.excluded,
    };

    (void)state;
    start_sample();
    for (size_t i = 0; i < COUNT(texts); i++) {
        const char *kept = *texts[i];

        *texts[i] = "changed";
        assert_false(is_same());
        *texts[i] = kept;
        assert_true(is_same());
    }
}

static void the_digest_tells_each_number_that_changes(void **state)
{
    int64_t *numbers[] = {
        &sample.host.id,
        &sample.vm.id,
        &sample.volume.id,
        &sample.attestation.until_at,
        &sample.ruling.review_at,
        &sample.version.mainstream_end,
        &sample.version.support_end,
        &sample.version.paid_end,
    };
    size_t *counts[] = { &sample.verdict.leg_count,       &sample.legs[0].row_count,
                         &sample.legs[0].condition_count, &sample.legs[0].installation_count,
                         &sample.legs[0].cover_count,     &sample.legs[0].omit_count };

    (void)state;
    start_sample();
    for (size_t i = 0; i < COUNT(numbers); i++) {
        ++*numbers[i];
        assert_false(is_same());
        --*numbers[i];
    }
    for (size_t i = 0; i < COUNT(counts); i++) {
        --*counts[i];
        assert_false(is_same());
        ++*counts[i];
    }
    assert_true(is_same());
}

#define CHANGES(what, to)                                                                                              \
    do {                                                                                                               \
        start_sample();                                                                                                \
        (what) = (to);                                                                                                 \
        assert_false(is_same());                                                                                       \
    } while (0)

static void the_digest_tells_each_word_that_changes(void **state)
{
    (void)state;
    CHANGES(sample.verdict.word, VERDICT_UNKNOWN);
    CHANGES(sample.verdict.class, CLASS_OLDER);
    CHANGES(sample.verdict.method, METHOD_AGENT);
    CHANGES(sample.verdict.counts, false);
    CHANGES(sample.verdict.ruling, NULL);
    CHANGES(sample.verdict.lifecycle, NULL);
    CHANGES(sample.verdict.cause, NULL);
    CHANGES(sample.verdict.step.type, STEP_UPGRADE);
    CHANGES(sample.verdict.step.method, METHOD_IMAGE);
    CHANGES(sample.verdict.step.support_end, 9);
    CHANGES(sample.verdict.lifecycle_of, "hyperv_host");
    CHANGES(sample.ruling.answer, ANSWER_NO);
    CHANGES(sample.legs[0].word, VERDICT_UNKNOWN);
    CHANGES(sample.legs[0].class, CLASS_OLDER);
    CHANGES(sample.legs[0].reading, READING_WORKLOAD);
    CHANGES(sample.legs[0].first, NULL);
    CHANGES(sample.row.row, 9);
    CHANGES(sample.conditions[0].state, STATE_MISSING);
    CHANGES(sample.conditions[0].cause.value, NULL);
    CHANGES(sample.conditions[0].cause.collection, COLLECTION_VOLUMES);
    CHANGES(sample.conditions[1].attestation, NULL);
}

/* The same in other memory, as after a restart. */
static void the_digest_is_of_what_is_said_not_of_where_it_lies(void **state)
{
    static struct sample other;
    struct hash128 hash;
    char name[] = "ANT-HV08";

    (void)state;
    start_sample();
    sample_make(&other);
    other.host.name = name;
    hash = verdict_digest(&other.verdict);
    assert_int_equal(hash.low, before.low);
    assert_int_equal(hash.high, before.high);
}

static void values_of_every_type_are_told_apart(void **state)
{
    static const char *const texts[] = { "2.0" };

    (void)state;
    CHANGES(sample.value, ((struct value){ .type = VALUE_INT, .number = 2 }));
    CHANGES(sample.value, ((struct value){ .type = VALUE_BOOL, .truth = true }));
    CHANGES(sample.value, ((struct value){ .type = VALUE_LIST, .list = { texts, 1 } }));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_word_is_found_again),
        cmocka_unit_test(what_is_no_word_is_not_found),
        cmocka_unit_test(no_class_has_no_word),
        cmocka_unit_test(the_digest_tells_each_text_that_changes),
        cmocka_unit_test(the_digest_tells_each_number_that_changes),
        cmocka_unit_test(the_digest_tells_each_word_that_changes),
        cmocka_unit_test(the_digest_is_of_what_is_said_not_of_where_it_lies),
        cmocka_unit_test(values_of_every_type_are_told_apart),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
