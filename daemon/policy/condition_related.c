#include "condition_parts.h"

#include "judge.h"
#include "name_set.h"
#include "text.h"

#include <string.h>

/* Collections go along fixed paths of ties, never along what they find there: no cycle of ties can hold them. */

static const char *const computers[] = { "machine", "hyperv_host", "vm", NULL };
static const char *const hosts[] = { "hyperv_host", "esxi_host", "machine", "cluster", NULL };
static const char *const nodes[] = { "hyperv_host", "machine", "esxi_host", NULL };
static const char *const clusters[] = { "cluster", NULL };
static const char *const instances[] = { "sql_instance", NULL };
static const char *const databases[] = { "database", NULL };
static const char *const groups[] = { "availability_group", NULL };
static const char *const exchange_servers[] = { "exchange_server", NULL };
static const char *const mailbox_databases[] = { "mailbox_database", NULL };
static const char *const datastores[] = { "datastore", NULL };
static const char *const vapps[] = { "vapp", NULL };
static const char *const protecteds[] = { "protected", NULL };

static bool is_any(const struct thing *thing, const char *const *kinds)
{
    for (size_t i = 0; kinds[i] != NULL; i++) {
        if (thing_is(thing, kinds[i]))
            return true;
    }
    return false;
}

static bool may_be_any(const char *kind, const char *const *kinds)
{
    for (size_t i = 0; kind != NULL && kinds[i] != NULL; i++) {
        if (strcmp(kinds[i], kind) == 0)
            return true;
    }
    return kind == NULL;
}

/* ------------------------------------------------------------------------------------------------------- gaps ---- */

static void leave_open(struct condition_walk *walk, const char *gap, const struct thing_tie *lost)
{
    if (!walk->incomplete) {
        walk->gap = gap;
        walk->lost = lost;
    }
    walk->incomplete = true;
}

static void leave_open_as(struct condition_walk *walk, const struct condition_walk *inner)
{
    if (inner->incomplete)
        leave_open(walk, inner->gap, inner->lost);
}

/* ------------------------------------------------------------------------------------------------------- ties ---- */

const struct thing *condition_far(struct condition_walk *walk, const struct thing_tie *tie, const char *const *kinds)
{
    struct world *world = judge_setting(walk->judge)->world;
    const struct thing *far = NULL;

    if (++walk->looked > CONDITION_MAX_RELATED) {
        leave_open(walk, condition_cut_off, NULL);
        walk->done = true;
        return NULL;
    }
    if (tie->far > 0 && world != NULL)
        far = world->find(world, tie->far);
    if (far == NULL && may_be_any(tie->kind, kinds))
        leave_open(walk, NULL, tie);
    return far != NULL && is_any(far, kinds) ? far : NULL;
}

void condition_offer(struct condition_walk *walk, const struct condition_member *member)
{
    struct condition_member shaded = *member;

    if (walk->done)
        return;
    if (shaded.in == TRUTH_YES && walk->shade.in == TRUTH_UNKNOWN) {
        shaded = walk->shade;
        shaded.thing = member->thing;
    }
    walk->done = !walk->visit(walk, &shaded);
}

typedef void taker(struct condition_walk *walk, const struct thing *thing);

static void take(struct condition_walk *walk, const struct thing *thing)
{
    condition_offer(walk, &(struct condition_member){ .thing = thing, .in = TRUTH_YES });
}

/* Hands what lies at the far ends of a relation to the taker. */
static void along(struct condition_walk *walk, const struct thing *thing, const char *relation, bool outward,
                  const char *const *kinds, taker *then)
{
    const struct thing_tie *tie;
    size_t at = 0;

    while (!walk->done && (tie = thing_tie(thing, relation, outward, &at)) != NULL) {
        const struct thing *far = condition_far(walk, tie, kinds);

        if (far != NULL)
            then(walk, far);
    }
}

/* Counts what it hands on. */
struct counter {
    struct condition_walk walk;
    struct condition_walk *outer;
    size_t count;
};

static bool visit_counted(struct condition_walk *walk, const struct condition_member *member)
{
    struct counter *counter = (struct counter *)walk;

    counter->count++;
    condition_offer(counter->outer, member);
    return !counter->outer->done;
}

