/* A plugin as the host sees it: the shared object, checked and loaded once, and its table in today's form. */
#ifndef PLUGIN_H
#define PLUGIN_H

#include "arena.h"
#include "err.h"
#include "muster_plugin.h"
#include "option.h"

#include <stdbool.h>

#define PLUGIN_MAX_KINDS 64

struct plugin {
    struct muster_plugin table;  /* today's size; members the plugin does not know are zero */
    struct option_table options; /* the plugin's, checked */
    struct arena arena;          /* holds options.specs */
};

/* Takes over a table as a plugin of any age wrote it. The table must outlive the plugin. Each missing or wrong member
 * has its own sentence (class bug). */
bool plugin_adopt(struct plugin *plugin, const struct muster_plugin *table, struct err *err);

/* Loads a shared object for good (there is no unloading) and adopts its table. The file must be trusted (trust.h). */
bool plugin_load(struct plugin *plugin, const char *path, struct err *err);

/* Calls prepare() and checks that it left neither thread nor socket behind. */
bool plugin_prepare(struct plugin *plugin, struct err *err);

/* Whether the plugin emits items of this kind. */
bool plugin_has_kind(const struct plugin *plugin, const char *kind);

void plugin_finish(struct plugin *plugin);

#endif
