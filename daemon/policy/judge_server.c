#include "judge_parts.h"

#include <stdlib.h>
#include <string.h>

#define OWN_FACTS 8

/* Facts on their way into one thing: of one name, the first is kept. */
struct gathering {
    struct attribute *facts;
    size_t count, capacity;
    struct arena *arena;
};

static void add_fact(struct gathering *gathering, const char *name, const struct value *value)
{
    if (gathering->count < gathering->capacity)
        gathering->facts[gathering->count++] = (struct attribute){ .name = name, .value = *value };
}

static void add_text(struct gathering *gathering, const char *name, const char *text)
{
    if (text != NULL)
        add_fact(gathering, name, &(struct value){ .type = VALUE_TEXT, .text = text });
}

static bool starts(const char *text, const char *start)
{
    return strncmp(text, start, strlen(start)) == 0;
}

/* Whether sources say different things: any target can claim to have seen a backup server, on whose facts the verdicts
 * of all others rest, so that none of them is believed then. */
static bool is_contested(const struct thing *asset, const char *name)
{
    for (size_t i = 0; i < asset->other_count; i++) {
        if (strcmp(asset->others[i].name, name) == 0)
            return true;
    }
    return false;
}

/* changed: judged under another product than its own, of whose updates what was scanned says nothing. */
static void add_asset(struct gathering *gathering, const struct thing *asset, bool changed)
{
    for (size_t i = 0; asset != NULL && i < asset->fact_count; i++) {
        const struct attribute *fact = &asset->facts[i];
        if ((!changed || !starts(fact->name, "backup.")) && !is_contested(asset, fact->name))
            add_fact(gathering, fact->name, &fact->value);
    }
}

static void add_machine(struct gathering *gathering, const struct thing *machine)
{
    for (size_t i = 0; machine != NULL && i < machine->fact_count; i++) {
        const char *name = machine->facts[i].name;
        if (starts(name, "os.") || starts(name, "guest.") || starts(name, "domain."))
            add_fact(gathering, name, &machine->facts[i].value);
    }
}

static void add_configured(struct gathering *gathering, const struct estate_server *configured, bool changed)
{
    struct value trusts = { .type = VALUE_LIST };

    if (configured == NULL)
        return;
    if (!changed)
        add_text(gathering, "update", configured->update);
    add_text(gathering, "site", configured->site);
    add_text(gathering, "domain.name", configured->domain);
    add_text(gathering, "version", configured->os);
    trusts.list.texts = configured->trusts;
    trusts.list.count = configured->trust_count;
    if (configured->trusts != NULL)
        add_fact(gathering, "domain.trusts", &trusts);
}

/* Stable, so that of one name the first that was added stays first. */
static void sort_facts(struct gathering *gathering)
{
    size_t kept = 0;

    for (size_t i = 1; i < gathering->count; i++) {
        struct attribute moved = gathering->facts[i];
        size_t at = i;
        for (; at > 0 && strcmp(gathering->facts[at - 1].name, moved.name) > 0; at--)
            gathering->facts[at] = gathering->facts[at - 1];
        gathering->facts[at] = moved;
    }
    for (size_t i = 0; i < gathering->count; i++) {
        if (kept == 0 || strcmp(gathering->facts[kept - 1].name, gathering->facts[i].name) != 0)
            gathering->facts[kept++] = gathering->facts[i];
    }
    gathering->count = kept;
}

/* Of two, neither is believed to be the one. */
const struct thing *judge_server_machine(const struct judge *judge, const struct thing *asset)
{
    size_t at = 0;
    const struct thing_tie *tie = asset == NULL ? NULL : thing_tie(asset, "hosted_on", true, &at);
    const struct thing_tie *next = tie == NULL ? NULL : thing_tie(asset, "hosted_on", true, &at);

    return tie == NULL || (next != NULL && next->far != tie->far) ? NULL : judge_find(judge, tie->far);
}

