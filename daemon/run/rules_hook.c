#include "rules_hook.h"

static struct hook_words copy_words(struct arena *arena, const struct config_words *from)
{
    const char **words = arena_alloc(arena, from->count * sizeof *words);

    for (size_t i = 0; i < from->count; i++)
        words[i] = arena_text(arena, from->words[i]);
    return (struct hook_words){ words, from->count };
}

static struct hook copy_hook(struct arena *arena, const struct config_hook *from)
{
    return (struct hook){
        .name = arena_text(arena, from->name),
        .run = arena_text(arena, from->run),
        .settings = from->settings == NULL ? NULL : arena_text(arena, from->settings),
        .events = copy_words(arena, &from->events),
        .classes = copy_words(arena, &from->classes),
        .verdicts = copy_words(arena, &from->verdicts),
        .workloads = copy_words(arena, &from->workloads),
        .owners = copy_words(arena, &from->owners),
        .sites = copy_words(arena, &from->sites),
        .criticalities = copy_words(arena, &from->criticalities),
        .targets = copy_words(arena, &from->targets),
        .tags = copy_words(arena, &from->tags),
        .grace_ms = from->grace_ms,
        .window_ms = from->window_ms,
        .timeout_ms = from->timeout_ms,
        .give_up_ms = from->give_up_ms,
        .rate = from->rate,
        .storm = from->storm,
    };
}

struct hooks rules_hook_list(const struct config *config, struct arena *arena)
{
    struct hook *list = arena_alloc(arena, config->hooks.count * sizeof *list);

    for (size_t i = 0; i < config->hooks.count; i++)
        list[i] = copy_hook(arena, &config->hooks.items[i]);
    return (struct hooks){ list, config->hooks.count };
}
