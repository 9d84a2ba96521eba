/* What a plan comes to in one state of its conditions. It depends on nothing of the thing, so it is remembered. */
#include "judge_parts.h"

#include <string.h>

#define MAX_SETTLED 64 /* of one plan; further ones are worked out each time */

/* A row under the present states. ROW_UNSURE: unmet, if it is about this at all. */
enum row_state { ROW_DROPPED, ROW_NO, ROW_UNMET, ROW_UNSURE, ROW_MISSING, ROW_YES };

static bool weighs(const struct plan *plan, unsigned index, enum effect effect)
{
    return plan->conditions[index]->effect == effect;
}

static enum row_state row_state(const struct judge *judge, const struct plan *plan, const struct plan_row *row)
{
    bool unmet = false, missing = false, unsure = false;

    for (size_t i = 0; i < row->condition_count; i++) {
        unsigned index = row->conditions[i];
        unsigned char found = judge->states[index];
        if (found == STATE_UNMET && weighs(plan, index, EFFECT_ROW))
            return ROW_DROPPED;
        unmet |= found == STATE_UNMET && weighs(plan, index, EFFECT_VERDICT);
        unsure |= found == STATE_MISSING && weighs(plan, index, EFFECT_ROW);
        missing |= found == STATE_MISSING && weighs(plan, index, EFFECT_VERDICT);
    }
    if (row->row->answer == ANSWER_NO)
        return ROW_NO;
    if (unmet)
        return unsure ? ROW_UNSURE : ROW_UNMET;
    return missing || unsure ? ROW_MISSING : ROW_YES;
}

/* The first condition of the choice's rows that is in this state and has one of the two effects. */
static size_t first_in(const struct judge *judge, const struct plan *plan, const struct choice *choice,
                       enum condition_state state, enum effect one, enum effect other)
{
    for (size_t i = 0; i < choice->row_count; i++) {
        const struct plan_row *row = &choice->rows[i];
        for (size_t j = 0; j < row->condition_count; j++) {
            unsigned index = row->conditions[j];
            if (judge->states[index] == state && (weighs(plan, index, one) || weighs(plan, index, other)))
                return index;
        }
    }
    return plan->condition_count;
}

static enum verdict_word absent_word(const struct plan *plan)
{
    return plan->edition->absence_is_no ? VERDICT_UNSUPPORTED : VERDICT_UNLISTED;
}

static struct outcome absent(const struct plan *plan, const struct choice *choice)
{
    enum verdict_word word = absent_word(plan);

    return (struct outcome){ .word = word,
                             .class = word == VERDICT_UNLISTED ? choice->class : CLASS_NONE,
                             .deciding = plan->condition_count };
}

static struct outcome dropped(const struct judge *judge, const struct plan *plan, const struct choice *choice)
{
    enum verdict_word word = absent_word(plan);

    return (struct outcome){ .word = word,
                             .class = word == VERDICT_UNLISTED ? CLASS_SKU : CLASS_NONE,
                             .deciding = first_in(judge, plan, choice, STATE_UNMET, EFFECT_ROW, EFFECT_ROW) };
}

static enum verdict_word yes_word(const struct plan *plan, bool missing, bool deprecated)
{
    if (missing || plan->edition->partly)
        return VERDICT_CONDITIONAL;
    return deprecated ? VERDICT_DEPRECATED : VERDICT_SUPPORTED;
}

/* No row says yes any more. Where each that is left may not be about this at all, it may be unlisted as well. */
static struct outcome unmet(const struct judge *judge, const struct plan *plan, const struct choice *choice,
                            bool certain)
{
    struct outcome outcome = { .word = VERDICT_UNSUPPORTED };

    if (certain || absent_word(plan) == VERDICT_UNSUPPORTED) {
        outcome.deciding = first_in(judge, plan, choice, STATE_UNMET, EFFECT_VERDICT, EFFECT_VERDICT);
    } else {
        outcome.word = VERDICT_UNKNOWN;
        outcome.deciding = first_in(judge, plan, choice, STATE_MISSING, EFFECT_ROW, EFFECT_ROW);
    }
    return outcome;
}

static struct outcome listed(const struct judge *judge, const struct plan *plan, const struct choice *choice,
                             const size_t states[ROW_YES + 1], bool deprecated)
{
    struct outcome outcome = { .deciding = plan->condition_count };
    bool yes = states[ROW_YES] + states[ROW_MISSING] > 0;

    if (states[ROW_NO] > 0) {
        outcome.word = yes ? VERDICT_CONTRADICTORY : VERDICT_UNSUPPORTED;
        return outcome;
    }
    if (!yes)
        return unmet(judge, plan, choice, states[ROW_UNMET] > 0);
    outcome.word = yes_word(plan, states[ROW_MISSING] > 0, deprecated);
    if (states[ROW_MISSING] > 0)
        outcome.deciding = first_in(judge, plan, choice, STATE_MISSING, EFFECT_VERDICT, EFFECT_ROW);
    return outcome;
}

