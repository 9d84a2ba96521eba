#include "option.h"

#include "item.h"
#include "str.h"
#include "text.h"
#include "unit.h"
#include "utf8.h"

#include <string.h>
#include <strings.h>

static const struct {
    const char *word, *meaning;
} types[OPTION_TYPE_COUNT] = { [OPTION_NO_TYPE] = { "none", "nothing" },
#define X(name, word, meaning) [OPTION_##name] = { word, meaning },
                               OPTION_TYPES(X)
#undef X
};

const char *option_type_word(enum option_type type)
{
    return (unsigned)type < OPTION_TYPE_COUNT ? types[type].word : types[OPTION_NO_TYPE].word;
}

const char *option_type_meaning(enum option_type type)
{
    return (unsigned)type < OPTION_TYPE_COUNT ? types[type].meaning : types[OPTION_NO_TYPE].meaning;
}

/* Whether a text of the table can be sent and shown. */
static bool is_fit(const char *text, size_t max)
{
    size_t size = strnlen(text, max + 1);

    return size <= max && utf8_valid(text, size);
}

static bool wrong(const struct option_spec *spec, const char *text, struct err *err)
{
    char quote[TEXT_QUOTE_SIZE];

    return err_set(err, ERR_CONFIG, "\"%s\" is not %s", text_quote(quote, text), option_type_meaning(spec->type));
}

static bool read_text(const struct option_spec *spec, const char *text, struct option_value *value, struct err *err)
{
    (void)spec, (void)text, (void)value, (void)err;
    return true;
}

static bool read_int(const struct option_spec *spec, const char *text, struct option_value *value, struct err *err)
{
    (void)spec;
    return int_parse(text, &value->number, err);
}

static bool read_duration(const struct option_spec *spec, const char *text, struct option_value *value, struct err *err)
{
    (void)spec;
    return duration_parse(text, &value->number, err);
}

static bool read_bool(const struct option_spec *spec, const char *text, struct option_value *value, struct err *err)
{
    static const char *const words[2][3] = { { "false", "no", "off" }, { "true", "yes", "on" } };

    for (int truth = 0; truth < 2; truth++) {
        for (size_t i = 0; i < 3; i++) {
            if (strcasecmp(text, words[truth][i]) == 0) {
                value->number = truth;
                return true;
            }
        }
    }
    return wrong(spec, text, err);
}

static bool read_choice(const struct option_spec *spec, const char *text, struct option_value *value, struct err *err)
{
    char quote[TEXT_QUOTE_SIZE];
    struct str known = STR_EMPTY;
    bool found = false;

    (void)value;
    for (const char *const *choice = spec->choices; *choice != NULL && !found; choice++) {
        found = strcmp(*choice, text) == 0;
        str_format(&known, "%s%s", known.length == 0 ? "" : ", ", *choice);
    }
    if (!found)
        err_set(err, ERR_CONFIG, "\"%s\" is none of %s", text_quote(quote, text), str_text(&known));
    str_finish(&known);
    return found;
}

static bool read_path(const struct option_spec *spec, const char *text, struct option_value *value, struct err *err)
{
    (void)value;
    return text[0] == '/' || wrong(spec, text, err);
}

static bool (*const readers[OPTION_TYPE_COUNT])(const struct option_spec *, const char *, struct option_value *,
                                                struct err *) = {
    [OPTION_TEXT] = read_text,   [OPTION_INT] = read_int,       [OPTION_BOOL] = read_bool,
    [OPTION_SECRET] = read_text, [OPTION_CHOICE] = read_choice, [OPTION_DURATION] = read_duration,
    [OPTION_LIST] = read_text,   [OPTION_PATH] = read_path,
};

