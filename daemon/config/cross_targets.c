#include "cross.h"

#include "item.h"
#include "problem.h"
#include "setting.h"
#include "text.h"

#include <string.h>

/* What is looked up while entries become targets. */
struct expansion {
    struct draft *draft;
    struct map credentials; /* by name, to struct config_credential */
    struct map plugins;     /* by name, to their number, a size_t */
    struct map used;        /* credentials that a target has */
};

static struct config_place *kept(struct draft *draft, struct config_place place)
{
    struct config_place *copy = arena_alloc(&draft->config->arena, sizeof *copy);

    *copy = place;
    return copy;
}

/* Takes the name for a target; false: another has it. */
static bool take_name(struct draft *draft, const char *name, struct config_place place)
{
    const struct config_place *first = map_get(&draft->names, name);
    char quote[TEXT_QUOTE_SIZE], file[TEXT_QUOTE_SIZE];

    if (first == NULL) {
        map_put(&draft->names, name, kept(draft, place));
        return true;
    }
    problem_add(draft->reader.problems, place, "a target \"%s\" is already at %s:%d; give one of them another name",
                text_quote(quote, name), text_quote(file, first->file), first->line);
    return false;
}

static const struct config_credential *find_credential(struct expansion *expansion, const struct entry *entry)
{
    struct draft *draft = expansion->draft;
    const struct config_credential *found;
    char quote[TEXT_QUOTE_SIZE], near[TEXT_QUOTE_SIZE];
    const char **names;
    const char *nearest;
    size_t count = 0;

    if (entry->credential == NULL)
        return NULL;
    found = map_get(&expansion->credentials, entry->credential);
    if (found != NULL) {
        map_put(&expansion->used, found->name, (void *)found);
        return found;
    }
    names = mem_new(draft->config->credentials.count + 1, sizeof *names);
    vec_each (credential, &draft->config->credentials)
        names[count++] = credential->name;
    nearest = draft_nearest(draft, entry->credential, names, count);
    if (nearest != NULL)
        problem_add(draft->reader.problems, entry->credential_place,
                    "there is no credential \"%s\"; the nearest is \"%s\"", text_quote(quote, entry->credential),
                    text_quote(near, nearest));
    else
        problem_add(draft->reader.problems, entry->credential_place,
                    "there is no credential \"%s\"; add it to credentials = ( { name = \"...\"; ... } );",
                    text_quote(quote, entry->credential));
    free(names);
    return NULL;
}

static size_t add_plugin(struct expansion *expansion, const struct entry *entry)
{
    struct config *config = expansion->draft->config;
    size_t *number;

    if (config->plugins.count == CONFIG_MAX_PLUGINS) {
        problem_add(expansion->draft->reader.problems, entry->place, "targets of more than %d plugins",
                    CONFIG_MAX_PLUGINS);
        return 0;
    }
    number = arena_alloc(&config->arena, sizeof *number);
    *number = config->plugins.count;
    vec_push(&config->plugins, (struct config_plugin){ .name = entry->plugin, .place = entry->place });
    map_put(&expansion->plugins, entry->plugin, number);
    return *number;
}

static size_t find_plugin(struct expansion *expansion, const struct entry *entry)
{
    const size_t *number = map_get(&expansion->plugins, entry->plugin);

    return number != NULL ? *number : add_plugin(expansion, entry);
}

/* Processor time is given in whole seconds; without a limit of its own, a run has as much as its deadline. */
static int64_t cpu_seconds(const struct entry *entry)
{
    int64_t ms = entry->cpu_ms > 0 ? entry->cpu_ms : entry->deadline_ms;

    return (ms + 999) / 1000;
}

static struct config_target target_of(struct expansion *expansion, const struct entry *entry)
{
    return (struct config_target){
        .name = entry->name,
        .was = entry->was,
        .plugin = entry->plugin,
        .plugin_number = find_plugin(expansion, entry),
        .credential = find_credential(expansion, entry),
        .every_ms = entry->every_ms,
        .max_age_ms = entry->max_age_ms,
        .deadline_ms = entry->deadline_ms,
        .memory_mb = (entry->memory + (1 << 20) - 1) >> 20,
        .cpu_s = cpu_seconds(entry),
        .scope = entry->scope != NULL ? entry->scope : entry->name,
        .tags = entry->tags,
        .tag_count = entry->tag_count,
        .options = { entry->options, entry->option_count },
        .option_places = entry->option_places,
        .option_folders = entry->option_folders,
        .place = entry->place,
    };
}

static void push_target(struct draft *draft, const struct config_target *target)
{
    if (draft->config->targets.count < CONFIG_MAX_TARGETS) {
        vec_push(&draft->config->targets, *target);
        return;
    }
    if (!draft->full)
        problem_add(draft->reader.problems, target->place, "more than %d targets", CONFIG_MAX_TARGETS);
    draft->full = true;
}

static const char *joined(struct arena *arena, const char *name, const char *host)
{
    return name == NULL ? NULL : arena_format(arena, "%s/%s", name, host);
}

static bool is_host(struct draft *draft, const struct entry *entry, const char *host)
{
    char quote[TEXT_QUOTE_SIZE];

    if (strpbrk(host, "/ ") == NULL)
        return true;
    problem_add(draft->reader.problems, entry->hosts_place, "hosts: \"%s\" is no host, such as \"hv01.corp.example\"",
                text_quote(quote, host));
    return false;
}

