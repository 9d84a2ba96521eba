#include "step.h"

#include "judge_suppose.h"
#include "step_parts.h"

#include <string.h>

struct search {
    struct judge *judge;
    const struct verdict *verdicts;
    size_t count, index;
    const struct verdict *verdict;
    const struct offers *offers;
    const struct condition *unmet[UNMET_MAX]; /* each once */
    size_t unmet_count;
    bool blocked;        /* a leg that no other version of the first changes is not supported either */
    bool dead;           /* something was not tried because its vendor does not support it any more */
    struct attempt best; /* the first that leads to something better, though not to supported */
    struct attempt next;
};

/* -------------------------------------------------------------------------------------- what stands in the way ---- */

static void add_unmet(struct search *search, const struct verdict_condition *condition)
{
    if (condition->state != STATE_UNMET || !condition_is_step(condition->condition) || search->unmet_count == UNMET_MAX)
        return;
    for (size_t i = 0; i < search->unmet_count; i++) {
        if (search->unmet[i] == condition->condition)
            return;
    }
    search->unmet[search->unmet_count++] = condition->condition;
}

static void look_at_legs(struct search *search)
{
    for (size_t i = 0; i < search->verdict->leg_count; i++) {
        const struct leg *leg = &search->verdict->legs[i];

        for (size_t k = 0; k < leg->condition_count; k++)
            add_unmet(search, &leg->conditions[k]);
        if (leg->word > VERDICT_CONDITIONAL && !leg_is_alike(leg, &search->verdict->legs[0]))
            search->blocked = true;
    }
}

/* ---------------------------------------------------------------------------------------------------- attempts ---- */

/* Whether the search is over. */
static bool weigh(struct search *search, enum verdict_word word)
{
    search->next.word = word;
    if (word == VERDICT_SUPPORTED)
        return true;
    if (search->best.type == STEP_NONE && word <= VERDICT_CONDITIONAL && word < search->verdict->word)
        search->best = search->next;
    return false;
}

static bool try_met(struct search *search)
{
    struct attempt *next = &search->next;
    struct suppose suppose = { .met = next->met, .met_count = next->met_count };

    return next->met_count > 0 && weigh(search, judge_suppose(search->judge, search->verdict, &suppose));
}

static bool try_conditions(struct search *search, enum step_type type)
{
    if (search->unmet_count == 0)
        return false;
    search->next = (struct attempt){ .type = type };
    for (size_t i = 0; i < search->unmet_count; i++) {
        enum step_type step = search->unmet[i]->step;

        if (step == type || (step == STEP_NONE && type == STEP_OTHER))
            search->next.met[search->next.met_count++] = search->unmet[i];
    }
    return try_met(search);
}

static bool try_all_conditions(struct search *search)
{
    search->next = (struct attempt){ .type = STEP_OTHER, .met_count = search->unmet_count };
    memcpy(search->next.met, search->unmet, sizeof search->unmet);
    return try_met(search);
}

static bool is_over(int64_t support_end, int64_t now)
{
    return support_end != 0 && support_end < now;
}

static int64_t end_of(const struct offer *offer)
{
    if (offer->version != NULL)
        return offer->version->support_end;
    return offer->product != NULL ? offer->product->support_end : 0;
}

static bool try_offer(struct search *search, const struct offer *offer)
{
    int64_t now = judge_setting(search->judge)->now;
    struct suppose suppose = { .version = offer->version, .product = offer->product };

    if (is_over(end_of(offer), now)) {
        search->dead = true;
        return false;
    }
    if (offer->version != NULL && search->blocked)
        return false;
    search->next = (struct attempt){ .type = offer->type, .offer = *offer };
    return weigh(search, judge_suppose(search->judge, search->verdict, &suppose));
}

static bool try_offers(struct search *search, enum step_type type)
{
    for (size_t i = 0; i < search->offers->count; i++) {
        if (search->offers->items[i].type == type && try_offer(search, &search->offers->items[i]))
            return true;
    }
    return false;
}

static bool same_server(const struct verdict *a, const struct verdict *b)
{
    return a->server == NULL || b->server == NULL ? a->server == b->server : strcmp(a->server, b->server) == 0;
}

/* Only these two protect the same. */
static bool is_whole(enum method method)
{
    return method == METHOD_AGENT || method == METHOD_IMAGE;
}

static bool try_methods(struct search *search)
{
    for (size_t i = 0; i < search->count && is_whole(search->verdict->method); i++) {
        const struct verdict *other = &search->verdicts[i];

        if (i == search->index || !is_whole(other->method) || !same_server(other, search->verdict))
            continue;
        search->next = (struct attempt){ .type = STEP_METHOD, .method = other->method };
        if (weigh(search, other->word))
            return true;
    }
    return false;
}

/* The order of enum step_type is that of preference. */
static bool find(struct search *search)
{
    for (enum step_type type = STEP_UPDATE; type <= STEP_UPGRADE; type++) {
        if (try_conditions(search, type) || try_offers(search, type))
            return true;
        if (type == STEP_METHOD && try_methods(search))
            return true;
    }
    return try_all_conditions(search);
}

/* ------------------------------------------------------------------------------------------------------ answer ---- */

static struct step step_of(struct arena *arena, const struct verdict *verdict, const struct attempt *attempt)
{
    return (struct step){
        .type = attempt->type,
        .text = step_text_attempt(arena, verdict, attempt),
        .version = attempt->offer.version == NULL ? NULL : attempt->offer.version->name,
        .product = attempt->offer.product,
        .method = attempt->method,
        .support_end = end_of(&attempt->offer),
    };
}

/* Where facts are missing, another version or product is not the answer. */
static bool is_searched(const struct verdict *verdict)
{
    return verdict->leg_count > 0 && verdict->word != VERDICT_CONDITIONAL && verdict->word != VERDICT_UNKNOWN;
}

static void look(struct search *search, struct found_step *found)
{
    search->offers = offers_find(judge_step_memo(search->judge), judge_setting(search->judge)->matrix, search->verdict);
    look_at_legs(search);
    found->attempt = find(search) ? search->next : search->best;
    found->dead = search->dead;
    found->known = true;
}

static struct step answer(struct search *search)
{
    struct arena *arena = judge_arena(search->judge);
    struct found_step alone = { 0 }, *found = &alone;

    if (is_searched(search->verdict)) {
        struct found_step *kept = step_recall(search->judge, search->verdicts, search->count, search->index);

        found = kept == NULL ? &alone : kept;
        if (!found->known)
            look(search, found);
    }
    if (found->attempt.type != STEP_NONE)
        return step_of(arena, search->verdict, &found->attempt);
    return (struct step){ .text = step_text_none(arena, search->verdict, found->dead) };
}

void step_forward(struct judge *judge, struct verdict *verdicts, size_t count, size_t index)
{
    struct search search = {
        .judge = judge, .verdicts = verdicts, .count = count, .index = index, .verdict = &verdicts[index]
    };

    verdicts[index].step = verdicts[index].word == VERDICT_SUPPORTED ? (struct step){ 0 } : answer(&search);
}
