#include "judge_parts.h"
#include "mem.h"
#include "pattern.h"
#include "text.h"

#include <string.h>

enum { MAX_OTHERS = 4 }; /* unmet conditions that a reason names beside the one that decided */

static bool has_word(const char *const *words, size_t count, const char *word)
{
    for (size_t i = 0; i < count; i++) {
        if (strcasecmp(words[i], word) == 0)
            return true;
    }
    return false;
}

/* Whether a server goes by this name, or by the first label of its name. */
static bool is_server(const char *name, const char *wanted)
{
    size_t length;

    if (name == NULL || strcasecmp(name, wanted) == 0)
        return name != NULL;
    length = strcspn(name, ".");
    return strlen(wanted) == length && strncasecmp(name, wanted, length) == 0;
}

static bool fits(const struct judge *judge, const struct attestation *attestation, const struct condition *condition,
                 const struct thing *thing)
{
    if (attestation->until_at <= judge->setting.now || strcmp(attestation->condition, condition->id) != 0)
        return false;
    if (attestation->kind != NULL && !thing_is(thing, attestation->kind))
        return false;
    if (attestation->name != NULL && (thing->name == NULL || !pattern_fits(attestation->name, thing->name)))
        return false;
    if (attestation->target != NULL && !has_word(thing->targets, thing->target_count, attestation->target))
        return false;
    if (attestation->tag != NULL && !has_word(thing->tags, thing->tag_count, attestation->tag))
        return false;
    return attestation->server == NULL ||
           (judge->server != NULL && is_server(judge->server->name, attestation->server));
}

static const struct attestation *attested(const struct judge *judge, const struct condition *condition,
                                          const struct thing *thing)
{
    const struct matrix *matrix = judge->setting.matrix;

    for (size_t i = 0; i < matrix->attestation_count; i++) {
        if (fits(judge, &matrix->attestations[i], condition, thing))
            return &matrix->attestations[i];
    }
    return NULL;
}

static bool is_taken_as_met(const struct judge *judge, const struct condition *condition)
{
    const struct supposing *supposing = judge->supposing;

    for (size_t i = 0; supposing != NULL && i < supposing->met_count; i++) {
        if (supposing->met[i] == condition)
            return true;
    }
    return false;
}

static void weigh_missing(const struct judge *judge, const struct thing *subject, struct verdict_condition *found)
{
    found->state = STATE_MISSING;
    if (!found->condition->footnote)
        return;
    found->attestation = attested(judge, found->condition, subject);
    found->state = found->attestation != NULL ? STATE_ATTESTED : STATE_FOOTNOTE;
}

/* found is zero but for its condition. */
static void weigh(struct judge *judge, const struct thing *subject, struct verdict_condition *found)
{
    const struct condition *condition = found->condition;
    enum truth truth = TRUTH_YES;

    if (!is_taken_as_met(judge, condition))
        truth = condition_test(judge, condition->test, subject, &found->cause);
    if (truth == TRUTH_YES)
        found->state = STATE_MET;
    else if (truth == TRUTH_NO)
        found->state = condition->effect == EFFECT_SCOPE ? STATE_SCOPE : STATE_UNMET;
    else
        weigh_missing(judge, subject, found);
}

static void reserve_states(struct judge *judge, size_t count)
{
    if (count <= judge->state_capacity)
        return;
    judge->states = mem_grow(judge->states, count, 1);
    judge->state_capacity = count;
}

const struct verdict_condition *judge_weigh(struct judge *judge, const struct plan *plan, const struct thing *thing,
                                            bool of_protected)
{
    struct verdict_condition *all = arena_alloc(&judge->arena, (plan->condition_count + 1) * sizeof *all);

    for (size_t i = 0; i < plan->condition_count; i++) {
        all[i].condition = plan->conditions[i];
        if (plan->conditions[i]->of_protected == of_protected)
            weigh(judge, thing, &all[i]);
    }
    return all;
}

static const struct thing *looked_at(const struct question *question, const struct condition *condition)
{
    return condition->of_protected && question->machine != NULL ? question->machine : question->subject;
}

/* Of what is weighed already. */
static struct verdict_condition *gather(struct judge *judge, const struct question *question)
{
    const struct plan *plan = question->plan;
    struct verdict_condition *all =
        arena_bytes(&judge->arena, question->of_subject, plan->condition_count * sizeof *all);

    for (size_t i = 0; i < plan->condition_count; i++) {
        if (plan->conditions[i]->of_protected)
            all[i] = question->of_machine[i];
        judge->states[i] = (unsigned char)all[i].state;
    }
    return all;
}

/* Whether a condition is met needs no memory; only where one is not, are all of them written down. */
static struct verdict_condition *weigh_all(struct judge *judge, const struct question *question)
{
    const struct plan *plan = question->plan;
    struct verdict_condition *all = NULL;