static bool in_bounds(const struct option_spec *spec, const struct option_value *value, struct err *err)
{
    char low[UNIT_TEXT_SIZE], high[UNIT_TEXT_SIZE], quote[TEXT_QUOTE_SIZE];

    if (spec->min == spec->max || (value->number >= spec->min && value->number <= spec->max))
        return true;
    if (spec->type == OPTION_DURATION)
        return err_set(err, ERR_CONFIG, "\"%s\" is out of bounds: %s to %s is possible",
                       text_quote(quote, value->texts[0]), duration_text(spec->min, low),
                       duration_text(spec->max, high));
    return err_set(err, ERR_CONFIG, "%lld is out of bounds: %lld to %lld is possible", (long long)value->number,
                   (long long)spec->min, (long long)spec->max);
}

static bool is_text(const char *text, struct err *err)
{
    size_t size = strlen(text);

    if (size > OPTION_MAX_TEXT)
        return err_set(err, ERR_CONFIG, "a text of %zu bytes, where %d are possible", size, OPTION_MAX_TEXT);
    return utf8_valid(text, size) || err_set(err, ERR_CONFIG, "it is not valid UTF-8");
}

/* NULL where something does not fit. */
static const char **copy_texts(const struct option_given *given, struct arena *arena, struct err *err)
{
    const char **texts;

    if (given->count > OPTION_MAX_LIST) {
        err_set(err, ERR_CONFIG, "a list of %zu, where %d are possible", given->count, OPTION_MAX_LIST);
        return NULL;
    }
    texts = arena_alloc(arena, (given->count + 1) * sizeof *texts);
    for (size_t i = 0; i < given->count; i++) {
        if (!is_text(given->texts[i], err))
            return NULL;
        texts[i] = arena_text(arena, given->texts[i]);
    }
    return texts;
}

bool option_parse(const struct option_spec *spec, const struct option_given *given, struct arena *arena,
                  struct option_value *value, struct err *err)
{
    bool number = spec->type == OPTION_INT || spec->type == OPTION_DURATION;

    *value = (struct option_value){ .texts = copy_texts(given, arena, err), .count = given->count };
    if (value->texts == NULL)
        return false;
    value->set = true;
    if (spec->type == OPTION_LIST)
        return true;
    if (given->count != 1)
        return err_set(err, ERR_CONFIG, "takes one value, not %zu", given->count);
    return readers[spec->type](spec, value->texts[0], value, err) && (!number || in_bounds(spec, value, err));
}

static bool parse_fallback(const struct option_spec *spec, struct arena *arena, struct option_value *value,
                           struct err *err)
{
    struct option_given given = { .name = spec->name, .texts = &spec->fallback, .count = 1 };

    return option_parse(spec, &given, arena, value, err);
}

static bool choices_check(const struct option_spec *spec, struct err *err)
{
    size_t count = 0;

    if (spec->type != OPTION_CHOICE)
        return true;
    if (spec->choices == NULL || spec->choices[0] == NULL)
        return err_set(err, ERR_BUG, "option %s is a choice of nothing", spec->name);
    for (; spec->choices[count] != NULL; count++) {
        if (count == OPTION_MAX_CHOICES)
            return err_set(err, ERR_BUG, "option %s has more than %d choices, or no NULL behind the last", spec->name,
                           OPTION_MAX_CHOICES);
        if (!is_fit(spec->choices[count], ITEM_MAX_NAME))
            return err_set(err, ERR_BUG, "choice %zu of option %s is not UTF-8 of at most %d bytes", count + 1,
                           spec->name, ITEM_MAX_NAME);
    }
    return true;
}

static bool fallback_check(const struct option_spec *spec, struct arena *arena, struct err *err)
{
    struct option_value value;
    struct err why;

    if (spec->fallback == NULL)
        return true;
    if (spec->type == OPTION_SECRET)
        return err_set(err, ERR_BUG, "option %s is a secret and has a fallback, which would be no secret", spec->name);
    if (parse_fallback(spec, arena, &value, &why))
        return true;
    return err_set(err, ERR_BUG, "the fallback of option %s: %s", spec->name, why.text);
}