static struct counter counter_of(struct condition_walk *outer, const struct thing *origin)
{
    struct counter counter = {
        .walk = { .judge = outer->judge, .visit = visit_counted, .origin = origin, .looked = outer->looked },
        .outer = outer,
    };

    counter.walk.shade.in = TRUTH_YES;
    return counter;
}

/* A collection of which each member is handed on to the taker of another. */
struct passage {
    struct condition_walk walk;
    struct condition_walk *outer;
    taker *then;
};

static bool visit_passage(struct condition_walk *walk, const struct condition_member *member)
{
    struct passage *passage = (struct passage *)walk;
    struct condition_walk *outer = passage->outer;
    struct condition_member before = outer->shade;

    if (member->in == TRUTH_UNKNOWN)
        outer->shade = *member;
    passage->then(outer, member->thing);
    outer->shade = before;
    return !outer->done;
}

static void through(struct condition_walk *walk, taker *first, const struct thing *thing, taker *then)
{
    struct passage passage = {
        .walk = { .judge = walk->judge, .visit = visit_passage, .origin = walk->origin, .looked = walk->looked },
        .outer = walk,
        .then = then,
    };

    passage.walk.shade.in = TRUTH_YES;
    first(&passage.walk, thing);
    if (passage.walk.looked > walk->looked)
        walk->looked = passage.walk.looked;
    leave_open_as(walk, &passage.walk);
}

/* --------------------------------------------------------------------------------------------------- clusters ---- */

static void take_applications(struct condition_walk *walk, const struct thing *thing);

static void take_member_clusters(struct condition_walk *walk, const struct thing *thing)
{
    along(walk, thing, "member_of", true, clusters, take);
}

/* Of an application, also those of its machines. */
static void take_clusters(struct condition_walk *walk, const struct thing *thing)
{
    if (thing_is(thing, "cluster")) {
        take(walk, thing);
        return;
    }
    take_member_clusters(walk, thing);
    along(walk, thing, "hosted_on", true, computers, take_member_clusters);
}

/* Names of nodes that no item belongs to: some are not in the inventory. */
static void take_nodes_of(struct condition_walk *walk, const struct thing *cluster)
{
    const struct value *names = thing_fact(cluster, "cluster.nodes");
    struct counter counter = counter_of(walk, cluster);

    along(&counter.walk, cluster, "member_of", false, nodes, take);
    leave_open_as(walk, &counter.walk);
    if (names != NULL && names->type == VALUE_LIST && names->list.count > counter.count)
        leave_open(walk, "the cluster names more nodes than are in the inventory", NULL);
}

static void take_nodes(struct condition_walk *walk, const struct thing *thing)
{
    through(walk, take_clusters, thing, take_nodes_of);
}

static void take_host(struct condition_walk *walk, const struct thing *thing)
{
    if (thing_is(thing, "cluster"))
        take_nodes_of(walk, thing);
    else
        take(walk, thing);
}

static void take_hosts(struct condition_walk *walk, const struct thing *thing)
{
    along(walk, thing, "runs_on", true, hosts, take_host);
    along(walk, thing, "may_run_on", true, hosts, take_host);
}

/* --------------------------------------------------------------------------------------------------- machines ---- */

static void take_own_machines(struct condition_walk *walk, const struct thing *thing)
{
    along(walk, thing, "hosted_on", true, computers, take);
}

static void take_farm_machines(struct condition_walk *walk, const struct thing *farm)
{
    take_own_machines(walk, farm);
    along(walk, farm, "uses", true, computers, take);
    along(walk, farm, "member_of", false, computers, take);
}

static void take_machines(struct condition_walk *walk, const struct thing *thing)
{
    if (is_any(thing, computers))
        take(walk, thing);
    else if (thing_is(thing, "sharepoint_farm"))
        take_farm_machines(walk, thing);
    else if (thing_is(thing, "database") || thing_is(thing, "mailbox_database"))
        through(walk, take_applications, thing, take_own_machines);
    else
        take_own_machines(walk, thing);
}

/* -------------------------------------------------------------------------------------------------- databases ---- */

