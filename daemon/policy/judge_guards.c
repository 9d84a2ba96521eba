#include "judge_parts.h"

#define COMPUTER (1U << METHOD_AGENT | 1U << METHOD_IMAGE)

#include <string.h>

/* Whoever says what protects a machine may lie: each server is a verdict more for each method of each thing. */
enum {
    MAX_OWNERS = 4,     /* from a database over its instance to its machine */
    MAX_STRANGERS = 16, /* servers of one thing that the configuration does not name */
    MAX_LOOKED = 4096,  /* ties that are followed to find the servers of one thing */
};

/* Stands for the servers that are beyond these numbers, so that a verdict (nothing is known of them) tells of it. */
static const char others[] = "(others: too many are named)";

/* Kinds, and the methods that there are for them. */
static const struct {
    const char *kind;
    unsigned methods;
} kinds[] = {
    { "machine", 1U << METHOD_AGENT },
    { "vm", 1U << METHOD_AGENT | 1U << METHOD_IMAGE },
    { "hyperv_host", 1U << METHOD_AGENT | 1U << METHOD_HOST },
    { "sql_instance", 1U << METHOD_APPLICATION },
    { "database", 1U << METHOD_APPLICATION },
    { "exchange_server", 1U << METHOD_APPLICATION },
    { "mailbox_database", 1U << METHOD_APPLICATION },
    { "sharepoint_farm", 1U << METHOD_APPLICATION },
};

/* How DPMDB calls what it holds: the first words of protected.type. */
static const struct {
    const char *start;
    unsigned method;
} types[] = {
    { "Volume", 1U << METHOD_AGENT },
    { "System Protection", 1U << METHOD_AGENT },
    { "SharePoint", 1U << METHOD_APPLICATION }, /* before what it begins with */
    { "Share", 1U << METHOD_AGENT },
    { "Client", 1U << METHOD_AGENT },
    { "Microsoft Hyper-V", 1U << METHOD_IMAGE },
    { "VMware", 1U << METHOD_IMAGE },
    { "SQL Server", 1U << METHOD_APPLICATION },
    { "Exchange", 1U << METHOD_APPLICATION },
};

static unsigned methods_of_kind(const char *kind)
{
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        if (kind[0] == kinds[i].kind[0] && strcmp(kind, kinds[i].kind) == 0)
            return kinds[i].methods;
    }
    return 0;
}

static enum truth is_linux(struct judge *judge, const struct thing *machine)
{
    const char *family = thing_text(machine, "os.family");
    const struct classification *found;
    size_t linuxes = 0;

    if (family != NULL && family[0] != '\0')
        return strcasecmp(family, "linux") == 0 ? TRUTH_YES : TRUTH_NO;
    found = classify(judge, machine, GROUP_OS);
    for (size_t i = 0; i < found->count; i++)
        linuxes += judge_family_has(found->candidates[i], WORKLOAD_LINUX);
    if (found->all || (linuxes > 0 && linuxes < found->count))
        return TRUTH_UNKNOWN;
    return linuxes > 0 ? TRUTH_YES : TRUTH_NO;
}

/* Asked for what methods there are, and again by image. Which system it is, may be supposed only. */
enum truth judge_linux(struct judge *judge, const struct thing *machine)
{
    if (judge->supposing != NULL)
        return is_linux(judge, machine);
    if (judge->linux_of != machine) {
        judge->linux_guest = is_linux(judge, machine);
        judge->linux_of = machine;
    }
    return judge->linux_guest;
}

/* Of Linux the matrix knows virtual machines as a whole only: there is no agent that could be asked for. One of which
 * there is no image keeps it, so that it is told of at all. */
static bool is_without_agent(struct judge *judge, const struct thing *thing, unsigned methods)
{
    const struct supposing *supposing = judge->supposing;
    bool without;

    if ((methods & COMPUTER) != COMPUTER)
        return false;
    /* Which methods there are does not hang on what is only supposed. */
    judge->supposing = NULL;
    without = judge_linux(judge, thing) == TRUTH_YES;
    judge->supposing = supposing;
    return without;
}