/* The order of deciding within one key (judge.h). */
static struct outcome choice_outcome(const struct judge *judge, const struct plan *plan, const struct choice *choice)
{
    size_t states[ROW_YES + 1] = { 0 };
    bool deprecated = false;

    for (size_t i = 0; i < choice->row_count; i++) {
        enum row_state state = row_state(judge, plan, &choice->rows[i]);
        states[state]++;
        deprecated |= state >= ROW_MISSING && choice->rows[i].row->answer == ANSWER_DEPRECATED;
    }
    if (choice->row_count == 0)
        return absent(plan, choice);
    if (states[ROW_DROPPED] == choice->row_count)
        return dropped(judge, plan, choice);
    return listed(judge, plan, choice, states, deprecated);
}

static bool has_row(const struct leg *leg, const struct entry_row *row)
{
    for (size_t i = 0; i < leg->row_count; i++) {
        if (leg->rows[i]->row == row->row && leg->rows[i]->answer == row->answer)
            return true;
    }
    return false;
}

static size_t count_rows(const struct plan *plan)
{
    size_t count = 0;

    for (size_t i = 0; i < plan->choice_count; i++)
        count += plan->choices[i].row_count;
    return count;
}

#define each_row(row, choice, plan)                                                                                    \
    for (const struct choice *choice = (plan)->choices; choice < (plan)->choices + (plan)->choice_count; choice++)     \
        for (const struct plan_row *row = choice->rows; row < choice->rows + choice->row_count; row++)

static void insert_row(struct leg *leg, const struct entry_row *row)
{
    size_t at = leg->row_count++;

    for (; at > 0 && leg->rows[at - 1]->row > row->row; at--)
        leg->rows[at] = leg->rows[at - 1];
    leg->rows[at] = row;
}

static void gather_rows(struct settling *settling)
{
    struct leg *leg = &settling->settled->leg;

    leg->rows = arena_alloc(settling->arena, (count_rows(settling->plan) + 1) * sizeof *leg->rows);
    each_row(row, choice, settling->plan)
    {
        if (row_state(settling->judge, settling->plan, row) != ROW_DROPPED && !has_row(leg, row->row))
            insert_row(leg, row->row);
    }
}

static bool has_text(const char *const *texts, size_t count, const char *text)
{
    for (size_t i = 0; i < count; i++) {
        if (strcmp(texts[i], text) == 0)
            return true;
    }
    return false;
}

static bool holds(const struct settling *settling, const struct plan_row *row)
{
    return row_state(settling->judge, settling->plan, row) >= ROW_MISSING;
}

/* Whether every row that says yes protects this. */
static bool all_protect(const struct settling *settling, const char *what)
{
    each_row(row, choice, settling->plan)
    {
        if (holds(settling, row) && !has_text(row->row->protects, row->row->protect_count, what))
            return false;
    }
    return true;
}

static size_t count_scope(const struct settling *settling)
{
    size_t count = settling->plan->condition_count;

    each_row(row, choice, settling->plan) count += row->row->protect_count;
    return count + 1;
}

static void add_text(const char **texts, size_t *count, const char *text)
{
    if (text != NULL && !has_text(texts, *count, text))
        texts[(*count)++] = text;
}

/* Several rows for one thing: what all of them protect is covered; what some do is not, nor what a condition takes. */
static void gather_scope(struct settling *settling)
{
    struct leg *leg = &settling->settled->leg;
    size_t size = count_scope(settling) * sizeof(const char *);
    const char **covers, **omits;

    /* What is not known to be protected at all covers nothing. */
    if (leg->word > VERDICT_CONDITIONAL)
        return;
    covers = arena_alloc(settling->arena, size);
    omits = arena_alloc(settling->arena, size);
    each_row(row, choice, settling->plan)
    {
        for (size_t i = 0; holds(settling, row) && i < row->row->protect_count; i++) {
            const char *what = row->row->protects[i];
            if (all_protect(settling, what))
                add_text(covers, &leg->cover_count, what);
            else
                add_text(omits, &leg->omit_count, what);
        }
        for (size_t i = 0; holds(settling, row) && i < row->condition_count; i++) {
            if (settling->judge->states[row->conditions[i]] == STATE_SCOPE)
                add_text(omits, &leg->omit_count, settling->plan->conditions[row->conditions[i]]->omits);
        }
    }
    leg->covers = covers;
    leg->omits = omits;
}

