/* The plugin hosts, one to a plugin that some target uses: started together, replaced on reload, once a day and when
 * their files changed, ended together. */
#ifndef PLUGINS_H
#define PLUGINS_H

#include "config.h"
#include "host.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <uv.h>

struct plugins;

struct plugin {
    char *name;
    size_t number; /* in the schedule; the same for as long as the daemon runs */
    struct host *host;
    size_t slots;
    bool used;       /* the present configuration has a target for it */
    size_t holds;    /* of those who need its host although it is not used any more */
    bool settled;    /* it was ready or refused at least once */
    char *trouble;   /* why it is not ready; NULL where it is */
    int64_t born;    /* monotonic: when its present process was asked for */
    int64_t checked; /* monotonic: when its files were last looked at */
    struct plugins *plugins;
};

struct plugins_events {
    void (*ready)(void *context, struct plugin *plugin);
    void (*unready)(void *context, struct plugin *plugin);
    void (*settled)(void *context); /* once: each plugin of the first configuration is ready or refused */
};

struct plugins *plugins_create(uv_loop_t *loop, const struct plugins_events *events, void *context);

/* Starts what the configuration needs, replaces what was there, ends what it needs no more and nobody holds. */
void plugins_configure(struct plugins *plugins, const struct config *config);

/* The plugin of that name; NULL where there is none. */
struct plugin *plugins_find(const struct plugins *plugins, const char *name);

size_t plugins_count(const struct plugins *plugins);
struct plugin *plugins_at(const struct plugins *plugins, size_t number);

/* While it is held, its host stays, also where the configuration needs it no more. */
void plugin_hold(struct plugin *plugin);
void plugin_let_go(struct plugin *plugin);

/* Looks, at most once a minute, whether the plugin's process should be replaced. */
void plugins_refresh(struct plugin *plugin, int64_t now_mono);

/* Ends all; closed is called when everything is gone and the memory given back. */
void plugins_close(struct plugins *plugins, int64_t grace_ms, void (*closed)(void *context), void *context);

#endif
