#include "step_parts.h"

#include "str.h"
#include "text.h"

#include <string.h>

enum { MAX_NAMES = 3 }; /* named in one sentence; further ones are counted */

static const char *finish(struct arena *arena, struct str *text)
{
    const char *kept = arena_bytes(arena, str_text(text), text->length);

    str_finish(text);
    return kept;
}

static const char *quote(char buffer[TEXT_QUOTE_SIZE], const struct thing *thing)
{
    return thing == NULL ? "it" : text_quote(buffer, thing->name);
}

/* --------------------------------------------------------------------------------------------------- conditions ----
 */

/* A volume or a database tells little without what it is of. */
static bool is_part(const struct thing *thing)
{
    return thing_is(thing, "volume") || thing_is(thing, "database");
}

/* Where a remedy is to be taken: nowhere in a lookup. */
static void add_place(struct str *names, const struct verdict *verdict, const struct leg *leg,
                      const struct verdict_condition *condition)
{
    const struct thing *thing = condition->cause.thing;
    char text[TEXT_QUOTE_SIZE], of[TEXT_QUOTE_SIZE];

    if (verdict->thing == NULL)
        return;
    if (thing != NULL)
        str_add(names, quote(text, thing));
    else if (verdict->server != NULL)
        str_add(names, text_quote(text, verdict->server));
    if (thing != NULL && leg->thing != NULL && leg->thing != thing && is_part(thing))
        str_format(names, " of %s", quote(of, leg->thing));
}

struct places {
    struct str names;
    size_t count;
    const struct thing *seen[MAX_NAMES];
};

static bool was_seen(const struct places *places, const struct thing *thing)
{
    for (size_t i = 0; i < places->count && i < MAX_NAMES; i++) {
        if (places->seen[i] == thing)
            return true;
    }
    return false;
}

static void add_leg_places(struct places *places, const struct verdict *verdict, const struct leg *leg,
                           const struct condition *condition)
{
    for (size_t i = 0; i < leg->condition_count; i++) {
        const struct verdict_condition *found = &leg->conditions[i];

        if (found->condition != condition || found->state != STATE_UNMET || was_seen(places, found->cause.thing))
            continue;
        if (places->count < MAX_NAMES) {
            if (places->names.length > 0)
                str_add(&places->names, ", ");
            add_place(&places->names, verdict, leg, found);
            places->seen[places->count] = found->cause.thing;
        }
        places->count++;
    }
}

static struct str find_places(const struct verdict *verdict, const struct condition *condition)
{
    struct places places = { .names = STR_EMPTY };

    for (size_t i = 0; i < verdict->leg_count; i++)
        add_leg_places(&places, verdict, &verdict->legs[i], condition);
    if (places.count > MAX_NAMES)
        str_format(&places.names, " and %zu more", places.count - MAX_NAMES);
    return places.names;
}

/* One sentence that does not say where, so that the place can be added before its full stop. */
static bool takes_place(const char *remedy)
{
    size_t length = strlen(remedy);

    return length > 1 && remedy[length - 1] == '.' && strstr(remedy, ". ") == NULL &&
           strstr(remedy, "backup server") == NULL;
}

static void add_remedy(struct str *out, const struct condition *condition, const char *places)
{
    const char *remedy = condition->remedy;

    if (remedy == NULL && *places == '\0')
        str_format(out, "Meet %s: %s", condition->id, condition->text);
    else if (remedy == NULL)
        str_format(out, "Meet %s on %s: %s", condition->id, places, condition->text);
    else if (*places == '\0')
        str_add(out, remedy);
    else if (condition->step == STEP_UPDATE && takes_place(remedy))
        str_format(out, "%.*s on %s.", (int)(strlen(remedy) - 1), remedy, places);
    else
        str_format(out, "%s: %s", places, remedy);
}

