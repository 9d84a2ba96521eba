/* The checks over conditions: what cannot be met, what nothing checks. */
#include "matrix_lint_parts.h"

#include <inttypes.h>
#include <string.h>

/* ------------------------------------------------------------------------------------------- service packs ---- */

/* The highest level of the row's version without its level; -1 where the tables do not have it. */
static int highest_level(const struct lint *lint, const struct entry_row *row)
{
    const struct version *version = products_version(lint->matrix->products, row->workload, row->version);
    int highest = -1;

    for (size_t i = 0; version != NULL && i < version->family->version_count; i++) {
        const struct version *other = &version->family->versions[i];

        if (strcmp(other->base, version->base) == 0 && other->level > highest)
            highest = other->level;
    }
    return highest;
}

/* The service pack that a leaf asks at least; -1: it asks none. */
static int64_t asked_level(const struct test *test)
{
    bool asks = test->type == TEST_FACT && strcmp(test->fact, "os.service_pack") == 0 && test->value_count > 0 &&
                test->values[0].type == VALUE_INT;

    if (!asks)
        return -1;
    if (test->compare == COMPARE_AT_LEAST)
        return test->values[0].number;
    return test->compare == COMPARE_ABOVE ? test->values[0].number + 1 : -1;
}

/* The level without which the test never holds, where there is no such level. 0: it can hold.
 * NOLINTNEXTLINE(misc-no-recursion): as deep as tests are, CONDITION_MAX_DEPTH at the most */
static int64_t impossible_level(const struct test *test, int highest)
{
    int64_t level = asked_level(test), first = 0;

    if (level > highest)
        return level;
    if (test->type != TEST_ALL && test->type != TEST_ANY)
        return 0;
    for (size_t i = 0; i < test->part_count; i++) {
        level = impossible_level(&test->parts[i], highest);
        if (level > 0 && test->type == TEST_ALL)
            return level;
        if (level == 0 && test->type == TEST_ANY)
            return 0;
        if (first == 0)
            first = level;
    }
    return first;
}

/* ---------------------------------------------------------------------------------------------- impossible ---- */

struct use {
    const struct condition *condition;
    vec(const struct entry_row *) rows;
};
typedef vec(struct use) use_vec;

static struct use *find_use(use_vec *uses, const struct condition *condition)
{
    vec_each (use, uses) {
        if (use->condition == condition)
            return use;
    }
    vec_push(uses, (struct use){ .condition = condition });
    return &vec_last(uses);
}

static void finish_uses(use_vec *uses)
{
    vec_each (use, uses)
        vec_finish(&use->rows);
    vec_finish(uses);
}

static void tell_cannot(struct lint *lint, const struct use *use)
{
    struct str text = STR_EMPTY;

    str_format(&text, "%s cannot be met as it is written: %s.", use->condition->id, use->condition->cannot);
    lint_add(lint, LINT_IMPOSSIBLE, use->rows.items, use->rows.count, &text);
}

/* One condition may be possible for one version and not for another, so this is told for each version. */
static void tell_level(struct lint *lint, const struct use *use)
{
    const struct entry_row *row = use->rows.items[0];
    int highest = highest_level(lint, row);
    int64_t level = highest < 0 ? 0 : impossible_level(use->condition->test, highest);
    struct str text = STR_EMPTY;

    if (level == 0)
        return;
    str_format(&text, "%s cannot be met for %s: it asks for service pack %" PRId64 ", and ", use->condition->id,
               row->version, level);
    if (highest == 0)
        str_add(&text, "there is none.");
    else
        str_format(&text, "%d is the highest.", highest);
    lint_add(lint, LINT_IMPOSSIBLE, use->rows.items, use->rows.count, &text);
}

/* A no has no conditions that anybody would have to meet. */
static void collect(const struct lint *lint, size_t start, size_t end, bool cannot, use_vec *uses)
{
    for (size_t i = start; i < end; i++) {
        const struct entry_row *row = lint->rows[i];

        for (size_t k = 0; k < row->condition_count && row->answer != ANSWER_NO; k++) {
            struct use *use =
                (row->conditions[k]->cannot != NULL) == cannot ? find_use(uses, row->conditions[k]) : NULL;

            if (use != NULL)
                vec_push(&use->rows, row);
        }
    }
}

