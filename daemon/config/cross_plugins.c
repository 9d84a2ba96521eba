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

static bool is_first(const struct reader *reader, const struct plugin_slots *slots)
{
    for (const struct plugin_slots *before = reader->slots.items; before < slots; before++) {
        if (strcmp(before->plugin, slots->plugin) == 0)
            return false;
    }
    return true;
}

static void set_slots(struct reader *reader, const struct plugin_slots *slots)
{
    struct config_plugin *plugin = find(reader->config, slots->plugin);
    char quote[TEXT_QUOTE_SIZE];
    const char *nearest;

    if (!is_first(reader, slots)) {
        problem_add(reader->problems, slots->place, "the slots of plugin \"%s\" are given twice",
                    text_quote(quote, slots->plugin));
        return;
    }
    if (slots->slots > reader->config->slots)
        warning_add(reader->problems, slots->place,
                    "%zu slots for plugin \"%s\", but there are %zu in all (slots.total)", slots->slots,
                    text_quote(quote, slots->plugin), reader->config->slots);
    if (plugin != NULL) {
        plugin->slots = slots->slots < reader->config->slots ? slots->slots : reader->config->slots;
        return;
    }
    nearest = nearest_plugin(reader->config, slots->plugin);
    warning_add(reader->problems, slots->place, "no target uses a plugin \"%s\"%s%s", text_quote(quote, slots->plugin),
                nearest == NULL ? "" : "; the nearest is ", nearest == NULL ? "" : nearest);
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

static void look_at(struct reader *reader, const struct config_plugin *plugin)
{
    struct config *config = reader->config;
    char near[TEXT_QUOTE_SIZE];
    const char *nearest = NULL;
    struct err err;

    if (trust_file(plugin->path, &err))
        return;
    if (access(plugin->path, F_OK) != 0)
        nearest = nearest_file(&config->arena, config->plugin_dir, plugin->name);
    if (nearest == NULL)
        problem_add(reader->problems, plugin->place, "plugin %s: %s", plugin->name, err.text);
    else
        problem_add(reader->problems, plugin->place, "plugin %s: %s; the nearest there is \"%s\"", plugin->name,
                    err.text, text_quote(near, nearest));
}

static void look_at_host(struct reader *reader)
{
    struct config *config = reader->config;
    struct err err;

    if (config->plugins.count > 0 && !trust_file(config->plugin_host, &err))
        problem_add(reader->problems, (struct config_place){ config->file, 0 }, "plugin_host: %s", err.text);
}

void cross_plugins(struct reader *reader)
{
    struct config *config = reader->config;

    vec_each (plugin, &config->plugins) {
        plugin->slots = config->slots;
        plugin->path = arena_format(&config->arena, "%s/%s.so", config->plugin_dir, plugin->name);
        if (reader->look)
            look_at(reader, plugin);
    }
    if (reader->look)
        look_at_host(reader);
    vec_each (slots, &reader->slots)
        set_slots(reader, slots);
}