static unsigned methods_of(struct judge *judge, const struct thing *thing)
{
    unsigned methods = thing->kind_count == 0 ? methods_of_kind(thing->kind) : 0;

    for (size_t i = 0; i < thing->kind_count; i++)
        methods |= methods_of_kind(thing->kinds[i]);
    if ((methods & 1U << METHOD_APPLICATION) != 0 &&
        (judge_flag(thing, "database.system") || judge_flag(thing, "database.snapshot")))
        methods &= ~(1U << METHOD_APPLICATION);
    if ((methods & 1U << METHOD_AGENT) != 0 && judge_flag(thing, "hyperv.role"))
        methods |= 1U << METHOD_HOST;
    if (is_without_agent(judge, thing, methods))
        methods &= ~(1U << METHOD_AGENT);
    return methods;
}

unsigned judge_kinds(struct judge *judge, const struct thing *thing)
{
    if (judge->kinds_of != thing) {
        judge->kinds = methods_of(judge, thing);
        judge->kinds_of = thing;
    }
    return judge->kinds;
}

const char *judge_exempt(const struct thing *thing, unsigned methods)
{
    if ((methods & 1U << METHOD_IMAGE) == 0)
        return NULL;
    if (judge_flag(thing, "vm.template"))
        return "it is a template, not a machine";
    if (judge_flag(thing, "vm.placeholder"))
        return "it only holds a place";
    return NULL;
}

static unsigned kind_of(const struct version *version)
{
    if (judge_family_has(version, WORKLOAD_LINUX))
        return WORKLOAD_LINUX;
    return judge_family_has(version, WORKLOAD_AZURE_LOCAL) ? WORKLOAD_AZURE_LOCAL
                                                           : judge_workload(WORKLOAD_COMPUTER, version);
}

/* The workloads that a computer may be of, for where.workload of the rules. */
static size_t computer_workloads(struct judge *judge, const struct thing *thing, const char *words[WORKLOADS])
{
    const struct classification *found = classify(judge, thing, GROUP_OS);
    unsigned seen = 0;
    size_t count = 0;

    for (size_t i = 0; i < found->count; i++) {
        seen |= 1U << kind_of(found->candidates[i]);
    }
    if (found->all)
        seen |= 1U << WORKLOAD_CLIENT | 1U << WORKLOAD_SERVER;
    if (thing_is(thing, "hyperv_host"))
        seen |= 1U << WORKLOAD_HYPERV_HOST;
    if (thing_text(thing, "id.instance_uuid") != NULL)
        seen |= 1U << WORKLOAD_VMWARE_VM;
    for (unsigned i = 0; i < WORKLOADS; i++) {
        if ((seen >> i & 1) != 0)
            words[count++] = workload_words[i];
    }
    return count;
}

static size_t workloads_of(struct judge *judge, const struct thing *thing, const char *words[WORKLOADS])
{
    if ((judge_kinds(judge, thing) & COMPUTER) != 0)
        return computer_workloads(judge, thing, words);
    words[0] = thing_is(thing, "sql_instance") || thing_is(thing, "database")              ? "sql"
               : thing_is(thing, "exchange_server") || thing_is(thing, "mailbox_database") ? "exchange"
                                                                                           : "sharepoint";
    return judge_kinds(judge, thing) == 0 ? 0 : 1;
}

const struct estate_assigned *judge_rules(struct judge *judge, const struct thing *thing)
{
    const struct estate *estate = judge->setting.estate;
    const char *words[WORKLOADS];

    if (judge->ruled == thing)
        return &judge->assigned;
    judge->assigned = (struct estate_assigned){ 0 };
    if (estate != NULL && estate->rule_count > 0)
        judge->assigned = estate_assign(estate, thing, words, workloads_of(judge, thing, words));
    judge->ruled = thing;
    return &judge->assigned;
}

static bool is_asked(struct judge *judge, const struct thing *part)
{
    const char *by;

    if ((!thing_is(part, "database") && !thing_is(part, "mailbox_database")) || judge_kinds(judge, part) == 0)
        return false;
    by = judge_rules(judge, part)->by;
    return by == NULL || strcasecmp(by, "none") != 0;
}