static void look_at_version(struct lint *lint, size_t start, size_t end)
{
    use_vec uses = VEC_EMPTY;

    collect(lint, start, end, false, &uses);
    vec_each (use, &uses)
        tell_level(lint, use);
    finish_uses(&uses);
}

void lint_impossible(struct lint *lint)
{
    use_vec uses = VEC_EMPTY;

    collect(lint, 0, lint->row_count, true, &uses);
    vec_each (use, &uses)
        tell_cannot(lint, use);
    finish_uses(&uses);
    for (size_t start = 0, end; start < lint->row_count; start = end) {
        end = lint_group(lint, start, LINT_VERSION);
        look_at_version(lint, start, end);
    }
}

/* --------------------------------------------------------------------------------------------------- prose ---- */

static bool is_used_by(const struct edition *edition, const struct condition *condition)
{
    for (size_t i = 0; i < edition->row_count; i++) {
        for (size_t k = 0; k < edition->rows[i].condition_count; k++) {
            if (edition->rows[i].conditions[k] == condition)
                return true;
        }
    }
    return false;
}

static bool is_used(const struct lint *lint, const struct condition *condition)
{
    if (lint->edition != NULL)
        return is_used_by(lint->edition, condition);
    for (size_t i = 0; i < lint->matrix->edition_count; i++) {
        if (is_used_by(&lint->matrix->editions[i], condition))
            return true;
    }
    return false;
}

static void look_for_unused(struct lint *lint, const struct condition *conditions, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct str text = STR_EMPTY;

        if (is_used(lint, &conditions[i]))
            continue;
        str_format(&text, "No row has the condition %s: %s", conditions[i].name, conditions[i].text);
        lint_add(lint, LINT_PROSE, NULL, 0, &text);
    }
}

void lint_prose(struct lint *lint)
{
    struct str text = STR_EMPTY;

    if (lint->edition->partly) {
        str_format(&text, "The prose of %s is encoded in part only: no verdict of it is better than conditional.",
                   lint->edition->name);
        lint_add(lint, LINT_PROSE, NULL, 0, &text);
    }
    look_for_unused(lint, lint->edition->conditions, lint->edition->condition_count);
}

/* --------------------------------------------------------------------------------------------------- facts ---- */

/* NOLINTNEXTLINE(misc-no-recursion): as deep as tests are, CONDITION_MAX_DEPTH at the most */
static const char *unknown_fact(const struct test *test)
{
    const char *fact = NULL;

    if (test == NULL)
        return NULL;
    if (test->type == TEST_FACT && !condition_knows_fact(test->fact))
        return test->fact;
    for (size_t i = 0; i < test->part_count && fact == NULL; i++)
        fact = unknown_fact(&test->parts[i]);
    return fact;
}

static void look_at_test(struct lint *lint, const char *name, const struct test *test)
{
    const char *fact = unknown_fact(test);
    struct str text = STR_EMPTY;

    if (fact == NULL)
        return;
    str_format(&text, "%s asks for the fact %s, which nothing brings.", name, fact);
    lint_add(lint, LINT_DATA, NULL, 0, &text);
}

void lint_facts(struct lint *lint, const struct condition *conditions, size_t count)
{
    for (size_t i = 0; i < count; i++)
        look_at_test(lint, conditions[i].name, conditions[i].test);
}

static void look_at_family(struct lint *lint, const struct family *family)
{
    for (size_t i = 0; i < family->version_count; i++) {
        look_at_test(lint, family->versions[i].name, family->versions[i].test);
        look_at_test(lint, family->versions[i].name, family->versions[i].hint);
        look_at_test(lint, family->versions[i].name, family->versions[i].weak);
    }
}

static void look_at_products(struct lint *lint, const struct products *products)
{
    for (size_t i = 0; i < products->family_count; i++)
        look_at_family(lint, &products->families[i]);
    for (size_t i = 0; i < products->product_count; i++)
        look_at_test(lint, products->products[i].name, products->products[i].test);
}

void lint_common(struct lint *lint)
{
    look_for_unused(lint, lint->matrix->conditions, lint->matrix->condition_count);
    lint_products(lint);
    lint_facts(lint, lint->matrix->conditions, lint->matrix->condition_count);
    look_at_products(lint, lint->matrix->products);
}
