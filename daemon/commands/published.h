/* What the commands of `muster matrix` share: their options, and the names that they are given. */
#ifndef PUBLISHED_H
#define PUBLISHED_H

#include "err.h"
#include "matrix.h"
#include "query.h"
#include "view.h"

#include <stddef.h>

/* Of each of them; the last entries of its table of options. */
#define PUBLISHED_FLAGS                                                                                                \
    { "matrix", 0, "DIR", "folder of the editions, instead of the one that the configuration names" },                 \
        { "products", 0, "FILE", "table of products, instead of the one that the configuration names" },               \
    {                                                                                                                  \
        0                                                                                                              \
    }

/* The known word that is this one without regard to case. NULL: there is none; the sentence names the nearest. */
const char *published_word(const char *what, const char *word, const struct query_texts *known, struct err *err);

/* The edition of a product, whose name *product becomes as the tables write it. NULL with a sentence: no such product,
 * or no edition is about it. */
const struct edition *published_edition(struct view *view, const char **product, struct err *err);

/* FILE:LINE, the file alone where line is 0, as a cell; not known where file is NULL. */
struct cell published_place(struct arena *arena, const char *file, int line);

/* Ids of conditions in the order of people, each once: conditions of one id are parts of one rule. R5 is before R24,
 * the rules of one edition are behind. ids is put in order in place. */
struct query_texts published_ids(const char **ids, size_t count);

/* How many rows of the page it has. */
size_t published_rows(const struct edition *edition);

#endif
