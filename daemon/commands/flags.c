#include "flags.h"

#include "text.h"
#include "unit.h"

#include <stdio.h>
#include <string.h>

#define MOST_FLAGS 64
#define HELP_COLUMNS 23

void flags_init(struct flags *flags, const struct flag *common)
{
    *flags = (struct flags){ .common = common };
}

void flags_finish(struct flags *flags)
{
    vec_finish(&flags->given);
    vec_finish(&flags->operands);
}

static const struct flag *find_in(const struct flag *table, const char *name, size_t length, char letter)
{
    for (; table != NULL && table->name != NULL; table++) {
        if (letter != '\0' ? table->letter == letter
                           : strlen(table->name) == length && strncmp(table->name, name, length) == 0)
            return table;
    }
    return NULL;
}

static const struct flag *find(const struct flags *flags, const char *name, size_t length, char letter)
{
    const struct flag *found = find_in(flags->own, name, length, letter);

    return found != NULL ? found : find_in(flags->common, name, length, letter);
}

static bool unknown(const struct flags *flags, const char *word, struct err *err)
{
    const char *names[MOST_FLAGS], *nearest;
    const struct flag *tables[] = { flags->own, flags->common };
    char quote[TEXT_QUOTE_SIZE], name[TEXT_QUOTE_SIZE];
    size_t count = 0;

    for (size_t i = 0; i < 2; i++) {
        for (const struct flag *flag = tables[i]; flag != NULL && flag->name != NULL && count < MOST_FLAGS; flag++)
            names[count++] = flag->name;
    }
    snprintf(name, sizeof name, "%s", word + strspn(word, "-"));
    name[strcspn(name, "=")] = '\0';
    nearest = text_nearest(name, names, count);
    if (nearest == NULL)
        return err_set(err, ERR_CONFIG, "there is no option %s here", text_quote(quote, word));
    return err_set(err, ERR_CONFIG, "there is no option %s here; did you mean --%s?", text_quote(quote, word), nearest);
}

/* Which of the words that stand in "a|b|c" it is; fallback where it is none of them. */
static size_t find_word(const char *words, const char *word, size_t fallback)
{
    size_t length = strlen(word);

    for (size_t i = 0;; i++) {
        size_t end = strcspn(words, "|");

        if (end == length && strncmp(words, word, length) == 0)
            return i;
        if (words[end] == '\0')
            return fallback;
        words += end + 1;
    }
}

/* "table, json or csv" */
static void list_words(struct str *out, const char *words)
{
    const char *last = strrchr(words, '|');

    for (; words <= last; words++) {
        if (*words == '|')
            str_add(out, words == last ? " or " : ", ");
        else
            str_add_char(out, *words);
    }
    str_add(out, words);
}

static bool check_word(const struct flag *flag, const char *value, struct err *err)
{
    char quote[TEXT_QUOTE_SIZE];
    struct str words = STR_EMPTY;

    if (find_word(flag->value, value, SIZE_MAX) != SIZE_MAX)
        return true;
    list_words(&words, flag->value);
    err_set(err, ERR_CONFIG, "--%s takes %s, not %s", flag->name, str_text(&words), text_quote(quote, value));
    str_finish(&words);
    return false;
}

static bool check_number(const struct flag *flag, const char *value, struct err *err)
{
    char quote[TEXT_QUOTE_SIZE];
    int64_t number;

    if (int_parse(value, &number, NULL) && number >= 0 && number <= FLAGS_MAX_NUMBER)
        return true;
    return err_set(err, ERR_CONFIG, "--%s takes a number from 0 to %d, not %s", flag->name, FLAGS_MAX_NUMBER,
                   text_quote(quote, value));
}

static bool check_value(const struct flag *flag, const char *value, struct err *err)
{
    if (strcmp(flag->value, FLAGS_NUMBER) == 0)
        return check_number(flag, value, err);
    return strchr(flag->value, '|') == NULL || check_word(flag, value, err);
}

