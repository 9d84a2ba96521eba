/* A line of a source's text, for a sentence. */
#ifndef QUOTE_H
#define QUOTE_H

#include "source.h"
#include "str.h"

/* Appends the line, fit for a terminal. It is cut where it is long, and, with "..." in place of the rest, where a
 * secret may begin: behind a word that sounds like one (password, token, key, ...) on it or on the line before. */
void quote_line(struct str *out, const struct source *source, int line);

#endif
