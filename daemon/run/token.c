#include "token.h"

#include "mem.h"

#include <stdlib.h>
#include <string.h>

void token_finish(struct token *token)
{
    if (token->bytes != NULL)
        explicit_bzero(token->bytes, token->size);
    free(token->bytes);
    *token = (struct token){ 0 };
}

void token_set(struct token *token, const void *bytes, size_t size)
{
    token_finish(token);
    if (size == 0)
        return;
    token->bytes = mem_new(size, 1);
    token->size = size;
    memcpy(token->bytes, bytes, size);
}

void token_move(struct token *to, struct token *from)
{
    token_finish(to);
    *to = *from;
    *from = (struct token){ 0 };
}