static bool spec_check(const struct option_spec *spec, struct arena *arena, struct err *err)
{
    char quote[TEXT_QUOTE_SIZE];

    if (!item_is_word(spec->name))
        return err_set(err, ERR_BUG, "option \"%s\" is no name: lower case letters, digits and _ only",
                       text_quote(quote, spec->name));
    if (spec->type <= OPTION_NO_TYPE || spec->type >= OPTION_TYPE_COUNT)
        return err_set(err, ERR_BUG, "option %s has type %d, which this muster does not know", spec->name,
                       (int)spec->type);
    if (spec->help != NULL && !is_fit(spec->help, OPTION_MAX_HELP))
        return err_set(err, ERR_BUG, "the help of option %s is not UTF-8 of at most %d bytes", spec->name,
                       OPTION_MAX_HELP);
    if (spec->min > spec->max)
        return err_set(err, ERR_BUG, "option %s has its bounds the wrong way round", spec->name);
    return choices_check(spec, err) && fallback_check(spec, arena, err);
}

bool option_table_check(const struct option_table *table, struct err *err)
{
    struct arena arena;
    bool good = true;

    if (table->count > OPTION_MAX_COUNT)
        return err_set(err, ERR_BUG, "%zu options, where %d are possible", table->count, OPTION_MAX_COUNT);
    arena_init(&arena, ARENA_PLAIN);
    for (size_t i = 0; i < table->count && good; i++) {
        good = spec_check(&table->specs[i], &arena, err);
        if (good && option_find(table, table->specs[i].name) != i)
            good = err_set(err, ERR_BUG, "option %s is there twice", table->specs[i].name);
    }
    arena_finish(&arena);
    return good;
}

size_t option_find(const struct option_table *table, const char *name)
{
    size_t i = 0;

    while (i < table->count && strcmp(table->specs[i].name, name) != 0)
        i++;
    return i;
}

static void unknown(const struct option_table *table, const char *name, option_problem *problem, void *context)
{
    const char *names[OPTION_MAX_COUNT];
    const char *nearest;
    struct err err;

    for (size_t i = 0; i < table->count; i++)
        names[i] = table->specs[i].name;
    nearest = text_nearest(name, names, table->count);
    if (nearest == NULL)
        err_set(&err, ERR_CONFIG, "there is no option of this name");
    else
        err_set(&err, ERR_CONFIG, "there is no option of this name; the nearest is %s", nearest);
    problem(context, name, err.text);
}

/* Reads one given option into its place; returns the number of problems. */
static size_t place(const struct option_table *table, const struct option_given *given, struct arena *arena,
                    struct option_value *values, option_problem *problem, void *context)
{
    size_t index = option_find(table, given->name);
    struct err err;

    if (index == table->count) {
        unknown(table, given->name, problem, context);
        return 1;
    }
    if (values[index].set) {
        problem(context, given->name, "it is given twice");
        return 1;
    }
    if (!option_parse(&table->specs[index], given, arena, &values[index], &err)) {
        values[index].set = true; /* it was given, so it is not missing too */
        problem(context, given->name, err.text);
        return 1;
    }
    return 0;
}

size_t option_resolve(const struct option_table *table, const struct option_list *list, struct arena *arena,
                      struct option_value *values, option_problem *problem, void *context)
{
    size_t problems = 0;

    memset(values, 0, table->count * sizeof *values);
    for (size_t i = 0; i < list->count; i++)
        problems += place(table, &list->given[i], arena, values, problem, context);
    for (size_t i = 0; i < table->count; i++) {
        const struct option_spec *spec = &table->specs[i];

        if (values[i].set)
            continue;
        if (spec->fallback != NULL) {
            parse_fallback(spec, arena, &values[i], NULL);
        } else if (spec->required) {
            problem(context, spec->name, "it is missing, and the plugin cannot do without it");
            problems++;
        }
    }
    return problems;
}
