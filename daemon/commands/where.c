#include "where.h"

#include "text.h"

#include <stdio.h>
#include <string.h>

#define WORD_SIZE 64 /* no word is as long */

bool where_each(const struct flags *flags, where_take *take, void *context, struct err *err)
{
    char quote[TEXT_QUOTE_SIZE], word[WORD_SIZE];
    const char *given;
    size_t at = 0;

    while ((given = flags_next(flags, "where", &at)) != NULL) {
        const char *equals = strchr(given, '=');

        if (equals == NULL || equals == given || equals - given >= WORD_SIZE)
            return err_set(err, ERR_CONFIG, "--where takes WORD=VALUE, such as owner=web, not %s",
                           text_quote(quote, given));
        snprintf(word, sizeof word, "%.*s", (int)(equals - given), given);
        if (!take(context, word, equals + 1, err))
            return err_add(err, "--where");
    }
    return true;
}
