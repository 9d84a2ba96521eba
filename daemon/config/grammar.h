/* The grammar of libconfig 1.5, token by token. libconfig says only "syntax error", and loses memory where it does; so
 * it is given only what has passed here.
 *
 *     struct grammar grammar;
 *     grammar_start(&grammar, source);
 *     ... grammar_take(&grammar, &token, &err) for every token, TOKEN_END too ...
 *
 * What it cannot tell is whether a name is twice in a group. */
#ifndef GRAMMAR_H
#define GRAMMAR_H

#include "err.h"
#include "lexer.h"
#include "source.h"

#include <stdbool.h>
#include <stddef.h>

#define GRAMMAR_MAX_DEPTH 16    /* brackets in brackets */
#define GRAMMAR_MAX_MEMBERS 300 /* settings of one group: libconfig compares each name with all before */

enum grammar_want {
    GRAMMAR_NAME,   /* a setting, or the end of its group */
    GRAMMAR_EQUALS, /* behind a name */
    GRAMMAR_VALUE,  /* behind = or a comma, or the first of a list */
    GRAMMAR_NEXT,   /* behind a value */
};

/* A bracket that is open, and what was in it so far. */
struct grammar_open {
    char closing; /* NUL for the whole text */
    int line;
    size_t count;
    int scalar; /* the type of an array's elements; 0: none yet */
};

struct grammar {
    const struct source *source;
    struct grammar_open open[GRAMMAR_MAX_DEPTH + 1];
    size_t depth;
    enum grammar_want want;
    struct token previous; /* type 0: none yet */
};

void grammar_start(struct grammar *grammar, const struct source *source);

/* False: the token cannot stand where it stands. At the end of the text, where a bracket is still open, the sentence is
 * about that one: grammar->open[grammar->depth].line. */
bool grammar_take(struct grammar *grammar, const struct token *token, struct err *err);

#endif
