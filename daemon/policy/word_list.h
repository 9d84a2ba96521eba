/* A list of words that a filter of the configuration asks for, or that something has. Constant. */
#ifndef WORD_LIST_H
#define WORD_LIST_H

#include <stdbool.h>
#include <stddef.h>

struct word_list {
    const char *const *words;
    size_t count; /* 0: a filter that does not ask */
};

/* How one word that is asked for is held against a text: word_is, pattern_fits, target_filter_fits. */
typedef bool word_fitting(const char *wanted, const char *text);

/* To the letter: for words of ours, and tags. */
bool word_is(const char *wanted, const char *text);

/* Whether the filter does not ask, or one of its words is met by the text (NULL: by none), or by one of the texts. */
bool word_list_meets(const struct word_list *asked, const char *text, word_fitting *fits);
bool word_list_meets_any(const struct word_list *asked, const struct word_list *texts, word_fitting *fits);

#endif
