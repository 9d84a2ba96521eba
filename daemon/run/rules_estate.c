#include "rules_estate.h"

static const char *copy(struct arena *arena, const char *text)
{
    return text == NULL ? NULL : arena_text(arena, text);
}

/* None at all is said, too; what is not given stays so, for a scan to tell. */
static const char *const *copy_texts(struct arena *arena, const char *const *texts, size_t count)
{
    const char **copies;

    if (texts == NULL)
        return NULL;
    copies = arena_alloc(arena, count * sizeof *copies);
    for (size_t i = 0; i < count; i++)
        copies[i] = arena_text(arena, texts[i]);
    return copies;
}

static struct estate_server copy_server(struct arena *arena, const struct config_backup_server *from)
{
    return (struct estate_server){
        .name = copy(arena, from->name),
        .product = copy(arena, from->product),
        .update = copy(arena, from->update),
        .installation = copy(arena, from->installation),
        .os = copy(arena, from->os),
        .domain = copy(arena, from->domain),
        .site = copy(arena, from->site),
        .trusts = copy_texts(arena, from->trusts, from->trust_count),
        .trust_count = from->trust_count,
    };
}

static struct estate_rule copy_rule(struct arena *arena, const struct config_assign *from)
{
    return (struct estate_rule){
        .where = {
            .workload = copy(arena, from->where.workload),
            .kind = copy(arena, from->where.kind),
            .name = copy(arena, from->where.name),
            .folder = copy(arena, from->where.folder),
            .ou = copy(arena, from->where.ou),
            .attribute = copy(arena, from->where.attribute),
            .value = copy(arena, from->where.value),
            .tag = copy(arena, from->where.tag),
            .target = copy(arena, from->where.target),
        },
        .server = copy(arena, from->server),
        .by = copy(arena, from->by),
        .owner = copy(arena, from->owner),
        .site = copy(arena, from->site),
        .installation = copy(arena, from->installation),
        .criticality = copy(arena, from->criticality),
        .reason = copy(arena, from->reason),
    };
}

struct estate rules_estate(const struct config *config, struct arena *arena)
{
    size_t servers = config->backup_servers.count, rules = config->assigns.count;
    struct estate_server *server_list = arena_alloc(arena, servers * sizeof *server_list);
    struct estate_rule *rule_list = arena_alloc(arena, rules * sizeof *rule_list);
    struct estate estate = { server_list, servers, rule_list, rules, { 0 } };

    for (size_t i = 0; i < servers; i++)
        server_list[i] = copy_server(arena, &config->backup_servers.items[i]);
    for (size_t i = 0; i < rules; i++)
        rule_list[i] = copy_rule(arena, &config->assigns.items[i]);
    estate.hash = estate_hash(&estate);
    return estate;
}
