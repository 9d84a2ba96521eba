#include "lexer.h"

#include <stdbool.h>
#include <string.h>

struct lexer lexer_start(const char *text, size_t size)
{
    return (struct lexer){ .text = text, .size = size, .line = 1 };
}

/* The byte so far ahead, NUL behind the end: the text itself holds none. */
static char ahead(const struct lexer *lexer, size_t distance)
{
    if (distance >= lexer->size - lexer->at)
        return '\0';
    return lexer->text[lexer->at + distance];
}

static void advance(struct lexer *lexer, size_t distance)
{
    for (; distance > 0 && lexer->at < lexer->size; distance--)
        lexer->line += lexer->text[lexer->at++] == '\n';
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_hex(char c)
{
    return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

static bool is_name_start(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '*';
}

static bool is_name(char c)
{
    return is_name_start(c) || is_digit(c) || c == '-' || c == '_';
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t';
}

/* Not the vertical tab: libconfig does not skip it. */
static bool is_space(char c)
{
    return is_blank(c) || c == '\n' || c == '\r' || c == '\f';
}

static size_t run_of(const struct lexer *lexer, size_t from, bool (*is)(char))
{
    size_t length = 0;

    while (is(ahead(lexer, from + length)))
        length++;
    return length;
}

/* The bytes up to and with the quote of an include directive, 0 where there is none. Looks ahead only from the start of
 * a line, so that a text of blanks takes no time with the square of its length. */
static size_t include_length(const struct lexer *lexer)
{
    static const char word[] = "@include";
    size_t length, blanks;

    if (lexer->at > 0 && lexer->text[lexer->at - 1] != '\n')
        return 0;
    length = run_of(lexer, 0, is_blank);
    if (lexer->size - lexer->at - length < sizeof word || memcmp(lexer->text + lexer->at + length, word, 8) != 0)
        return 0;
    length += sizeof word - 1;
    blanks = run_of(lexer, length, is_blank);
    return blanks > 0 && ahead(lexer, length + blanks) == '"' ? length + blanks + 1 : 0;
}

static bool skip_line(struct lexer *lexer)
{
    while (lexer->at < lexer->size && ahead(lexer, 0) != '\n')
        advance(lexer, 1);
    return true;
}

static bool skip_block(struct lexer *lexer)
{
    advance(lexer, 2);
    while (lexer->at < lexer->size && !(ahead(lexer, 0) == '*' && ahead(lexer, 1) == '/'))
        advance(lexer, 1);
    if (lexer->at == lexer->size)
        return false;
    advance(lexer, 2);
    return true;
}

/* Skips one stretch of blanks or one comment. *skipped: there was something to skip. False: a comment is not closed. */
static bool skip(struct lexer *lexer, bool *skipped)
{
    char c = ahead(lexer, 0);

    *skipped = lexer->at < lexer->size;
    if (c == '#' || (c == '/' && ahead(lexer, 1) == '/'))
        return skip_line(lexer);
    if (c == '/' && ahead(lexer, 1) == '*')
        return skip_block(lexer);
    if (!*skipped || c == '\0' || !is_space(c)) {
        *skipped = false;
        return true;
    }
    advance(lexer, 1);
    return true;
}

/* From behind an opening quote to behind the closing one. False: there is none. */
static bool pass_string(struct lexer *lexer)
{
    while (lexer->at < lexer->size && ahead(lexer, 0) != '"')
        advance(lexer, ahead(lexer, 0) == '\\' && (ahead(lexer, 1) == '"' || ahead(lexer, 1) == '\\') ? 2 : 1);
    if (lexer->at == lexer->size)
        return false;
    advance(lexer, 1);
    return true;
}

static enum token_type pass_quoted(struct lexer *lexer, size_t opening, enum token_type type, struct token *token)
{
    advance(lexer, opening);
    if (pass_string(lexer))
        return type;
    token->why = "the quote that opens here is never closed";
    lexer->at = lexer->size;
    return TOKEN_BAD;
}

/* [-+]? before digits, a point or both; what a number is follows from what stands behind its digits. */
static size_t number_start(const struct lexer *lexer)
{
    size_t sign = ahead(lexer, 0) == '-' || ahead(lexer, 0) == '+';

    return is_digit(ahead(lexer, sign)) || ahead(lexer, sign) == '.' ? sign + 1 : 0;
}

static size_t exponent_length(const struct lexer *lexer, size_t from)
{
    size_t sign = ahead(lexer, from + 1) == '-' || ahead(lexer, from + 1) == '+';
    size_t digits = run_of(lexer, from + 1 + sign, is_digit);

    if ((ahead(lexer, from) != 'e' && ahead(lexer, from) != 'E') || digits == 0)
        return 0;
    return 1 + sign + digits;
}

static size_t suffix_length(const struct lexer *lexer, size_t from)
{
    return ahead(lexer, from) != 'L' ? 0 : ahead(lexer, from + 1) == 'L' ? 2 : 1;
}

static enum token_type pass_number(struct lexer *lexer)
{
    size_t length = number_start(lexer) - 1;
    bool hex = ahead(lexer, 0) == '0' && (ahead(lexer, 1) == 'x' || ahead(lexer, 1) == 'X') && is_hex(ahead(lexer, 2));
    enum token_type type = TOKEN_INTEGER;
    size_t exponent;

    if (hex) {
        length = 2 + run_of(lexer, 2, is_hex);
        advance(lexer, length + suffix_length(lexer, length));
        return type;
    }
    length += run_of(lexer, length, is_digit);
    if (ahead(lexer, length) == '.') {
        type = TOKEN_FLOAT;
        length += 1 + run_of(lexer, length + 1, is_digit);
    }
    exponent = exponent_length(lexer, length);
    if (exponent > 0)
        type = TOKEN_FLOAT;
    length += exponent;
    advance(lexer, length + (type == TOKEN_INTEGER ? suffix_length(lexer, length) : 0));
    return type;
}

static enum token_type pass(struct lexer *lexer, struct token *token)
{
    if (ahead(lexer, 0) == '"')
        return pass_quoted(lexer, 1, TOKEN_STRING, token);
    if (number_start(lexer) > 0)
        return pass_number(lexer);
    if (is_name_start(ahead(lexer, 0))) {
        advance(lexer, run_of(lexer, 0, is_name));
        return TOKEN_NAME;
    }
    advance(lexer, 1);
    return TOKEN_SIGN;
}

struct token lexer_next(struct lexer *lexer)
{
    struct token token = { 0 };
    size_t include;
    bool skipped = true;

    while (skipped) {
        token = (struct token){ .type = TOKEN_END, .start = lexer->at, .line = lexer->line };
        include = include_length(lexer);
        if (include > 0) {
            token.type = pass_quoted(lexer, include, TOKEN_INCLUDE, &token);
            break;
        }
        if (!skip(lexer, &skipped)) {
            token.type = TOKEN_BAD;
            token.why = "the comment that opens here is never closed";
            break;
        }
        if (!skipped && lexer->at < lexer->size)
            token.type = pass(lexer, &token);
    }
    token.size = lexer->at - token.start;
    return token;
}