/* Two conditions may be met by one remedy, which is told once. */
static void add_conditions(struct str *out, const struct verdict *verdict, const struct attempt *attempt)
{
    for (size_t i = 0; i < attempt->met_count; i++) {
        struct str places = find_places(verdict, attempt->met[i]), sentence = STR_EMPTY;

        add_remedy(&sentence, attempt->met[i], str_text(&places));
        if (strstr(str_text(out), str_text(&sentence)) == NULL)
            str_format(out, "%s%s", i > 0 ? " " : "", str_text(&sentence));
        str_finish(&sentence);
        str_finish(&places);
    }
}

/* ------------------------------------------------------------------------------------------------------- offers ----
 */

static void add_server(struct str *out, const struct verdict *verdict)
{
    char text[TEXT_QUOTE_SIZE];

    str_add(out, "the backup server");
    if (verdict->server != NULL)
        str_format(out, " %s", text_quote(text, verdict->server));
}

static void add_product(struct str *out, const struct verdict *verdict, const struct attempt *attempt)
{
    const struct product *product = attempt->offer.product;

    str_add(out, attempt->type == STEP_UPDATE ? "Update " : "Move ");
    add_server(out, verdict);
    str_format(out, " to %s (%s).", product->title, product->name);
}

static size_t count_alike(const struct verdict *verdict)
{
    size_t count = 0;

    for (size_t i = 1; i < verdict->leg_count; i++)
        count += leg_is_alike(&verdict->legs[i], &verdict->legs[0]);
    return count;
}

static void add_version(struct str *out, const struct verdict *verdict, const struct attempt *attempt)
{
    const struct leg *leg = &verdict->legs[0];
    size_t others = count_alike(verdict);
    char text[TEXT_QUOTE_SIZE];

    str_format(out, "%s %s", attempt->type == STEP_UPGRADE ? "Upgrade" : "Bring", quote(text, leg->thing));
    if (others > 0)
        str_format(out, " and %zu more like it", others);
    str_format(out, " from %s to %s.", leg->versions[0], attempt->offer.version->name);
}

static void add_method(struct str *out, const struct verdict *verdict, const struct attempt *attempt)
{
    char text[TEXT_QUOTE_SIZE];

    str_format(out, "Protect %s by %s instead of by %s.", quote(text, verdict->thing), method_word(attempt->method),
               method_word(verdict->method));
}

/* What people decide is often less work than a move, but never the same as a page that says yes. */
static bool can_be_ruled(const struct verdict *verdict)
{
    enum verdict_class class = verdict->class;

    return verdict->word == VERDICT_CONTRADICTORY ||
           (verdict->word == VERDICT_UNLISTED && (class == CLASS_GAP || class == CLASS_LEVEL || class == CLASS_SKU));
}

const char *step_text_attempt(struct arena *arena, const struct verdict *verdict, const struct attempt *attempt)
{
    struct str out = STR_EMPTY;

    if (attempt->met_count > 0)
        add_conditions(&out, verdict, attempt);
    else if (attempt->method != 0)
        add_method(&out, verdict, attempt);
    else if (attempt->offer.product != NULL)
        add_product(&out, verdict, attempt);
    else
        add_version(&out, verdict, attempt);
    if (attempt->word == VERDICT_CONDITIONAL)
        str_add(&out, " It would be conditional then: whether it is supported depends on what is not known yet.");
    if (attempt->word == VERDICT_DEPRECATED)
        str_add(&out, " It would be supported then, but deprecated.");
    if (attempt->type > STEP_METHOD && can_be_ruled(verdict))
        str_add(&out, " Or ask for a ruling.");
    return finish(arena, &out);
}

/* ------------------------------------------------------------------------------------------------------ no step ----
 */

static const struct verdict_condition *find_state(const struct verdict *verdict, enum condition_state state)
{
    for (size_t i = 0; i < verdict->leg_count; i++) {
        for (size_t k = 0; k < verdict->legs[i].condition_count; k++) {
            if (verdict->legs[i].conditions[k].state == state)
                return &verdict->legs[i].conditions[k];
        }
    }
    return NULL;
}

struct gap {
    const struct thing *thing;
    const char *fact; /* NULL: none would tell; why says what is not known */
    const char *why;
};

