#include "judge_parts.h"

#include <string.h>

enum {
    MAX_DEPTH = 4,   /* from a database over its instance to its machine */
    MAX_LOOKED = 256 /* things that are looked at on the way: those that are said to execute each other are many */
};
#define AZURE_TAG "7783-7084-3265-9085-8269-3286-77"

/* Manufacturers of virtual machines of which the matrix has no word: whatever it is, physical it is not. */
static const char *const other_hypervisors[] = {
    "QEMU",      "Xen",   "Red Hat", "oVirt",     "Amazon",       "Google",  "innotek", "Nutanix",
    "Parallels", "Bochs", "KVM",     "OpenStack", "DigitalOcean", "Hetzner", "Alibaba", "Oracle Corporation VirtualBox"
};

/* How far it is from the thing that was asked for, and how many were looked at. */
struct way {
    unsigned depth, looked;
};

static unsigned place_of(struct judge *judge, const struct thing *thing, struct way *way);

int judge_place_find(const char *word)
{
    for (int i = 0; word != NULL && installation_words[i] != NULL; i++) {
        if (strcasecmp(installation_words[i], word) == 0)
            return i;
    }
    return -1;
}

static bool starts(const char *text, const char *start)
{
    return text != NULL && strncasecmp(text, start, strlen(start)) == 0;
}

static bool is_computer(const struct thing *thing)
{
    return thing_is(thing, "machine") || thing_is(thing, "vm") || thing_is(thing, "hyperv_host");
}

/* A host of Azure Local is seen as one of Hyper-V, but the later editions have a word of its own for what runs on it.
 */
unsigned judge_place_on(struct judge *judge, const struct host *host)
{
    const struct supposing *supposing = judge->supposing;
    const struct classification *found;
    unsigned places = 0;

    if (!host->hyperv)
        return host->esxi ? 1U << PLACE_VMWARE : 0;
    /* It is remembered, so it must not be what is only supposed. */
    judge->supposing = NULL;
    found = classify(judge, host->thing, GROUP_OS);
    judge->supposing = supposing;
    for (size_t i = 0; i < found->count; i++)
        places |=
            1U << (judge_family_has(found->candidates[i], WORKLOAD_AZURE_LOCAL) ? PLACE_AZURE_LOCAL : PLACE_HYPERV);
    return places != 0 ? places : 1U << PLACE_HYPERV;
}

/* The host need not be in the inventory for what it is to be known. */
static unsigned tie_place(struct judge *judge, const struct thing_tie *tie)
{
    const struct thing *host = judge_find(judge, tie->far);

    if (host != NULL)
        return judge_host_of(judge, host)->places;
    if (tie->kind == NULL)
        return 0;
    if (strcmp(tie->kind, "hyperv_host") == 0)
        return 1U << PLACE_HYPERV;
    return strcmp(tie->kind, "esxi_host") == 0 ? 1U << PLACE_VMWARE : 0;
}

static unsigned ties_place(struct judge *judge, const struct thing *thing, const char *relation)
{
    unsigned places = 0;
    size_t at = 0;
    const struct thing_tie *tie;

    while ((tie = thing_tie(thing, relation, true, &at)) != NULL)
        places |= tie_place(judge, tie);
    return places;
}

static unsigned hosts_place(struct judge *judge, const struct thing *thing)
{
    struct herd *herd = judge_herd(judge, thing);
    unsigned places;

    if (herd != NULL && herd->placed)
        return herd->places;
    places = ties_place(judge, thing, "runs_on");
    if (places == 0)
        places = ties_place(judge, thing, "may_run_on");
    if (herd != NULL) {
        herd->places = places;
        herd->placed = true;
    }
    return places;
}

static unsigned hypervisor_place(struct judge *judge, const struct thing *thing)
{
    unsigned places = thing_text(thing, "id.instance_uuid") != NULL ? 1U << PLACE_VMWARE : 0;
    unsigned told = hosts_place(judge, thing);

    if (thing_text(thing, "id.hyperv_guid") != NULL && (told & (1U << PLACE_HYPERV | 1U << PLACE_AZURE_LOCAL)) == 0)
        places |= 1U << PLACE_HYPERV;
    places |= told;
    if (places == 0 && thing_is(thing, "vm"))
        places = 1U << PLACE_HYPERV | 1U << PLACE_VMWARE;
    return places;
}

static bool is_other_hypervisor(const char *manufacturer, const char *model)
{
    for (size_t i = 0; i < sizeof other_hypervisors / sizeof *other_hypervisors; i++) {
        if (starts(manufacturer, other_hypervisors[i]))
            return true;
    }
    return starts(model, "VirtualBox") || starts(model, "KVM") || starts(model, "HVM domU");
}

