#include "word_list.h"

#include <string.h>

bool word_is(const char *wanted, const char *text)
{
    return strcmp(wanted, text) == 0;
}

bool word_list_meets(const struct word_list *asked, const char *text, word_fitting *fits)
{
    for (size_t i = 0; text != NULL && i < asked->count; i++) {
        if (fits(asked->words[i], text))
            return true;
    }
    return asked->count == 0;
}

bool word_list_meets_any(const struct word_list *asked, const struct word_list *texts, word_fitting *fits)
{
    for (size_t i = 0; i < texts->count; i++) {
        if (word_list_meets(asked, texts->words[i], fits))
            return true;
    }
    return asked->count == 0;
}
