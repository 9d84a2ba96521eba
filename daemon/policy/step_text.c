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

/* -------------------------------------------------------------------------------------------------- conditions ---- */

/* A volume or a database tells little without what it is of, and neither does what is protected. */
static bool is_part(const struct thing *thing)
{
    return thing_is(thing, "volume") || thing_is(thing, "database") || thing_is(thing, "protected");
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

/* What the virtual machine is to do is not told to its host, though that is what does not fit. */
static bool is_of_machine(const struct verdict *verdict, const struct condition *condition)
{
    return condition->remedy != NULL && strstr(condition->remedy, "the virtual machine") != NULL &&
           verdict->thing != NULL && thing_is(verdict->thing, "vm");
}

/* "VM on HOST": both are named, so that nobody moves another one. */
static void add_machine(struct places *places, const struct verdict *verdict)
{
    struct str names = STR_EMPTY;
    char text[TEXT_QUOTE_SIZE];

    if (places->count == 0 || (places->count == 1 && places->seen[0] == verdict->thing))
        return;
    str_format(&names, "%s on %s", quote(text, verdict->thing), str_text(&places->names));
    str_finish(&places->names);
    places->names = names;
}

static struct str find_places(const struct verdict *verdict, const struct condition *condition)
{
    struct places places = { .names = STR_EMPTY };

    for (size_t i = 0; i < verdict->leg_count; i++)
        add_leg_places(&places, verdict, &verdict->legs[i], condition);
    if (places.count > MAX_NAMES)
        str_format(&places.names, " and %zu more", places.count - MAX_NAMES);
    if (is_of_machine(verdict, condition))
        add_machine(&places, verdict);
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

/* ------------------------------------------------------------------------------------------------------ offers ---- */

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

/* What people decide is often less work than a move, but never the same as a page that says yes. One ruling is enough.
 */
static bool can_be_ruled(const struct verdict *verdict)
{
    enum verdict_class class = verdict->class;

    if (verdict->ruling != NULL)
        return false;
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
        str_add(&out, " It would be conditional then: some facts are still missing.");
    if (attempt->word == VERDICT_DEPRECATED)
        str_add(&out, " It would be supported then, but deprecated.");
    if (attempt->type > STEP_METHOD && can_be_ruled(verdict))
        str_add(&out, STEP_OR_RULING);
    return finish(arena, &out);
}

/* ----------------------------------------------------------------------------------------------------- no step ---- */

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
    const struct thing *thing; /* NULL: the backup server, or the fact says whose it is */
    const char *fact;          /* NULL: none would tell; why says what is not known */
    const char *why;
    bool related; /* the fact is a collection */
    bool whose;   /* the fact is one of the thing */
};

static struct gap gap_of(const struct condition_cause *cause)
{
    bool related = cause->fact == NULL && cause->collection < COLLECTION_COUNT;

    return (struct gap){ .thing = cause->thing,
                         .fact = related ? collection_word(cause->collection) : cause->fact,
                         .why = cause->why,
                         .related = related,
                         .whose = true };
}

/* A condition may have asked for what selects the row: it knows of whom, and why it is missing. */
static void explain_gap(const struct leg *leg, struct gap *gap)
{
    for (size_t i = 0; i < leg->condition_count; i++) {
        const struct condition_cause *cause = &leg->conditions[i].cause;

        if (leg->conditions[i].state == STATE_MISSING && cause->fact != NULL && strcmp(cause->fact, gap->fact) == 0) {
            *gap = gap_of(cause);
            return;
        }
    }
    gap->whose = gap->thing != NULL && strchr(gap->fact, ' ') == NULL;
    if (gap->whose)
        gap->why = thing_unread(gap->thing, gap->fact);
}

/* What selects the row comes first: without it nobody knows which conditions matter. */
static bool find_gap(const struct verdict *verdict, struct gap *gap)
{
    const struct verdict_condition *condition = find_state(verdict, STATE_MISSING);

    for (size_t i = 0; i < verdict->leg_count; i++) {
        const struct leg *leg = &verdict->legs[i];

        *gap = (struct gap){ .thing = leg->thing, .fact = leg->missing };
        if (gap->fact != NULL) {
            explain_gap(leg, gap);
            return true;
        }
    }
    if (condition == NULL)
        return false;
    *gap = gap_of(&condition->cause);
    return gap->fact != NULL || gap->why != NULL;
}

static bool is_place(const struct gap *gap)
{
    return strncmp(gap->fact, "installation", 12) == 0;
}

/* What a scan may not tell, the configuration can. */
static void add_server_place(struct str *out, const struct verdict *verdict)
{
    str_add(out, "Nothing says where ");
    add_server(out, verdict);
    str_add(out,
            " is installed: say it in backup_servers (installation = ...), or let it be scanned; the verdict depends "
            "on it.");
}

/* Nobody has scanned what is only asked about. */
static void add_lookup_gap(struct str *out, const struct gap *gap)
{
    str_format(out, "It depends on %s%s%s.", gap->related || is_place(gap) ? "the " : "", gap->fact,
               is_place(gap) ? "" : ", which only a scan tells");
}

static void add_whose(struct str *out, const struct verdict *verdict, const struct gap *gap)
{
    char text[TEXT_QUOTE_SIZE];

    if (gap->whose) {
        str_add(out, " of ");
        if (gap->thing == NULL)
            add_server(out, verdict);
        else
            str_add(out, quote(text, gap->thing));
    } else if (verdict->server != NULL && strstr(gap->fact, "backup server") != NULL) {
        str_format(out, " %s", text_quote(text, verdict->server));
    }
}

static void add_gap(struct str *out, const struct verdict *verdict, const struct gap *gap)
{
    char text[TEXT_QUOTE_SIZE];

    str_format(out, "Let a scan read %s%s", gap->related || is_place(gap) ? "the " : "", gap->fact);
    add_whose(out, verdict, gap);
    str_format(out, "; the verdict depends on %s", gap->related ? "them" : "it");
    if (gap->why == NULL)
        str_add_char(out, '.');
    else
        str_format(out, "%s%s", gap->related ? ": " : ". It could not be read: ", text_quote(text, gap->why));
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
    } else if (verdict->thing == NULL) {
        add_lookup_gap(out, &gap);
    } else if (strcmp(gap.fact, MISSING_SERVER_PLACE) == 0) {
        add_server_place(out, verdict);
    } else {
        add_gap(out, verdict, &gap);
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

/* The first condition that made a leg fall, and of which no remedy is known. */
static const struct condition *find_hopeless(const struct verdict *verdict)
{
    for (size_t i = 0; i < verdict->leg_count; i++) {
        const struct leg *leg = &verdict->legs[i];

        for (size_t k = 0; k < leg->condition_count && leg->word > VERDICT_CONDITIONAL; k++) {
            const struct condition *condition = leg->conditions[k].condition;
            bool fell = condition->effect == EFFECT_VERDICT || leg->row_count == 0;

            if (leg->conditions[k].state == STATE_UNMET && fell && condition->cannot == NULL &&
                !condition_is_step(condition))
                return condition;
        }
    }
    return NULL;
}

static void add_hopeless(struct str *out, const struct verdict *verdict, const struct condition *condition)
{
    struct str places = find_places(verdict, condition);
    size_t length = strlen(condition->text);

    if (length > 0 && condition->text[length - 1] == '.')
        length--;
    str_format(out, "Nothing is known that would meet %s%s%s (%.*s).", condition->id, places.length > 0 ? " on " : "",
               str_text(&places), (int)length, condition->text);
    str_finish(&places);
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

static bool is_among(const struct attempt *attempt, const struct condition *condition)
{
    for (size_t i = 0; i < attempt->met_count; i++) {
        if (attempt->met[i] == condition)
            return true;
    }
    return false;
}

/* Each condition says what is to be done about it, so that has to be told here, too. */
static void add_not_enough(struct str *out, const struct verdict *verdict)
{
    struct attempt asked = { 0 };

    for (size_t i = 0; i < verdict->leg_count; i++) {
        for (size_t k = 0; k < verdict->legs[i].condition_count && asked.met_count < UNMET_MAX; k++) {
            const struct verdict_condition *found = &verdict->legs[i].conditions[k];

            if (found->state == STATE_UNMET && condition_is_step(found->condition) &&
                !is_among(&asked, found->condition))
                asked.met[asked.met_count++] = found->condition;
        }
    }
    if (asked.met_count > 0)
        str_add(out, " What its conditions ask for is not enough: ");
    add_conditions(out, verdict, &asked);
}

const char *step_text_none(struct arena *arena, const struct verdict *verdict, bool dead)
{
    const struct condition *hopeless;
    struct str out = STR_EMPTY;

    if (verdict->word == VERDICT_CONDITIONAL || verdict->word == VERDICT_UNKNOWN) {
        add_missing(&out, verdict);
        return finish(arena, &out);
    }
    hopeless = find_impossible(verdict) == NULL ? find_hopeless(verdict) : NULL;
    if (hopeless != NULL)
        add_hopeless(&out, verdict, hopeless);
    if (can_be_ruled(verdict)) {
        str_add(&out, hopeless != NULL ? " " : "");
        add_ruling(&out, verdict);
    } else if (hopeless == NULL) {
        add_none(&out, verdict, dead);
    }
    if (!can_be_ruled(verdict))
        add_not_enough(&out, verdict);
    return finish(arena, &out);
}
