/* The lines for people. */
#include "explanation.h"

#include "attribute.h"
#include "clock.h"
#include "row_protection.h"
#include "unit.h"

#include <inttypes.h>
#include <string.h>

#define LEG 2       /* where a leg begins */
#define INSIDE 4    /* what belongs to it */
#define CONDITION 6 /* and to a condition of it */

/* The sentence that says how the column "installation" is read; NULL where it is not known. */
static const char *reading(const char *installation_of)
{
    if (strcmp(installation_of, "workload") == 0)
        return "The column \"installation\" is read as where the protected workload runs.";
    if (strcmp(installation_of, "backup-server") == 0)
        return "The column \"installation\" is read as where the backup server itself is installed.";
    return NULL;
}

const struct query_fact *explanation_fact(const struct explained_facts *facts, int64_t asset, const char *name)
{
    const struct query_fact *newest = NULL;

    for (size_t i = 0; i < facts->count; i++) {
        const struct query_fact *fact = facts->list[i].fact;

        if (facts->list[i].asset == asset && strcmp(fact->attribute, name) == 0 &&
            (newest == NULL || fact->read_at > newest->read_at))
            newest = fact;
    }
    return newest;
}

/* The states of a condition in the order in which they are told: what decided first, what is met last. */
static const struct {
    const char *state, *words, *remedy; /* remedy: what stands before it. What is not known may be met as well */
    enum tone tone;
} states[] = {
    { "unmet", "not met", "to do", TONE_BAD },
    { "missing", "undecided", "if not", TONE_WARN },
    { "scope", "in part", "to do", TONE_WARN },
    { "footnote", "footnote", "if not", TONE_PLAIN },
    { "attested", "attested", "if not", TONE_GOOD },
    { "met", "met", "if not", TONE_GOOD },
    { NULL, NULL, "to do", TONE_PLAIN }, /* a word that this release does not know */
};

#define STATES (sizeof states / sizeof *states - 1)
#define DECISIVE 2 /* up to this rank they make the verdict what it is */

static size_t state_rank(const char *state)
{
    size_t rank = 0;

    while (rank < STATES && strcmp(states[rank].state, state) != 0)
        rank++;
    return rank;
}

const char *explanation_state(const char *state)
{
    size_t rank = state_rank(state);

    return rank < STATES ? states[rank].words : state;
}

/* "read 2h ago", for a sentence. */
static void add_age(struct str *out, const struct query_fact *fact, const struct sheet *sheet)
{
    struct cell age;

    if (fact == NULL)
        return;
    age = cell_age(fact->read_at);
    if (age.type == CELL_NONE)
        return;
    str_add(out, ", read ");
    cell_show(out, &age, sheet->style->now);
    if (fact->unread != NULL)
        str_format(out, ", and not since: %s", fact->unread);
}

/* The value with its unit, as in the facts of muster show. */
static void add_value(struct str *out, const struct query_condition *condition)
{
    const struct attribute_rule *rule = attribute_find(condition->fact);
    struct err ignored = ERR_EMPTY;
    char size[UNIT_TEXT_SIZE];
    int64_t bytes;

    if (rule != NULL && strcmp(rule->unit, "bytes") == 0 && int_parse(condition->value, &bytes, &ignored))
        str_add(out, size_text(bytes, size));
    else
        str_add(out, condition->value);
}

/* "volume.capacity of E: is 512MB, read 2h ago"; of a collection (volumes, cluster): "nothing is known of it". */
static void add_fact(struct sheet *sheet, const struct query_condition *condition, const struct explained_facts *facts)
{
    struct str text = STR_EMPTY;

    str_format(&text, "%s%s%s", condition->fact, condition->name[0] == '\0' ? "" : " of ", condition->name);
    if (condition->value[0] != '\0') {
        str_add(&text, " is ");
        add_value(&text, condition);
        add_age(&text, explanation_fact(facts, condition->asset, condition->fact), sheet);
    } else {
        str_add(&text, strchr(condition->fact, '.') == NULL ? ": nothing is known" : " is not known");
    }
    if (condition->why[0] != '\0')
        str_format(&text, " (%s)", condition->why);
    sheet_line(sheet, CONDITION, "fact", TONE_PLAIN, "%s", str_text(&text));
    str_finish(&text);
}

