#include "condition_parts.h"

#include "version.h"

#include <string.h>

static enum truth truth_of(bool holds)
{
    return holds ? TRUTH_YES : TRUTH_NO;
}

static enum truth opposite(enum truth truth)
{
    return truth == TRUTH_UNKNOWN ? TRUTH_UNKNOWN : truth_of(truth == TRUTH_NO);
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_equal(const char *text, const char *value)
{
    return strcasecmp(text, value) == 0;
}

/* 6.1 starts 6.1.7601, not 6.10. */
static bool starts(const char *text, const char *value)
{
    size_t length = strlen(value);

    if (strncasecmp(text, value, length) != 0)
        return false;
    return length == 0 || !is_digit(value[length - 1]) || !is_digit(text[length]);
}

/* Texts may be long, values are of the configuration: no more than their product, and mostly the first byte tells. */
static bool contains(const char *text, const char *value)
{
    size_t length = strlen(value);

    for (; *text != '\0'; text++) {
        if (strncasecmp(text, value, length) == 0)
            return true;
    }
    return length == 0;
}

/* Whether one of the values does that to the text. */
static bool any_text(const struct test *test, const char *text, bool (*does)(const char *text, const char *value))
{
    for (size_t i = 0; i < test->value_count; i++) {
        if (test->values[i].type == VALUE_TEXT && does(text, test->values[i].text))
            return true;
    }
    return false;
}

static bool any_element(const struct test *test, const struct value *found, bool (*does)(const char *, const char *))
{
    if (found->type == VALUE_TEXT)
        return any_text(test, found->text, does);
    for (size_t i = 0; i < found->list.count; i++) {
        if (any_text(test, found->list.texts[i], does))
            return true;
    }
    return false;
}

static bool any_number(const struct test *test, const struct value *found)
{
    for (size_t i = 0; i < test->value_count; i++) {
        const struct value *value = &test->values[i];

        if (value->type == found->type &&
            (found->type == VALUE_INT ? value->number == found->number : value->truth == found->truth))
            return true;
    }
    return false;
}

static bool is_of_texts(const struct value *value)
{
    return value->type == VALUE_TEXT || value->type == VALUE_LIST;
}

/* Whether a value of that type can be compared at all with those of the test. */
static bool is_comparable(const struct test *test, const struct value *found)
{
    enum value_type wanted = is_of_texts(found) ? VALUE_TEXT : found->type;

    return test->value_count > 0 && test->values[0].type == wanted;
}

static enum truth compare_is(const struct test *test, const struct value *found)
{
    if (!is_comparable(test, found))
        return TRUTH_UNKNOWN;
    return truth_of(is_of_texts(found) ? any_element(test, found, is_equal) : any_number(test, found));
}

static enum truth compare_is_not(const struct test *test, const struct value *found)
{
    return opposite(compare_is(test, found));
}

static enum truth compare_starts(const struct test *test, const struct value *found)
{
    if (!is_comparable(test, found) || !is_of_texts(found))
        return TRUTH_UNKNOWN;
    return truth_of(any_element(test, found, starts));
}

static enum truth compare_contains(const struct test *test, const struct value *found)
{
    if (!is_comparable(test, found) || !is_of_texts(found))
        return TRUTH_UNKNOWN;
    return truth_of(any_element(test, found, contains));
}

static enum truth compare_empty(const struct test *test, const struct value *found)
{
    bool empty;

    if (test->value_count == 0 || test->values[0].type != VALUE_BOOL || !is_of_texts(found))
        return TRUTH_UNKNOWN;
    empty = found->type == VALUE_LIST ? found->list.count == 0 : found->text[0] == '\0';
    return truth_of(empty == test->values[0].truth);
}

bool compare_is_order(enum compare compare)
{
    return compare >= COMPARE_AT_LEAST && compare <= COMPARE_BELOW;
}

enum truth compare_order(enum compare compare, int order)
{
    switch (compare) {
    case COMPARE_AT_LEAST: return truth_of(order >= 0);
    case COMPARE_AT_MOST: return truth_of(order <= 0);
    case COMPARE_ABOVE: return truth_of(order > 0);
    case COMPARE_BELOW: return truth_of(order < 0);
    default: return TRUTH_UNKNOWN;
    }
}

/* An empty text is no version, although version_compare has a place for it. */
static enum truth compare_orders(const struct test *test, const struct value *found)
{
    const struct value *value = test->values;

    if (!is_comparable(test, found))
        return TRUTH_UNKNOWN;
    if (found->type == VALUE_INT)
        return compare_order(test->compare, (found->number > value->number) - (found->number < value->number));
    if (found->type == VALUE_TEXT && found->text[0] != '\0')
        return compare_order(test->compare, version_compare(found->text, value->text));
    return TRUTH_UNKNOWN;
}

typedef enum truth comparison(const struct test *test, const struct value *found);

static comparison *const comparisons[] = {
    [COMPARE_IS] = compare_is,          [COMPARE_IS_NOT] = compare_is_not,     [COMPARE_AT_LEAST] = compare_orders,
    [COMPARE_AT_MOST] = compare_orders, [COMPARE_ABOVE] = compare_orders,      [COMPARE_BELOW] = compare_orders,
    [COMPARE_STARTS] = compare_starts,  [COMPARE_CONTAINS] = compare_contains, [COMPARE_HAS] = compare_is,
    [COMPARE_LACKS] = compare_is_not,   [COMPARE_EMPTY] = compare_empty,
};

enum truth compare_value(const struct test *test, const struct value *found)
{
    size_t compare = test->compare;

    if (compare >= sizeof comparisons / sizeof comparisons[0] || comparisons[compare] == NULL)
        return TRUTH_UNKNOWN;
    return comparisons[compare](test, found);
}
