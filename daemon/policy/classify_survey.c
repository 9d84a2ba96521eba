#include "classify_memo.h"

#include "condition_parts.h"
#include "judge.h"
#include "text.h"

#include <string.h>

/* What the tables say of one version. */
struct entry {
    const struct version *version;
    enum truth test, hint, weak;
    struct condition_leaf test_leaf, hint_leaf;
    bool picked;
};

/* All versions of a group, asked about one thing. */
struct survey {
    struct judge *judge;
    struct entry *entries;
    size_t count;
    const struct entry *contradicted; /* whose hint says yes against the tests */
    bool pointed;                     /* a test or a hint says yes to something */
};

/* ---------------------------------------------------------------------------------------------------- choosing ---- */

static enum truth ask(struct judge *judge, const struct test *test, const struct thing *thing,
                      struct condition_leaf *leaf)
{
    return test == NULL ? TRUTH_UNKNOWN : condition_decide(judge, test, thing, leaf);
}

static void ask_version(struct survey *survey, const struct version *version, const struct thing *thing)
{
    struct entry *entry = &survey->entries[survey->count++];
    struct condition_leaf leaf;

    *entry = (struct entry){ .version = version };
    entry->test = ask(survey->judge, version->test, thing, &entry->test_leaf);
    entry->hint = ask(survey->judge, version->hint, thing, &entry->hint_leaf);
    entry->weak = ask(survey->judge, version->weak, thing, &leaf);
}

static size_t count_versions(const struct products *products, enum product_group group)
{
    size_t count = 0;

    for (size_t i = 0; i < products->family_count; i++)
        count += products->families[i].group == group ? products->families[i].version_count : 0;
    return count;
}

/* How many entries are so; the first of them in *first. */
static size_t count_entries(const struct survey *survey, bool (*is)(const struct entry *entry),
                            const struct entry **first)
{
    size_t count = 0;

    *first = NULL;
    for (size_t i = 0; i < survey->count; i++) {
        if (!is(&survey->entries[i]))
            continue;
        if (count++ == 0)
            *first = &survey->entries[i];
    }
    return count;
}

static bool is_it(const struct entry *entry)
{
    return entry->test == TRUTH_YES;
}

static bool may_be(const struct entry *entry)
{
    return entry->test == TRUTH_UNKNOWN;
}

static bool is_hinted(const struct entry *entry)
{
    return entry->hint == TRUTH_YES;
}

static bool is_it_and_hinted(const struct entry *entry)
{
    return is_it(entry) && is_hinted(entry);
}

static bool may_be_hinted(const struct entry *entry)
{
    return may_be(entry) && is_hinted(entry);
}

static bool may_be_weakly(const struct entry *entry)
{
    return may_be(entry) && entry->weak == TRUTH_YES;
}

static bool is_picked(const struct entry *entry)
{
    return entry->picked;
}

static size_t pick(struct survey *survey, bool (*is)(const struct entry *entry))
{
    size_t count = 0;

    for (size_t i = 0; i < survey->count; i++) {
        if (is(&survey->entries[i])) {
            survey->entries[i].picked = true;
            count++;
        }
    }
    return count;
}

/* Hints that go against all that the tests say: their versions are candidates, too. */
static void pick_contradicted(struct survey *survey)
{
    count_entries(survey, is_hinted, &survey->contradicted);
    pick(survey, is_hinted);
}

static void choose(struct survey *survey)
{
    const struct entry *first;
    bool hinted = count_entries(survey, is_hinted, &first) > 0;

    survey->pointed = true;
    if (pick(survey, is_it) > 0) {
        if (hinted && count_entries(survey, is_it_and_hinted, &first) == 0)
            pick_contradicted(survey);
        return;
    }
    if (pick(survey, may_be_hinted) > 0)
        return;
    if (!hinted && pick(survey, may_be_weakly) > 0)
        return;
    survey->pointed = false;
    if (pick(survey, may_be) > 0 && hinted)
        pick_contradicted(survey);
}

static struct survey survey_make(struct judge *judge, const struct thing *thing, enum product_group group,
                                 struct arena *scratch)
{
    const struct products *products = judge_setting(judge)->matrix->products;
    struct survey survey = { .judge = judge };

