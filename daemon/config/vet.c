#include "vet.h"

#include "grammar.h"
#include "lexer.h"
#include "quote.h"
#include "str.h"
#include "text.h"

#include <errno.h>
#include <limits.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

struct vetting {
    const struct source *source;
    struct grammar grammar;
    struct token previous; /* type 0: none yet */
    size_t string;         /* bytes of the string so far, its parts together */
    size_t tokens;
    struct err *err;
};

static const char *text_of(const struct vetting *vetting, const struct token *token)
{
    return str_text(&vetting->source->text) + token->start;
}

/* A copy that ends, for sentences and for strtoll; what is longer than the buffer is cut. */
static const char *cut(const struct vetting *vetting, const struct token *token, char buffer[TEXT_QUOTE_SIZE])
{
    size_t size = token->size < TEXT_QUOTE_SIZE - 1 ? token->size : TEXT_QUOTE_SIZE - 1;

    memcpy(buffer, text_of(vetting, token), size);
    buffer[size] = '\0';
    return buffer;
}

static bool vet_bad(struct vetting *vetting, const struct token *token)
{
    return err_set(vetting->err, ERR_CONFIG, "%s", token->why);
}

static bool vet_include(struct vetting *vetting, const struct token *token)
{
    (void)token;
    return err_set(vetting->err, ERR_BUG, "an @include was left in the text");
}

static bool vet_name(struct vetting *vetting, const struct token *token)
{
    return token->size <= VET_MAX_NAME ||
           err_set(vetting->err, ERR_CONFIG, "a name of %zu bytes, where %d are possible", token->size, VET_MAX_NAME);
}

static bool vet_integer(struct vetting *vetting, const struct token *token)
{
    const char *text = text_of(vetting, token);
    bool hex = token->size > 1 && (text[1] == 'x' || text[1] == 'X');
    bool wide = text[token->size - 1] == 'L';
    char digits[TEXT_QUOTE_SIZE];
    long long number;

    cut(vetting, token, digits);
    errno = 0;
    number = strtoll(digits, NULL, hex ? 16 : 10);
    if (errno == ERANGE || token->size >= TEXT_QUOTE_SIZE - 1)
        return err_set(vetting->err, ERR_CONFIG, "the number %s is too large: 64 bits are possible", digits);
    if (!wide && (number < INT_MIN || number > INT_MAX))
        return err_set(vetting->err, ERR_CONFIG, "the number %s does not fit 32 bits; write %sL", digits, digits);
    return true;
}

/* \x00 would end the string where nobody sees it. */
static bool has_nul(const char *text, size_t size)
{
    for (size_t i = 0; i + 3 < size; i++) {
        if (text[i] != '\\')
            continue;
        if ((text[i + 1] == 'x' || text[i + 1] == 'X') && text[i + 2] == '0' && text[i + 3] == '0')
            return true;
        i += text[i + 1] == '\\' || text[i + 1] == '"';
    }
    return false;
}

static bool vet_string(struct vetting *vetting, const struct token *token)
{
    vetting->string = (vetting->previous.type == TOKEN_STRING ? vetting->string : 0) + token->size - 2;
    if (vetting->string > VET_MAX_STRING)
        return err_set(vetting->err, ERR_CONFIG,
                       "a string of more than %d bytes; look for a quote that is missing before it", VET_MAX_STRING);
    return !has_nul(text_of(vetting, token), token->size) ||
           err_set(vetting->err, ERR_CONFIG, "\\x00 in a string would end it there; take it out");
}

static bool vet_other(struct vetting *vetting, const struct token *token)
{
    (void)vetting, (void)token;
    return true;
}

static bool (*const vetters[])(struct vetting *, const struct token *) = {
    [TOKEN_END] = vet_other,   [TOKEN_NAME] = vet_name,     [TOKEN_INTEGER] = vet_integer,
    [TOKEN_FLOAT] = vet_other, [TOKEN_STRING] = vet_string, [TOKEN_INCLUDE] = vet_include,
    [TOKEN_SIGN] = vet_other,  [TOKEN_BAD] = vet_bad,
};

static bool vet_token(struct vetting *vetting, const struct token *token)
{
    if (vetting->tokens++ == VET_MAX_TOKENS)
        return err_set(vetting->err, ERR_CONFIG, "the configuration has more than %u words and signs", VET_MAX_TOKENS);
    return vetters[token->type](vetting, token) && grammar_take(&vetting->grammar, token, vetting->err);
}

static bool fault(const struct source *source, int line, struct err *err)
{
    struct err why = *err;
    struct str quote = STR_EMPTY;

    quote_line(&quote, source, line);
    err_set(err, why.class, "%s%s%s", why.text, quote.length == 0 ? "" : ", in: ", str_text(&quote));
    str_finish(&quote);
    return false;
}

/* A fault at the end is one of what was before. */
static int line_of(const struct vetting *vetting, const struct token *token)
{
    const struct grammar *grammar = &vetting->grammar;

    if (token->type != TOKEN_END)
        return token->line;
    return grammar->depth > 0 ? grammar->open[grammar->depth].line : vetting->previous.line;
}

bool vet(const struct source *source, int *line, struct err *err)
{
    struct vetting vetting = { .source = source, .err = err };
    struct lexer lexer = lexer_start(str_text(&source->text), source->text.length);
    struct token token = { 0 };

    grammar_start(&vetting.grammar, source);
    while (token.type != TOKEN_END) {
        token = lexer_next(&lexer);
        if (!vet_token(&vetting, &token)) {
            *line = line_of(&vetting, &token);
            return fault(source, *line, err);
        }
        vetting.previous = token;
    }
    return true;
}
