#include "holdings.h"

#include "holdings_parts.h"

#include "cim_facts.h"
#include "cim_time.h"
#include "host_name.h"
#include "inquiry.h"
#include "xsd.h"

#include <string.h>
#include <strings.h>

#define DATABASE_VERSION "DatabaseVersion"

void holdings_init(struct holdings *holdings)
{
    *holdings = (struct holdings){ 0 };
    arena_init(&holdings->arena, ARENA_PLAIN);
}

void holdings_finish(struct holdings *holdings)
{
    vec_each (source, &holdings->sources) {
        vec_finish(&(*source)->paths);
        vec_finish(&(*source)->parts);
    }
    vec_finish(&holdings->sources);
    vec_finish(&holdings->patches);
    vec_finish(&holdings->nodes);
    map_finish(&holdings->computers);
    map_finish(&holdings->names);
    map_finish(&holdings->agents);
    map_finish(&holdings->groups);
    map_finish(&holdings->volumes);
    map_finish(&holdings->jobs);
    map_finish(&holdings->points);
    map_finish(&holdings->by_key);
    arena_finish(&holdings->arena);
}

void holdings_done(struct holdings *holdings, enum section_id id)
{
    holdings->read[id] = true;
}

/* What came before a section broke off would be taken for all of it. */
static void forget(struct holdings_source *source, enum section_id id)
{
    if (id == SECTION_OBJECTS) {
        vec_clear(&source->paths);
        vec_clear(&source->parts);
        source->trouble = NULL;
    } else if (id == SECTION_LOGICAL) {
        source->replica = false;
        source->validity = -1;
    }
}

void holdings_failed(struct holdings *holdings, enum section_id id, const char *why)
{
    holdings->why[id] = arena_text(&holdings->arena, why);
    vec_each (source, &holdings->sources)
        forget(*source, id);
}

/* ----------------------------------------------------------------------------------------------------- values ---- */

/* NULL where it is none. */
static const char *guid_of(struct holdings *holdings, const char *text)
{
    char uuid[CIM_UUID_SIZE];

    return text != NULL && cim_uuid(text, uuid) ? arena_text(&holdings->arena, uuid) : NULL;
}

static bool is_name(const char *text)
{
    return text != NULL && text[0] != '\0' && strnlen(text, HOLDINGS_MAX_NAME + 1) <= HOLDINGS_MAX_NAME;
}

static const char *name_of(struct holdings *holdings, const char *text)
{
    return is_name(text) ? arena_text(&holdings->arena, text) : NULL;
}

static const char *time_of(struct holdings *holdings, const char *text)
{
    char utc[CIM_TIME_SIZE];

    return cim_time_read(text, utc) ? arena_text(&holdings->arena, utc) : NULL;
}

const char *holdings_key(struct holdings *holdings, const char *const *texts, size_t count)
{
    const char *key = "";

    for (size_t i = 0; i < count; i++)
        key = arena_format(&holdings->arena, "%s%s\x1F", key, texts[i]);
    return host_name_lower(&holdings->arena, key);
}

/* ------------------------------------------------------------------------------------------------------- rows ---- */

/* Each takes the values of its section's columns. False: the row makes no sense. */
typedef bool take_row(struct holdings *holdings, const char *const *values);

static bool take_setting(struct holdings *holdings, const char *const *values)
{
    size_t digits = values[1] == NULL ? 0 : strspn(values[1], "0123456789.");

    if (values[0] == NULL || strcasecmp(values[0], DATABASE_VERSION) != 0 || digits == 0 || digits > 64)
        return false;
    holdings->version = arena_bytes(&holdings->arena, values[1], digits);
    return true;
}