    survey.entries = arena_alloc(scratch, (count_versions(products, group) + 1) * sizeof *survey.entries);
    for (size_t i = 0; i < products->family_count; i++) {
        const struct family *family = &products->families[i];

        for (size_t j = 0; family->group == group && j < family->version_count; j++)
            ask_version(&survey, &family->versions[j], thing);
    }
    choose(&survey);
    return survey;
}

/* --------------------------------------------------------------------------------------------------- conflicts ---- */

static const char *quote_value(char buffer[TEXT_QUOTE_SIZE], const struct value *value)
{
    char text[256];

    return text_quote(buffer, thing_value_text(value, text, sizeof text));
}

/* The fact that a leaf is about, with its value. */
static const char *name_leaf(struct survey *survey, struct arena *arena, const struct condition_leaf *leaf)
{
    char buffer[TEXT_QUOTE_SIZE];
    struct condition_cause cause;

    condition_explain(survey->judge, leaf, &cause);
    if (cause.fact == NULL)
        return "what else is known";
    if (cause.value == NULL)
        return cause.fact;
    return arena_format(arena, "%s \"%s\"", cause.fact, quote_value(buffer, cause.value));
}

/* Where the test of the hinted version says no, its leaf is the fact that speaks against the hint. */
static const char *tell_contradiction(struct survey *survey, struct arena *arena)
{
    const struct entry *hinted = survey->contradicted, *sure;
    const char *hint = name_leaf(survey, arena, &hinted->hint_leaf);

    if (count_entries(survey, is_it, &sure) > 0)
        return arena_format(arena, "%s says %s, but %s says %s", hint, hinted->version->name,
                            name_leaf(survey, arena, hinted->test == TRUTH_NO ? &hinted->test_leaf : &sure->test_leaf),
                            sure->version->name);
    return arena_format(arena, "%s says %s, but %s says that it is not", hint, hinted->version->name,
                        name_leaf(survey, arena, &hinted->test_leaf));
}

static const char *name_picked(const struct survey *survey)
{
    const struct entry *first;

    return count_entries(survey, is_picked, &first) > 0 ? first->version->name : "no version of the tables";
}

static const char *tell_others(const struct survey *survey, const struct survey *variant, struct arena *arena,
                               const struct attribute *other, const struct value *own)
{
    char one[TEXT_QUOTE_SIZE], two[TEXT_QUOTE_SIZE];

    return arena_format(arena, "one source says %s \"%s\", which is %s, another \"%s\", which is %s", other->name,
                        quote_value(one, own), name_picked(survey), quote_value(two, &other->value),
                        name_picked(variant));
}

/* ----------------------------------------------------------------------------------------- contradicting facts ---- */

enum { MAX_TRIED = 16 }; /* values that contradict others; more sources do not disagree about one thing */

static bool is_asked(const struct classify_questions *questions, const char *fact)
{
    for (size_t i = 0; i < questions->fact_count; i++) {
        if (strcmp(questions->facts[i], fact) == 0)
            return true;
    }
    return false;
}

/* The thing with another value of that fact; NULL where it does not have it at all. */
static const struct value *vary(struct thing *thing, const struct attribute *other, struct arena *scratch)
{
    struct attribute *facts;

    if (thing->fact_count == 0)
        return NULL;
    facts = arena_bytes(scratch, thing->facts, thing->fact_count * sizeof *facts);
    for (size_t i = 0; i < thing->fact_count; i++) {
        if (strcmp(facts[i].name, other->name) == 0) {
            const struct value *own = &thing->facts[i].value;

            facts[i].value = other->value;
            thing->facts = facts;
            return own;
        }
    }
    return NULL;
}

/* Whether the variant came to something else; what it picked is picked. One that tells nothing, says nothing else. */
static bool merge(struct survey *survey, const struct survey *variant)
{
    const struct entry *first;
    size_t picked = count_entries(variant, is_picked, &first);
    bool differs = picked == 0 && count_entries(survey, is_picked, &first) > 0;

    for (size_t i = 0; picked < variant->count && i < survey->count; i++) {
        differs |= variant->entries[i].picked && !survey->entries[i].picked;
        survey->entries[i].picked |= variant->entries[i].picked;
    }
    return differs;
}

