/* The hosts that may run a virtual machine, with the vCenter Servers of those of VMware. */
#include "judge_parts.h"
#include "text.h"

#include <string.h>

enum {
    MAX_HOSTS = 256, /* clusters have fewer by far */
    MAX_TIES = 4096, /* that are followed to find them */
    MAX_NESTING = 8,
};

static void stop(struct hosting *hosting)
{
    hosting->enough = true;
    hosting->trouble = "it may run on more hosts than are looked at";
    hosting->missing = NULL;
}

/* The next tie of a relation, as thing_tie gives it; NULL also where it was enough. */
static const struct thing_tie *next_tie(struct hosting *hosting, const struct thing *thing, const char *relation,
                                        bool outward, size_t *at)
{
    const struct thing_tie *tie = hosting->enough ? NULL : thing_tie(thing, relation, outward, at);

    if (tie != NULL && ++hosting->looked > MAX_TIES) {
        stop(hosting);
        return NULL;
    }
    return tie;
}

static void add_host(struct hosting *hosting, struct host *host)
{
    if (host->asked == hosting->judge->hostings)
        return;
    if (hosting->count == MAX_HOSTS) {
        stop(hosting);
        return;
    }
    host->asked = hosting->judge->hostings;
    if (hosting->count == hosting->capacity) {
        size_t capacity = hosting->capacity == 0 ? 8 : hosting->capacity * 2;
        struct host **grown = arena_alloc(&hosting->judge->arena, capacity * sizeof(struct host *));
        if (hosting->count > 0)
            memcpy(grown, hosting->hosts, hosting->count * sizeof(struct host *));
        hosting->hosts = grown;
        hosting->capacity = capacity;
    }
    hosting->hosts[hosting->count++] = host;
}

static void say_dangling(struct hosting *hosting, const struct thing_tie *tie, const char *what)
{
    struct str *text = &hosting->judge->text;
    char quoted[TEXT_QUOTE_SIZE];

    if (hosting->trouble != NULL)
        return;
    hosting->missing = tie->relation;
    str_add(text, what);
    if (tie->name != NULL)
        str_format(text, " %s", text_quote(quoted, tie->name));
    str_format(text, ", to which %s leads, is not in the inventory", tie->relation);
    hosting->trouble = judge_keep(hosting->judge, &hosting->judge->arena);
}

struct host *judge_host_of(struct judge *judge, const struct thing *thing)
{
    struct host *host = map_get_bytes(&judge->hosts, (const char *)&thing, sizeof(struct thing *));
    size_t at = 0;

    if (host != NULL)
        return host;
    host = arena_alloc(&judge->arena, sizeof *host);
    host->thing = thing;
    host->hyperv = thing_is(thing, "hyperv_host") || judge_flag(thing, "hyperv.role");
    host->esxi = thing_is(thing, "esxi_host");
    host->nested = thing_tie(thing, "runs_on", true, &at) != NULL;
    host->places = judge_place_on(judge, host);
    map_put_bytes(&judge->hosts, (const char *)&host->thing, sizeof(struct thing *), host);
    return host;
}

/* Nested virtualisation is no fault, but a machine that runs on itself over some hosts is. */
static bool is_beneath(const struct judge *judge, const struct thing *machine, const struct thing *host)
{
    for (unsigned depth = 0; host != NULL && depth < MAX_NESTING; depth++) {
        size_t at = 0;
        const struct thing_tie *tie = thing_tie(host, "runs_on", true, &at);
        if (host->id == machine->id)
            return true;
        host = tie == NULL ? NULL : judge_find(judge, tie->far);
    }
    return false;
}

