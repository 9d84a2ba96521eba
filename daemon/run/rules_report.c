#include "rules_report.h"

#include "rules_words.h"

static struct report_order copy_order(struct arena *arena, const struct config_report *from)
{
    return (struct report_order){
        .name = arena_text(arena, from->name),
        .plan = { from->every, from->day, from->minute, rules_zone(arena, &from->zone) },
        .formats = rules_words(arena, &from->formats),
        .folder = arena_text(arena, from->folder),
        .keep = from->keep,
        .title = rules_text(arena, from->title),
        .owner = rules_text(arena, from->owner),
        .site = rules_text(arena, from->site),
        .server = rules_text(arena, from->server),
        .workload = rules_text(arena, from->workload),
    };
}

struct report_orders rules_report_list(const struct config *config, struct arena *arena)
{
    struct report_order *list = arena_alloc(arena, config->reports.count * sizeof *list);

    for (size_t i = 0; i < config->reports.count; i++)
        list[i] = copy_order(arena, &config->reports.items[i]);
    return (struct report_orders){ list, config->reports.count };
}
