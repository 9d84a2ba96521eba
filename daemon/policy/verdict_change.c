#include "verdict_change.h"

#include <string.h>

static bool is_yes(const struct verdict *verdict)
{
    return verdict->word <= VERDICT_CONDITIONAL;
}

/* ------------------------------------------------------------------------------------------------------- scope ---- */

static bool has_word(const char *const *words, size_t count, const char *word)
{
    for (size_t i = 0; i < count; i++) {
        if (words[i] == word || strcmp(words[i], word) == 0)
            return true;
    }
    return false;
}

/* Some leg lists it, and none takes it out. */
static bool covers(const struct verdict *verdict, const char *what)
{
    bool found = false;

    for (size_t i = 0; i < verdict->leg_count; i++) {
        const struct leg *leg = &verdict->legs[i];

        if (has_word(leg->omits, leg->omit_count, what))
            return false;
        found = found || has_word(leg->covers, leg->cover_count, what);
    }
    return found;
}

/* Legs of hosts that are alike share their lists: those of the one before are not looked through again. */
static bool same_covers(const struct leg *leg, const struct leg *former)
{
    return leg->covers == former->covers && leg->cover_count == former->cover_count;
}

/* Calls for each thing that is covered before and not after. out NULL: only whether there is one. */
static bool find_lost_scope(struct str *out, const struct verdict *before, const struct verdict *after)
{
    const char *told[32];
    size_t count = 0;

    for (size_t i = 0; i < before->leg_count; i++) {
        const struct leg *leg = &before->legs[i];

        for (size_t k = 0; k < leg->cover_count && (i == 0 || !same_covers(leg, leg - 1)); k++) {
            const char *what = leg->covers[k];

            if (count == sizeof told / sizeof *told || has_word(told, count, what) || !covers(before, what) ||
                covers(after, what))
                continue;
            if (out == NULL)
                return true;
            str_format(out, "%s%s", count == 0 ? "" : ", ", what);
            told[count++] = what;
        }
    }
    return count > 0;
}

/* -------------------------------------------------------------------------------------------------- conditions ---- */

/* Nobody knows that it is met: the verdict hangs on it. */
static bool is_open(const struct verdict_condition *condition)
{
    return condition->state == STATE_MISSING || condition->state == STATE_FOOTNOTE;
}

/* Editions write the same condition down each for itself: what counts is what it says. */
static bool same_condition(const struct condition *one, const struct condition *other)
{
    return one == other || strcmp(one->text, other->text) == 0;
}

static bool is_open_in(const struct leg *legs, size_t count, const struct condition *condition)
{
    for (size_t i = 0; i < count; i++) {
        for (size_t k = 0; k < legs[i].condition_count; k++) {
            const struct verdict_condition *own = &legs[i].conditions[k];

            if (is_open(own) && same_condition(own->condition, condition))
                return true;
        }
    }
    return false;
}

/* Whether those before it in the list were told the same. */
static bool is_told(const struct verdict *after, size_t leg, size_t condition)
{
    struct leg former = after->legs[leg];

    former.condition_count = condition;
    return is_open_in(after->legs, leg, after->legs[leg].conditions[condition].condition) ||
           is_open_in(&former, 1, former.conditions[condition].condition);
}

/* Legs of hosts that are alike ask the same: most are the one before once more. */
static bool same_conditions(const struct leg *leg, const struct leg *former)
{
    if (leg->condition_count != former->condition_count)
        return false;
    for (size_t i = 0; i < leg->condition_count && leg->conditions != former->conditions; i++) {
        if (leg->conditions[i].condition != former->conditions[i].condition ||
            leg->conditions[i].state != former->conditions[i].state)
            return false;
    }
    return true;
}

static bool find_new_conditions(struct str *out, const struct verdict *before, const struct verdict *after)
{
    bool found = false;

    for (size_t i = 0; i < after->leg_count; i++) {
        const struct leg *leg = &after->legs[i];

        for (size_t k = 0; k < leg->condition_count && (i == 0 || !same_conditions(leg, leg - 1)); k++) {
            const struct condition *condition = leg->conditions[k].condition;

            if (!is_open(&leg->conditions[k]) || is_open_in(before->legs, before->leg_count, condition) ||
                (out != NULL && is_told(after, i, k)))
                continue;
            if (out == NULL)
                return true;
            str_format(out, "%s%s: %s", found ? " " : "", condition->id, condition->text);
            found = true;
        }
    }
    return found;
}

/* ------------------------------------------------------------------------------------------------------- kinds ---- */

static bool has_row(const struct verdict *verdict)
{
    return verdict->leg_count > 0 && verdict->legs[0].row_count > 0;
}

/* The reason of a verdict that has become conditional names the condition. */
static bool became_conditional(const struct verdict *before, const struct verdict *after)
{
    return after->word == VERDICT_CONDITIONAL && before->word != VERDICT_CONDITIONAL;
}

static unsigned compare_yes(const struct verdict *before, const struct verdict *after)
{
    unsigned kinds = 0;

    if (find_lost_scope(NULL, before, after))
        kinds |= 1U << CHANGE_SCOPE_LOST;
    if (became_conditional(before, after) || find_new_conditions(NULL, before, after))
        kinds |= 1U << CHANGE_CONDITIONS;
    if (after->word == VERDICT_DEPRECATED && before->word != VERDICT_DEPRECATED)
        kinds |= 1U << CHANGE_DEPRECATED;
    if (before->word != after->word && kinds == 0)
        kinds |= 1U << CHANGE_OTHER;
    return kinds;
}

