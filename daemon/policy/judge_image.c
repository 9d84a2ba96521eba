/* A virtual machine as a whole: it takes its hosts' rows, that of Linux where its guest is one, and its disks. */
#include "judge_parts.h"

#include <string.h>

/* What is supposed of a thing is not true of it later, so that is remembered nowhere. Another product is another
 * server, of which all else is as it is. */
static bool is_true(const struct judge *judge)
{
    return judge->supposing == NULL || (judge->supposing->version == NULL && judge->supposing->met_count == 0);
}

static struct host_answer *answer_of(struct judge *judge, struct host *host)
{
    struct host_answer *answer = is_true(judge) ? host->answers : NULL;

    while (answer != NULL && answer->server != judge->server)
        answer = answer->next;
    if (answer != NULL)
        return answer;
    answer = arena_alloc(&judge->arena, sizeof *answer);
    answer->server = judge->server;
    if (is_true(judge)) {
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

/* Legs are the same for all machines of a herd that meet what is asked of them alone: of this plan, all conditions, or
 * those of the protected. */
static void note_asked(struct hosting *hosting, const struct plan *plan, bool all, bool met)
{
    struct herd_answer *asked = &hosting->asked;

    hosting->plain_legs &= met;
    for (size_t i = 0; i < asked->asked_count; i++) {
        if (asked->asked[i].plan == plan && asked->asked[i].all == all)
            return;
    }
    if (asked->asked_count == HERD_ASKED) {
        hosting->plain_legs = false;
        return;
    }
    asked->asked[asked->asked_count].plan = plan;
    asked->asked[asked->asked_count++].all = all;
}

static bool is_met(const struct leg *leg)
{
    for (size_t i = 0; i < leg->condition_count; i++) {
        if (leg->conditions[i].state != STATE_MET)
            return false;
    }
    return true;
}

/* What is asked of each machine on a host is the same but for the machine. */
static const struct question *question_of(struct judge *judge, struct host *host)
{
    struct host_answer *answer = answer_of(judge, host);

    if (!answer->asked)
        judge_ask(judge, WORKLOAD_VMWARE_VM, GROUP_VSPHERE, host->thing, &answer->question);
    answer->asked = true;
    return &answer->question;
}

/* What is asked of the host is weighed once for all of its machines. */
static void ask_for_machines(struct judge *judge, struct host *host, struct host_answer *answer)
{
    struct question *question = &answer->question;

    question->subject = host->thing;
    judge_ask(judge, WORKLOAD_HYPERV_HOST, GROUP_OS, host->thing, question);
    if (question->plan != NULL && question->plan->of_protected)
        question->of_subject = judge_weigh(judge, question->plan, host->thing, false);
    answer->asked = true;
}

/* What is asked of the machine is weighed once for all of its hosts that ask the same. */
static void weigh_machine(struct hosting *hosting, const struct plan *plan)
{
    if (hosting->weighed_for == plan)
        return;
    hosting->weighed_for = plan;
    hosting->weighed = judge_weigh(hosting->judge, plan, hosting->machine, true);
    hosting->plain = true;
    for (size_t i = 0; i < plan->condition_count; i++)
        hosting->plain &= !plan->conditions[i]->of_protected || hosting->weighed[i].state == STATE_MET;
}

static const struct judged *ask_hyperv(struct hosting *hosting, struct host *host, struct judged *own)
{
    struct host_answer *answer = answer_of(hosting->judge, host);
    struct question question;

    if (!answer->asked)
        ask_for_machines(hosting->judge, host, answer);
    question = answer->question;
    if (question.of_subject == NULL)
        return judge_host(hosting->judge, host);
    weigh_machine(hosting, question.plan);
    note_asked(hosting, question.plan, false, hosting->plain);
    if (hosting->plain && answer->plain_known)
        return &answer->plain;
    question.machine = hosting->machine;
    question.of_machine = hosting->weighed;
    *own = judge_leg(hosting->judge, &question);
    if (hosting->plain) {
        answer->plain = *own;
        answer->plain_known = true;
    }
    return own;
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
        note_asked(hosting, question.plan, true, is_met(&answer->leg));
    }
    answer->leg.thing = host->thing;
}

static void ask_hosts(struct hosting *hosting, struct draft *draft)
{
    struct question last = { 0 };
    struct judged answer = { 0 }, own;

    hosting->plain_legs = true;
    draft->capacity = hosting->count + (hosting->trouble != NULL);
    draft->legs = arena_alloc(&hosting->judge->arena, draft->capacity * sizeof *draft->legs);
    for (size_t i = 0; i < hosting->count; i++) {
        struct host *host = hosting->hosts[i];
        if (!host->hyperv)
            ask_vsphere(hosting, host, &last, &answer);
        judge_draft_add(hosting->judge, draft, host->hyperv ? ask_hyperv(hosting, host, &own) : &answer);
    }
}

/* ------------------------------------------------------------------------------------------------------- herds ---- */

static bool meets(const struct hosting *hosting, const struct plan *plan, bool all)
{
    for (size_t i = 0; i < plan->condition_count; i++) {
        const struct condition *condition = plan->conditions[i];
        if ((all || condition->of_protected) &&
            condition_test(hosting->judge, condition->test, hosting->machine, NULL) != TRUTH_YES)
            return false;
    }
    return true;
}

/* What is supposed of hosts, is supposed of the same ones for each machine of a herd. */
static bool is_of(const struct herd_answer *answer, const struct judge *judge)
{
    const struct supposing *supposing = judge->supposing;

    if (answer->server != judge->server)
        return false;
    if (supposing == NULL || supposing->version == NULL)
        return answer->supposed == NULL;
    return answer->supposed == supposing->version && answer->versions == supposing->verdict->legs[0].versions;
}

static bool recall_legs(const struct hosting *hosting, struct draft *draft)
{
    const struct herd_answer *answer = hosting->herd == NULL ? NULL : hosting->herd->answers;

    while (answer != NULL && !is_of(answer, hosting->judge))
        answer = answer->next;
    if (answer == NULL)
        return false;
    for (size_t i = 0; i < answer->asked_count; i++) {
        if (!meets(hosting, answer->asked[i].plan, answer->asked[i].all))
            return false;
    }
    *draft = answer->draft;
    return true;
}

static void remember_legs(struct hosting *hosting, const struct draft *draft)
{
    const struct supposing *supposing = hosting->judge->supposing;
    struct herd_answer *answer;

    if (hosting->herd == NULL || !hosting->plain_legs)
        return;
    answer = arena_bytes(&hosting->judge->arena, &hosting->asked, sizeof hosting->asked);
    answer->server = hosting->judge->server;
    if (supposing != NULL && supposing->version != NULL) {
        answer->supposed = supposing->version;
        answer->versions = supposing->verdict->legs[0].versions;
    }
    answer->draft = *draft;
    answer->next = hosting->herd->answers;
    hosting->herd->answers = answer;
}

/* Conditions that are taken as met are other ones from verdict to verdict. */
static void draft_hosts(struct hosting *hosting, struct draft *draft)
{
    const struct supposing *supposing = hosting->judge->supposing;
    bool kept = supposing == NULL || supposing->met_count == 0;

    if (kept && recall_legs(hosting, draft))
        return;
    ask_hosts(hosting, draft);
    if (kept)
        remember_legs(hosting, draft);
}

/* --------------------------------------------------------------------------------------------- Linux and disks ---- */

static unsigned image_workload(const struct thing *machine)
{
    return thing_text(machine, "id.instance_uuid") != NULL ? WORKLOAD_VMWARE_VM : WORKLOAD_HYPERV_HOST;
}

static struct judged ask_linux(struct judge *judge, const struct thing *machine)
{
    const struct version *version = products_version(judge->setting.matrix->products, "linux", "Linux");
    struct plan_key key = {
        .product = judge->server->product, .versions = &version, .count = version != NULL, .workload = WORKLOAD_LINUX
    };
    struct question question = { .about = machine, .subject = machine };

    judge_key_places(judge, machine, &key);
    question.plan = judge_plan(judge, &key);
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
        if (!judge_is_worse(&judged.leg, &draft->legs[0]) && is_certain(&judged.leg))
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
static void omit_disks(struct judge *judge, const struct thing *machine, struct draft *draft)
{
    size_t disks = count_disks(machine), count = draft->legs[0].omit_count;
    struct leg *leg;
    const char **omits;

    if (disks == 0)
        return;
    draft->legs = arena_bytes(&judge->arena, draft->legs, draft->count * sizeof *draft->legs); /* others share them */
    draft->capacity = draft->count;
    leg = draft->legs;
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

    judge_hosting(&hosting);
    draft_hosts(&hosting, draft);
    if (hosting.trouble != NULL) {
        struct judged judged = judge_unknown(image_workload(thing), thing, hosting.trouble, hosting.missing);
        judge_draft_add(judge, draft, &judged);
    }
    add_linux(judge, thing, draft);
    omit_disks(judge, thing, draft);
}