    for (size_t i = 0; i < plan->condition_count; i++) {
        struct verdict_condition found = { .condition = plan->conditions[i] };
        weigh(judge, looked_at(question, found.condition), &found);
        judge->states[i] = (unsigned char)found.state;
        if (all == NULL && found.state == STATE_MET)
            continue;
        if (all == NULL) {
            all = arena_alloc(&judge->arena, plan->condition_count * sizeof *all);
            for (size_t j = 0; j < i; j++)
                all[j] = (struct verdict_condition){ .condition = plan->conditions[j], .state = STATE_MET };
        }
        if (found.state == STATE_MET)
            memset(&found.cause, 0, sizeof found.cause);
        all[i] = found;
    }
    return all;
}

/* Which fact would tell: of the versions where they differ, else of the installations. */
static const char *missing_fact(const struct question *question)
{
    const struct classification *found = question->classification;

    if (found != NULL && (found->all || found->count > 1) && found->missing != NULL)
        return found->missing;
    if (question->plan->place_count <= 1 && question->plan->elsewhere_count == 0)
        return NULL;
    if (question->about == NULL)
        return "installation";
    return question->plan->reading == READING_SERVER ? MISSING_SERVER_PLACE : judge_place_missing(question->about);
}

static void explain_missing(struct judge *judge, const struct question *question, struct leg *leg)
{
    const struct classification *found = question->classification;
    const char *why = found != NULL && found->missing == leg->missing ? found->why : NULL;
    char quoted[TEXT_QUOTE_SIZE];

    str_add(&judge->text, leg->reason);
    if (leg->missing != NULL)
        str_format(&judge->text, "; %s would tell, and is missing", leg->missing);
    if (why != NULL)
        str_format(&judge->text, " (%s)", text_quote(quoted, why));
    leg->reason = judge_keep(judge, &judge->arena);
}

/* A step may ask for all that is not met, so the reason names all of it. */
static void explain_others(struct judge *judge, const struct question *question, const struct leg *leg, size_t deciding)
{
    enum effect effect = leg->conditions[deciding].condition->effect;
    size_t named = 0, more = 0;

    for (size_t i = 0; i < leg->condition_count; i++) {
        const struct verdict_condition *other = &leg->conditions[i];

        if (i == deciding || other->state != STATE_UNMET)
            continue;
        /* What a row asks that is not about this one, is nobody's to meet. */
        if (effect == EFFECT_ROW && other->condition->effect != EFFECT_ROW)
            continue;
        if (named == MAX_OTHERS) {
            more++;
            continue;
        }
        named++;
        str_format(&judge->text, "; neither is %s (%s): ", other->condition->id, other->condition->text);
        judge_say_cause(judge, looked_at(question, other->condition), &other->cause);
    }
    if (more > 0)
        str_format(&judge->text, "; nor are %zu more", more);
}

static void explain_condition(struct judge *judge, const struct question *question, struct judged *judged,
                              size_t deciding)
{
    struct leg *leg = &judged->leg;
    const struct condition_cause *cause = &leg->conditions[deciding].cause;

    str_add(&judge->text, leg->reason);
    judge_say_cause(judge, looked_at(question, leg->conditions[deciding].condition), cause);
    if (leg->conditions[deciding].state == STATE_UNMET)
        explain_others(judge, question, leg, deciding);
    leg->reason = judge_keep(judge, &judge->arena);
    judged->cause = cause->thing;
    if (leg->word == VERDICT_UNKNOWN)
        leg->missing = cause->fact;
}

static void explain_elsewhere(struct judge *judge, struct leg *leg)
{
    leg->missing = MISSING_SERVER_PLACE;
    str_format(&judge->text, "%s; elsewhere no row names it, and nothing says where ", leg->reason);
    judge_say_server(judge);
    str_add(&judge->text, " is installed: say it in backup_servers (installation = ...), or let it be scanned");
    leg->reason = judge_keep(judge, &judge->arena);
}

struct judged judge_leg(struct judge *judge, const struct question *question)
{
    const struct plan *plan = question->plan;
    struct judged judged = { .ending = plan->ending };
    struct verdict_condition *conditions;
    const struct settled *settled;

    reserve_states(judge, plan->condition_count);
    conditions = question->of_subject != NULL ? gather(judge, question) : weigh_all(judge, question);
    settled = judge_settle(judge, plan);
    judged.leg = settled->leg;
    judged.leg.thing = question->about;
    if (conditions != NULL)
        judged.leg.conditions = conditions;
    if (question->classification != NULL)
        judged.leg.conflict = question->classification->conflict;
    if (judge->supposing != NULL)
        return judged;
    if (settled->deciding < plan->condition_count) {
        explain_condition(judge, question, &judged, settled->deciding);
    } else if (judged.leg.word == VERDICT_UNKNOWN) {
        judged.leg.missing = missing_fact(question);
        explain_missing(judge, question, &judged.leg);
    }
    if (settled->elsewhere)
        explain_elsewhere(judge, &judged.leg);
    return judged;
}

struct leg judge_leg_unknown(unsigned workload, const struct thing *about, const char *reason, const char *missing)
{
    return (struct leg){ .thing = about,
                         .workload = workload < WORKLOADS ? workload_words[workload] : "server",
                         .reading = judge_reading(NULL, workload),
                         .word = VERDICT_UNKNOWN,
                         .reason = reason,
                         .missing = missing };
}
