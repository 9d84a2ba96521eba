#include "xsd.h"

#include <string.h>
#include <strings.h>

const char *xsd_bare(const char *text, size_t *length)
{
    static const char blanks[] = " \t\r\n";

    if (text == NULL)
        return NULL;
    text += strspn(text, blanks);
    *length = strcspn(text, blanks);
    return text[*length + strspn(text + *length, blanks)] == '\0' ? text : NULL;
}

bool xsd_int(const char *text, int64_t *number)
{
    size_t length = 0, at = 0;
    const char *bare = xsd_bare(text, &length);
    bool negative = bare != NULL && *bare == '-';
    int64_t sum = 0;

    if (bare != NULL && (*bare == '-' || *bare == '+'))
        at++;
    if (bare == NULL || at == length)
        return false;
    /* Summed up below zero, where there is room for one more than above. */
    for (; at < length; at++)
        if (bare[at] < '0' || bare[at] > '9' || __builtin_mul_overflow(sum, 10, &sum) ||
            __builtin_sub_overflow(sum, bare[at] - '0', &sum))
            return false;
    if (!negative && sum == INT64_MIN)
        return false;
    *number = negative ? sum : -sum;
    return true;
}

static bool read_bool(const char *text, int (*compare)(const char *, const char *, size_t), bool *truth)
{
    static const struct {
        const char *word;
        bool truth;
    } words[] = { { "true", true }, { "false", false }, { "1", true }, { "0", false } };
    size_t length = 0;
    const char *bare = xsd_bare(text, &length);

    if (bare == NULL)
        return false;
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (strlen(words[i].word) == length && compare(words[i].word, bare, length) == 0) {
            *truth = words[i].truth;
            return true;
        }
    return false;
}

bool xsd_bool(const char *text, bool *truth)
{
    return read_bool(text, strncmp, truth);
}

bool xsd_bool_any_case(const char *text, bool *truth)
{
    return read_bool(text, strncasecmp, truth);
}
