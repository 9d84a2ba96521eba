#include "judge_parts.h"

#include <string.h>

static enum method method_of(unsigned workload)
{
    switch (workload) {
    case WORKLOAD_CLIENT:
    case WORKLOAD_SERVER: return METHOD_AGENT;
    case WORKLOAD_HYPERV_HOST: return METHOD_HOST;
    case WORKLOAD_VMWARE_VM:
    case WORKLOAD_LINUX: return METHOD_IMAGE;
    default: return METHOD_APPLICATION;
    }
}

static unsigned workload_find(const char *word)
{
    unsigned i = 0;

    while (i < WORKLOADS && strcasecmp(workload_words[i], word) != 0)
        i++;
    return i;
}

/* A thing of which nothing is known but what it is called in the question. */
static const struct thing *nothing(struct judge *judge, const struct judge_key *key)
{
    struct thing *thing = arena_alloc(&judge->arena, sizeof *thing);

    thing->id = INT64_MAX;
    thing->kind = "";
    thing->name = key->version;
    return thing;
}

static struct judged ask(struct judge *judge, const struct judge_key *key, const struct version *version)
{
    unsigned workload = workload_find(key->workload);
    int place = judge_place_find(key->installation);
    struct plan_key ask = { .product = judge->server->product,
                            .versions = &version,
                            .count = version != NULL,
                            .workload = workload,
                            .places = place < 0 ? PLACE_ALL : 1U << place };
    struct question question = { .subject = nothing(judge, key) };

    question.plan = judge_plan(judge, &ask);
    return judge_leg(judge, &question);
}

static const struct version *version_of(const struct judge *judge, const struct judge_key *key)
{
    return products_version(judge->setting.matrix->products, key->workload, key->version);
}

enum verdict_word judge_key_word(struct judge *judge, const struct leg *leg, const struct version *version)
{
    struct judge_key key = { .workload = leg->workload,
                             .version = leg->version_count == 0 ? "" : leg->versions[0],
                             .installation = leg->installations[0] };

    return ask(judge, &key, version != NULL ? version : version_of(judge, &key)).leg.word;
}

/* Nobody has an inventory in which it could be looked up. */
static void forget_nothing(const struct verdict *verdict)
{
    struct leg leg = verdict->legs[0];

    for (size_t i = 0; i < leg.condition_count; i++) {
        const struct thing *thing = leg.conditions[i].cause.thing;
        if (thing != NULL && thing->id == INT64_MAX)
            leg.conditions[i].cause.thing = NULL;
    }
}

const struct verdict *judge_key(struct judge *judge, const struct judge_key *key)
{
    const struct product *product = products_find(judge->setting.matrix->products, key->product);
    const struct served *server = judge_served(judge, NULL, NULL, NULL, product);
    struct verdict *verdict = arena_alloc(&judge->arena, sizeof *verdict);
    struct draft draft = { 0 };
    struct judged judged = { 0 };

    judge->server = server;
    verdict->method = method_of(workload_find(key->workload));
    verdict->product = product == NULL ? key->product : product->name;
    verdict->edition = server->edition;
    if (server->edition == NULL)
        judged.leg =
            judge_leg_unknown(workload_find(key->workload), NULL, "no file of the matrix has this product", NULL);
    else
        judged = ask(judge, key, version_of(judge, key));
    judge_draft_add(judge, &draft, &judged);
    judge_combine(judge, &draft, verdict);
    verdict->cause = NULL;
    judge->server = NULL;
    if (verdict->word != VERDICT_SUPPORTED)
        step_forward(judge, verdict, 1, 0);
    forget_nothing(verdict);
    return verdict;
}
