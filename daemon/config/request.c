/* What a target's options mean to its plugin. */
#include "config.h"

#include "problem.h"
#include "text.h"

#include <string.h>

static const char username[] = "username", password[] = "password";

/* The place of an option in the list, list->count where it is not given. */
static size_t find_given(const struct option_list *list, const char *name)
{
    size_t i = 0;

    while (i < list->count && strcmp(list->given[i].name, name) != 0)
        i++;
    return i;
}

static bool has_option(const struct option_table *table, const char *name)
{
    return option_find(table, name) < table->count;
}

/* A path is relative to the folder of the file it stands in. */
static struct option_given absolute(const struct config_target *target, size_t number, const struct option_table *table,
                                    struct arena *arena)
{
    struct option_given given = target->options.given[number];
    size_t index = option_find(table, given.name);
    const char *folder = target->option_folders == NULL ? NULL : target->option_folders[number];
    const char **texts;

    if (index == table->count || table->specs[index].type != OPTION_PATH || folder == NULL)
        return given;
    texts = arena_alloc(arena, (given.count + 1) * sizeof *texts);
    for (size_t i = 0; i < given.count; i++) {
        const char *text = given.texts[i];

        texts[i] = text[0] == '/' || text[0] == '\0' ? text : arena_format(arena, "%s/%s", folder, text);
    }
    given.texts = texts;
    return given;
}

/* Adds what the credential gives, where the plugin has such an option and the target does not give it itself. */
static void add_credential(const struct config_target *target, const struct option_table *table, const char *name,
                           const char *text, struct arena *arena, struct option_list *list)
{
    struct option_given *given = (struct option_given *)list->given;
    const char **texts;

    if (text == NULL || !has_option(table, name) || find_given(&target->options, name) < target->options.count)
        return;
    texts = arena_alloc(arena, sizeof *texts);
    *texts = text;
    given[list->count++] = (struct option_given){ .name = name, .texts = texts, .count = 1 };
}

struct option_list config_request(const struct config_target *target, const struct option_table *table,
                                  const char *secret, struct arena *arena)
{
    struct option_given *given = arena_alloc(arena, (target->options.count + 2) * sizeof *given);
    struct option_list list = { given, 0 };

    for (size_t i = 0; i < target->options.count; i++)
        given[list.count++] = absolute(target, i, table, arena);
    if (target->credential != NULL)
        add_credential(target, table, username, target->credential->username, arena, &list);
    add_credential(target, table, password, secret, arena, &list);
    return list;
}

/* One target whose options are being checked. */
struct check {
    const struct config_target *target;
    const struct option_table *table;
    struct config_problems *problems;
};

static struct config_place place_of(const struct check *check, const char *option)
{
    size_t number = find_given(&check->target->options, option);

    return number < check->target->options.count ? check->target->option_places[number] : check->target->place;
}

static const char *target_of(const struct check *check, char quote[TEXT_QUOTE_SIZE])
{
    return text_quote(quote, check->target->name);
}

static void add_problem(void *context, const char *option, const char *sentence)
{
    const struct check *check = context;
    bool wants_credential = strcmp(option, password) == 0 && check->target->credential == NULL &&
                            find_given(&check->target->options, option) == check->target->options.count;
    char quote[TEXT_QUOTE_SIZE];

    problem_add(check->problems, place_of(check, option), "target \"%s\", option %s of plugin %s: %s%s",
                target_of(check, quote), option, check->target->plugin, sentence,
                wants_credential ? "; give the target a credential" : "");
}

static void check_conflict(const struct check *check, const char *name, bool given_by_credential)
{
    char quote[TEXT_QUOTE_SIZE], credential[TEXT_QUOTE_SIZE];

    if (!given_by_credential || !has_option(check->table, name) ||
        find_given(&check->target->options, name) == check->target->options.count)
        return;
    problem_add(check->problems, place_of(check, name),
                "target \"%s\", option %s: the credential \"%s\" gives it too; take it out of the options",
                target_of(check, quote), name, text_quote(credential, check->target->credential->name));
}

static void check_credential(const struct check *check)
{
    const struct config_credential *credential = check->target->credential;
    char quote[TEXT_QUOTE_SIZE];

    if (credential == NULL)
        return;
    check_conflict(check, username, credential->username != NULL);
    check_conflict(check, password, true);
    if (!has_option(check->table, password))
        warning_add(check->problems, check->target->place,
                    "target \"%s\": plugin %s takes no password, so the credential's is of no use",
                    target_of(check, quote), check->target->plugin);
}

static void warn_of_secrets(const struct check *check)
{
    char quote[TEXT_QUOTE_SIZE];

    for (size_t i = 0; i < check->target->options.count; i++) {
        const char *name = check->target->options.given[i].name;
        size_t index = option_find(check->table, name);

        if (index < check->table->count && check->table->specs[index].type == OPTION_SECRET)
            warning_add(check->problems, check->target->option_places[i],
                        "target \"%s\", option %s: this secret stands in the file, for everyone who may read it%s",
                        target_of(check, quote), name,
                        strcmp(name, password) == 0 ? "; give the target a credential instead" : "");
    }
}

static void check_target(const struct check *check)
{
    const char *secret = check->target->credential == NULL ? NULL : "a secret that is read later";
    struct option_value *values;
    struct option_list list;
    struct arena arena;

    arena_init(&arena, ARENA_SECRET);
    values = arena_alloc(&arena, (check->table->count + 1) * sizeof *values);
    list = config_request(check->target, check->table, secret, &arena);
    option_resolve(check->table, &list, &arena, values, add_problem, (void *)check);
    check_credential(check);
    warn_of_secrets(check);
    arena_finish(&arena);
}

bool config_check_options(const struct config *config, size_t plugin, const struct option_table *table,
                          struct config_problems *problems)
{
    size_t before = problems->list.count + problems->left_out;
    const struct config_place *places = NULL;

    for (size_t i = 0; i < config->targets.count; i++) {
        const struct config_target *target = &config->targets.items[i];
        const struct check check = { target, table, problems };

        /* The targets of one entry with hosts share their options and the places of these: one of them speaks for all.
         */
        if (target->plugin_number != plugin || (places != NULL && target->option_places == places))
            continue;
        places = target->option_places;
        check_target(&check);
    }
    return problems->list.count + problems->left_out == before;
}
