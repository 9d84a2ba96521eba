#include "arguments.h"

#include "secret.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct arguments {
    const struct option_table *table;
    struct arena *arena;
    struct option_given *given;
    size_t count;
    size_t words; /* the most texts that one option can have */
};

static struct option_given *given_named(struct arguments *arguments, const char *name)
{
    struct option_given *given;

    for (size_t i = 0; i < arguments->count; i++) {
        if (strcmp(arguments->given[i].name, name) == 0)
            return &arguments->given[i];
    }
    given = &arguments->given[arguments->count++];
    given->name = name;
    given->texts = arena_alloc(arguments->arena, arguments->words * sizeof *given->texts);
    return given;
}

static void give(struct arguments *arguments, const char *name, const char *text)
{
    struct option_given *given = given_named(arguments, name);

    ((const char **)given->texts)[given->count++] = text;
}

/* The spec of the secret that NAME_file stands for, NULL where it is something else. */
static const struct option_spec *secret_behind(struct arguments *arguments, const char *name)
{
    const struct option_table *table = arguments->table;
    size_t length = strlen(name);
    size_t index;

    if (length < 6 || strcmp(name + length - 5, "_file") != 0 || option_find(table, name) < table->count)
        return NULL;
    index = option_find(table, arena_bytes(arguments->arena, name, length - 5));
    return index < table->count && table->specs[index].type == OPTION_SECRET ? &table->specs[index] : NULL;
}

static const char *absolute(struct arguments *arguments, const char *path)
{
    char *folder;
    const char *whole = path;

    if (path[0] == '/' || path[0] == '\0')
        return path;
    folder = getcwd(NULL, 0);
    if (folder != NULL)
        whole = arena_format(arguments->arena, "%s/%s", folder, path);
    free(folder);
    return whole;
}

static bool read_word(struct arguments *arguments, const char *word, struct err *err)
{
    const char *equals = strchr(word, '=');
    const struct option_spec *secret;
    const char *name, *text;
    size_t index;

    if (equals == NULL || equals == word)
        return err_set(err, ERR_CONFIG, "\"%.100s\" is not of the form name=value", word);
    name = arena_bytes(arguments->arena, word, (size_t)(equals - word));
    text = equals + 1;
    index = option_find(arguments->table, name);
    secret = secret_behind(arguments, name);
    if (secret != NULL) {
        text = secret_from_file(absolute(arguments, text), arguments->arena, err);
        name = secret->name;
        if (text == NULL)
            return false;
    } else if (index < arguments->table->count && arguments->table->specs[index].type == OPTION_SECRET) {
        return err_set(err, ERR_CONFIG,
                       "option %s is a secret, and others can see a command line: give %s_file=FILE, or leave it out "
                       "and be asked",
                       name, name);
    } else if (index < arguments->table->count && arguments->table->specs[index].type == OPTION_PATH) {
        text = absolute(arguments, text);
    }
    give(arguments, name, text);
    return true;
}

static bool ask_for_secrets(struct arguments *arguments, struct err *err)
{
    for (size_t i = 0; i < arguments->table->count; i++) {
        const struct option_spec *spec = &arguments->table->specs[i];
        const char *secret;
        bool given = false;

        for (size_t j = 0; j < arguments->count; j++)
            given |= strcmp(arguments->given[j].name, spec->name) == 0;
        if (spec->type != OPTION_SECRET || !spec->required || given)
            continue;
        secret = secret_from_terminal(spec->name, arguments->arena, err);
        if (secret == NULL)
            return err_add(err, "option %s", spec->name);
        give(arguments, spec->name, secret);
    }
    return true;
}

bool arguments_read(const struct option_table *table, char *const *words, size_t count, struct arena *arena,
                    struct option_list *list, struct err *err)
{
    struct arguments arguments = { .table = table, .arena = arena, .words = count + 1 };

    arguments.given = arena_alloc(arena, (count + table->count + 1) * sizeof *arguments.given);
    for (size_t i = 0; i < count; i++) {
        if (!read_word(&arguments, words[i], err))
            return false;
    }
    *list = (struct option_list){ 0 };
    if (!ask_for_secrets(&arguments, err))
        return false;
    *list = (struct option_list){ .given = arguments.given, .count = arguments.count };
    return true;
}
