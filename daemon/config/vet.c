#include "vet.h"

#include "lexer.h"
#include "text.h"

#include <errno.h>
#include <limits.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* A bracket that is open, and what was in it so far. */
struct open {
    char bracket; /* the one that closes it; NUL for the whole text */
    int line;
    size_t members;
};

struct vetting {
    const struct source *source;
    struct open open[VET_MAX_DEPTH + 1];
    size_t depth;
    struct token previous; /* type 0: there was none */
    size_t string;         /* bytes of the string so far, its parts together */
    size_t tokens;
    int *line;
    struct err *err;
};

static const char *text_of(const struct vetting *vetting, const struct token *token)
{
    return vetting->source->text.bytes + token->start;
}

static bool is_sign(const struct vetting *vetting, const struct token *token, const char *signs)
{
    return token->type == TOKEN_SIGN && strchr(signs, *text_of(vetting, token)) != NULL;
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

static bool vet_float(struct vetting *vetting, const struct token *token)
{
    (void)vetting, (void)token;
    return true;
}

static bool open_bracket(struct vetting *vetting, const struct token *token, char bracket)
{
    if (is_sign(vetting, &vetting->previous, "})]"))
        return err_set(vetting->err, ERR_CONFIG, "a comma is missing before this %c", *text_of(vetting, token));
    if (vetting->depth == VET_MAX_DEPTH)
        return err_set(vetting->err, ERR_CONFIG, "brackets in brackets, more than %d deep", VET_MAX_DEPTH);
    vetting->open[++vetting->depth] = (struct open){ .bracket = bracket, .line = token->line };
    return true;
}

static bool close_bracket(struct vetting *vetting, char bracket)
{
    const struct open *open = &vetting->open[vetting->depth];
    struct config_place place = source_place(vetting->source, open->line);
    char quote[TEXT_QUOTE_SIZE];

    if (vetting->depth == 0)
        return err_set(vetting->err, ERR_CONFIG, "this %c closes nothing: no bracket is open here", bracket);
    if (open->bracket != bracket)
        return err_set(vetting->err, ERR_CONFIG, "%c is expected here, not %c: the bracket of %s:%d is still open",
                       open->bracket, bracket, text_quote(quote, place.file), place.line);
    if (bracket != '}' && is_sign(vetting, &vetting->previous, ","))
        return err_set(vetting->err, ERR_CONFIG, "there is a comma before this %c and nothing behind it; take it out",
                       bracket);
    vetting->depth--;
    return true;
}

static bool vet_member(struct vetting *vetting)
{
    if (vetting->open[vetting->depth].members++ < VET_MAX_MEMBERS)
        return true;
    return err_set(vetting->err, ERR_CONFIG,
                   "more than %d settings in one group; many of a kind are a list: ( { ... } )", VET_MAX_MEMBERS);
}

static bool vet_sign(struct vetting *vetting, const struct token *token)
{
    char sign = *text_of(vetting, token);

    switch (sign) {
    case '{': return open_bracket(vetting, token, '}');
    case '[': return open_bracket(vetting, token, ']');
    case '(': return open_bracket(vetting, token, ')');
    case '}':
    case ']':
    case ')': return close_bracket(vetting, sign);
    case '=':
    case ':': return vet_member(vetting);
    default: return true;
    }
}

static bool (*const vetters[])(struct vetting *, const struct token *) = {
    [TOKEN_NAME] = vet_name,     [TOKEN_INTEGER] = vet_integer, [TOKEN_FLOAT] = vet_float,
    [TOKEN_STRING] = vet_string, [TOKEN_INCLUDE] = vet_include, [TOKEN_SIGN] = vet_sign,
    [TOKEN_BAD] = vet_bad,
};

static bool vet_token(struct vetting *vetting, const struct token *token)
{
    *vetting->line = token->line;
    if (vetting->tokens++ == VET_MAX_TOKENS)
        return err_set(vetting->err, ERR_CONFIG, "the configuration has more than %u words and signs", VET_MAX_TOKENS);
    return vetters[token->type](vetting, token);
}

static bool vet_end(struct vetting *vetting)
{
    const struct open *open = &vetting->open[vetting->depth];

    *vetting->line = open->line;
    return vetting->depth == 0 || err_set(vetting->err, ERR_CONFIG,
                                          "the bracket that opens here is never closed: %c is missing", open->bracket);
}

bool vet(const struct source *source, int *line, struct err *err)
{
    struct vetting vetting = { .source = source, .line = line, .err = err };
    struct lexer lexer = lexer_start(str_text(&source->text), source->text.length);
    struct token token = lexer_next(&lexer);

    for (; token.type != TOKEN_END; token = lexer_next(&lexer)) {
        if (!vet_token(&vetting, &token))
            return false;
        vetting.previous = token;
    }
    return vet_end(&vetting);
}
