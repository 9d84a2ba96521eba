#include "rules.h"

#include "arena.h"
#include "config.h"
#include "hook.h"
#include "identity.h"
#include "judging.h"
#include "knowledge.h"
#include "maintenance.h"
#include "mem.h"
#include "report_order.h"
#include "rules_estate.h"
#include "rules_hook.h"
#include "rules_maintenance.h"
#include "rules_report.h"

#include <stdlib.h>

struct rules {
    unsigned references;
    struct arena arena;
    struct identity_rules identities;
    struct knowledge *knowledge;
    struct estate estate;
    struct basis basis;
    struct hooks hooks;
    struct maintenance maintenance;
    struct report_orders reports;
};

static const char *copy(struct arena *arena, const char *text)
{
    return text == NULL ? NULL : arena_text(arena, text);
}

static struct identity_rule copy_rule(struct arena *arena, const struct config_identity *from)
{
    struct identity_ref *items = arena_alloc(arena, from->count * sizeof *items);

    for (size_t i = 0; i < from->count; i++) {
        items[i] = (struct identity_ref){
            .scope = copy(arena, from->items[i].scope),
            .kind = copy(arena, from->items[i].kind),
            .key = copy(arena, from->items[i].key),
        };
    }
    return (struct identity_rule){
        .join = from->join, .items = items, .count = from->count, .reason = copy(arena, from->reason)
    };
}

struct rules *rules_create(const struct config *config, struct knowledge *knowledge)
{
    struct rules *rules = mem_new(1, sizeof *rules);
    struct identity_rule *list;

    rules->references = 1;
    arena_init(&rules->arena, ARENA_PLAIN);
    list = arena_alloc(&rules->arena, config->identities.count * sizeof *list);
    for (size_t i = 0; i < config->identities.count; i++)
        list[i] = copy_rule(&rules->arena, &config->identities.items[i]);
    rules->identities = (struct identity_rules){ list, config->identities.count };
    rules->knowledge = knowledge;
    rules->estate = rules_estate(config, &rules->arena);
    rules->hooks = rules_hook_list(config, &rules->arena);
    rules->maintenance = rules_maintenance_list(config, &rules->arena);
    rules->reports = rules_report_list(config, &rules->arena);
    rules->basis = basis_make(knowledge_matrix(knowledge), &rules->estate);
    return rules;
}

struct rules *rules_keep(struct rules *rules)
{
    rules->references++;
    return rules;
}

void rules_release(struct rules *rules)
{
    if (rules == NULL || --rules->references > 0)
        return;
    knowledge_unload(rules->knowledge);
    arena_finish(&rules->arena);
    free(rules);
}

const struct identity_rules *rules_identities(const struct rules *rules)
{
    return &rules->identities;
}

const struct basis *rules_basis(const struct rules *rules)
{
    return &rules->basis;
}

const struct hooks *rules_hooks(const struct rules *rules)
{
    return &rules->hooks;
}

const struct maintenance *rules_maintenance(const struct rules *rules)
{
    return &rules->maintenance;
}

const struct report_orders *rules_reports(const struct rules *rules)
{
    return &rules->reports;
}