/* What selects the row comes first: without it nobody knows which conditions matter. */
static bool find_gap(const struct verdict *verdict, struct gap *gap)
{
    const struct verdict_condition *condition = find_state(verdict, STATE_MISSING);

    for (size_t i = 0; i < verdict->leg_count; i++) {
        *gap = (struct gap){ .thing = verdict->legs[i].thing, .fact = verdict->legs[i].missing };
        if (gap->fact != NULL)
            return true;
    }
    if (condition == NULL)
        return false;
    *gap = (struct gap){ .thing = condition->cause.thing, .fact = condition->cause.fact, .why = condition->cause.why };
    if (gap->fact == NULL && condition->cause.collection < COLLECTION_COUNT)
        gap->fact = collection_word(condition->cause.collection);
    return gap->fact != NULL || gap->why != NULL;
}

static void add_missing(struct str *out, const struct verdict *verdict)
{
    char text[TEXT_QUOTE_SIZE];
    struct gap gap;

    if (!find_gap(verdict, &gap)) {
        str_add(out, "No single step makes it supported");
        if (verdict->edition != NULL && verdict->edition->partly)
            str_format(out, ": %s is encoded in part only; what its page says beside must be read there",
                       verdict->edition->name);
        str_add_char(out, '.');
    } else if (gap.fact == NULL) {
        str_format(out, "Find out what no fact tells: %s", text_quote(text, gap.why));
    } else {
        str_add(out, strncmp(gap.fact, "installation", 12) == 0 ? "Find out the " : "Find out ");
        str_add(out, gap.fact);
        if (gap.thing != NULL && verdict->thing != NULL && strchr(gap.fact, ' ') == NULL) {
            str_add(out, " of ");
            str_add(out, quote(text, gap.thing));
        }
        str_add(out, gap.why == NULL ? ": it decides." : ": it decides. It was not read: ");
        if (gap.why != NULL)
            str_add(out, text_quote(text, gap.why));
    }
}

static void add_ruling(struct str *out, const struct verdict *verdict)
{
    const char *edition = verdict->edition == NULL ? "the matrix" : verdict->edition->name;

    if (verdict->word == VERDICT_CONTRADICTORY)
        str_format(out, "Ask for a ruling: the rows of %s disagree, and no single step leads away from them.", edition);
    else
        str_format(out, "Ask for a ruling: %s says neither yes nor no, and no single step leads to a yes.", edition);
}

/* The first unmet condition that nobody can meet as it is written. */
static const struct condition *find_impossible(const struct verdict *verdict)
{
    for (size_t i = 0; i < verdict->leg_count; i++) {
        for (size_t k = 0; k < verdict->legs[i].condition_count; k++) {
            const struct verdict_condition *condition = &verdict->legs[i].conditions[k];

            if (condition->state == STATE_UNMET && condition->condition->cannot != NULL)
                return condition->condition;
        }
    }
    return NULL;
}

static void add_none(struct str *out, const struct verdict *verdict, bool dead)
{
    const struct condition *impossible = find_impossible(verdict);
    char text[TEXT_QUOTE_SIZE];

    str_add(out, "No single step makes it supported");
    if (impossible != NULL)
        str_format(out, ": %s cannot be met as it is written (%s)", impossible->id, impossible->cannot);
    else if (verdict->class == CLASS_FOREIGN && verdict->thing != NULL)
        str_format(out, ": %s is nothing that the tables know", quote(text, verdict->thing));
    else if (dead)
        str_add(out, ": what it could be moved to is out of its vendor's support itself");
    str_add_char(out, '.');
}

const char *step_text_none(struct arena *arena, const struct verdict *verdict, bool dead)
{
    struct str out = STR_EMPTY;

    if (verdict->word == VERDICT_CONDITIONAL || verdict->word == VERDICT_UNKNOWN)
        add_missing(&out, verdict);
    else if (can_be_ruled(verdict))
        add_ruling(&out, verdict);
    else
        add_none(&out, verdict, dead);
    return finish(arena, &out);
}
