#include "rules_hook.h"

#include "rules_words.h"

static struct hook copy_hook(struct arena *arena, const struct config_hook *from)
{
    return (struct hook){
        .name = arena_text(arena, from->name),
        .run = arena_text(arena, from->run),
        .settings = from->settings == NULL ? NULL : arena_text(arena, from->settings),
        .events = rules_words(arena, &from->events),
        .classes = rules_words(arena, &from->classes),
        .verdicts = rules_words(arena, &from->verdicts),
        .workloads = rules_words(arena, &from->workloads),
        .owners = rules_words(arena, &from->owners),
        .sites = rules_words(arena, &from->sites),
        .criticalities = rules_words(arena, &from->criticalities),
        .targets = rules_words(arena, &from->targets),
        .tags = rules_words(arena, &from->tags),
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