/* The entry's options, and the option host behind them. */
static struct option_list with_host(struct arena *arena, const struct entry *entry, const char *host)
{
    struct option_given *given = arena_alloc(arena, (entry->option_count + 1) * sizeof *given);
    const char **text = arena_alloc(arena, sizeof *text);

    if (entry->option_count > 0)
        memcpy(given, entry->options, entry->option_count * sizeof *given);
    *text = host;
    given[entry->option_count] = (struct option_given){ .name = "host", .texts = text, .count = 1 };
    return (struct option_list){ given, entry->option_count + 1 };
}

static void add_host(struct draft *draft, const struct entry *entry, const struct config_target *shared,
                     const char *host)
{
    struct arena *arena = &draft->config->arena;
    struct config_target target = *shared;

    if (!is_host(draft, entry, host))
        return;
    target.name = joined(arena, entry->name, host);
    target.was = joined(arena, entry->was, host);
    target.scope = entry->scope != NULL ? entry->scope : target.name;
    target.options = with_host(arena, entry, host);
    if (strlen(target.name) > SETTING_MAX_NAME)
        problem_add(draft->reader.problems, entry->hosts_place,
                    "hosts: the target's name with its host has %zu bytes, where "
                    "%d are possible",
                    strlen(target.name), SETTING_MAX_NAME);
    else if (take_name(draft, target.name, entry->hosts_place))
        push_target(draft, &target);
}

/* All targets of an entry share the places of its options, with that of the hosts behind them. */
static void add_hosts(struct draft *draft, struct entry *entry, struct config_target *shared)
{
    struct arena *arena = &draft->config->arena;
    size_t count = entry->option_count;
    struct config_place *places = arena_alloc(arena, (count + 1) * sizeof *places);
    const char **folders = arena_alloc(arena, (count + 1) * sizeof *folders);

    for (size_t i = 0; i < count; i++) {
        places[i] = entry->option_places[i];
        folders[i] = entry->option_folders[i];
        if (strcmp(entry->options[i].name, "host") == 0)
            problem_add(draft->reader.problems, places[i], "host: this entry has hosts too; keep one of the two");
    }
    places[count] = entry->hosts_place;
    folders[count] = "/";
    shared->option_places = places;
    shared->option_folders = folders;
    for (size_t i = 0; i < entry->host_count; i++)
        add_host(draft, entry, shared, entry->hosts[i]);
}

static bool is_plugin(struct draft *draft, const struct entry *entry)
{
    char quote[TEXT_QUOTE_SIZE];

    if (item_is_word(entry->plugin))
        return true;
    problem_add(draft->reader.problems, entry->place, "plugin: \"%s\" is no plugin's name, such as \"vmware\"",
                text_quote(quote, entry->plugin));
    return false;
}

static void warn_of_times(struct draft *draft, const struct entry *entry)
{
    if (entry->deadline_ms > entry->every_ms)
        warning_add(draft->reader.problems, entry->place,
                    "the deadline of this target is longer than the time between two of its scans (every); a slow "
                    "scan makes it miss the next");
    if (entry->max_age_ms != 0 && entry->max_age_ms <= entry->every_ms)
        warning_add(draft->reader.problems, entry->place,
                    "the max_age of this target is no longer than the time between two of its scans (every); it is "
                    "stale before each of them");
}

static void expand(struct expansion *expansion, struct entry *entry)
{
    struct draft *draft = expansion->draft;
    struct config_target target;

    if (entry->name == NULL || entry->plugin == NULL || !is_plugin(draft, entry))
        return;
    target = target_of(expansion, entry);
    warn_of_times(draft, entry);
    if (entry->host_count > 0)
        add_hosts(draft, entry, &target);
    else if (take_name(draft, target.name, entry->place))
        push_target(draft, &target);
}

static void index_credentials(struct expansion *expansion)
{
    struct draft *draft = expansion->draft;
    char quote[TEXT_QUOTE_SIZE], file[TEXT_QUOTE_SIZE];

    vec_each (credential, &draft->config->credentials) {
        const struct config_credential *first = map_get(&expansion->credentials, credential->name);

        if (first == NULL)
            map_put(&expansion->credentials, credential->name, credential);
        else
            problem_add(draft->reader.problems, credential->place, "a credential \"%s\" is already at %s:%d",
                        text_quote(quote, credential->name), text_quote(file, first->place.file), first->place.line);
    }
}

static void warn_of_unused(struct expansion *expansion)
{
    struct draft *draft = expansion->draft;
    char quote[TEXT_QUOTE_SIZE];

    vec_each (credential, &draft->config->credentials) {
        if (map_get(&expansion->used, credential->name) == NULL)
            warning_add(draft->reader.problems, credential->place, "no target uses the credential \"%s\"",
                        text_quote(quote, credential->name));
    }
}

void cross_targets(struct draft *draft)
{
    struct expansion expansion = { .draft = draft };

    index_credentials(&expansion);
    vec_each (entry, &draft->entries)
        expand(&expansion, entry);
    warn_of_unused(&expansion);
    map_finish(&expansion.credentials);
    map_finish(&expansion.plugins);
    map_finish(&expansion.used);
}