/* What a name of the data dictionary stands for; nothing of another name. */
static void add_meaning(struct sheet *sheet, size_t indent, const char *word, const char *attribute)
{
    const struct attribute_rule *rule = attribute_find(attribute);

    if (rule != NULL)
        sheet_line(sheet, indent, word, TONE_DIM, "%s: %s", attribute, rule->meaning);
}

static void add_condition(struct sheet *sheet, const struct query_condition *condition,
                          const struct explained_facts *facts)
{
    size_t rank = state_rank(condition->state);
    char date[CLOCK_TEXT_SIZE];

    sheet_line(sheet, INSIDE, condition->id, states[rank].tone, "%s: %s", explanation_state(condition->state),
               condition->text);
    if (condition->fact[0] != '\0')
        add_fact(sheet, condition, facts);
    else
        sheet_some(sheet, CONDITION, "why", TONE_PLAIN, condition->why);
    if (rank <= DECISIVE)
        add_meaning(sheet, CONDITION, "means", condition->fact);
    if (condition->attested_until != 0)
        sheet_line(sheet, CONDITION, "attested", TONE_PLAIN, "by %s until %.10s%s%s", condition->attested_who,
                   clock_text(condition->attested_until, date), condition->attested_basis[0] == '\0' ? "" : ": ",
                   condition->attested_basis);
    sheet_some(sheet, CONDITION, states[rank].remedy, TONE_PLAIN, condition->remedy);
}

static void add_conditions(struct sheet *sheet, const struct query_leg *leg, const struct explained_facts *facts)
{
    for (size_t rank = 0; rank <= STATES; rank++) {
        for (size_t i = 0; i < leg->condition_count; i++) {
            if (state_rank(leg->conditions[i].state) == rank)
                add_condition(sheet, &leg->conditions[i], facts);
        }
    }
}

static void add_joined(struct str *out, const char *before, const struct query_texts *texts, const char *between)
{
    for (size_t i = 0; i < texts->count; i++)
        str_format(out, "%s%s", i == 0 ? before : between, texts->texts[i]);
}

/* "1. hyperv-host Windows Server 2008 SP2, physical: unsupported; of ANT-HV08 (hyperv_host 12)" */
static void add_leg_head(struct sheet *sheet, const struct query_leg *leg, size_t number)
{
    struct str head = STR_EMPTY;

    str_add(&head, leg->workload[0] == '\0' ? "no workload" : leg->workload);
    add_joined(&head, " ", &leg->versions, " or ");
    add_joined(&head, ", ", &leg->installations, " or ");
    if (leg->name[0] != '\0')
        str_format(&head, ", by %s (%s %" PRId64 ")", leg->name, leg->kind, leg->asset);
    str_format(&head, ": %s%s%s", leg->verdict, leg->class[0] == '\0' ? "" : ", ", leg->class);
    sheet_line(sheet, LEG, NULL, row_need_tone(need_of_words(leg->verdict, leg->class, NULL, false)), "%zu. %s", number,
               str_text(&head));
    str_finish(&head);
}

static void add_rows(struct sheet *sheet, const struct query_leg *leg)
{
    struct str rows = STR_EMPTY;

    add_joined(&rows, leg->rows.count > 1 ? "rows " : "row ", &leg->rows, ", ");
    if (leg->rows.count == 0)
        str_add(&rows, "no row");
    if (leg->edition[0] != '\0')
        str_format(&rows, " of %s, the page of %s", leg->edition, leg->date);
    if (leg->rows.count > 0 || leg->edition[0] != '\0')
        sheet_line(sheet, INSIDE, "matrix", TONE_PLAIN, "%s", str_text(&rows));
    str_finish(&rows);
}

