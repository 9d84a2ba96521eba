/* The sentence that says why a plan came to its word, as far as it depends on nothing of the thing. */
#include "judge_parts.h"

/* Rows that answer in one way. */
static void say_answering(struct settling *settling, bool yes)
{
    const struct leg *leg = &settling->settled->leg;
    const struct entry_row **rows = arena_alloc(settling->arena, (leg->row_count + 1) * sizeof *rows);
    size_t count = 0;

    for (size_t i = 0; i < leg->row_count; i++) {
        if ((leg->rows[i]->answer != ANSWER_NO) == yes)
            rows[count++] = leg->rows[i];
    }
    judge_say_rows(settling->judge, rows, count);
    str_add(&settling->judge->text, yes ? count == 1 ? " says yes" : " say yes" : count == 1 ? " says no" : " say no");
}

static void say_subject(struct settling *settling)
{
    str_format(&settling->judge->text, " to %s for %s", settling->plan->product->name, settling->plan->what);
}

static void say_as(struct settling *settling)
{
    const struct choice *choice = &settling->plan->choices[0];

    if (choice->listed != NULL)
        str_format(&settling->judge->text, "; %s is of a higher level than any that is listed, and judged as %s",
                   choice->version->name, choice->listed->name);
}

static void say_condition(struct settling *settling, const char *how)
{
    size_t deciding = settling->settled->deciding;

    if (deciding < settling->plan->condition_count) {
        const struct condition *condition = settling->plan->conditions[deciding];
        str_format(&settling->judge->text, ", but %s %s (%s): ", condition->id, how, condition->text);
    }
}

static void say_yes(struct settling *settling)
{
    struct str *text = &settling->judge->text;
    const struct settled *settled = settling->settled;

    say_answering(settling, true);
    say_subject(settling);
    say_as(settling);
    if (settled->leg.word == VERDICT_UNSUPPORTED)
        say_condition(settling, "is not met");
    else if (settled->leg.word == VERDICT_UNKNOWN)
        say_condition(settling, "says whether they are about this one, and cannot be decided");
    else if (settled->leg.word == VERDICT_DEPRECATED)
        str_add(text, ", and marks that as ending");
    else if (settled->leg.word == VERDICT_CONDITIONAL && settled->deciding < settling->plan->condition_count)
        say_condition(settling, "cannot be decided");
    else if (settled->leg.word == VERDICT_CONDITIONAL && settling->plan->edition->partly)
        str_format(text, ", but not all conditions of %s are encoded", settling->plan->edition->name);
}

static void say_dropped(struct settling *settling)
{
    str_format(&settling->judge->text, "%s has rows for %s", settling->plan->edition->name, settling->plan->what);
    say_condition(settling, "says that they are not about this one");
}

static void say_alternative(struct settling *settling, const struct choice *choice, const struct outcome *outcome)
{
    struct str *text = &settling->judge->text;

    str_format(text, "%s ", choice->version == NULL ? "an unknown version" : choice->version->name);
    judge_say_place(settling->judge, settling->plan->reading, 1U << choice->place);
    str_format(text, ", which is %s", verdict_word(outcome->word));
    if (outcome->class != CLASS_NONE)
        str_format(text, " (%s)", verdict_class_word(outcome->class));
}

/* Two that differ show that it matters. */
static void say_alternatives(struct settling *settling)
{
    const struct plan *plan = settling->plan;
    const struct outcome *outcomes = settling->outcomes;
    size_t other = 1, count = plan->choice_count;

    while (other + 1 < count && outcomes[other].word == outcomes[0].word && outcomes[other].class == outcomes[0].class)
        other++;
    str_add(&settling->judge->text, "it may be ");
    say_alternative(settling, &plan->choices[0], &outcomes[0]);
    str_add(&settling->judge->text, ", or ");
    if (settling->differing != NULL)
        say_alternative(settling, settling->differing,
                        &(struct outcome){ .word = VERDICT_UNLISTED, .class = settling->differing->class });
    else
        say_alternative(settling, &plan->choices[other], &outcomes[other]);
    count += settling->differing == NULL ? 0 : plan->elsewhere_count;
    if (count > 2)
        str_format(&settling->judge->text, ", of %zu possibilities", count);
}

static void say_unsupported(struct settling *settling)
{
    const struct leg *leg = &settling->settled->leg;
    bool no = false;

    for (size_t i = 0; i < leg->row_count; i++)
        no |= leg->rows[i]->answer == ANSWER_NO;
    if (!no) {
        say_yes(settling);
        return;
    }
    say_answering(settling, false);
    say_subject(settling);
    say_as(settling);
}

static void say_contradiction(struct settling *settling)
{
    say_answering(settling, true);
    str_add(&settling->judge->text, " and ");
    say_answering(settling, false);
    say_subject(settling);
    say_as(settling);
}

void judge_say_reason(struct settling *settling)
{
    const struct plan *plan = settling->plan;
    const struct leg *leg = &settling->settled->leg;

    if (plan->open)
        str_format(&settling->judge->text, "the version is not known, and it selects the row");
    else if (leg->word == VERDICT_UNKNOWN && settling->settled->deciding == plan->condition_count)
        say_alternatives(settling);
    else if (leg->row_count == 0 && settling->settled->deciding < plan->condition_count)
        say_dropped(settling);
    else if (leg->row_count == 0)
        str_add(&settling->judge->text, plan->choices[0].reason == NULL ? "no row" : plan->choices[0].reason);
    else if (leg->word == VERDICT_CONTRADICTORY)
        say_contradiction(settling);
    else if (leg->word == VERDICT_UNSUPPORTED)
        say_unsupported(settling);
    else
        say_yes(settling);
    settling->settled->leg.reason = judge_keep(settling->judge, settling->arena);
}
