/* A virtual machine as a whole: it takes its hosts' rows, that of Linux where its guest is one, and its disks. */
#include "judge_parts.h"
#include "text.h"

#include <string.h>

#define MAX_HOSTS 1024
#define MAX_NESTING 8

struct hosting {
    struct judge *judge;
    const struct thing *machine;
    struct host **hosts; /* with the vCenters of ESXi hosts */
    size_t count, capacity;
    const char *trouble; /* why the hosts are not all known; NULL: they are */
    const char *missing; /* the tie that is */
};

static bool has_host(const struct hosting *hosting, const struct host *host)
{
    for (size_t i = 0; i < hosting->count; i++) {
        if (hosting->hosts[i] == host)
            return true;
    }
    return false;
}

static void add_host(struct hosting *hosting, struct host *host)
{
    if (has_host(hosting, host))
        return;
    if (hosting->count == MAX_HOSTS) {
        hosting->trouble = "it may run on more hosts than are looked at";
        return;
    }
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

/* The hosts that are members of a cluster, which many machines ask for. */
static const struct members *members_of(struct judge *judge, const struct thing *cluster)
{
    struct members *members = map_get_bytes(&judge->clusters, (const char *)&cluster, sizeof(struct thing *));
    const struct thing_tie *tie;
    size_t at = 0;

    if (members != NULL)
        return members;
    members = arena_alloc(&judge->arena, sizeof *members);
    members->cluster = cluster;
    members->hosts = arena_alloc(&judge->arena, (cluster->tie_count + 1) * sizeof(struct host *));
    while ((tie = thing_tie(cluster, "member_of", false, &at)) != NULL) {
        const struct thing *member = judge_find(judge, tie->far);
        struct host *host = member == NULL ? NULL : judge_host_of(judge, member);
        if (host != NULL && (host->hyperv || host->esxi))
            members->hosts[members->count++] = host;
    }
    map_put_bytes(&judge->clusters, (const char *)&members->cluster, sizeof(struct thing *), members);
    return members;
}

static void add_cluster(struct hosting *hosting, const struct thing *cluster)
{
    const struct members *members = members_of(hosting->judge, cluster);
    size_t before = hosting->count;

    for (size_t i = 0; i < members->count; i++)
        add_host(hosting, members->hosts[i]);
    if (hosting->count == before && before == 0) {
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

    while ((tie = thing_tie(host, "managed_by", true, &at)) != NULL) {
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
        while ((tie = thing_tie(hosting->machine, relations[i], true, &at)) != NULL)
            add_far(hosting, tie);
    }
    add_vcenters(hosting);
    if (hosting->count == 0 && hosting->trouble == NULL) {
        hosting->trouble = "no host of the virtual machine is known: no tie runs_on or may_run_on leads to one";
        hosting->missing = "runs_on";
    }
}

/* What is supposed of a host is not true of it later, so that is remembered nowhere. */
static struct host_answer *answer_of(struct judge *judge, struct host *host)
{
    struct host_answer *answer = judge->supposing != NULL ? NULL : host->answers;

    while (answer != NULL && answer->server != judge->server)
        answer = answer->next;
    if (answer != NULL)
        return answer;
    answer = arena_alloc(&judge->arena, sizeof *answer);
    answer->server = judge->server;
    if (judge->supposing == NULL) {
        answer->next = host->answers;
        host->answers = answer;
    }
    return answer;
}

const struct judged *judge_host(struct judge *judge, struct host *host)
{
    struct host_answer *answer = answer_of(judge, host);

    if (!answer->known)
        answer->judged = judge_version(judge, WORKLOAD_HYPERV_HOST, GROUP_OS, host->thing, host->thing);
    answer->known = true;
    return &answer->judged;
}

/* What is asked of each machine on a host is the same but for the machine. */
static const struct question *question_of(struct judge *judge, struct host *host)
{
    struct host_answer *answer = answer_of(judge, host);

    if (!answer->known)
        judge_ask(judge, WORKLOAD_VMWARE_VM, GROUP_VSPHERE, host->thing, &answer->question);
    answer->known = true;
    return &answer->question;
}

/* Hosts of one version are one question, which is asked of the virtual machine once. */
static void ask_vsphere(struct hosting *hosting, struct host *host, struct question *last, struct judged *answer)
{
    struct question question = *question_of(hosting->judge, host);

    question.subject = hosting->machine;
    if (question.plan == NULL) {
        *answer = judge_version(hosting->judge, WORKLOAD_VMWARE_VM, GROUP_VSPHERE, host->thing, hosting->machine);
    } else if (last->plan != question.plan || last->classification != question.classification) {
        *answer = judge_leg(hosting->judge, &question);
        *last = question;
    }
    answer->leg.thing = host->thing;
}

static void ask_hosts(struct hosting *hosting, struct draft *draft)
{
    struct question last = { 0 };
    struct judged answer = { 0 };

    draft->capacity = hosting->count + (hosting->trouble != NULL);
    draft->legs = arena_alloc(&hosting->judge->arena, draft->capacity * sizeof *draft->legs);
    for (size_t i = 0; i < hosting->count; i++) {
        struct host *host = hosting->hosts[i];
        if (!host->hyperv)
            ask_vsphere(hosting, host, &last, &answer);
        judge_draft_add(hosting->judge, draft, host->hyperv ? judge_host(hosting->judge, host) : &answer);
    }
}

static unsigned image_workload(const struct thing *machine)
{
    return thing_text(machine, "id.instance_uuid") != NULL ? WORKLOAD_VMWARE_VM : WORKLOAD_HYPERV_HOST;
}

enum truth judge_linux(struct judge *judge, const struct thing *machine)
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

static struct judged ask_linux(struct judge *judge, const struct thing *machine)
{
    const struct version *version = products_version(judge->setting.matrix->products, "linux", "Linux");
    struct plan_key key = { .product = judge->server->product,
                            .versions = &version,
                            .count = version != NULL,
                            .workload = WORKLOAD_LINUX,
                            .places = judge_places(judge, WORKLOAD_LINUX, machine) };
    struct question question = { .about = machine, .subject = machine };

    question.plan = judge_plan(judge, &key);
    question.missing_place = "installation of the backup server";
    return judge_leg(judge, &question);
}

static bool is_certain(const struct leg *leg)
{
    for (size_t i = 0; i < leg->condition_count; i++) {
        if (leg->conditions[i].state == STATE_MISSING)
            return false;
    }
    return true;
}

/* Where nobody knows whether the guest is a Linux, it matters if that row is, or can become, worse than the hosts'. */
static void add_linux(struct judge *judge, const struct thing *machine, struct draft *draft)
{
    enum truth linux_guest = judge->server->edition == NULL ? TRUTH_NO : judge_linux(judge, machine);
    struct judged judged;

    if (linux_guest == TRUTH_NO)
        return;
    judged = ask_linux(judge, machine);
    if (linux_guest == TRUTH_UNKNOWN) {
        if (judged.leg.word <= draft->legs[0].word && is_certain(&judged.leg))
            return;
        str_format(&judge->text,
                   "whether the guest is a Linux is not known; if so, it is %s: ", verdict_word(judged.leg.word));
        str_add(&judge->text, judged.leg.reason);
        judged.leg.reason = judge_keep(judge, &judge->arena);
        judged.leg.word = VERDICT_UNKNOWN;
        judged.leg.class = CLASS_NONE;
        judged.leg.missing = "os.family";
    }
    judge_draft_add(judge, draft, &judged);
}

static const struct {
    const char *fact, *what;
} disk_facts[] = {
    { "vm.pass_through_disks", "pass-through disk" },
    { "vm.physical_rdm_disks", "raw device in physical mode" },
    { "vm.independent_disks", "independent disk" },
};

static size_t count_disks(const struct thing *machine)
{
    size_t count = 0;

    for (size_t i = 0; i < sizeof disk_facts / sizeof *disk_facts; i++) {
        const struct value *value = thing_fact(machine, disk_facts[i].fact);
        count += value != NULL && value->type == VALUE_LIST ? value->list.count : 0;
    }
    return count;
}

/* Disks that no image holds are left out of it, and named with the leg that decided. */
static void omit_disks(struct judge *judge, const struct thing *machine, struct leg *leg)
{
    size_t disks = count_disks(machine), count = leg->omit_count;
    const char **omits;

    if (disks == 0)
        return;
    omits = arena_alloc(&judge->arena, (count + disks) * sizeof *omits);
    if (count > 0)
        memcpy(omits, leg->omits, count * sizeof *omits);
    for (size_t i = 0; i < sizeof disk_facts / sizeof *disk_facts; i++) {
        const struct value *value = thing_fact(machine, disk_facts[i].fact);
        for (size_t j = 0; value != NULL && value->type == VALUE_LIST && j < value->list.count; j++)
            omits[count++] = arena_format(&judge->arena, "%s %s", disk_facts[i].what, value->list.texts[j]);
    }
    leg->omits = omits;
    leg->omit_count = count;
}

void judge_draft_image(struct judge *judge, const struct thing *thing, struct draft *draft)
{
    struct hosting hosting = { .judge = judge, .machine = thing };

    find_hosts(&hosting);
    ask_hosts(&hosting, draft);
    if (hosting.trouble != NULL) {
        struct judged judged = judge_unknown(image_workload(thing), thing, hosting.trouble, hosting.missing);
        judge_draft_add(judge, draft, &judged);
    }
    add_linux(judge, thing, draft);
    omit_disks(judge, thing, &draft->legs[0]);
}