static unsigned compare_no(const struct verdict *before, const struct verdict *after)
{
    if (before->word == after->word)
        return before->class == after->class ? 0 : 1U << CHANGE_OTHER;
    if (!has_row(before) && !has_row(after) &&
        (before->word == VERDICT_UNSUPPORTED || before->word == VERDICT_UNLISTED) &&
        (after->word == VERDICT_UNSUPPORTED || after->word == VERDICT_UNLISTED))
        return 1U << CHANGE_ABSENCE;
    return 1U << CHANGE_OTHER;
}

static enum answer ruled(const struct verdict *verdict)
{
    return verdict->ruling == NULL ? (enum answer)0 : verdict->ruling->answer;
}

/* What is published and says yes needs no ruling. */
static unsigned compare_rulings(const struct verdict *before, const struct verdict *after)
{
    if (ruled(before) == ruled(after))
        return 0;
    if (after->ruling != NULL)
        return 1U << CHANGE_OTHER;
    return is_yes(after) ? 0 : 1U << CHANGE_RULING;
}

unsigned verdict_change(const struct verdict *before, const struct verdict *after)
{
    unsigned kinds;

    if (before == NULL || after == NULL)
        return before == after ? 0 : 1U << CHANGE_OTHER;
    if (is_yes(before) && is_yes(after))
        kinds = compare_yes(before, after);
    else if (is_yes(before) || is_yes(after))
        kinds = 1U << (is_yes(before) ? CHANGE_LOST : CHANGE_GAINED);
    else
        kinds = compare_no(before, after);
    return kinds | compare_rulings(before, after);
}

enum change_kind change_first(unsigned kinds)
{
    return kinds == 0 ? CHANGE_COUNT : (enum change_kind)__builtin_ctz(kinds);
}

const char *change_word(enum change_kind kind)
{
    static const char *const words[] = {
#define X(name, word, meaning) [CHANGE_##name] = (word),
        CHANGE_KINDS(X)
#undef X
    };

    return words[kind];
}

/* --------------------------------------------------------------------------------------------------- sentences ---- */

/* What a condition says, ends with a full stop. */
static void separate(struct str *out, size_t start)
{
    if (out->length > start)
        str_add(out, out->bytes[out->length - 1] == '.' ? " " : "; ");
}

static void tell_method(struct str *out, size_t start, const struct verdict *before, const struct verdict *after)
{
    separate(out, start);
    if (before == NULL)
        str_format(out, "%s counts, and did not before", method_word(after->method));
    else if (after == NULL)
        str_format(out, "%s does not count any more", method_word(before->method));
    else
        str_format(out, "%s counts instead of %s", method_word(after->method), method_word(before->method));
}

static void tell_ruling(struct str *out, size_t start, const struct ruling *ruling, const char *what)
{
    separate(out, start);
    str_format(out, "the ruling of %s (%s, for %s: %s) %s", ruling->who, answer_word(ruling->answer), ruling->product,
               ruling->basis, what);
}

static void tell_scope(struct str *out, size_t start, const struct verdict *before, const struct verdict *after)
{
    separate(out, start);
    str_add(out, "not covered any more: ");
    find_lost_scope(out, before, after);
}

static void tell_conditions(struct str *out, size_t start, const struct verdict *before, const struct verdict *after)
{
    separate(out, start);
    str_add(out, "it hangs on ");
    find_new_conditions(out, before, after);
}

static bool is_another(const struct verdict *before, const struct verdict *after)
{
    return before == NULL || before->word != after->word || before->class != after->class ||
           ruled(before) != ruled(after);
}

void verdict_change_write(struct str *out, const struct verdict *before, const struct verdict *after, unsigned kinds)
{
    size_t start = out->length;

    if (before == NULL || after == NULL || before->method != after->method)
        tell_method(out, start, before, after);
    if ((kinds >> CHANGE_RULING & 1) != 0 && before != NULL)
        tell_ruling(out, start, before->ruling, "does not carry over");
    else if (before != NULL && after != NULL && after->ruling != NULL && ruled(before) != ruled(after))
        tell_ruling(out, start, after->ruling, "holds");
    if ((kinds >> CHANGE_SCOPE_LOST & 1) != 0 && before != NULL && after != NULL)
        tell_scope(out, start, before, after);
    if ((kinds >> CHANGE_CONDITIONS & 1) != 0 && before != NULL && after != NULL && !became_conditional(before, after))
        tell_conditions(out, start, before, after);
    if (after == NULL || after->leg_count == 0 || after->legs[0].reason == NULL || !is_another(before, after))
        return;
    separate(out, start);
    str_add(out, after->legs[0].reason);
    if (after->legs[0].conflict != NULL && (before == NULL || before->legs[0].conflict == NULL)) {
        separate(out, start);
        str_add(out, after->legs[0].conflict);
    }
}

const char *change_meaning(enum change_kind kind)
{
    static const char *const meanings[] = {
#define X(name, word, meaning) [CHANGE_##name] = (meaning),
        CHANGE_KINDS(X)
#undef X
    };

    return meanings[kind];
}
