/* Where things are when the configuration does not say. */
#ifndef PATHS_H
#define PATHS_H

#include "config.h"

#define PATHS_DATABASE "/var/lib/muster/muster.db"
#define PATHS_CONTROL "/run/muster/control"
#define PATHS_PLUGINS "/usr/lib/muster/plugins"
#define PATHS_PLUGIN_HOST "/usr/libexec/muster/muster-plugin-host"
#define PATHS_MATRIX "/usr/share/muster/matrix"
#define PATHS_PRODUCTS "/usr/share/muster/products.conf"
#define PATHS_COMMAND "/usr/bin/muster"

/* The program's own neighbours where they exist, so that a build runs where it lies; else the above. */
void paths_set_defaults(struct config *config);

/* The program muster, found in the same way. In the arena, or a constant. */
const char *paths_command(struct arena *arena);

#endif
