/* The words of libconfig's language, cut exactly as libconfig 1.5 cuts them, so that a text can be judged before that
 * library sees it. Pure. Blanks and comments (#, //, and those in slashes and stars) are skipped.
 *
 *     struct lexer lexer = lexer_start(text, size);
 *     for (struct token token = lexer_next(&lexer); token.type != TOKEN_END; token = lexer_next(&lexer))
 *         ... */
#ifndef LEXER_H
#define LEXER_H

#include <stddef.h>

enum token_type {
    TOKEN_END = 1,
    TOKEN_NAME,    /* also true and false */
    TOKEN_INTEGER, /* decimal or 0x, with its L if there is one */
    TOKEN_FLOAT,
    TOKEN_STRING,  /* with its quotes, escapes as they were written */
    TOKEN_INCLUDE, /* from the @ to the closing quote; only at the start of a line */
    TOKEN_SIGN,    /* one byte: a bracket, a separator, or something that has no meaning */
    TOKEN_BAD,     /* what is never closed: why says it; nothing comes behind it */
};

struct token {
    enum token_type type;
    size_t start, size; /* in the text */
    int line;           /* where it starts, counted from 1 */
    const char *why;
};

/* Borrows the text. */
struct lexer {
    const char *text;
    size_t size, at;
    int line;
};

struct lexer lexer_start(const char *text, size_t size);
struct token lexer_next(struct lexer *lexer);

#endif
