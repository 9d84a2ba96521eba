#include "holdings.h"

#include "holdings_parts.h"
#include "host_name.h"

/* Of data sources that share name and computer nobody knows whose jobs are told. */
static void find_jobs(struct holdings *holdings, struct map *owners, struct holdings_source *source)
{
    const char *key,
        *computer = source->computer == NULL ? "" : host_name_lower(&holdings->arena, source->computer->given);

    key = holdings_key(holdings, (const char *const[]){ source->name, computer }, 2);
    source->jobs = map_get(&holdings->jobs, key);
    if (map_put(owners, key, source) != NULL && source->jobs != NULL)
        ((struct holdings_jobs *)map_get(&holdings->jobs, key))->twice = true;
}

static void find_points(struct holdings *holdings, struct map *ids, struct map *owners, struct holdings_source *source)
{
    const char *id =
        source->computer == NULL ? NULL : map_get_bytes(ids, (const char *)&source->computer, sizeof source->computer);
    const char *key;

    if (id == NULL || source->group_id == NULL)
        return;
    key = holdings_key(holdings, (const char *const[]){ source->name, source->group_id, id }, 3);
    source->points = map_get(&holdings->points, key);
    if (map_put(owners, key, source) != NULL && source->points != NULL)
        ((struct holdings_points *)map_get(&holdings->points, key))->twice = true;
}

/* Pointers of computers -> their ids. */
static void list_ids(struct holdings *holdings, struct map *ids)
{
    const struct map_entry *entry;
    size_t at = 0;

    while ((entry = map_next(&holdings->computers, &at)) != NULL)
        map_put_bytes(ids, arena_bytes(&holdings->arena, &entry->value, sizeof entry->value), sizeof entry->value,
                      (void *)entry->key);
}

void holdings_join(struct holdings *holdings)
{
    struct map owners = MAP_EMPTY, ids = MAP_EMPTY;

    list_ids(holdings, &ids);
    vec_each (at, &holdings->sources) {
        struct holdings_source *source = *at;

        source->group = source->group_id == NULL ? NULL : map_get(&holdings->groups, source->group_id);
        if (source->computer != NULL)
            source->agent = map_get(&holdings->agents, host_name_lower(&holdings->arena, source->computer->given));
        if (source->group_id == NULL && !source->replica)
            continue;
        find_jobs(holdings, &owners, source);
        find_points(holdings, &ids, &owners, source);
    }
    map_finish(&ids);
    map_finish(&owners);
}