static bool take_patch(struct holdings *holdings, const char *const *values)
{
    int64_t numbers[3];

    for (size_t i = 0; i < 3; i++) {
        if (!xsd_int(values[i], &numbers[i]) || numbers[i] < 0 || numbers[i] > 999999)
            return false;
    }
    if (holdings->patches.count == HOLDINGS_MAX_PATCHES)
        return false;
    vec_push(&holdings->patches,
             arena_format(&holdings->arena, "%d.%d.%d", (int)numbers[0], (int)numbers[1], (int)numbers[2]));
    return true;
}

/* A name that has no domain of its own gets that of its row. */
static const char *full_name(struct holdings *holdings, const char *name, const char *domain)
{
    const char *whole = host_name_lower(&holdings->arena, name);

    if (strchr(whole, '.') != NULL || !is_name(domain) || strchr(domain, '.') == NULL)
        return whole;
    return arena_format(&holdings->arena, "%s.%s", whole, host_name_lower(&holdings->arena, domain));
}

static bool take_server(struct holdings *holdings, const char *const *values)
{
    const char *id = guid_of(holdings, values[0]);
    struct holdings_computer *computer;
    int64_t group;

    if (id == NULL || !is_name(values[1]))
        return false;
    computer = arena_alloc(&holdings->arena, sizeof *computer);
    computer->given = arena_text(&holdings->arena, values[1]);
    computer->name = full_name(holdings, values[1], values[3]);
    if (xsd_int(values[4], &group))
        computer->group = group != 0 ? GROUP_YES : GROUP_NO;
    map_put(&holdings->computers, id, computer);
    map_put(&holdings->names, host_name_lower(&holdings->arena, values[1]), computer);
    return true;
}

static bool take_agent(struct holdings *holdings, const char *const *values)
{
    const char *version = name_of(holdings, values[1]);

    if (!is_name(values[0]) || version == NULL)
        return false;
    map_put(&holdings->agents, host_name_lower(&holdings->arena, values[0]), (void *)version);
    return true;
}

static struct holdings_group *group_of(struct holdings *holdings, const char *id)
{
    struct holdings_group *group = map_get(&holdings->groups, id);

    if (group == NULL) {
        group = arena_alloc(&holdings->arena, sizeof *group);
        map_put(&holdings->groups, id, group);
    }
    return group;
}

static bool take_group(struct holdings *holdings, const char *const *values)
{
    const char *id = guid_of(holdings, values[0]), *name = name_of(holdings, values[1]);

    if (id == NULL || name == NULL)
        return false;
    group_of(holdings, id)->name = name;
    return true;
}

static bool take_intent(struct holdings *holdings, const char *const *values)
{
    const char *id = guid_of(holdings, values[0]);
    struct holdings_group *group;

    if (id == NULL)
        return false;
    group = group_of(holdings, id);
    if (group->name == NULL)
        group->name = name_of(holdings, values[1]);
    group->disk = values[2] != NULL ? DISK_YES : DISK_NO;
    return true;
}

static struct holdings_source *add_source(struct holdings *holdings, const char *key, const char *name)
{
    struct holdings_source *source;

    if (holdings->sources.count == HOLDINGS_MAX_SOURCES) {
        holdings->too_many = true;
        return NULL;
    }
    source = arena_alloc(&holdings->arena, sizeof *source);
    source->key = key;
    source->name = name;
    source->cloud = source->validity = -1;
    vec_push(&holdings->sources, source);
    map_put(&holdings->by_key, key, source);
    return source;
}

static bool take_source(struct holdings *holdings, const char *const *values)
{
    const char *id = guid_of(holdings, values[0]), *name = name_of(holdings, values[1]),
               *server = guid_of(holdings, values[2]);
    struct holdings_source *source;

    if (id == NULL || name == NULL || map_get(&holdings->by_key, id) != NULL)
        return false;
    source = add_source(holdings, id, name);
    if (source == NULL)
        return true;
    source->computer = server == NULL ? NULL : map_get(&holdings->computers, server);
    source->group_id = guid_of(holdings, values[3]);
    source->app_id = guid_of(holdings, values[4]);
    if (!xsd_int(values[5], &source->cloud) || source->cloud < 0)
        source->cloud = -1;
    return true;
}

