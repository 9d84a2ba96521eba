/* Lines of name=text,text against a table that has every type: either each value is what the table wants, or there is a
 * sentence for each problem, and none quotes a secret. */
#include "option.h"
#include "utf8.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define MAX_GIVEN 64
#define MAX_TEXTS 16

static const char *const words[] = { "red", "green", "", NULL };

static const struct option_spec specs[] = {
    { .name = "text", .type = OPTION_TEXT },
    { .name = "number", .type = OPTION_INT, .fallback = "7", .min = -10, .max = 1000000 },
    { .name = "truth", .type = OPTION_BOOL, .fallback = "no" },
    { .name = "password", .type = OPTION_SECRET },
    { .name = "colour", .type = OPTION_CHOICE, .choices = words, .fallback = "red" },
    { .name = "wait", .type = OPTION_DURATION, .fallback = "30s", .min = 1000, .max = 604800000 },
    { .name = "folders", .type = OPTION_LIST },
    { .name = "file", .type = OPTION_PATH },
};

#define COUNT (sizeof specs / sizeof specs[0])

static const struct option_table table = { specs, COUNT };

static void expect(bool truth)
{
    if (!truth)
        abort();
}

static void count_problem(void *context, const char *option, const char *sentence)
{
    ++*(size_t *)context;
    expect(sentence[0] != '\0' && utf8_valid(sentence, strlen(sentence)));
    expect(strcmp(option, "password") != 0 || strchr(sentence, '"') == NULL);
}

static void check_text(const struct option_spec *spec, const char *text)
{
    size_t size = strlen(text);

    expect(size <= OPTION_MAX_TEXT && utf8_valid(text, size));
    expect(spec->type != OPTION_PATH || text[0] == '/');
    expect(spec->type != OPTION_CHOICE || strcmp(text, "red") == 0 || strcmp(text, "green") == 0 || size == 0);
}

static void check_value(const struct option_spec *spec, const struct option_value *value)
{
    expect(value->set || spec->fallback == NULL);
    if (!value->set)
        return;
    expect(value->count == 1 || spec->type == OPTION_LIST);
    for (size_t i = 0; i < value->count; i++)
        check_text(spec, value->texts[i]);
    expect(spec->min == spec->max || (value->number >= spec->min && value->number <= spec->max));
    expect(spec->type != OPTION_BOOL || value->number == 0 || value->number == 1);
}

/* A table whose fallback somebody wrote: what is taken as one can be resolved. */
static void check_fallback(enum option_type type, const char *text, struct arena *arena)
{
    const struct option_spec spec = { .name = "x", .type = type, .choices = words, .fallback = text };
    const struct option_table own = { &spec, 1 };
    struct option_value value;
    struct err err = ERR_EMPTY;
    size_t problems = 0;

    if (!option_table_check(&own, &err)) {
        expect(err.class == ERR_BUG && err.text[0] != '\0');
        return;
    }
    expect(option_resolve(&own, &(struct option_list){ NULL, 0 }, arena, &value, count_problem, &problems) == 0);
    check_value(&spec, &value);
}

static struct option_given read_line(char *line, struct arena *arena)
{
    const char **texts = arena_alloc(arena, MAX_TEXTS * sizeof *texts);
    struct option_given given = { .name = strsep(&line, "="), .texts = texts };

    while (line != NULL && given.count < MAX_TEXTS)
        texts[given.count++] = strsep(&line, ",");
    return given;
}

static size_t read_lines(char *text, struct arena *arena, struct option_given given[MAX_GIVEN])
{
    size_t count = 0;

    while (text != NULL && text[0] != '\0' && count < MAX_GIVEN)
        given[count++] = read_line(strsep(&text, "\n"), arena);
    return count;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct option_given given[MAX_GIVEN];
    struct option_list list = { .given = given };
    struct option_value values[COUNT];
    size_t problems = 0;
    struct arena arena;

    arena_init(&arena, ARENA_SECRET);
    list.count = read_lines(arena_bytes(&arena, data, size), &arena, given);
    expect(option_resolve(&table, &list, &arena, values, count_problem, &problems) == problems);
    for (size_t i = 0; i < COUNT && problems == 0; i++)
        check_value(&specs[i], &values[i]);
    for (size_t i = 0; i < list.count; i++) {
        for (enum option_type type = OPTION_TEXT; type < OPTION_TYPE_COUNT && given[i].count > 0; type++)
            check_fallback(type, given[i].texts[0], &arena);
    }
    arena_finish(&arena);
    return 0;
}
