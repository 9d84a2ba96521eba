/* A plugin as the host sees it: the shared object, checked and loaded once, and its table in today's form. */
#ifndef PLUGIN_H
#define PLUGIN_H

#include "arena.h"
#include "err.h"
#include "muster_plugin.h"
#include "option.h"

#include <stdbool.h>
#include <stddef.h>

#define PLUGIN_MAX_KINDS 64
#define PLUGIN_MAX_CHOICES 256 /* of one option */

/* What this process had before the plugin came. */
struct belongings {
    size_t threads, sockets;
    bool children;
};

struct plugin {
    struct muster_plugin table;  /* today's size; members the plugin does not know are zero */
    struct option_table options; /* the plugin's, checked */
    struct arena arena;          /* holds options.specs */
    struct belongings before;
};

/* Takes over a table as a plugin of any age wrote it. The table must outlive the plugin. Each missing or wrong member
 * has its own sentence (class bug). */
bool plugin_adopt(struct plugin *plugin, const struct muster_plugin *table, struct err *err);

/* Loads a shared object for good (there is no unloading) and adopts its table. The file must be trusted (trust.h). */
bool plugin_load(struct plugin *plugin, const char *path, struct err *err);

/* Calls prepare() and checks that neither it nor loading left a thread, a socket or a process behind. */
bool plugin_prepare(struct plugin *plugin, struct err *err);

/* Whether the plugin emits items of this kind. */
bool plugin_has_kind(const struct plugin *plugin, const char *kind);

void plugin_finish(struct plugin *plugin);

#endif
