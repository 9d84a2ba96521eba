/* --where WORD=VALUE, for commands that have an option for each of the words, too: it may come several times. */
#ifndef WHERE_H
#define WHERE_H

#include "err.h"
#include "flags.h"

#include <stdbool.h>

#define WHERE_FLAG                                                                                                     \
    {                                                                                                                  \
        "where", 0, "WORD=VALUE", "the same as --WORD VALUE below; may come several times"                             \
    }

/* Takes one; the word is borrowed until it returns, the value lives as long as the flags. */
typedef bool where_take(void *context, const char *word, const char *value, struct err *err);

/* Each that was given, in their order. False where one has another form, or take said no. */
bool where_each(const struct flags *flags, where_take *take, void *context, struct err *err);

#endif