bool judge_has_parts(struct judge *judge, const struct thing *thing)
{
    static const char *const relations[] = { "part_of", "replicated_to" };
    size_t looked = 0;

    if ((judge_kinds(judge, thing) & 1U << METHOD_APPLICATION) == 0 ||
        (!thing_is(thing, "sql_instance") && !thing_is(thing, "exchange_server")))
        return false;
    for (size_t i = 0; i < sizeof relations / sizeof *relations; i++) {
        const struct thing_tie *tie;
        size_t at = 0;

        while ((tie = thing_tie(thing, relations[i], false, &at)) != NULL && looked++ < MAX_LOOKED) {
            const struct thing *part = judge_find(judge, tie->far);
            if (part != NULL && is_asked(judge, part))
                return true;
        }
    }
    return false;
}

static struct guard *find_guard(const struct guards *guards, const struct served *server)
{
    for (size_t i = 0; i < guards->count; i++) {
        const struct served *known = guards->items[i].server;
        if (known == server || (server->configured != NULL && known->configured == server->configured))
            return &guards->items[i];
    }
    return NULL;
}

static void grow(struct judge *judge, struct guards *guards)
{
    size_t capacity = guards->capacity == 0 ? 2 : guards->capacity * 2;
    struct guard *grown = arena_alloc(&judge->arena, capacity * sizeof *grown);

    if (guards->count > 0)
        memcpy(grown, guards->items, guards->count * sizeof *grown);
    guards->items = grown;
    guards->capacity = capacity;
}

/* Those that the configuration names are as many as it names. */
static void add_guard(struct judge *judge, struct guards *guards, const struct served *server, unsigned methods)
{
    struct guard *guard = find_guard(guards, server);

    if (guard == NULL && server->configured == NULL && guards->strangers == MAX_STRANGERS) {
        server = judge_served(judge, NULL, NULL, others, NULL);
        guard = find_guard(guards, server);
    } else if (guard == NULL && server->configured == NULL) {
        guards->strangers++;
    }
    if (guard == NULL) {
        if (guards->count == guards->capacity)
            grow(judge, guards);
        guard = &guards->items[guards->count++];
        *guard = (struct guard){ .server = server };
    }
    guard->methods |= methods;
}

static const struct estate_server *configured(const struct judge *judge, const char *name)
{
    return name == NULL || judge->setting.estate == NULL ? NULL : estate_server(judge->setting.estate, name);
}

static const struct served *server_of(struct judge *judge, const struct thing_tie *tie)
{
    const struct thing *asset = judge_find(judge, tie->far), *named;
    const struct estate_server *known;

    if (asset == NULL)
        asset = judge_server_asset(judge, tie->name);
    if (asset == NULL) {
        known = configured(judge, tie->name);
        return known == NULL && tie->name == NULL ? NULL : judge_served(judge, NULL, known, tie->name, judge->assumed);
    }
    known = configured(judge, thing_text(asset, "id.fqdn"));
    if (known == NULL)
        known = configured(judge, asset->name);
    /* Another one that is called alike does not speak for it. */
    named = known == NULL ? NULL : judge_server_asset(judge, known->name);
    return judge_served(judge, named == NULL ? asset : named, known, NULL, judge->assumed);
}

/* Whether one more tie is to be followed; that one was not stands among the servers. */
static bool look(struct judge *judge, struct guards *guards)
{
    if (guards->looked < MAX_LOOKED) {
        guards->looked++;
        return true;
    }
    add_guard(judge, guards, judge_served(judge, NULL, NULL, others, NULL), 0);
    return false;
}

static void add_servers(struct judge *judge, const struct thing *source, unsigned methods, struct guards *guards)
{
    size_t at = 0;
    const struct thing_tie *tie;

    while ((tie = thing_tie(source, "protected_by", true, &at)) != NULL && look(judge, guards)) {
        const struct served *server = server_of(judge, tie);
        if (server != NULL)
            add_guard(judge, guards, server, methods);
    }
}

static unsigned method_of(const struct thing *source)
{
    const char *type = thing_text(source, "protected.type");

    for (size_t i = 0; type != NULL && i < sizeof types / sizeof *types; i++) {
        if (strncasecmp(type, types[i].start, strlen(types[i].start)) == 0)
            return types[i].method;
    }
    return 0;
}

