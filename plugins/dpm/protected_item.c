#include "protected_item.h"

#include "facts.h"
#include "far.h"
#include "source_type.h"

#include <string.h>

#define MAX_INFERRED 16

/* One item in the making. */
struct writing {
    struct item *item;
    const struct holdings *holdings;
    const struct holdings_source *source;
    const struct source_type *type;
    struct arena *arena;
    const char *inferred[MAX_INFERRED]; /* attributes that no document vouches for */
    size_t inferred_count;
};

static void infer(struct writing *writing, const char *attribute)
{
    if (writing->inferred_count < MAX_INFERRED)
        writing->inferred[writing->inferred_count++] = attribute;
}

/* Whether the section was read; else the attribute is unread. */
static bool was_read(struct writing *writing, enum section_id id, const char *attribute)
{
    if (writing->holdings->read[id])
        return true;
    facts_unread(writing->item, attribute,
                 writing->holdings->why[id] != NULL ? writing->holdings->why[id] : "it was not asked for");
    return false;
}

/* ------------------------------------------------------------------------------------------------------ state ---- */

static const struct {
    int64_t validity;
    const char *state;
} ends[] = { { 5, "stopped" }, { 6, "inactive" } };

static const char *state_of_replica(const struct holdings_source *source, const char *otherwise)
{
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
        if (source->validity == ends[i].validity)
            return ends[i].state;
    }
    return otherwise;
}

static void write_state(struct writing *writing)
{
    const struct holdings_source *source = writing->source;
    bool grouped = source->group_id != NULL;
    const char *state = grouped ? "protected" : source->replica ? "inactive" : "unprotected";

    if (!grouped && !source->replica && !was_read(writing, SECTION_LOGICAL, "protected.state"))
        return;
    if (source->replica_only)
        state = source->ended ? "inactive" : state;
    else
        state = state_of_replica(source, state);
    facts_text(writing->item, "protected.state", state);
    /* That a data source in a group is protected is what scripts of its makers go by. */
    if (strcmp(state, "protected") != 0)
        infer(writing, "protected.state");
}

/* ------------------------------------------------------------------------------------------------------ group ---- */

static void write_group(struct writing *writing)
{
    const struct holdings_source *source = writing->source;
    const struct holdings_group *group = source->group;

    if (source->group_id == NULL)
        facts_text(writing->item, "protected.group", "");
    else if (group != NULL && group->name != NULL)
        facts_text(writing->item, "protected.group", group->name);
    else if (was_read(writing, SECTION_GROUPS, "protected.group"))
        facts_unread(writing->item, "protected.group", "its protection group is not among those that are shown");
    if (source->group_id == NULL || !was_read(writing, SECTION_INTENTS, "protected.disk") || group == NULL ||
        group->disk == DISK_UNTOLD)
        return;
    facts_bool(writing->item, "protected.disk", group->disk == DISK_YES);
}

static void write_cloud(struct writing *writing)
{
    if (writing->source->cloud >= 0)
        facts_bool(writing->item, "protected.online", writing->source->cloud != 0);
}

/* ------------------------------------------------------------------------------------------------- freshness ---- */

static void write_jobs(struct writing *writing)
{
    static const char twice[] = "several data sources of its computer have its name, and jobs tell names only";
    const struct holdings_jobs *jobs = writing->source->jobs;
    enum section_id id = writing->holdings->read[SECTION_DISK_JOBS] ? SECTION_DISK_JOBS : SECTION_JOBS;

    if (!was_read(writing, id, "protected.last_recovery_point")) {
        was_read(writing, id, "protected.last_failure");
        return;
    }
    if (jobs == NULL)
        return;
    if (jobs->twice) {
        facts_unread(writing->item, "protected.last_recovery_point", twice);
        facts_unread(writing->item, "protected.last_failure", twice);
        return;
    }
    facts_text(writing->item, "protected.last_recovery_point", jobs->good);
    facts_text(writing->item, "protected.last_failure", jobs->bad);
    /* That these times are UTC. */
    if (jobs->good != NULL)
        infer(writing, "protected.last_recovery_point");
    if (jobs->bad != NULL)
        infer(writing, "protected.last_failure");
}

