#include "judge_parts.h"

#include <string.h>

#define MAX_DEPTH 4 /* from a database over its instance to its machine */
#define AZURE_TAG "7783-7084-3265-9085-8269-3286-77"

/* Manufacturers of virtual machines of which the matrix has no word: whatever it is, physical it is not. */
static const char *const other_hypervisors[] = {
    "QEMU",      "Xen",   "Red Hat", "oVirt",     "Amazon",       "Google",  "innotek", "Nutanix",
    "Parallels", "Bochs", "KVM",     "OpenStack", "DigitalOcean", "Hetzner", "Alibaba", "Oracle Corporation VirtualBox"
};

static unsigned place_of(struct judge *judge, const struct thing *thing, unsigned depth);

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

static unsigned host_place(const struct judge *judge, const struct thing_tie *tie)
{
    const struct thing *host = judge_find(judge, tie->far);
    const char *kind = host == NULL ? tie->kind : thing_is(host, "hyperv_host") ? "hyperv_host" : host->kind;

    if (kind == NULL)
        return 0;
    return strcmp(kind, "hyperv_host") == 0 ? 1U << PLACE_HYPERV
           : strcmp(kind, "esxi_host") == 0 ? 1U << PLACE_VMWARE
                                            : 0;
}

static unsigned hypervisor_place(const struct judge *judge, const struct thing *thing)
{
    static const char *const relations[] = { "runs_on", "may_run_on" };
    unsigned places = 0;

    if (thing_text(thing, "id.hyperv_guid") != NULL)
        places |= 1U << PLACE_HYPERV;
    if (thing_text(thing, "id.instance_uuid") != NULL)
        places |= 1U << PLACE_VMWARE;
    for (size_t i = 0; places == 0 && i < 2; i++) {
        size_t at = 0;
        const struct thing_tie *tie;
        while ((tie = thing_tie(thing, relations[i], true, &at)) != NULL)
            places |= host_place(judge, tie);
    }
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

static unsigned computer_place(const struct judge *judge, const struct thing *thing)
{
    unsigned places = hypervisor_place(judge, thing);

    return places != 0 ? places : hardware_place(thing);
}

/* Where those at the far ends are; all words where one of them is not known. 0: there are none. */
static unsigned far_places(struct judge *judge, const struct thing *thing, const char *relation, unsigned depth)
{
    unsigned places = 0;
    size_t at = 0;
    const struct thing_tie *tie;

    while ((tie = thing_tie(thing, relation, true, &at)) != NULL) {
        const struct thing *far = judge_find(judge, tie->far);
        places |= far == NULL ? PLACE_ALL : place_of(judge, far, depth + 1);
    }
    return places;
}

/* Those that are members of a far end: the nodes of a cluster. */
static unsigned member_places(struct judge *judge, const struct thing *cluster, unsigned depth)
{
    unsigned places = 0;
    size_t at = 0;
    const struct thing_tie *tie;

    while ((tie = thing_tie(cluster, "member_of", false, &at)) != NULL) {
        const struct thing *node = judge_find(judge, tie->far);
        if (node != NULL && is_computer(node))
            places |= place_of(judge, node, depth + 1);
    }
    return places;
}

/* An application that a cluster executes can be on any of its nodes. */
static unsigned cluster_places(struct judge *judge, const struct thing *thing, unsigned depth)
{
    unsigned places = 0;
    size_t at = 0;
    const struct thing_tie *tie;

    while ((tie = thing_tie(thing, "member_of", true, &at)) != NULL) {
        const struct thing *cluster = judge_find(judge, tie->far);
        if (cluster != NULL && thing_is(cluster, "cluster"))
            places |= member_places(judge, cluster, depth);
    }
    return places;
}

static unsigned application_place(struct judge *judge, const struct thing *thing, unsigned depth)
{
    static const char *const relations[] = { "hosted_on", "part_of", "replicated_to" };
    unsigned places = 0;

    for (size_t i = 0; places == 0 && i < sizeof relations / sizeof *relations; i++)
        places = far_places(judge, thing, relations[i], depth);
    places |= cluster_places(judge, thing, depth);
    return places != 0 ? places : PLACE_ALL;
}

static unsigned place_of(struct judge *judge, const struct thing *thing, unsigned depth)
{
    if (judge->rules_place) {
        int ruled = judge_place_find(judge_rules(judge, thing)->installation);
        if (ruled >= 0)
            return 1U << ruled;
    }
    if (is_computer(thing))
        return computer_place(judge, thing);
    return depth < MAX_DEPTH ? application_place(judge, thing, depth) : PLACE_ALL;
}

unsigned judge_place(struct judge *judge, const struct thing *thing)
{
    return place_of(judge, thing, 0);
}

const char *judge_place_missing(const struct thing *thing)
{
    if (!is_computer(thing))
        return "installation";
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
