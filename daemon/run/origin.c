#include "origin.h"

#include "fleet.h"
#include "host.h"
#include "mem.h"
#include "message.h"

#include <stdlib.h>

struct origin *origin_create(struct fleet *fleet, struct config *config, const struct config_target *target)
{
    struct origin *origin = mem_new(1, sizeof *origin);

    origin->references = 1;
    origin->fleet = fleet;
    origin->config = config_keep(config);
    origin->target = target;
    origin->plugin = plugins_find(fleet->plugins, target->plugin);
    plugin_hold(origin->plugin);
    return origin;
}

struct origin *origin_keep(struct origin *origin)
{
    origin->references++;
    return origin;
}

void origin_release(struct origin *origin)
{
    if (origin == NULL || --origin->references > 0)
        return;
    if (origin->fleet->plugins != NULL)
        plugin_let_go(origin->plugin);
    config_unload(origin->config);
    free(origin);
}

void origin_move(struct origin *origin, struct config *config, const struct config_target *target)
{
    struct config *former = origin->config;

    origin->config = config_keep(config);
    origin->target = target;
    config_unload(former);
}

bool origin_releases(struct origin *origin)
{
    if (origin->fleet->plugins != NULL && origin->plugin->host != NULL)
        origin->releases = (host_modes(origin->plugin->host) & UINT64_C(1) << RUN_RELEASE) != 0;
    return origin->releases;
}
