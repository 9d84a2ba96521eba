#include "judge_suppose.h"

#include "judge_parts.h"

#include <string.h>

static bool same_versions(const struct leg *one, const struct leg *other)
{
    if (strcmp(one->workload, other->workload) != 0 || one->version_count != other->version_count)
        return false;
    for (size_t i = 0; i < one->version_count; i++) {
        if (strcmp(one->versions[i], other->versions[i]) != 0)
            return false;
    }
    return true;
}

const struct classification *judge_supposed(struct judge *judge, const struct thing *thing, enum product_group group)
{
    const struct supposing *supposing = judge->supposing;

    if (supposing == NULL || supposing->version == NULL || supposing->version->family->group != group)
        return NULL;
    for (size_t i = 0; i < supposing->verdict->leg_count; i++) {
        const struct leg *leg = &supposing->verdict->legs[i];
        if (leg->thing == thing && same_versions(leg, &supposing->verdict->legs[0]))
            return &supposing->classification;
    }
    return NULL;
}

static const struct served *named(const struct guards *guards, const char *name)
{
    for (size_t i = 0; i < guards->count; i++) {
        if (guards->items[i].server->name == name)
            return guards->items[i].server;
    }
    return NULL;
}

/* The server of a verdict: the one of this name among those of its thing. */
static const struct served *server_of(struct judge *judge, const struct verdict *verdict)
{
    struct guards guards = { 0 };

    if (verdict->thing == NULL)
        return judge_served(judge, NULL, NULL, NULL, products_find(judge->setting.matrix->products, verdict->product));
    if (verdict->thing == judge->guarded)
        return named(judge->guards, verdict->server);
    judge_guards(judge, verdict->thing, &guards);
    return named(&guards, verdict->server);
}

static enum verdict_word ask_again(struct judge *judge, const struct verdict *verdict, const struct version *version)
{
    const struct leg *leg = &verdict->legs[0];
    struct draft draft = { 0 };

    if (verdict->thing == NULL)
        return judge->server->edition == NULL ? VERDICT_UNKNOWN : judge_key_word(judge, leg, version);
    judge_draft(judge, verdict->thing, verdict->method, &draft);
    return draft.legs[0].word;
}

enum verdict_word judge_suppose(struct judge *judge, const struct verdict *verdict, const struct suppose *suppose)
{
    const struct served *server = server_of(judge, verdict), *before = judge->server;
    struct supposing supposing = {
        .verdict = verdict, .version = suppose->version, .met = suppose->met, .met_count = suppose->met_count
    };
    enum verdict_word word;

    if (server == NULL)
        return verdict->word;
    if (suppose->product != NULL)
        server = judge_served(judge, server->asset, server->configured, server->name, suppose->product);
    supposing.classification = (struct classification){ .candidates = &supposing.version, .count = 1 };
    judge->server = server;
    judge->supposing = &supposing;
    word = ask_again(judge, verdict, suppose->version);
    judge->supposing = NULL;
    judge->server = before;
    return word;
}
