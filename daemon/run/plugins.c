#include "plugins.h"

#include "clock.h"
#include "log.h"
#include "mem.h"
#include "vec.h"

#include <stdlib.h>
#include <string.h>

#define LOOK_MS ((int64_t)60 * 1000)
#define LIFE_MS ((int64_t)24 * 3600 * 1000)
#define LINGER_MS ((int64_t)60 * 1000) /* for the runs of a plugin that is needed no more */

struct plugins {
    uv_loop_t *loop;
    const struct plugins_events *events;
    void *context;
    vec(struct plugin *) list; /* in order of number; one that is neither used nor held has no host */
    size_t hosts;              /* not closed yet */
    bool settled, closing;
    void (*closed)(void *context);
    void *closed_context;
};

/* ------------------------------------------------------------------------------------------------- the hosts ---- */

static void note_settled(struct plugins *plugins)
{
    if (plugins->settled)
        return;
    vec_each (each, &plugins->list) {
        if ((*each)->used && !(*each)->settled)
            return;
    }
    plugins->settled = true;
    plugins->events->settled(plugins->context);
}

static void set_trouble(struct plugin *plugin, const char *text)
{
    free(plugin->trouble);
    plugin->trouble = text == NULL ? NULL : mem_text(text);
}

static void on_ready(void *context, struct host *host)
{
    struct plugin *plugin = context;
    const char *lacking = host_confinement(host);

    set_trouble(plugin, NULL);
    if (!plugin->settled && lacking[0] != '\0')
        log_warning("plugin %s: its scans are not wholly confined: %s", plugin->name, lacking);
    plugin->settled = true;
    plugin->plugins->events->ready(plugin->plugins->context, plugin);
    note_settled(plugin->plugins);
}

static void on_unready(void *context, struct host *host, const struct err *err, int64_t retry_mono)
{
    struct plugin *plugin = context;

    (void)host, (void)retry_mono;
    if (plugin->trouble == NULL || strcmp(plugin->trouble, err->text) != 0)
        log_error("plugin %s: %s", plugin->name, err->text);
    set_trouble(plugin, err->text);
    plugin->settled = true;
    plugin->plugins->events->unready(plugin->plugins->context, plugin);
    note_settled(plugin->plugins);
}

static const struct host_events host_events = { .ready = on_ready, .unready = on_unready };

static void start(struct plugin *plugin, const struct host_options *options)
{
    struct plugins *plugins = plugin->plugins;

    plugin->born = plugin->checked = clock_mono_ms(&clock_system);
    if (plugin->host != NULL) {
        host_replace(plugin->host, options);
        return;
    }
    plugins->hosts++;
    plugin->host = host_create(plugins->loop, options, &host_events, plugin);
}

/* ---------------------------------------------------------------------------------------------------- the end ---- */

static void end_if_over(struct plugins *plugins)
{
    void (*closed)(void *context) = plugins->closed;
    void *context = plugins->closed_context;

    if (!plugins->closing || plugins->hosts > 0)
        return;
    vec_each (each, &plugins->list) {
        free((*each)->name);
        free((*each)->trouble);
        free(*each);
    }
    vec_finish(&plugins->list);
    free(plugins);
    closed(context);
}

static void on_host_closed(void *context)
{
    struct plugins *plugins = context;

    plugins->hosts--;
    end_if_over(plugins);
}

static void stop(struct plugin *plugin, int64_t grace_ms)
{
    struct host *host = plugin->host;

    plugin->host = NULL;
    plugin->settled = false;
    set_trouble(plugin, NULL);
    if (host != NULL)
        host_close(host, grace_ms, on_host_closed, plugin->plugins);
}

static void stop_if_needless(struct plugin *plugin)
{
    if (!plugin->used && plugin->holds == 0)
        stop(plugin, LINGER_MS);
}

void plugins_close(struct plugins *plugins, int64_t grace_ms, void (*closed)(void *context), void *context)
{
    plugins->closing = true;
    plugins->closed = closed;
    plugins->closed_context = context;
    plugins->hosts++; /* so that the last of several cannot end it before all were told */
    vec_each (each, &plugins->list)
        stop(*each, grace_ms);
    on_host_closed(plugins);
}

/* ------------------------------------------------------------------------------------------ the configuration ---- */

struct plugins *plugins_create(uv_loop_t *loop, const struct plugins_events *events, void *context)
{
    struct plugins *plugins = mem_new(1, sizeof *plugins);

    plugins->loop = loop;
    plugins->events = events;
    plugins->context = context;
    return plugins;
}

struct plugin *plugins_find(const struct plugins *plugins, const char *name)
{
    vec_each (each, &plugins->list) {
        if (strcmp((*each)->name, name) == 0)
            return *each;
    }
    return NULL;
}

size_t plugins_count(const struct plugins *plugins)
{
    return plugins->list.count;
}

struct plugin *plugins_at(const struct plugins *plugins, size_t number)
{
    return plugins->list.items[number];
}

static struct plugin *find_or_add(struct plugins *plugins, const char *name)
{
    struct plugin *plugin = plugins_find(plugins, name);

    if (plugin != NULL)
        return plugin;
    plugin = mem_new(1, sizeof *plugin);
    plugin->name = mem_text(name);
    plugin->number = plugins->list.count;
    plugin->plugins = plugins;
    vec_push(&plugins->list, plugin); /* NOLINT(bugprone-sizeof-expression): a list of pointers */
    return plugin;
}

void plugins_configure(struct plugins *plugins, const struct config *config)
{
    vec_each (each, &plugins->list)
        (*each)->used = false;
    vec_each (wanted, &config->plugins) {
        struct plugin *plugin = find_or_add(plugins, wanted->name);

        plugin->used = true;
        plugin->slots = wanted->slots;
    }
    vec_each (wanted, &config->plugins) {
        const struct host_options options = {
            .plugin = wanted->name,
            .program = config->plugin_host,
            .path = wanted->path,
            .landlock = config->landlock,
            .seccomp = config->seccomp,
        };

        start(plugins_find(plugins, wanted->name), &options);
    }
    vec_each (each, &plugins->list)
        stop_if_needless(*each);
    note_settled(plugins);
}

void plugin_hold(struct plugin *plugin)
{
    plugin->holds++;
}

void plugin_let_go(struct plugin *plugin)
{
    plugin->holds--;
    stop_if_needless(plugin);
}

void plugins_refresh(struct plugin *plugin, int64_t now_mono)
{
    if (now_mono - plugin->checked < LOOK_MS || plugin->host == NULL)
        return;
    plugin->checked = now_mono;
    if (now_mono - plugin->born < LIFE_MS && !host_is_outdated(plugin->host))
        return;
    log_info("plugin %s: its host is replaced by a fresh one", plugin->name);
    start(plugin, NULL);
}
