#include "grammar.h"

#include "text.h"

#include <string.h>
#include <strings.h>

void grammar_start(struct grammar *grammar, const struct source *source)
{
    *grammar = (struct grammar){ .source = source };
}

static const char *text_of(const struct grammar *grammar, const struct token *token)
{
    return str_text(&grammar->source->text) + token->start;
}

static bool is_sign(const struct grammar *grammar, const struct token *token, const char *signs)
{
    return token->type == TOKEN_SIGN && strchr(signs, *text_of(grammar, token)) != NULL;
}

static bool is_truth(const struct grammar *grammar, const struct token *token)
{
    const char *text = text_of(grammar, token);

    return token->type == TOKEN_NAME && ((token->size == 4 && strncasecmp(text, "true", 4) == 0) ||
                                         (token->size == 5 && strncasecmp(text, "false", 5) == 0));
}

/* What an array's elements must have in common; 0: the token is no scalar. */
static int scalar_of(const struct grammar *grammar, const struct token *token)
{
    const char *text = text_of(grammar, token);

    switch (token->type) {
    case TOKEN_STRING: return 's';
    case TOKEN_FLOAT: return 'f';
    case TOKEN_INTEGER: return text[token->size - 1] == 'L' ? 'L' : 'i';
    case TOKEN_NAME: return is_truth(grammar, token) ? 'b' : 0;
    default: return 0;
    }
}

/* For sentences. Texts, numbers and words are not shown: they may be a secret that was put in the wrong place. */
static const char *show(const struct grammar *grammar, const struct token *token, char buffer[8])
{
    static const char *const names[] = {
        [TOKEN_END] = "the end of the file", [TOKEN_NAME] = "a word without quotes", [TOKEN_INTEGER] = "a number",
        [TOKEN_FLOAT] = "a number",          [TOKEN_STRING] = "a text in quotes",    [TOKEN_INCLUDE] = "@include",
    };
    char sign;

    if (token->type != TOKEN_SIGN)
        return names[token->type];
    sign = *text_of(grammar, token);
    if (sign <= ' ' || sign > '~')
        return "a character that has no meaning here";
    buffer[0] = sign;
    buffer[1] = '\0';
    return buffer;
}

static struct grammar_open *top(struct grammar *grammar)
{
    return &grammar->open[grammar->depth];
}

static bool still_open(struct grammar *grammar, const struct token *token, struct err *err)
{
    struct config_place place = source_place(grammar->source, top(grammar)->line);
    char quote[TEXT_QUOTE_SIZE], sign[8];

    return err_set(err, ERR_CONFIG, "syntax error: expected %c, not %s: the bracket of %s:%d is still open",
                   top(grammar)->closing, show(grammar, token, sign), text_quote(quote, place.file), place.line);
}

static bool open_bracket(struct grammar *grammar, const struct token *token, struct err *err)
{
    static const char pairs[] = "{}()[]";
    char closing = strchr(pairs, *text_of(grammar, token))[1];

    if (grammar->depth == GRAMMAR_MAX_DEPTH)
        return err_set(err, ERR_CONFIG, "brackets in brackets, more than %d deep", GRAMMAR_MAX_DEPTH);
    top(grammar)->count++;
    grammar->open[++grammar->depth] = (struct grammar_open){ .closing = closing, .line = token->line };
    grammar->want = closing == '}' ? GRAMMAR_NAME : GRAMMAR_VALUE;
    return true;
}

/* Takes a closing bracket, or the end of the text, where it may stand. */
static bool close_bracket(struct grammar *grammar, const struct token *token, struct err *err)
{
    if (token->type == TOKEN_END)
        return true;
    if (grammar->depth == 0)
        return err_set(err, ERR_CONFIG, "syntax error: this %c closes nothing: no bracket is open here",
                       *text_of(grammar, token));
    if (*text_of(grammar, token) != top(grammar)->closing)
        return still_open(grammar, token, err);
    grammar->depth--;
    grammar->want = GRAMMAR_NEXT;
    return true;
}

static bool closes(const struct grammar *grammar, const struct token *token)
{
    return token->type == TOKEN_END || is_sign(grammar, token, "})]");
}