/* What is left of protection that has ended says whose it is, and shows no method. */
static unsigned method_in_use(const struct thing *source)
{
    return condition_is_protected(source) == TRUTH_NO ? 0 : method_of(source);
}

static bool is_held(const struct thing *source)
{
    const char *state = thing_text(source, "protected.state");

    return thing_is(source, "protected") && (state == NULL || strcasecmp(state, "unprotected") != 0);
}

static void add_sources(struct judge *judge, const struct thing *thing, struct guards *guards)
{
    size_t at = 0;
    const struct thing_tie *tie;

    while ((tie = thing_tie(thing, "protects", false, &at)) != NULL && look(judge, guards)) {
        const struct thing *source = judge_find(judge, tie->far);
        if (source != NULL && is_held(source))
            add_servers(judge, source, method_in_use(source), guards);
    }
}

/* A volume by itself is no workload: what holds it, holds its computer. */
static void add_volumes(struct judge *judge, const struct thing *thing, struct guards *guards)
{
    size_t at = 0;
    const struct thing_tie *tie;

    while ((tie = thing_tie(thing, "part_of", false, &at)) != NULL && look(judge, guards)) {
        const struct thing *part = judge_find(judge, tie->far);
        if (part != NULL && thing_is(part, "volume"))
            add_sources(judge, part, guards);
    }
}

/* What was found of it, or that nothing was, is remembered: it is asked for every thing that has no server of its own.
 */
static const struct served *served_configured(struct judge *judge, const struct estate_server *server)
{
    const void *parts[2] = { server, judge->assumed };
    struct served *known = map_get_bytes(&judge->servers, (const char *)parts, sizeof parts);

    if (known != NULL)
        return known;
    known = judge_served(judge, judge_server_asset(judge, server->name), server, NULL, judge->assumed);
    map_put_bytes(&judge->servers, arena_bytes(&judge->arena, parts, sizeof parts), sizeof parts, known);
    return known;
}

static void add_configured(struct judge *judge, const struct estate_server *server, struct guards *guards)
{
    if (server != NULL)
        add_guard(judge, guards, served_configured(judge, server), 0);
}

static void add_own(struct judge *judge, const struct thing *thing, struct guards *guards)
{
    add_sources(judge, thing, guards);
    if ((judge_kinds(judge, thing) & COMPUTER) != 0)
        add_volumes(judge, thing, guards);
    if (guards->count == 0)
        add_servers(judge, thing, 0, guards);
    if (guards->count == 0)
        add_configured(judge, configured(judge, judge_rules(judge, thing)->server), guards);
}

/* What a thing is in or on, as the judge sees applications: nothing says that its server is another one. */
static const struct thing *owner_of(const struct judge *judge, const struct thing *thing)
{
    static const char *const relations[] = { "part_of", "replicated_to", "hosted_on" };

    for (size_t i = 0; i < sizeof relations / sizeof *relations; i++) {
        size_t at = 0;
        const struct thing_tie *tie = thing_tie(thing, relations[i], true, &at);
        const struct thing *owner = tie == NULL ? NULL : judge_find(judge, tie->far);
        if (owner != NULL)
            return owner;
    }
    return NULL;
}

/* An owner's servers, but not the methods by which these protect the owner. */
static void add_owners(struct judge *judge, const struct thing *thing, struct guards *guards)
{
    for (unsigned depth = 0; thing != NULL && guards->count == 0 && depth < MAX_OWNERS; depth++) {
        thing = owner_of(judge, thing);
        if (thing != NULL)
            add_own(judge, thing, guards);
    }
    for (size_t i = 0; i < guards->count; i++)
        guards->items[i].methods = 0;
}

void judge_guards(struct judge *judge, const struct thing *thing, struct guards *guards)
{
    const struct estate *estate = judge->setting.estate;

    add_own(judge, thing, guards);
    if (guards->count == 0 && (judge_kinds(judge, thing) & 1U << METHOD_APPLICATION) != 0)
        add_owners(judge, thing, guards);
    if (guards->count == 0 && estate != NULL && estate->server_count > 0)
        add_configured(judge, &estate->servers[0], guards);
}