static void take_instance(struct condition_walk *walk, const struct thing *thing)
{
    if (thing_is(thing, "sql_instance"))
        take(walk, thing);
    else
        along(walk, thing, "part_of", true, instances, take);
}

static void take_instances(struct condition_walk *walk, const struct thing *thing)
{
    along(walk, thing, "uses", true, instances, take);
}

static bool is_told(const struct thing *thing, const char *fact, enum truth *truth)
{
    const struct value *value = thing_fact(thing, fact);
    bool told = value != NULL && value->type == VALUE_BOOL;

    if (told)
        *truth = value->truth ? TRUTH_YES : TRUTH_NO;
    return told;
}

/* Databases of the instance itself, and snapshots, are nobody's data; while that is not told, it may be one. */
static void take_user_database(struct condition_walk *walk, const struct thing *thing)
{
    static const char *const facts[] = { "database.system", "database.snapshot" };
    struct condition_member member = { .thing = thing, .in = TRUTH_YES, .about = thing };

    for (size_t i = 0; i < sizeof facts / sizeof facts[0]; i++) {
        enum truth is = TRUTH_NO;

        if (!is_told(thing, facts[i], &is) && member.in == TRUTH_YES) {
            member.in = TRUTH_UNKNOWN;
            member.missing = facts[i];
        }
        if (is == TRUTH_YES)
            return;
    }
    condition_offer(walk, &member);
}

static void take_databases(struct condition_walk *walk, const struct thing *thing)
{
    if (thing_is(thing, "database"))
        take(walk, thing);
    else
        along(walk, thing, "part_of", false, databases, take_user_database);
}

static void take_groups(struct condition_walk *walk, const struct thing *thing)
{
    along(walk, thing, "member_of", true, groups, take);
    along(walk, thing, "replicated_to", false, groups, take);
}

static const struct value *content_list(const struct thing *farm)
{
    const struct value *list = thing_fact(farm, "sharepoint.content_databases");

    return list != NULL && list->type == VALUE_LIST ? list : NULL;
}

/* The names of databases that it lists, and how many were found of them. */
struct farm {
    struct counter counter;
    const struct value *list; /* NULL: it tells none */
    struct name_set names;
};

/* They are listed as instance\database. Thousands are looked for among thousands. */
static void list_names(struct farm *farm)
{
    for (size_t i = 0; farm->list != NULL && i < farm->list->list.count; i++) {
        const char *entry = farm->list->list.texts[i], *last = strrchr(entry, '\\');

        name_set_add(&farm->names, last == NULL ? entry : last + 1);
    }
}

static const char *name_of(const struct thing *thing)
{
    const char *name = thing_text(thing, "id.name");

    return name != NULL ? name : thing->name;
}

static void take_content_database(struct condition_walk *walk, const struct thing *thing)
{
    struct farm *farm = (struct farm *)walk;
    const char *name = name_of(thing);

    if (farm->list == NULL)
        take_user_database(walk, thing);
    else if (name != NULL && name_set_has(&farm->names, name))
        take(walk, thing);
}

static void take_content_databases_of(struct condition_walk *walk, const struct thing *instance)
{
    along(walk, instance, "part_of", false, databases, take_content_database);
}

/* A name in the farm's list that no known database has, is a member of which nothing is known; without the list, each
 * database may be one. */
static void take_content_databases(struct condition_walk *walk, const struct thing *thing)
{
    struct farm farm = { .counter = counter_of(walk, thing), .list = content_list(thing) };

    name_set_init(&farm.names);
    list_names(&farm);
    if (farm.list == NULL)
        farm.counter.walk.shade =
            (struct condition_member){ NULL, TRUTH_UNKNOWN, thing, "sharepoint.content_databases" };
    through(&farm.counter.walk, take_instances, thing, take_content_databases_of);
    leave_open_as(walk, &farm.counter.walk);
    if (farm.list != NULL && farm.counter.count < farm.list->list.count)
        leave_open(walk, "the farm names more content databases than are in the inventory", NULL);
    name_set_finish(&farm.names);
}

/* --------------------------------------------------------------------------------------------------- Exchange ---- */