static unsigned hardware_place(const struct thing *thing)
{
    const char *tag = thing_text(thing, "hardware.asset_tag");
    const char *manufacturer = thing_text(thing, "hardware.manufacturer");
    const char *model = thing_text(thing, "hardware.model");

    if (tag != NULL && strcmp(tag, AZURE_TAG) == 0)
        return 1U << PLACE_AZURE;
    if (starts(manufacturer, "VMware") || starts(model, "VMware"))
        return 1U << PLACE_VMWARE;
    if (is_other_hypervisor(manufacturer, model))
        return PLACE_ALL;
    if (!starts(manufacturer, "Microsoft Corporation"))
        return manufacturer != NULL && manufacturer[0] != '\0' ? 1U << PLACE_PHYSICAL : PLACE_ALL;
    if (model == NULL)
        return PLACE_ALL;
    if (starts(model, "Virtual Machine"))
        return 1U << PLACE_HYPERV | 1U << PLACE_AZURE | 1U << PLACE_STACK;
    return 1U << PLACE_PHYSICAL;
}

static unsigned computer_place(struct judge *judge, const struct thing *thing)
{
    unsigned places = hypervisor_place(judge, thing);

    return places != 0 ? places : hardware_place(thing);
}

/* NOLINTBEGIN(misc-no-recursion): MAX_DEPTH at the most */

/* One further on the way; every place where that is too far. */
static unsigned further(struct judge *judge, const struct thing *thing, struct way *way)
{
    unsigned places;

    if (way->depth == MAX_DEPTH || ++way->looked > MAX_LOOKED)
        return PLACE_ALL;
    way->depth++;
    places = place_of(judge, thing, way);
    way->depth--;
    return places;
}

/* Where those at the far ends are; all words where one of them is not known. 0: there are none. */
static unsigned far_places(struct judge *judge, const struct thing *thing, const char *relation, struct way *way)
{
    unsigned places = 0;
    size_t at = 0;
    const struct thing_tie *tie;

    while (places != PLACE_ALL && (tie = thing_tie(thing, relation, true, &at)) != NULL) {
        const struct thing *far = judge_find(judge, tie->far);
        places |= far == NULL ? PLACE_ALL : further(judge, far, way);
    }
    return places;
}

/* Those that are members of a far end: the nodes of a cluster. */
static unsigned member_places(struct judge *judge, const struct thing *cluster, struct way *way)
{
    unsigned places = 0;
    size_t at = 0;
    const struct thing_tie *tie;

    while (places != PLACE_ALL && (tie = thing_tie(cluster, "member_of", false, &at)) != NULL) {
        const struct thing *node = judge_find(judge, tie->far);
        if (node != NULL && is_computer(node))
            places |= further(judge, node, way);
    }
    return places;
}

/* An application that a cluster executes can be on any of its nodes. */
static unsigned cluster_places(struct judge *judge, const struct thing *thing, struct way *way)
{
    unsigned places = 0;
    size_t at = 0;
    const struct thing_tie *tie;

    while (places != PLACE_ALL && (tie = thing_tie(thing, "member_of", true, &at)) != NULL) {
        const struct thing *cluster = judge_find(judge, tie->far);
        if (++way->looked > MAX_LOOKED)
            return PLACE_ALL;
        if (cluster != NULL && thing_is(cluster, "cluster"))
            places |= member_places(judge, cluster, way);
    }
    return places;
}

static unsigned application_place(struct judge *judge, const struct thing *thing, struct way *way)
{
    static const char *const relations[] = { "hosted_on", "part_of", "replicated_to" };
    unsigned places = 0;

    for (size_t i = 0; places == 0 && i < sizeof relations / sizeof *relations; i++)
        places = far_places(judge, thing, relations[i], way);
    places |= cluster_places(judge, thing, way);
    return places != 0 ? places : PLACE_ALL;
}

static unsigned place_of(struct judge *judge, const struct thing *thing, struct way *way)
{
    if (judge->rules_place) {
        int ruled = judge_place_find(judge_rules(judge, thing)->installation);
        if (ruled >= 0)
            return 1U << ruled;
    }
    return is_computer(thing) ? computer_place(judge, thing) : application_place(judge, thing, way);
}

/* NOLINTEND(misc-no-recursion) */

unsigned judge_place(struct judge *judge, const struct thing *thing)
{
    struct way way = { 0, 0 };

    return place_of(judge, thing, &way);
}

static bool has_tie(const struct thing *thing, const char *relation)
{
    size_t at = 0;

    return thing_tie(thing, relation, true, &at) != NULL;
}

const char *judge_place_missing(const struct thing *thing)
{
    if (!is_computer(thing))
        return "installation";
    if (thing_is(thing, "vm"))
        return has_tie(thing, "runs_on") || has_tie(thing, "may_run_on") ? "os.build of its host" : "runs_on";
    if (thing_text(thing, "hardware.manufacturer") == NULL)
        return "hardware.manufacturer";
    return thing_text(thing, "hardware.asset_tag") == NULL ? "hardware.asset_tag" : "installation";
}

const char *const *judge_installations(struct judge *judge, const struct thing *thing, size_t *count)
{
    unsigned places = judge_place(judge, thing);

    *count = (size_t)__builtin_popcount(places);
    return judge->places[places];
}
