#include "config.h"

#include "interpret.h"
#include "paths.h"
#include "problem.h"
#include "source.h"

#include <malloc.h>
#include <stdlib.h>

static struct config *create(const char *path)
{
    struct config *config = mem_new(1, sizeof *config);

    config->references = 1;
    /* Wiped: there may be secrets in it. */
    arena_init(&config->arena, ARENA_SECRET);
    config->file = arena_text(&config->arena, path);
    paths_set_defaults(config);
    return config;
}

struct config *config_keep(struct config *config)
{
    config->references++;
    return config;
}

void config_unload(struct config *config)
{
    if (config == NULL || --config->references > 0)
        return;
    vec_finish(&config->plugins);
    vec_finish(&config->credentials);
    vec_finish(&config->targets);
    vec_finish(&config->backup_servers);
    vec_finish(&config->assigns);
    vec_finish(&config->identities);
    vec_finish(&config->hooks);
    vec_finish(&config->maintenances);
    vec_finish(&config->reports);
    arena_finish(&config->arena);
    free(config);
}

struct config *config_load(const char *path, struct config_problems *problems)
{
    struct config *config = create(path);
    struct config_place place;
    struct source source;
    struct err err;
    bool good;

    good = source_read(&source, path, SOURCE_TRUSTED, &config->arena, NULL, &place, &err);
    if (good)
        good = interpret(config, &source, true, problems);
    else
        problem_add(problems, place, "%s", err.text);
    source_finish(&source);
    if (!good) {
        config_unload(config);
        config = NULL;
    }
    /* The text and libconfig's tree are several times what stays of them, in many small pieces. */
    malloc_trim(0);
    return config;
}