static bool is_alike(const struct outcome *one, const struct outcome *other)
{
    return one->word == other->word && one->class == other->class;
}

/* One word for all candidates is the word; else nobody knows, and it matters. */
static void decide(struct settling *settling)
{
    struct settled *settled = settling->settled;
    const struct outcome *first = &settling->outcomes[0];

    settled->leg.word = settling->plan->open ? VERDICT_UNKNOWN : first->word;
    settled->leg.class = first->class;
    settled->leg.first = settling->plan->choices == NULL ? NULL : settling->plan->choices[0].first;
    settled->deciding = first->deciding;
    for (size_t i = 1; i < settling->plan->choice_count; i++) {
        if (settling->plan->choices[i].first != settled->leg.first)
            settled->leg.first = NULL;
        if (!is_alike(first, &settling->outcomes[i])) {
            settled->leg.word = VERDICT_UNKNOWN;
            settled->leg.class = CLASS_NONE;
            settled->leg.first = NULL;
            settled->deciding = settling->plan->condition_count;
        }
    }
}

/* Nothing says where the backup server is, and it may be where no row names it. A yes depends on that; a no stays one,
 * as what is unlisted is no yes either; and what is unlisted is so there as well, but maybe for another reason. */
static void decide_elsewhere(struct settling *settling)
{
    const struct plan *plan = settling->plan;
    struct settled *settled = settling->settled;
    struct outcome there = absent(plan, plan->elsewhere);

    if (settled->leg.word == VERDICT_UNKNOWN)
        return;
    for (size_t i = 0; settled->leg.word == VERDICT_UNLISTED && i < plan->elsewhere_count; i++) {
        if (plan->elsewhere[i].class != settled->leg.class)
            settling->differing = &plan->elsewhere[i];
    }
    if (settling->differing != NULL) {
        settled->leg.word = VERDICT_UNKNOWN;
        settled->leg.class = CLASS_NONE;
        settled->leg.first = NULL;
        settled->deciding = plan->condition_count;
        return;
    }
    settled->elsewhere = settled->leg.word != there.word;
    if (settled->leg.word <= VERDICT_CONDITIONAL)
        settled->leg.word = VERDICT_CONDITIONAL;
}

/* The conditions as they stand where no cause needs to be told. */
static void gather_conditions(struct settling *settling)
{
    const struct plan *plan = settling->plan;
    struct leg *leg = &settling->settled->leg;

    leg->condition_count = plan->condition_count;
    leg->conditions = arena_alloc(settling->arena, (plan->condition_count + 1) * sizeof *leg->conditions);
    for (size_t i = 0; i < plan->condition_count; i++) {
        leg->conditions[i].condition = plan->conditions[i];
        leg->conditions[i].state = settling->judge->states[i];
    }
}

static void settle(struct settling *settling)
{
    const struct plan *plan = settling->plan;
    struct leg *leg = &settling->settled->leg;
    struct outcome *outcomes = arena_alloc(settling->arena, (plan->choice_count + 1) * sizeof *outcomes);

    leg->workload = workload_words[plan->workload];
    leg->versions = plan->versions;
    leg->version_count = plan->version_count;
    leg->installations = plan->places;
    leg->installation_count = plan->place_count;
    leg->reading = plan->reading;
    outcomes[0].deciding = plan->condition_count;
    for (size_t i = 0; i < plan->choice_count; i++)
        outcomes[i] = choice_outcome(settling->judge, plan, &plan->choices[i]);
    settling->outcomes = outcomes;
    decide(settling);
    if (plan->elsewhere_count > 0)
        decide_elsewhere(settling);
    gather_rows(settling);
    gather_scope(settling);
    gather_conditions(settling);
    judge_say_reason(settling);
}

const struct settled *judge_settle(struct judge *judge, const struct plan *plan)
{
    struct plan *kept = (struct plan *)plan; /* what is remembered of it is no part of what it says */
    struct settling settling = { .judge = judge, .plan = plan };

    for (struct settled *settled = plan->settled; settled != NULL; settled = settled->next) {
        if (plan->condition_count == 0 || memcmp(settled->states, judge->states, plan->condition_count) == 0)
            return settled;
    }
    settling.arena = plan->settled_count < MAX_SETTLED ? &judge->lasting : &judge->arena;
    settling.settled = arena_alloc(settling.arena, sizeof *settling.settled);
    settling.settled->states = arena_bytes(settling.arena, judge->states, plan->condition_count);
    settle(&settling);
    if (settling.arena == &judge->lasting) {
        settling.settled->next = kept->settled;
        kept->settled = settling.settled;
        kept->settled_count++;
    }
    return settling.settled;
}
