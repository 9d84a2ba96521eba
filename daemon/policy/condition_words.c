#include "condition.h"

#include "attribute.h"

#include <string.h>

static const char *const compares[] = {
    [COMPARE_IS] = "is",
    [COMPARE_IS_NOT] = "is_not",
    [COMPARE_AT_LEAST] = "at_least",
    [COMPARE_AT_MOST] = "at_most",
    [COMPARE_ABOVE] = "above",
    [COMPARE_BELOW] = "below",
    [COMPARE_STARTS] = "starts",
    [COMPARE_CONTAINS] = "contains",
    [COMPARE_HAS] = "has",
    [COMPARE_LACKS] = "lacks",
    [COMPARE_EMPTY] = "empty",
    [COMPARE_SAME_AS] = "same_as",
    [COMPARE_TRUSTED_BY] = "trusted_by",
};

/* Further words: the file says in and not_in where there are several values. */
static const struct {
    const char *word;
    enum compare compare;
} aliases[] = {
    { "in", COMPARE_IS },
    { "not_in", COMPARE_IS_NOT },
};

static const char *const collections[] = {
#define X(name, word) word,
    CONDITION_COLLECTIONS(X)
#undef X
};

static const char *const steps[] = {
    [STEP_UPDATE] = "update",   [STEP_SERVICE_PACK] = "service-pack",
    [STEP_METHOD] = "method",   [STEP_FILE_SYSTEM] = "file-system",
    [STEP_OTHER] = "other",     [STEP_PRODUCT] = "product",
    [STEP_UPGRADE] = "upgrade",
};

/* What the configuration says of a backup server, beside what CONDITION_DERIVED names. */
static const char *const facts[] = {
#define X(name, word) word,
    CONDITION_DERIVED(X) "product",
    "site",
    "update",
#undef X
};

/* The place of a word among so many, some of which may be NULL; count where it is none. */
static size_t place(const char *const *words, size_t count, const char *word)
{
    size_t i = 0;

    while (i < count && (words[i] == NULL || strcmp(words[i], word) != 0))
        i++;
    return i;
}

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

enum compare compare_find(const char *word)
{
    size_t found = place(compares, COUNT(compares), word);

    if (found < COUNT(compares))
        return (enum compare)found;
    for (size_t i = 0; i < COUNT(aliases); i++) {
        if (strcmp(aliases[i].word, word) == 0)
            return aliases[i].compare;
    }
    return 0;
}

enum collection collection_find(const char *word)
{
    return (enum collection)place(collections, COUNT(collections), word);
}

const char *collection_word(enum collection collection)
{
    return (size_t)collection < COUNT(collections) ? collections[collection] : "";
}

enum step_type step_find(const char *word)
{
    size_t found = place(steps, COUNT(steps), word);

    return found < COUNT(steps) ? (enum step_type)found : STEP_NONE;
}

const char *step_word(enum step_type step)
{
    return (size_t)step < COUNT(steps) && steps[step] != NULL ? steps[step] : "";
}

bool condition_knows_fact(const char *fact)
{
    return place(facts, COUNT(facts), fact) < COUNT(facts) || attribute_find(fact) != NULL;
}