enum { VALIDITY_STOPPED = 5 };

/* One may have several, of which those that are of use count before those that were stopped. */
static bool take_logical(struct holdings *holdings, const char *const *values)
{
    const char *id = guid_of(holdings, values[0]);
    struct holdings_source *source = id == NULL ? NULL : map_get(&holdings->by_key, id);
    int64_t validity;

    if (id == NULL)
        return false;
    if (source == NULL)
        return true;
    if (!xsd_int(values[1], &validity) || validity < 0)
        validity = -1;
    if (!source->replica || (source->validity >= VALIDITY_STOPPED && validity < source->validity))
        source->validity = validity;
    source->replica = true;
    return true;
}

static void note_node(struct holdings *holdings, const char *name)
{
    const char *node = host_name_lower(&holdings->arena, name);

    vec_each (known, &holdings->nodes) {
        if (strcmp(*known, node) == 0)
            return;
    }
    if (holdings->nodes.count < HOLDINGS_MAX_PARTS)
        vec_push(&holdings->nodes, node);
}

static const struct holdings_computer *computer_named(struct holdings *holdings, const char *name)
{
    struct holdings_computer *computer = map_get(&holdings->names, host_name_lower(&holdings->arena, name));

    if (computer == NULL) {
        computer = arena_alloc(&holdings->arena, sizeof *computer);
        computer->given = arena_text(&holdings->arena, name);
        computer->name = host_name_lower(&holdings->arena, name);
        map_put(&holdings->names, computer->name, computer);
    }
    return computer;
}

/* What is told of a replica is all there is where data sources could not be read. */
static bool take_replica(struct holdings *holdings, const char *const *values)
{
    const char *id = guid_of(holdings, values[0]), *name = name_of(holdings, values[1]);
    struct holdings_source *source;

    if (values[5] != NULL && host_name_is(values[5]))
        note_node(holdings, values[5]);
    if (holdings->read[SECTION_SOURCES])
        return true;
    if (id == NULL || name == NULL || map_get(&holdings->by_key, id) != NULL)
        return false;
    source = add_source(holdings, id, name);
    if (source == NULL)
        return true;
    source->replica_only = source->replica = true;
    source->computer = is_name(values[2]) ? computer_named(holdings, values[2]) : NULL;
    source->group_id = guid_of(holdings, values[3]);
    source->ended = values[4] != NULL;
    return true;
}

static bool take_points(struct holdings *holdings, const char *const *values)
{
    const char *group = guid_of(holdings, values[1]), *server = guid_of(holdings, values[2]), *key;
    struct holdings_points *points;
    int64_t count;

    if (!is_name(values[0]) || group == NULL || server == NULL || !xsd_int(values[3], &count) || count < 0)
        return false;
    key = holdings_key(holdings, (const char *const[]){ values[0], group, server }, 3);
    points = map_get(&holdings->points, key);
    if (points != NULL) {
        points->twice = true;
        return true;
    }
    points = arena_alloc(&holdings->arena, sizeof *points);
    points->count = count;
    map_put(&holdings->points, key, points);
    return true;
}

static bool take_jobs(struct holdings *holdings, const char *const *values)
{
    struct holdings_jobs *jobs;

    if (!is_name(values[0]) || !is_name(values[1]))
        return false;
    jobs = arena_alloc(&holdings->arena, sizeof *jobs);
    jobs->good = time_of(holdings, values[2]);
    jobs->bad = time_of(holdings, values[3]);
    map_put(&holdings->jobs,
            holdings_key(holdings, (const char *const[]){ values[0], host_name_lower(&holdings->arena, values[1]) }, 2),
            jobs);
    return (values[2] == NULL || jobs->good != NULL) && (values[3] == NULL || jobs->bad != NULL);
}

static bool has_text(const holdings_texts *texts, const char *text)
{
    vec_each (known, texts) {
        if (strcasecmp(*known, text) == 0)
            return true;
    }
    return false;
}

