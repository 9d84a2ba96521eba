/* What becomes of the fleet when a configuration comes into force. */
#include "fleet.h"
#include "handback.h"
#include "map.h"
#include "mem.h"
#include "startup.h"

#include <stdlib.h>
#include <string.h>

/* -------------------------------------------------------------------------------------------------- the slots ---- */

static void set_slots(struct fleet *fleet, const struct config *config)
{
    size_t count = plugins_count(fleet->plugins);
    size_t *slots = mem_new(count + 1, sizeof *slots);

    for (size_t i = 0; i < count; i++)
        slots[i] = plugins_at(fleet->plugins, i)->slots;
    schedule_set_slots(fleet->schedule, config->slots, slots, count);
    free(slots);
    for (size_t i = 0; i < count; i++) {
        const struct plugin *plugin = plugins_at(fleet->plugins, i);

        schedule_plugin_ready(fleet->schedule, i, plugin->host != NULL && host_is_ready(plugin->host));
    }
}

/* -------------------------------------------------------------------------------------------- the credentials ---- */

static struct fleet_credential *credential_named(struct fleet *fleet, const char *name)
{
    list_each (node, &fleet->credentials) {
        struct fleet_credential *credential = list_entry(node, struct fleet_credential, link);

        if (strcmp(credential->name, name) == 0)
            return credential;
    }
    return NULL;
}

static void take_credential(struct fleet *fleet, const struct config_credential *config,
                            const struct fleet_known *known)
{
    struct fleet_credential *credential = credential_named(fleet, config->name);

    if (credential == NULL) {
        credential = mem_new(1, sizeof *credential);
        credential->number = ++fleet->last_number;
        credential->name = mem_text(config->name);
        credential->schedule = schedule_add_credential(fleet->schedule, credential->name,
                                                       known->known ? &known->state : NULL, fleet_now());
        list_append(&fleet->credentials, &credential->link);
    }
    credential->config = config;
    credential->told = false;
}

static void take_credentials(struct fleet *fleet, const struct config *config, const struct fleet_known *known)
{
    list_each (node, &fleet->credentials)
        list_entry(node, struct fleet_credential, link)->config = NULL;
    for (size_t i = 0; i < config->credentials.count; i++)
        take_credential(fleet, &config->credentials.items[i], &known[i]);
}

/* ------------------------------------------------------------------------------------------------ the targets ---- */

static bool same_given(const struct option_given *a, const struct option_given *b)
{
    if (strcmp(a->name, b->name) != 0 || a->count != b->count)
        return false;
    for (size_t i = 0; i < a->count; i++) {
        if (strcmp(a->texts[i], b->texts[i]) != 0)
            return false;
    }
    return true;
}

static bool same_source(const struct config_target *a, const struct config_target *b)
{
    if (strcmp(a->plugin, b->plugin) != 0 || a->options.count != b->options.count ||
        (a->credential == NULL) != (b->credential == NULL) ||
        (a->credential != NULL && strcmp(a->credential->name, b->credential->name) != 0))
        return false;
    for (size_t i = 0; i < a->options.count; i++) {
        if (!same_given(&a->options.given[i], &b->options.given[i]))
            return false;
    }
    return true;
}

static struct schedule_spec spec_of(const struct target *target)
{
    return (struct schedule_spec){
        .name = target->name,
        .plugin = target->plugin->number,
        .credential = target->credential,
        .every_ms = target->config->every_ms,
    };
}

/* A token, the failures of a target and the run under way belong to its origin: with another, it starts afresh. */
static void change_origin(struct fleet *fleet, struct target *target, struct config *config)
{
    if (target->origin != NULL)
        handback_order(fleet, target->origin, &target->token);
    origin_release(target->origin);
    target->origin = origin_create(fleet, config, target->config);
}

static void change_target(struct fleet *fleet, struct target *target, bool same)
{
    const struct schedule_spec spec = spec_of(target);

    schedule_change(fleet->schedule, target->entry, &spec, fleet_now());
    if (same)
        return;
    if (target->scan != NULL)
        scan_cancel(target->scan, "its options were changed, and it begins anew with them");
    schedule_forgive(fleet->schedule, target->entry, fleet_now());
}

static void add_target(struct fleet *fleet, struct target *target, const struct state_target *state,
                       const struct last *last)
{
    const struct schedule_spec spec = spec_of(target);

    list_append(&fleet->targets, &target->link);
    fleet->count++;
    target->entry = schedule_add(fleet->schedule, &spec, &state->schedule, target, fleet_now());
    target_set_last(target, last->result, last->message, last->started_at, last->ended_at);
    target->last.held = (uint64_t)last->held;
    target->last.items = (uint64_t)last->items;
}

/* Which target of the former configuration this one continues is the database's to say: names may have changed places.
 */
static void take_target(struct fleet *fleet, struct map *former, const struct startup *startup, size_t number)
{
    const struct config_target *config = &startup->config->targets.items[number];
    const struct state_target *state = &startup->targets[number];
    struct target *target = map_remove_bytes(former, (const char *)&state->id, sizeof state->id);
    bool is_new = target == NULL;
    bool same = !is_new && same_source(target->config, config);
    char *former_name = is_new ? NULL : target->name;

    if (is_new)
        target = target_create(fleet);
    target->name = mem_text(config->name);
    target->config = config;
    target->id = state->id;
    if (same)
        origin_move(target->origin, startup->config, config);
    else
        change_origin(fleet, target, startup->config);
    target->plugin = target->origin->plugin;
    target->credential =
        config->credential == NULL ? NULL : credential_named(fleet, config->credential->name)->schedule;
    if (is_new)
        add_target(fleet, target, state, &startup->lasts[number]);
    else
        change_target(fleet, target, same);
    free(former_name); /* the schedule borrows a name until it is given another */
}

static void remove_target(struct fleet *fleet, struct target *target)
{
    target->removed = true;
    target->config = NULL;
    handback_order(fleet, target->origin, &target->token);
    if (target->scan != NULL)
        scan_cancel(target->scan, "the configuration does not have this target any more");
    else
        fleet_release(fleet, target);
}

void fleet_configure(struct fleet *fleet, const struct startup *startup, struct rules *rules)
{
    const struct config *config = startup->config;
    struct map former = MAP_EMPTY; /* by number */
    const struct map_entry *entry;
    size_t at = 0;

    fleet->memory = (size_t)config->scan_memory;
    budget_set_limit(fleet->budget, fleet->memory);
    rules_release(fleet->rules);
    fleet->rules = rules;
    set_slots(fleet, config);
    take_credentials(fleet, config, startup->credentials);
    list_each (node, &fleet->targets) {
        struct target *target = list_entry(node, struct target, link);

        if (!target->removed)
            map_put_bytes(&former, (const char *)&target->id, sizeof target->id, target);
    }
    for (size_t i = 0; i < config->targets.count; i++)
        take_target(fleet, &former, startup, i);
    while ((entry = map_next(&former, &at)) != NULL)
        remove_target(fleet, entry->value);
    map_finish(&former);
    fleet_maintain(fleet, true);
    fleet_drop_credentials(fleet);
}