static void add_cluster(struct hosting *hosting, const struct thing *cluster)
{
    size_t at = 0, before = hosting->count;
    const struct thing_tie *tie;

    while ((tie = next_tie(hosting, cluster, "member_of", false, &at)) != NULL) {
        const struct thing *member = judge_find(hosting->judge, tie->far);
        struct host *host = member == NULL ? NULL : judge_host_of(hosting->judge, member);
        if (host != NULL && (host->hyperv || host->esxi))
            add_host(hosting, host);
    }
    if (hosting->count == before && before == 0 && !hosting->enough) {
        hosting->trouble = "no host of the cluster that it may run on is in the inventory";
        hosting->missing = "member_of";
    }
}

static void add_far(struct hosting *hosting, const struct thing_tie *tie)
{
    const struct thing *far = judge_find(hosting->judge, tie->far);
    struct host *host;

    if (far == NULL) {
        say_dangling(hosting, tie, "the host");
        return;
    }
    host = judge_host_of(hosting->judge, far);
    if (far == hosting->machine || (host->nested && is_beneath(hosting->judge, hosting->machine, far))) {
        hosting->trouble = "it is said to run on itself, by the ties runs_on or may_run_on";
        hosting->missing = tie->relation;
    } else if (host->hyperv || host->esxi) {
        add_host(hosting, host);
    } else if (thing_is(far, "cluster")) {
        add_cluster(hosting, far);
    }
}

static void add_vcenters_of(struct hosting *hosting, const struct thing *host)
{
    size_t at = 0;
    const struct thing_tie *tie;

    while ((tie = next_tie(hosting, host, "managed_by", true, &at)) != NULL) {
        const struct thing *vcenter = judge_find(hosting->judge, tie->far);
        if (vcenter == NULL)
            say_dangling(hosting, tie, "the vCenter Server");
        else if (thing_is(vcenter, "vcenter"))
            add_host(hosting, judge_host_of(hosting->judge, vcenter));
    }
}

static void add_vcenters(struct hosting *hosting)
{
    for (size_t i = 0, hosts = hosting->count; i < hosts; i++) {
        if (hosting->hosts[i]->esxi)
            add_vcenters_of(hosting, hosting->hosts[i]->thing);
    }
}

static void find_hosts(struct hosting *hosting)
{
    static const char *const relations[] = { "runs_on", "may_run_on" };

    for (size_t i = 0; i < 2; i++) {
        size_t at = 0;
        const struct thing_tie *tie;
        while ((tie = next_tie(hosting, hosting->machine, relations[i], true, &at)) != NULL)
            add_far(hosting, tie);
    }
    add_vcenters(hosting);
    if (hosting->count == 0 && hosting->trouble == NULL) {
        hosting->trouble = "no host of the virtual machine is known: no tie runs_on or may_run_on leads to one";
        hosting->missing = "runs_on";
    }
}

/* Whether what runs on what is the same for each machine with these ties. */
static bool is_shared(const struct hosting *hosting)
{
    for (size_t i = 0; i < hosting->count; i++) {
        if (hosting->hosts[i]->nested)
            return false;
    }
    return hosting->trouble == NULL;
}

struct herd *judge_herd(struct judge *judge, const struct thing *machine)
{
    struct condition_tied *tied = condition_tied(&judge->tests, judge, COLLECTION_HOSTS, machine);

    if (tied != NULL && tied->herd == NULL)
        tied->herd = arena_alloc(&judge->arena, sizeof *tied->herd);
    return tied == NULL ? NULL : tied->herd;
}

/* Most machines share their hosts with many others. */
void judge_hosting(struct hosting *hosting)
{
    struct herd *herd = judge_herd(hosting->judge, hosting->machine);

    if (herd != NULL && herd->shared) {
        hosting->herd = herd;
        hosting->hosts = herd->hosts;
        hosting->count = hosting->capacity = herd->count;
        return;
    }
    hosting->judge->hostings++;
    find_hosts(hosting);
    if (herd == NULL || !is_shared(hosting))
        return;
    hosting->herd = herd;
    herd->hosts = hosting->hosts;
    herd->count = hosting->count;
    herd->shared = true;
}
