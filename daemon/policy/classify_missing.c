#include "classify_memo.h"

#include "condition_parts.h"

#include <string.h>

static bool is_same_value(const struct value *one, const struct value *other)
{
    if (one->type != other->type)
        return false;
    switch (one->type) {
    case VALUE_TEXT: return strcmp(one->text, other->text) == 0;
    case VALUE_INT: return one->number == other->number;
    case VALUE_BOOL: return one->truth == other->truth;
    case VALUE_LIST: return false; /* no test has one */
    }
    return false;
}

static bool is_same_leaf(const struct test *one, const struct test *other)
{
    if (other->type != TEST_FACT || one->compare != other->compare || one->value_count != other->value_count ||
        strcmp(one->fact, other->fact) != 0)
        return false;
    for (size_t i = 0; i < one->value_count; i++) {
        if (!is_same_value(&one->values[i], &other->values[i]))
            return false;
    }
    return true;
}

/* NOLINTNEXTLINE(misc-no-recursion): as deep as tests are, CONDITION_MAX_DEPTH at the most */
static bool asks(const struct test *test, const struct test *leaf)
{
    if (is_same_leaf(leaf, test))
        return true;
    for (size_t i = 0; i < test->part_count; i++) {
        if (asks(&test->parts[i], leaf))
            return true;
    }
    return false;
}

static bool all_ask(const struct test *const *tests, size_t count, const struct test *leaf)
{
    for (size_t i = 0; i < count; i++) {
        if (!asks(tests[i], leaf))
            return false;
    }
    return true;
}

static bool is_missing(const struct thing *thing, const struct test *test)
{
    return test->type == TEST_FACT && !condition_is_derived(test->fact) && thing_fact(thing, test->fact) == NULL;
}

/* NOLINTNEXTLINE(misc-no-recursion): as deep as tests are, CONDITION_MAX_DEPTH at the most */
static const char *search(const struct thing *thing, const struct test *test, const struct test *const *tests,
                          size_t count)
{
    const char *found = NULL;

    if (is_missing(thing, test))
        return all_ask(tests, count, test) ? NULL : test->fact;
    for (size_t i = 0; i < test->part_count && found == NULL; i++)
        found = search(thing, &test->parts[i], tests, count);
    return found;
}

const char *classify_missing(const struct thing *thing, const struct test *const *tests, size_t count)
{
    const char *found = NULL;

    for (size_t i = 0; i < count && found == NULL; i++)
        found = search(thing, tests[i], tests, count);
    return found;
}
