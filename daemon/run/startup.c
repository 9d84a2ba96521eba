#include "startup.h"

#include "assets_rules.h"
#include "clock.h"
#include "mem.h"

#include <stdlib.h>

static struct state_target target_of(const struct config_target *config)
{
    return (struct state_target){
        .name = config->name,
        .was = config->was,
        .plugin = config->plugin,
        .scope = config->scope,
        .credential = config->credential == NULL ? NULL : config->credential->name,
        .tags = config->tags,
        .tag_count = config->tag_count,
        .every_ms = config->every_ms,
        .max_age_ms = config->max_age_ms,
    };
}

void startup_init(struct startup *startup, struct config *config)
{
    arena_init(&startup->arena, ARENA_PLAIN);
    startup->config = config;
    startup->lasts = mem_new(config->targets.count + 1, sizeof *startup->lasts);
    startup->targets = mem_new(config->targets.count + 1, sizeof *startup->targets);
    startup->credentials = mem_new(config->credentials.count + 1, sizeof *startup->credentials);
    for (size_t i = 0; i < config->targets.count; i++)
        startup->targets[i] = target_of(&config->targets.items[i]);
}

void startup_finish(struct startup *startup)
{
    arena_finish(&startup->arena);
    free(startup->lasts);
    free(startup->targets);
    free(startup->credentials);
}

static bool load_credentials(struct startup *startup, struct store *store, struct err *err)
{
    const struct config *config = startup->config;
    const char **names = mem_new(config->credentials.count + 1, sizeof *names);
    bool good = true;

    for (size_t i = 0; i < config->credentials.count && good; i++) {
        struct fleet_known *known = &startup->credentials[i];

        names[i] = config->credentials.items[i].name;
        good = state_credential(store, names[i], &known->state, &known->known, err);
    }
    good = good && state_keep_credentials(store, names, config->credentials.count, clock_wall_ms(&clock_system), err);
    free(names);
    return good;
}

static bool load_targets(struct startup *startup, struct store *store, struct err *err)
{
    size_t count = startup->config->targets.count;
    bool good = state_apply(store, startup->targets, count, clock_wall_ms(&clock_system), err);

    arena_reset(&startup->arena);
    for (size_t i = 0; i < count && good; i++)
        good = last_load(store, startup->targets[i].id, &startup->arena, &startup->lasts[i], err);
    return good;
}

bool startup_load(struct startup *startup, struct store *store, const struct identity_rules *rules, struct err *err)
{
    return load_targets(startup, store, err) && load_credentials(startup, store, err) &&
           assets_rules_take(store, rules, clock_wall_ms(&clock_system), err);
}
