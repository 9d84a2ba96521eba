#include "cross.h"

#include "problem.h"
#include "text.h"
#include "trust.h"

#include <string.h>

/* What the configuration has of what hooks, windows and reports ask for: lower-case names, to anything. */
struct there {
    struct map targets, tags, owners, sites, criticalities, servers;
};

static void check_name(struct draft *draft, struct map *known, const char *what, const char *name,
                       const struct config_place *place)
{
    const struct config_place *first = name == NULL ? NULL : map_get(known, name);
    char quote[TEXT_QUOTE_SIZE], file[TEXT_QUOTE_SIZE];

    if (first != NULL)
        problem_add(draft->reader.problems, *place, "%s \"%s\" is already at %s:%d", what, text_quote(quote, name),
                    text_quote(file, first->file), first->line);
    else if (name != NULL)
        map_put(known, name, (void *)place);
}

static void check_names(struct draft *draft)
{
    struct map hooks = MAP_EMPTY, windows = MAP_EMPTY, reports = MAP_EMPTY;

    vec_each (hook, &draft->config->hooks)
        check_name(draft, &hooks, "a hook", hook->name, &hook->place);
    vec_each (window, &draft->config->maintenances)
        check_name(draft, &windows, "a maintenance window", window->name, &window->place);
    vec_each (report, &draft->config->reports)
        check_name(draft, &reports, "a report", report->name, &report->place);
    map_finish(&hooks);
    map_finish(&windows);
    map_finish(&reports);
}

static void put(struct draft *draft, struct map *map, const char *name)
{
    if (name != NULL)
        map_put(map, draft_lowered(draft, name), draft);
}

static void gather(struct draft *draft, struct there *there)
{
    vec_each (entry, &draft->entries) {
        put(draft, &there->targets, entry->name);
        for (size_t i = 0; i < entry->tag_count; i++)
            put(draft, &there->tags, entry->tags[i]);
    }
    vec_each (target, &draft->config->targets)
        put(draft, &there->targets, target->name);
    vec_each (server, &draft->config->backup_servers)
        put(draft, &there->servers, server->name);
    vec_each (assign, &draft->config->assigns) {
        put(draft, &there->owners, assign->owner);
        put(draft, &there->sites, assign->site);
        put(draft, &there->criticalities, assign->criticality);
    }
}

/* A slip there is a hook that is silent or a window that leaves nobody alone, which nobody sees. One with a wildcard is
 * for whoever matches it. */
static void check_words(struct draft *draft, const struct config_place *place, const char *key,
                        const struct config_words *asked, const struct map *there, const char *what)
{
    char quote[TEXT_QUOTE_SIZE];

    for (size_t i = 0; i < asked->count; i++) {
        const char *word = asked->words[i];

        if (strpbrk(word, "*?") == NULL && map_get(there, draft_lowered(draft, word)) == NULL)
            warning_add(draft->reader.problems, *place, "%s: %s \"%s\"", key, what, text_quote(quote, word));
    }
}

/* A slip there is a report of nothing. */
static void check_scopes(struct draft *draft, const struct there *there)
{
    vec_each (report, &draft->config->reports) {
        const struct config_words owner = { &report->owner, report->owner != NULL };
        const struct config_words site = { &report->site, report->site != NULL };
        const struct config_words server = { &report->server, report->server != NULL };

        check_words(draft, &report->place, "owner", &owner, &there->owners, "no rule of assign gives the owner");
        check_words(draft, &report->place, "site", &site, &there->sites, "no rule of assign gives the site");
        check_words(draft, &report->place, "server", &server, &there->servers, "there is no backup server");
    }
}

static void check_filters(struct draft *draft)
{
    struct there there = { 0 };

    if (draft->config->hooks.count + draft->config->maintenances.count + draft->config->reports.count == 0)
        return;
    gather(draft, &there);
    vec_each (hook, &draft->config->hooks) {
        check_words(draft, &hook->place, "targets", &hook->targets, &there.targets, "there is no target");
        check_words(draft, &hook->place, "tags", &hook->tags, &there.tags, "no target has the tag");
        check_words(draft, &hook->place, "owners", &hook->owners, &there.owners, "no rule of assign gives the owner");
        check_words(draft, &hook->place, "sites", &hook->sites, &there.sites, "no rule of assign gives the site");
        check_words(draft, &hook->place, "criticalities", &hook->criticalities, &there.criticalities,
                    "no rule of assign gives the criticality");
    }
    vec_each (window, &draft->config->maintenances) {
        check_words(draft, &window->place, "targets", &window->targets, &there.targets, "there is no target");
        check_words(draft, &window->place, "tags", &window->tags, &there.tags, "no target has the tag");
    }
    check_scopes(draft, &there);
    map_finish(&there.targets);
    map_finish(&there.tags);
    map_finish(&there.owners);
    map_finish(&there.sites);
    map_finish(&there.criticalities);
    map_finish(&there.servers);
}

/* Told now, and again by each run that needs it: it may be mended at any time. */
static void look_at_scripts(struct draft *draft)
{
    struct err err;

    vec_each (hook, &draft->config->hooks) {
        if (hook->run != NULL && !trust_program(hook->run, &err))
            warning_add(draft->reader.problems, hook->run_place, "run: %s", err.text);
        if (hook->settings != NULL && !trust_file(hook->settings, &err))
            warning_add(draft->reader.problems, hook->place, "settings: %s", err.text);
    }
}

/* The same. A folder in which others may write is a report that others may replace. */
static void look_at_folders(struct draft *draft)
{
    struct err err;

    vec_each (report, &draft->config->reports) {
        if (report->folder != NULL && !trust_folder(report->folder, &err))
            warning_add(draft->reader.problems, report->place, "folder: %s", err.text);
    }
}

void cross_hooks(struct draft *draft)
{
    check_names(draft);
    check_filters(draft);
    if (draft->look) {
        look_at_scripts(draft);
        look_at_folders(draft);
    }
}