static void write_points(struct writing *writing)
{
    const struct holdings_points *points = writing->source->points;

    if (!was_read(writing, SECTION_DISK_POINTS, "protected.recovery_points") || points == NULL)
        return;
    if (points->twice)
        facts_unread(writing->item, "protected.recovery_points", "several data sources have its name");
    else
        facts_int(writing->item, "protected.recovery_points", points->count);
}

/* ------------------------------------------------------------------------------------------------------ what ---- */

static void write_type(struct writing *writing)
{
    const struct holdings_source *source = writing->source;

    facts_text(writing->item, "protected.app_id", source->app_id);
    facts_text(writing->item, "protected.type", writing->type->word);
    if (writing->type->inferred)
        infer(writing, "protected.type");
    if (writing->type->of != TYPE_UNKNOWN)
        return;
    facts_unread(writing->item, "protected.type",
                 source->app_id != NULL
                     ? arena_format(writing->arena, "its AppId %s is none that is published", source->app_id)
                     : "nothing tells its AppId, and its name is of no type that is known");
}

static void write_texts(struct writing *writing, const char *attribute, const holdings_texts *texts)
{
    const char **copy;

    if (texts->count == 0)
        return;
    copy = arena_bytes(writing->arena, texts->items, texts->count * sizeof *copy);
    facts_set(writing->item, attribute, copy, texts->count);
}

static void write_paths(struct writing *writing)
{
    const struct holdings_source *source = writing->source;

    /* Of others they are their own names. */
    if (writing->type->of == TYPE_SYSTEM)
        write_texts(writing, "protected.components", &source->parts);
    if (writing->type->of != TYPE_FILES)
        return;
    if (source->trouble != NULL) {
        facts_unread(writing->item, "protected.paths", source->trouble);
        return;
    }
    write_texts(writing, "protected.paths", &source->paths);
    if (source->paths.count > 0)
        infer(writing, "protected.paths");
    else
        was_read(writing, SECTION_OBJECTS, "protected.paths");
}

static void write_computer(struct writing *writing)
{
    const struct holdings_computer *computer = writing->source->computer;

    if (computer == NULL) {
        if (was_read(writing, SECTION_SERVERS, "protected.computer"))
            facts_unread(writing->item, "protected.computer", "it is not among the computers that are shown");
        return;
    }
    facts_text(writing->item, "protected.computer", computer->name);
    if (computer->group != GROUP_UNTOLD)
        facts_bool(writing->item, "protected.resource_group", computer->group == GROUP_YES);
    /* Of virtual machines of a vCenter Server no agent is asked for. */
    if (was_read(writing, SECTION_AGENTS, "backup.agent_version"))
        facts_text(writing->item, "backup.agent_version", writing->source->agent);
}

static void write_target(struct writing *writing)
{
    struct far far;

    far_find(&far, writing->source, writing->type, writing->arena);
    for (size_t i = 0; i < far.count; i++)
        facts_link_by(writing->item, "protects", far.ends[i].kind, far.ends[i].attribute, far.ends[i].value);
    facts_text(writing->item, "protected.target", far.target);
    if (far.count == 0)
        facts_unread(writing->item, "protected.target", far.why);
    else if (writing->type->of != TYPE_FILES && writing->type->of != TYPE_SYSTEM)
        infer(writing, "protected.target");
}

void protected_item(struct item *item, const struct holdings *holdings, const struct holdings_source *source,
                    const char *server, struct arena *arena)
{
    struct writing writing = { .item = item, .holdings = holdings, .source = source, .arena = arena };

    writing.type = source_type_find(source);
    item_init(item, arena, "protected", source->key);
    facts_text(item, "id.name", source->name);
    facts_link(item, "protected_by", "backup_server", server);
    write_type(&writing);
    write_state(&writing);
    write_group(&writing);
    write_cloud(&writing);
    write_computer(&writing);
    write_paths(&writing);
    write_jobs(&writing);
    write_points(&writing);
    if (source->validity >= 0)
        facts_int(item, "protected.validity", source->validity);
    write_target(&writing);
    if (writing.inferred_count > 0)
        facts_set(item, "protected.inferred", writing.inferred, writing.inferred_count);
}
