/* What a scan keeps for the next one of its target. It may hold secrets: its memory is wiped before it is given back.
 */
#ifndef TOKEN_H
#define TOKEN_H

#include <stddef.h>

struct token {
    void *bytes;
    size_t size; /* 0: there is none */
};

void token_finish(struct token *token);

/* A copy. What it held before is wiped. */
void token_set(struct token *token, const void *bytes, size_t size);

/* Leaves from without one. What to held before is wiped. */
void token_move(struct token *to, struct token *from);

#endif
