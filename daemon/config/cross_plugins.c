#include "cross.h"

#include "problem.h"
#include "text.h"
#include "trust.h"

#include <dirent.h>
#include <string.h>
#include <unistd.h>

static struct config_plugin *find(struct config *config, const char *name)
{
    vec_each (plugin, &config->plugins) {
        if (strcmp(plugin->name, name) == 0)
            return plugin;
    }
    return NULL;
}

static const char *nearest_plugin(struct config *config, const char *name)
{
    const char *names[CONFIG_MAX_PLUGINS];
    size_t count = 0;

    vec_each (plugin, &config->plugins) {
        if (count < CONFIG_MAX_PLUGINS)
            names[count++] = plugin->name;
    }
    return text_nearest(name, names, count);
}

static bool is_first(const struct draft *draft, const struct plugin_slots *slots)
{
    for (const struct plugin_slots *before = draft->slots.items; before < slots; before++) {
        if (strcmp(before->plugin, slots->plugin) == 0)
            return false;
    }
    return true;
}

static void set_slots(struct draft *draft, const struct plugin_slots *slots)
{
    struct config_plugin *plugin = find(draft->config, slots->plugin);
    char quote[TEXT_QUOTE_SIZE];
    const char *nearest;

    if (!is_first(draft, slots)) {
        problem_add(draft->reader.problems, slots->place, "the slots of plugin \"%s\" are given twice",
                    text_quote(quote, slots->plugin));
        return;
    }
    if (slots->slots > draft->config->slots)
        warning_add(draft->reader.problems, slots->place,
                    "%zu slots for plugin \"%s\", but there are %zu in all (slots.total)", slots->slots,
                    text_quote(quote, slots->plugin), draft->config->slots);
    if (plugin != NULL) {
        plugin->slots = slots->slots < draft->config->slots ? slots->slots : draft->config->slots;
        return;
    }
    nearest = nearest_plugin(draft->config, slots->plugin);
    warning_add(draft->reader.problems, slots->place, "no target uses a plugin \"%s\"%s%s",
                text_quote(quote, slots->plugin), nearest == NULL ? "" : "; the nearest is ",
                nearest == NULL ? "" : nearest);
}

/* The plugin in the folder whose name is nearest; NULL: none. */
static const char *nearest_file(struct arena *arena, const char *folder, const char *name)
{
    const char *names[CONFIG_MAX_PLUGINS];
    DIR *directory = opendir(folder);
    const struct dirent *file;
    size_t count = 0;

    while (directory != NULL && count < CONFIG_MAX_PLUGINS && (file = readdir(directory)) != NULL) {
        size_t length = strlen(file->d_name);

        if (length > 3 && strcmp(file->d_name + length - 3, ".so") == 0)
            names[count++] = arena_bytes(arena, file->d_name, length - 3);
    }
    if (directory != NULL)
        closedir(directory);
    return text_nearest(name, names, count);
}

static void look_at(struct draft *draft, const struct config_plugin *plugin)
{
    struct config *config = draft->config;
    char near[TEXT_QUOTE_SIZE];
    const char *nearest = NULL;
    struct err err;

    if (trust_file(plugin->path, &err))
        return;
    if (access(plugin->path, F_OK) != 0)
        nearest = nearest_file(&config->arena, config->plugin_dir, plugin->name);
    if (nearest == NULL)
        problem_add(draft->reader.problems, plugin->place, "plugin %s: %s", plugin->name, err.text);
    else
        problem_add(draft->reader.problems, plugin->place, "plugin %s: %s; the nearest there is \"%s\"", plugin->name,
                    err.text, text_quote(near, nearest));
}

static void look_at_host(struct draft *draft)
{
    struct config *config = draft->config;
    struct err err;

    if (config->plugins.count > 0 && !trust_file(config->plugin_host, &err))
        problem_add(draft->reader.problems, (struct config_place){ config->file, 0 }, "plugin_host: %s", err.text);
}

void cross_plugins(struct draft *draft)
{
    struct config *config = draft->config;

    vec_each (plugin, &config->plugins) {
        plugin->slots = config->slots;
        plugin->path = arena_format(&config->arena, "%s/%s.so", config->plugin_dir, plugin->name);
        if (draft->look)
            look_at(draft, plugin);
    }
    if (draft->look)
        look_at_host(draft);
    vec_each (slots, &draft->slots)
        set_slots(draft, slots);
}