static bool add_text(struct holdings *holdings, holdings_texts *texts, const char *text, size_t most)
{
    if (has_text(texts, text))
        return true;
    if (texts->count == most)
        return false;
    vec_push(texts, arena_text(&holdings->arena, text));
    return true;
}

struct adding {
    struct holdings *holdings;
    struct holdings_source *source;
};

static void add_path(void *context, const char *path)
{
    struct adding *adding = context;

    if (!add_text(adding->holdings, &adding->source->paths, path, HOLDINGS_MAX_PATHS) &&
        adding->source->trouble == NULL)
        adding->source->trouble =
            arena_format(&adding->holdings->arena, "it names more than %d paths", HOLDINGS_MAX_PATHS);
}

static void add_identifier(void *context, const char *text)
{
    struct adding *adding = context;
    const char *guid = guid_of(adding->holdings, text);

    if (guid != NULL)
        adding->source->guid = guid;
}

static bool take_object(struct holdings *holdings, const char *const *values)
{
    const char *id = guid_of(holdings, values[0]);
    struct adding adding = { holdings, id == NULL ? NULL : map_get(&holdings->by_key, id) };
    struct err err;

    if (id == NULL)
        return false;
    if (adding.source == NULL)
        return true;
    if (is_name(values[1]))
        add_text(holdings, &adding.source->parts, values[1], HOLDINGS_MAX_PARTS);
    if (values[2] != NULL && !inquiry_paths(values[2], add_path, &adding, &err))
        adding.source->trouble = arena_format(&holdings->arena, "LogicalPath: %s", err.text);
    if (values[3] != NULL)
        inquiry_identifier(values[3], add_identifier, &adding, &err);
    return true;
}

static bool take_volume(struct holdings *holdings, const char *const *values)
{
    const char *id = guid_of(holdings, values[0]), *path = name_of(holdings, values[1]);

    if (id == NULL || path == NULL)
        return false;
    map_put(&holdings->volumes, id, (void *)path);
    return true;
}

/* Only where the paths themselves are not told: a volume says where they lie, not what of it is protected. */
static bool take_source_volume(struct holdings *holdings, const char *const *values)
{
    const char *id = guid_of(holdings, values[0]), *volume = guid_of(holdings, values[1]), *path;
    struct adding adding = { holdings, id == NULL ? NULL : map_get(&holdings->by_key, id) };

    if (id == NULL || volume == NULL)
        return false;
    path = map_get(&holdings->volumes, volume);
    if (adding.source != NULL && path != NULL && adding.source->paths.count == 0 && inquiry_is_path(path))
        add_path(&adding, path);
    return true;
}

static take_row *const takers[SECTION_COUNT] = {
    [SECTION_SETTINGS] = take_setting,
    [SECTION_PATCHES] = take_patch,
    [SECTION_SERVERS] = take_server,
    [SECTION_AGENTS] = take_agent,
    [SECTION_GROUPS] = take_group,
    [SECTION_INTENTS] = take_intent,
    [SECTION_SOURCES] = take_source,
    [SECTION_LOGICAL] = take_logical,
    [SECTION_REPLICAS] = take_replica,
    [SECTION_DISK_POINTS] = take_points,
    [SECTION_JOBS] = take_jobs,
    [SECTION_DISK_JOBS] = take_jobs,
    [SECTION_OBJECTS] = take_object,
    [SECTION_VOLUMES] = take_volume,
    [SECTION_SOURCE_VOLUMES] = take_source_volume,
};

void holdings_take(struct holdings *holdings, enum section_id id, const char *const *values, size_t count)
{
    const char *all[SECTION_MAX_COLUMNS] = { NULL };

    for (size_t i = 0; i < count && i < SECTION_MAX_COLUMNS; i++)
        all[i] = values[i];
    holdings->passed_over[id] += !takers[id](holdings, all);
}
