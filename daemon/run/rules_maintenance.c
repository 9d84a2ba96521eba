#include "rules_maintenance.h"

#include "rules_words.h"

/* The bytes were understood when the configuration was read; what they say is made anew, where it can stay. */
static const struct zone *copy_zone(const struct config_maintenance *from, struct arena *arena)
{
    const struct zone *zone = NULL;

    if (from->zone_bytes != NULL)
        zone = zone_read(from->zone_bytes, from->zone_size, arena, NULL);
    return zone == NULL ? zone_utc : zone;
}

static struct maintenance_window copy_window(struct arena *arena, const struct config_maintenance *from)
{
    return (struct maintenance_window){
        .name = arena_text(arena, from->name),
        .targets = rules_words(arena, &from->targets),
        .tags = rules_words(arena, &from->tags),
        .zone = copy_zone(from, arena),
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