static bool take_name(struct grammar *grammar, const struct token *token, struct err *err)
{
    char sign[8];

    if (closes(grammar, token))
        return close_bracket(grammar, token, err);
    if (token->type != TOKEN_NAME || is_truth(grammar, token))
        return err_set(err, ERR_CONFIG, "syntax error: expected a setting such as name = \"vc01\";, not %s",
                       show(grammar, token, sign));
    if (top(grammar)->count++ == GRAMMAR_MAX_MEMBERS)
        return err_set(err, ERR_CONFIG,
                       "more than %d settings in one group; many of a kind are a list: ( { ... }, { ... } )",
                       GRAMMAR_MAX_MEMBERS);
    grammar->want = GRAMMAR_EQUALS;
    return true;
}

static bool take_equals(struct grammar *grammar, const struct token *token, struct err *err)
{
    char sign[8];

    grammar->want = GRAMMAR_VALUE;
    return is_sign(grammar, token, "=:") ||
           err_set(err, ERR_CONFIG, "syntax error: expected = behind the name, not %s", show(grammar, token, sign));
}

static bool take_scalar(struct grammar *grammar, int scalar, struct err *err)
{
    struct grammar_open *open = top(grammar);

    if (open->closing == ']' && open->scalar != 0 && open->scalar != scalar)
        return err_set(err, ERR_CONFIG,
                       "syntax error: what stands between [ and ] is of one kind; another kind of list is ( )");
    open->scalar = scalar;
    if (open->closing == ')' || open->closing == ']')
        open->count++;
    grammar->want = GRAMMAR_NEXT;
    return true;
}

static bool take_value(struct grammar *grammar, const struct token *token, struct err *err)
{
    int scalar = scalar_of(grammar, token);
    bool element = top(grammar)->closing == ')' || top(grammar)->closing == ']';
    char sign[8];

    if (scalar != 0)
        return take_scalar(grammar, scalar, err);
    if (is_sign(grammar, token, "{([") && top(grammar)->closing != ']')
        return open_bracket(grammar, token, err);
    if (element && top(grammar)->count == 0 && closes(grammar, token))
        return close_bracket(grammar, token, err);
    if (element && is_sign(grammar, token, ")]") && is_sign(grammar, &grammar->previous, ","))
        return err_set(err, ERR_CONFIG,
                       "syntax error: there is a comma before this %s and nothing behind it; take the comma out",
                       show(grammar, token, sign));
    return err_set(err, ERR_CONFIG, "syntax error: expected a value, not %s%s", show(grammar, token, sign),
                   token->type == TOKEN_NAME ? "; a text stands in quotes" : "");
}

/* Behind an element of a list. */
static bool take_comma(struct grammar *grammar, const struct token *token, struct err *err)
{
    char sign[8];

    if (closes(grammar, token))
        return close_bracket(grammar, token, err);
    grammar->want = GRAMMAR_VALUE;
    if (is_sign(grammar, token, ","))
        return true;
    if (is_sign(grammar, token, "{([") || scalar_of(grammar, token) != 0)
        return err_set(err, ERR_CONFIG, "syntax error: a comma is missing before %s", show(grammar, token, sign));
    return err_set(err, ERR_CONFIG, "syntax error: expected a comma or %c, not %s", top(grammar)->closing,
                   show(grammar, token, sign));
}

static bool take_next(struct grammar *grammar, const struct token *token, struct err *err)
{
    char closing = top(grammar)->closing;
    char sign[8];

    /* Texts next to each other are one. */
    if (token->type == TOKEN_STRING && grammar->previous.type == TOKEN_STRING)
        return true;
    if (closing == ')' || closing == ']')
        return take_comma(grammar, token, err);
    if (is_sign(grammar, token, ";,")) {
        grammar->want = GRAMMAR_NAME;
        return true;
    }
    if (closes(grammar, token) || token->type == TOKEN_NAME)
        return take_name(grammar, token, err);
    return err_set(err, ERR_CONFIG, "syntax error: expected ; behind the value, not %s", show(grammar, token, sign));
}

bool grammar_take(struct grammar *grammar, const struct token *token, struct err *err)
{
    static bool (*const takers[])(struct grammar *, const struct token *, struct err *) = {
        [GRAMMAR_NAME] = take_name,
        [GRAMMAR_EQUALS] = take_equals,
        [GRAMMAR_VALUE] = take_value,
        [GRAMMAR_NEXT] = take_next,
    };

    if (token->type == TOKEN_END && grammar->depth > 0)
        return err_set(err, ERR_CONFIG, "syntax error: the bracket that opens here is never closed: %c is missing",
                       top(grammar)->closing);
    if (!takers[grammar->want](grammar, token, err))
        return false;
    grammar->previous = *token;
    return true;
}