/* What the legs of one protection mostly have in common is said once. The address has a line of its own, so that it can
 * be copied from a narrow terminal, too. */
static void add_source(struct sheet *sheet, const struct query_leg *leg, const struct query_leg *before)
{
    add_rows(sheet, leg);
    if (before == NULL || strcmp(before->page, leg->page) != 0)
        sheet_some(sheet, INSIDE, NULL, TONE_PLAIN, leg->page);
    if (before == NULL || strcmp(before->installation_of, leg->installation_of) != 0)
        sheet_some(sheet, INSIDE, "reading", TONE_DIM, reading(leg->installation_of));
}

/* One of the explanation's, and its conditions. A reason that stands above all legs is not said again. */
static void add_leg(struct sheet *sheet, const struct query_explanation *explanation, size_t at,
                    const struct explained_facts *facts)
{
    const struct query_leg *leg = &explanation->legs[at], *before = at == 0 ? NULL : leg - 1;
    const char *told = explanation->protection.reason;

    add_leg_head(sheet, leg, at + 1);
    if (told == NULL || strcmp(told, leg->reason) != 0)
        sheet_some(sheet, INSIDE, "why", TONE_PLAIN, leg->reason);
    sheet_some(sheet, INSIDE, "conflict", TONE_WARN, leg->conflict);
    add_meaning(sheet, INSIDE, "means", leg->missing);
    add_source(sheet, leg, before);
    sheet_list(sheet, INSIDE, "covers", leg->covers.texts, leg->covers.count);
    sheet_list(sheet, INSIDE, "omits", leg->omits.texts, leg->omits.count);
    add_conditions(sheet, leg, facts);
}

static const char *counting(const struct query_protection *protection)
{
    static const struct {
        const char *by, *counts, *other;
    } words[] = {
        { "dpmdb", "yes: the backup server's database shows this method",
          "no: the backup server's database shows another" },
        { "rule", "yes: a rule of the configuration says so", "no: a rule of the configuration names another" },
        { "any", "yes: nothing says how it is protected, and no other way is better",
          "no: nothing says how it is protected, and another way is as good or better" },
        { "parts", "yes: and whether it is protected is asked of its databases", "no" },
        { "none", "yes", "no: a rule of the configuration takes it out" },
    };

    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        if (strcmp(words[i].by, protection->by) == 0)
            return protection->counts ? words[i].counts : words[i].other;
    }
    return protection->counts ? "yes" : "no";
}

static void add_ruling(struct sheet *sheet, const struct query_explanation *explanation)
{
    char date[CLOCK_TEXT_SIZE];

    if (explanation->protection.ruled == NULL)
        return;
    sheet_line(sheet, LEG, "ruling", TONE_PLAIN,
               "%s, says %s (%s); to be reviewed by %.10s. The verdict above is the "
               "published one.",
               explanation->protection.ruled,
               explanation->ruling_who == NULL ? "nobody known" : explanation->ruling_who,
               explanation->ruling_basis == NULL ? "no basis is given" : explanation->ruling_basis,
               clock_text(explanation->ruling_review_at, date));
}

/* Of whose product that is: the verdict of an image is about its hosts. */
static void add_support(struct sheet *sheet, const struct query_explanation *explanation)
{
    const struct query_protection *protection = &explanation->protection;
    bool over = protection->support_end < sheet->style->now;
    const char *version = explanation->ending == NULL ? protection->version : explanation->ending;
    char date[CLOCK_TEXT_SIZE];

    if (protection->support_end == 0)
        return;
    sheet_line(sheet, LEG, "vendor", over ? TONE_WARN : TONE_PLAIN, "support of %s%s%s%s %s on %.10s",
               version[0] == '\0' ? "it" : version, explanation->ending_of == NULL ? "" : " (that of its ",
               explanation->ending_of == NULL ? "" : explanation->ending_of, explanation->ending_of == NULL ? "" : ")",
               over ? "ended" : "ends", clock_text(protection->support_end, date));
}