static void take_mailbox_databases(struct condition_walk *walk, const struct thing *thing)
{
    if (thing_is(thing, "mailbox_database")) {
        take(walk, thing);
        return;
    }
    along(walk, thing, "part_of", false, mailbox_databases, take);
    along(walk, thing, "replicated_to", false, mailbox_databases, take);
}

static void take_exchange_servers(struct condition_walk *walk, const struct thing *thing)
{
    if (thing_is(thing, "exchange_server")) {
        take(walk, thing);
        return;
    }
    along(walk, thing, "part_of", true, exchange_servers, take);
    along(walk, thing, "replicated_to", true, exchange_servers, take);
}

static void take_applications(struct condition_walk *walk, const struct thing *thing)
{
    if (thing_is(thing, "database"))
        take_instance(walk, thing);
    else
        take_exchange_servers(walk, thing);
}

/* ---------------------------------------------------------------------------------------------------- further ---- */

static void take_datastores(struct condition_walk *walk, const struct thing *thing)
{
    along(walk, thing, "stored_on", true, datastores, take);
}

static void take_vapps(struct condition_walk *walk, const struct thing *thing)
{
    along(walk, thing, "member_of", true, vapps, take);
}

static void take_own_protected(struct condition_walk *walk, const struct thing *thing)
{
    along(walk, thing, "protects", false, protecteds, take);
}

static void take_protected_by(struct condition_walk *walk, const struct thing *thing, taker *then)
{
    then(walk, thing);
    if (thing_is(thing, "sql_instance"))
        through(walk, take_databases, thing, then);
    if (thing_is(thing, "exchange_server"))
        through(walk, take_mailbox_databases, thing, then);
}

static void take_protected(struct condition_walk *walk, const struct thing *thing)
{
    take_protected_by(walk, thing, take_own_protected);
}

static void take_of_server(struct condition_walk *walk, const struct thing *source)
{
    struct condition_member member = { .thing = source, .in = condition_of_server(walk, source), .about = source };

    if (member.in == TRUTH_UNKNOWN)
        member.missing = "protected_by";
    if (member.in != TRUTH_NO)
        condition_offer(walk, &member);
}

static void take_own_protected_here(struct condition_walk *walk, const struct thing *thing)
{
    along(walk, thing, "protects", false, protecteds, take_of_server);
}

static void take_protected_here(struct condition_walk *walk, const struct thing *thing)
{
    take_protected_by(walk, thing, take_own_protected_here);
}

static void take_server(struct condition_walk *walk, const struct thing *thing)
{
    const struct thing *server = judge_server(walk->judge);

    (void)thing;
    if (server == NULL)
        leave_open(walk, "it is judged for no backup server", NULL);
    else
        take(walk, server);
}

static taker *const takers[COLLECTION_COUNT] = {
    [COLLECTION_VOLUMES] = condition_volumes,
    [COLLECTION_HOSTS] = take_hosts,
    [COLLECTION_CLUSTER] = take_clusters,
    [COLLECTION_NODES] = take_nodes,
    [COLLECTION_MACHINE] = take_machines,
    [COLLECTION_INSTANCE] = take_instance,
    [COLLECTION_INSTANCES] = take_instances,
    [COLLECTION_DATABASES] = take_databases,
    [COLLECTION_AVAILABILITY_GROUPS] = take_groups,
    [COLLECTION_MAILBOX_DATABASES] = take_mailbox_databases,
    [COLLECTION_CONTENT_DATABASES] = take_content_databases,
    [COLLECTION_EXCHANGE_SERVER] = take_exchange_servers,
    [COLLECTION_DATASTORES] = take_datastores,
    [COLLECTION_VAPP] = take_vapps,
    [COLLECTION_PROTECTED] = take_protected,
    [COLLECTION_PROTECTED_HERE] = take_protected_here,
    [COLLECTION_SERVER] = take_server,
};

void condition_relate(struct condition_walk *walk, enum collection collection, const struct thing *thing)
{
    walk->origin = thing;
    walk->shade.in = TRUTH_YES;
    if ((size_t)collection >= COLLECTION_COUNT || (thing == NULL && collection != COLLECTION_SERVER))
        leave_open(walk, NULL, NULL);
    else
        takers[collection](walk, thing);
}
