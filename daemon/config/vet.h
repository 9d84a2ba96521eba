/* What libconfig 1.5 would get wrong without a word, found before it sees the text: numbers that it would wrap, strings
 * that it would cut or take minutes for, nesting without end, an include that it would follow. The grammar is looked at
 * too (grammar.h), because of an error there it says no more than "syntax error". */
#ifndef VET_H
#define VET_H

#include "err.h"
#include "source.h"

#include <stdbool.h>

#define VET_MAX_STRING 65536    /* bytes of one string, all its parts together */
#define VET_MAX_NAME 128        /* bytes of a name */
#define VET_MAX_TOKENS 2000000U /* of the whole text */

/* False: the first thing that is wrong with the line quoted, and the line's number in the source's text. err must not
 * be NULL. */
bool vet(const struct source *source, int *line, struct err *err);

#endif
