#include "rules_maintenance.h"

#include "rules_words.h"

static struct maintenance_window copy_window(struct arena *arena, const struct config_maintenance *from)
{
    return (struct maintenance_window){
        .name = arena_text(arena, from->name),
        .targets = rules_words(arena, &from->targets),
        .tags = rules_words(arena, &from->tags),
        .zone = rules_zone(arena, &from->zone),
        .weekly = from->weekly,
        .days = from->days,
        .begin_minute = from->begin_minute,
        .minutes = from->minutes,
        .from = from->from,
        .until = from->until,
    };
}

struct maintenance rules_maintenance_list(const struct config *config, struct arena *arena)
{
    struct maintenance_window *list = arena_alloc(arena, config->maintenances.count * sizeof *list);

    for (size_t i = 0; i < config->maintenances.count; i++)
        list[i] = copy_window(arena, &config->maintenances.items[i]);
    return (struct maintenance){ list, config->maintenances.count };
}
