/* What runs of a target are made with: its options, its credential and its plugin, as one configuration says them. A
 * token belongs to its origin, and is given back with it, whatever the configuration says by then.
 *
 * Shared by whoever needs it: the target, its run in flight, commits that wait, tokens that are given back. While it is
 * there, so are the configuration and the plugin's host. */
#ifndef ORIGIN_H
#define ORIGIN_H

#include "config.h"
#include "plugins.h"

#include <stdbool.h>
#include <stddef.h>

struct fleet;

struct origin {
    size_t references;
    struct fleet *fleet;
    struct config *config;
    const struct config_target *target; /* of that configuration */
    struct plugin *plugin;              /* good until the fleet has no plugins any more */
    bool releases;
};

/* The first reference is the caller's. */
struct origin *origin_create(struct fleet *fleet, struct config *config, const struct config_target *target);
struct origin *origin_keep(struct origin *origin);
void origin_release(struct origin *origin); /* NULL is allowed */

/* Another configuration says the same of the target. */
void origin_move(struct origin *origin, struct config *config, const struct config_target *target);

/* Whether a token of it needs to be given back: its plugin has a callback for that, as far as its host said, or had
 * when this was asked last. */
bool origin_releases(struct origin *origin);

#endif