static void add_step(struct sheet *sheet, const struct query_protection *protection)
{
    int64_t now = sheet->style->now, left = clock_days(now, protection->step_end);
    char date[CLOCK_TEXT_SIZE], days[COUNT_TEXT_SIZE];

    sheet_some(sheet, LEG, "step", TONE_PLAIN, protection->step);
    if (protection->step_end == 0 || left > QUERY_STEP_SOON_DAYS)
        return;
    clock_text(protection->step_end, date);
    if (protection->step_end < now)
        sheet_line(sheet, LEG, "but", TONE_WARN, "the vendor's support of what that leads to ended on %.10s", date);
    else
        sheet_line(sheet, LEG, "but", TONE_WARN, "the vendor's support of what that leads to ends on %.10s: %s left",
                   date, count_text((uint64_t)left, "day", days));
}

static void add_since(struct sheet *sheet, const struct query_protection *protection)
{
    const struct query_asset *asset = &protection->asset;
    struct str text = STR_EMPTY;
    struct cell cell = cell_age(protection->since_at);

    cell_show(&text, &cell, sheet->style->now);
    if (asset->stale) {
        cell = cell_age(asset->seen_at);
        str_add(&text, "; stale, seen last ");
        cell_show(&text, &cell, sheet->style->now);
    }
    sheet_line(sheet, LEG, "since", asset->stale ? TONE_WARN : TONE_PLAIN, "%s", str_text(&text));
    str_finish(&text);
}

static void add_exempt(struct sheet *sheet, const struct query_protection *protection)
{
    struct arena arena;

    arena_init(&arena, ARENA_PLAIN);
    sheet_some(sheet, LEG, "exempt", TONE_WARN, row_exempt(&arena, protection));
    arena_finish(&arena);
}

static void add_head(struct sheet *sheet, const struct query_protection *protection)
{
    enum need need = row_need(protection);

    sheet_line(sheet, 0, NULL, row_need_tone(need), "%s by %s (%s): %s%s%s%s%s", protection->method, protection->server,
               protection->product == NULL ? "product not known" : protection->product, protection->verdict,
               protection->class[0] == '\0' ? "" : ", ", protection->class, protection->ruled == NULL ? "" : ", ruled ",
               protection->ruled == NULL ? "" : protection->ruled);
}

void explanation_lines(struct sheet *sheet, const struct query_explanation *explanation,
                       const struct explained_facts *facts)
{
    const struct query_protection *protection = &explanation->protection;

    add_head(sheet, protection);
    sheet_some(sheet, LEG, "why", TONE_PLAIN, protection->reason);
    add_step(sheet, protection);
    add_ruling(sheet, explanation);
    if (protection->cause != 0)
        sheet_line(sheet, LEG, "cause", TONE_PLAIN, "%s (asset %" PRId64 "); muster explain %" PRId64 " tells more",
                   protection->cause_name == NULL ? "-" : protection->cause_name, protection->cause, protection->cause);
    sheet_line(sheet, LEG, "counts", TONE_PLAIN, "%s", counting(protection));
    sheet_some(sheet, LEG, "excluded", TONE_WARN, protection->excluded);
    add_exempt(sheet, protection);
    add_since(sheet, protection);
    add_support(sheet, explanation);
    sheet_some(sheet, LEG, "owner", TONE_PLAIN, protection->owner);
    sheet_some(sheet, LEG, "site", TONE_PLAIN, protection->site);
    sheet_some(sheet, LEG, "critical", TONE_PLAIN, protection->criticality);
    for (size_t i = 0; i < explanation->leg_count; i++)
        add_leg(sheet, explanation, i, facts);
    if (explanation->more_legs > 0)
        sheet_line(sheet, LEG, "more", TONE_PLAIN,
                   "%" PRId64 " others were asked, none of which is worse than the first", explanation->more_legs);
}