/* As a thing: the configuration's word counts above that of scans, and the asset's above its machine's. */
static void make_thing(struct judge *judge, struct served *server, bool changed)
{
    static const char *const kinds[] = { "backup_server" };
    const struct thing *asset = server->asset, *machine = judge_server_machine(judge, asset);
    size_t capacity = OWN_FACTS + (asset == NULL ? 0 : asset->fact_count) + (machine == NULL ? 0 : machine->fact_count);
    struct gathering gathering = { .capacity = capacity, .arena = &judge->arena };

    gathering.facts = arena_alloc(&judge->arena, capacity * sizeof *gathering.facts);
    add_text(&gathering, "product", server->product == NULL ? NULL : server->product->name);
    add_configured(&gathering, server->configured, changed);
    add_asset(&gathering, asset, changed);
    add_machine(&gathering, machine);
    sort_facts(&gathering);
    server->thing = asset == NULL ? (struct thing){ .id = INT64_MAX } : *asset;
    server->thing.kind = kinds[0];
    server->thing.kinds = kinds;
    server->thing.kind_count = 1;
    server->thing.name = server->name;
    server->thing.facts = gathering.facts;
    server->thing.fact_count = gathering.count;
}

static unsigned server_places(struct judge *judge, const struct served *server)
{
    const struct thing *machine = judge_server_machine(judge, server->asset);
    int place = server->configured == NULL ? -1 : judge_place_find(server->configured->installation);

    if (place >= 0)
        return 1U << place;
    return machine == NULL ? PLACE_ALL : judge_place(judge, machine);
}

static const struct product *own_product(struct judge *judge, const struct thing *asset,
                                         const struct estate_server *configured)
{
    const struct matrix *matrix = judge->setting.matrix;

    if (configured != NULL && configured->product != NULL)
        return products_find(matrix->products, configured->product);
    return judge_scanned_product(judge, asset);
}

static const char *server_name(const struct thing *asset, const struct estate_server *configured, const char *name)
{
    if (configured != NULL)
        return configured->name;
    if (asset == NULL)
        return name;
    return asset->name != NULL ? asset->name : "";
}

static struct served *make_server(struct judge *judge, const struct thing *asset,
                                  const struct estate_server *configured, const char *name,
                                  const struct product *product)
{
    struct served *server = arena_alloc(&judge->arena, sizeof *server);
    const struct product *own = own_product(judge, asset, configured);

    server->name = server_name(asset, configured, name);
    server->asset = asset;
    server->configured = configured;
    server->product = product != NULL ? product : own;
    server->edition = server->product == NULL ? NULL : matrix_edition(judge->setting.matrix, server->product->name);
    server->places = server_places(judge, server);
    server->places_named = server->edition == NULL ? PLACE_ALL : judge_listed_places(judge, server->edition);
    server->scanned = judge_scanned_product(judge, asset);
    server->conflict = judge_contradiction(judge, server);
    make_thing(judge, server, product != NULL && product != own && own != NULL);
    return server;
}

/* Things that are protected name few servers, over and over, and nobody knows how dear it is to look one up. */
const struct thing *judge_server_asset(struct judge *judge, const char *name)
{
    struct world *world = judge->setting.world;
    const struct thing **found;

    if (world == NULL || world->server == NULL || name == NULL)
        return NULL;
    found = map_get(&judge->named, name);
    if (found == NULL) {
        found = arena_alloc(&judge->arena, sizeof *found);
        *found = world->server(world, name);
        map_put(&judge->named, arena_text(&judge->arena, name), found);
    }
    return *found;
}

struct served *judge_served(struct judge *judge, const struct thing *asset, const struct estate_server *configured,
                            const char *name, const struct product *product)
{
    const void *parts[4] = { asset, configured, name, product };
    struct served *server = map_get_bytes(&judge->servers, (const char *)parts, sizeof parts);

    if (server != NULL)
        return server;
    server = make_server(judge, asset, configured, name, product);
    map_put_bytes(&judge->servers, arena_bytes(&judge->arena, parts, sizeof parts), sizeof parts, server);
    return server;
}