static const struct flag_given *find_given(const struct flags *flags, const char *name)
{
    for (size_t i = flags->given.count; i-- > 0;) {
        if (strcmp(flags->given.items[i].flag->name, name) == 0)
            return &flags->given.items[i];
    }
    return NULL;
}

/* The words of one option: how many it took, 0 after an error. */
static size_t take_flag(struct flags *flags, char *const *words, size_t count, struct err *err)
{
    const char *word = words[0];
    bool is_long = word[1] == '-';
    const char *equals = is_long ? strchr(word, '=') : NULL;
    const struct flag *flag;
    const char *value = NULL;

    flag = is_long ? find(flags, word + 2, equals == NULL ? strlen(word + 2) : (size_t)(equals - word - 2), '\0')
                   : find(flags, NULL, 0, word[1]);
    if (flag == NULL)
        return unknown(flags, word, err);
    if (is_long && equals != NULL)
        value = equals + 1;
    else if (!is_long && word[2] != '\0')
        value = word + 2;
    if (flag->value == NULL) {
        if (value != NULL)
            return err_set(err, ERR_CONFIG, "--%s takes no value", flag->name);
        vec_push(&flags->given, (struct flag_given){ flag, "" });
        return 1;
    }
    if (value == NULL && count < 2)
        return err_set(err, ERR_CONFIG, "--%s needs a value: --%s %s", flag->name, flag->name, flag->value);
    if (!check_value(flag, value != NULL ? value : words[1], err))
        return 0;
    vec_push(&flags->given, (struct flag_given){ flag, value != NULL ? value : words[1] });
    return value != NULL ? 1 : 2;
}

size_t flags_take(struct flags *flags, char *const *words, size_t count, bool first, struct err *err)
{
    bool ended = false;
    size_t at = 0;

    while (at < count) {
        size_t taken = 1;

        if (ended || words[at][0] != '-' || words[at][1] == '\0') {
            vec_push(&flags->operands, words[at]);
            if (first)
                return at + 1;
        } else if (strcmp(words[at], "--") == 0) {
            ended = true;
        } else {
            taken = take_flag(flags, words + at, count - at, err);
            if (taken == 0)
                return 0;
        }
        at += taken;
    }
    return at;
}

const char *flags_value(const struct flags *flags, const char *name)
{
    const struct flag_given *given = find_given(flags, name);

    return given == NULL ? NULL : given->value;
}

const char *flags_next(const struct flags *flags, const char *name, size_t *at)
{
    while (*at < flags->given.count) {
        const struct flag_given *given = &flags->given.items[(*at)++];

        if (strcmp(given->flag->name, name) == 0)
            return given->value;
    }
    return NULL;
}

size_t flags_number(const struct flags *flags, const char *name, size_t fallback)
{
    const char *value = flags_value(flags, name);
    int64_t number;

    return value != NULL && int_parse(value, &number, NULL) ? (size_t)number : fallback;
}

size_t flags_word(const struct flags *flags, const char *name, size_t fallback)
{
    const struct flag_given *given = find_given(flags, name);

    return given == NULL ? fallback : find_word(given->flag->value, given->value, fallback);
}

bool flags_has_common(const struct flags *flags, const char *name)
{
    const struct flag *common = find_in(flags->common, name, strlen(name), '\0');

    vec_each (given, &flags->given) {
        if (given->flag == common)
            return true;
    }
    return false;
}

void flags_help(struct str *out, const struct flag *table, const struct flag *hiding)
{
    for (; table != NULL && table->name != NULL; table++) {
        struct str left = STR_EMPTY;

        if (find_in(hiding, table->name, strlen(table->name), '\0') != NULL)
            continue;
        if (table->letter != '\0')
            str_format(&left, "-%c, ", table->letter);
        str_format(&left, "--%s%s%s", table->name, table->value == NULL ? "" : " ",
                   table->value == NULL ? "" : table->value);
        if (left.length > HELP_COLUMNS)
            str_format(out, "  %s\n  %*s  %s\n", str_text(&left), HELP_COLUMNS, "", table->help);
        else
            str_format(out, "  %-*s  %s\n", HELP_COLUMNS, str_text(&left), table->help);
        str_finish(&left);
    }
}