/* Returns the sentence about the first contradiction; NULL: there is none that matters. */
static const char *try_others(struct survey *survey, const struct thing *thing, enum product_group group,
                              const struct classify_questions *questions, struct arena *arena, struct arena *scratch)
{
    struct survey before = *survey;
    const char *conflict = NULL;
    size_t tried = 0;

    before.entries = arena_bytes(scratch, survey->entries, (survey->count + 1) * sizeof *survey->entries);
    for (size_t i = 0; i < thing->other_count && tried < MAX_TRIED; i++) {
        struct thing changed = *thing;
        const struct value *own;
        struct survey variant;

        if (!is_asked(questions, thing->others[i].name) || (own = vary(&changed, &thing->others[i], scratch)) == NULL)
            continue;
        tried++;
        variant = survey_make(survey->judge, &changed, group, scratch);
        if (merge(survey, &variant) && conflict == NULL)
            conflict = tell_others(&before, &variant, arena, &thing->others[i], own);
    }
    return conflict;
}

/* ------------------------------------------------------------------------------------------------------ result ---- */

/* What the first candidate lacks, where it is nothing that tells the candidates apart. */
static const char *first_missing(const struct survey *survey)
{
    for (size_t i = 0; i < survey->count; i++) {
        const struct entry *entry = &survey->entries[i];

        if (!entry->picked || entry->test != TRUTH_UNKNOWN || entry->version->test == NULL)
            continue;
        if (entry->test_leaf.missing != NULL)
            return entry->test_leaf.missing;
        if (entry->test_leaf.test->type == TEST_FACT)
            return entry->test_leaf.test->fact;
    }
    return NULL;
}

static const char *missing_fact(const struct survey *survey, const struct thing *thing, struct arena *scratch)
{
    /* NOLINTNEXTLINE(bugprone-sizeof-expression): a list of pointers */
    const struct test **tests = arena_alloc(scratch, (survey->count + 1) * sizeof *tests);
    size_t count = 0;
    const char *found;

    for (size_t i = 0; i < survey->count; i++) {
        if (survey->entries[i].picked && survey->entries[i].version->test != NULL)
            tests[count++] = survey->entries[i].version->test;
    }
    found = classify_missing(thing, tests, count);
    return found != NULL ? found : first_missing(survey);
}

static struct classification *result_make(const struct survey *survey, const struct thing *thing, struct arena *arena,
                                          struct arena *scratch)
{
    struct classification *result = arena_alloc(arena, sizeof *result);
    const struct version **candidates;
    const struct entry *first;
    size_t picked = count_entries(survey, is_picked, &first);

    result->foreign = picked == 0 && survey->count > 0;
    result->all = !result->foreign && (picked > CLASSIFY_MAX || (picked == survey->count && !survey->pointed));
    if (picked != 1 || result->all)
        result->missing = missing_fact(survey, thing, scratch);
    if (result->foreign || result->all)
        return result;
    candidates = arena_alloc(arena, picked * sizeof *candidates); /* NOLINT(bugprone-sizeof-expression): pointers */
    for (size_t i = 0; i < survey->count; i++) {
        if (survey->entries[i].picked)
            candidates[result->count++] = survey->entries[i].version;
    }
    result->candidates = candidates;
    return result;
}

struct classification *classify_survey(struct judge *judge, const struct thing *thing, enum product_group group,
                                       const struct classify_questions *questions, struct arena *arena)
{
    struct arena scratch;
    struct classification *result;
    struct survey survey;
    const char *conflict = NULL;

    arena_init(&scratch, ARENA_PLAIN);
    survey = survey_make(judge, thing, group, &scratch);
    if (thing->other_count > 0)
        conflict = try_others(&survey, thing, group, questions, arena, &scratch);
    if (conflict == NULL && survey.contradicted != NULL)
        conflict = tell_contradiction(&survey, arena);
    result = result_make(&survey, thing, arena, &scratch);
    result->conflict = conflict;
    arena_finish(&scratch);
    return result;
}
