#include "summary_verdicts.h"

#include "query_exemption.h"
#include "row.h"
#include "row_protection.h"

#include <inttypes.h>
#include <string.h>

#define AT_MOST 10 /* groups that people see at first sight */

static const struct column count_columns[] = {
    { "VERDICT", "verdict", CELL_TEXT, false },
    { "CLASS", "class", CELL_TEXT, false },
    { "PROTECTIONS", "protections", CELL_NUMBER, false },
    { "ASSETS", "assets", CELL_NUMBER, false },
    { "STALE", "stale", CELL_NUMBER, false },
    { "RULED", "ruled", CELL_NUMBER, false },
    { "NEEDS", "needs", CELL_TEXT, false },
    { 0 },
};

static const struct column judging_columns[] = {
    { "protections", "protections", CELL_NUMBER, false },    { "  to act on", "act", CELL_NUMBER, false },
    { "  to decide", "decide", CELL_NUMBER, false },         { "  to look at", "look", CELL_NUMBER, false },
    { "excluded by rules", "excluded", CELL_NUMBER, false }, { "judged", "judged", CELL_AGE, false },
    { "still to judge", "waiting", CELL_NUMBER, false },     { 0 },
};

static const struct column finding_columns[] = {
    { "open findings", "open", CELL_NUMBER, false },
    { "  to act on", "act_shown", CELL_TEXT, true },
    { "  to decide", "decide_shown", CELL_TEXT, true },
    { "  to look at", "look_shown", CELL_TEXT, true },
    { NULL, "act", CELL_NUMBER, false },
    { NULL, "decide", CELL_NUMBER, false },
    { NULL, "look", CELL_NUMBER, false },
    { NULL, "exempt", CELL_NUMBER, false },
    { NULL, "act_exempt", CELL_NUMBER, false },
    { NULL, "decide_exempt", CELL_NUMBER, false },
    { NULL, "look_exempt", CELL_NUMBER, false },
    { 0 },
};

/* The same but for the title of what is grouped by, and whether people are told the reason and the step of one of its
 * protections: those of a key or a cause are much alike, those of a site are not. */
#define GROUP_COLUMNS(title, reason_title, step_title)                                                                 \
    {                                                                                                                  \
        { "ASSETS", "assets", CELL_NUMBER, false }, { title, "name", CELL_TEXT, false },                               \
            { "VERDICT", "verdict", CELL_TEXT, false }, { "CLASS", "class", CELL_TEXT, false },                        \
            { reason_title, "reason", CELL_PROSE, false }, { step_title, "step", CELL_PROSE, false },                  \
            { NULL, "needs", CELL_TEXT, false }, { NULL, "asset", CELL_NUMBER, false }, { 0 },                         \
    }

static const struct column group_columns[][9] = {
    [GROUPING_KEY] = GROUP_COLUMNS("KEY", "REASON", "STEP"),
    [GROUPING_CAUSE] = GROUP_COLUMNS("CAUSE", "REASON", "STEP"),
    [GROUPING_OWNER] = GROUP_COLUMNS("OWNER", NULL, NULL),
    [GROUPING_SITE] = GROUP_COLUMNS("SITE", NULL, NULL),
    [GROUPING_SERVER] = GROUP_COLUMNS("SERVER", NULL, NULL),
};

/* At first sight what to do is more than why. */
static const struct column key_columns[] = GROUP_COLUMNS("KEY", NULL, "STEP");
static const struct column cause_columns[] = GROUP_COLUMNS("CAUSE", NULL, "STEP");

static void add_group(struct table *table, const struct query_group *group)
{
    table_add(table, (struct cell[]){
                         cell_number(group->assets),
                         row_some(group->name),
                         row_verdict(group->verdict, group->class),
                         row_some(group->class),
                         cell_text(group->reason),
                         cell_text(group->step),
                         row_some(need_word(need_of_words(group->verdict, group->class, NULL, false))),
                         group->asset == 0 ? cell_text(NULL) : cell_number(group->asset),
                     });
}

static bool is_for_all(const struct view *view)
{
    return view->call->style.format != FORMAT_TABLE;
}

static void add_counts(struct view *view, const struct query_verdicts *verdicts)
{
    struct table *table = document_table(&view->document, "verdicts", count_columns);

    table->empty = row_nothing_judged(&view->document.arena, verdicts);
    if (table->empty == NULL)
        table->empty = "Rules exclude all protections that there are.";
    for (size_t i = 0; i < verdicts->count; i++) {
        const struct query_verdict_count *count = &verdicts->counts[i];
        bool stale = count->stale > 0;

        table_add(table,
                  (struct cell[]){
                      row_verdict(count->verdict, count->class),
                      row_some(count->class),
                      cell_number(count->protections),
                      cell_number(count->assets),
                      stale || is_for_all(view) ? cell_toned(cell_number(count->stale), stale ? TONE_WARN : TONE_PLAIN)
                                                : cell_text(NULL),
                      count->ruled > 0 || is_for_all(view) ? cell_number(count->ruled) : cell_text(NULL),
                      row_some(need_word(need_of_words(count->verdict, count->class, NULL, false))),
                  });
    }
}

static void add_keys(struct view *view, const struct query_verdicts *verdicts)
{
    struct table *table = document_table(&view->document, "groups", key_columns);

    table->caption = "What needs action (--by key shows all that is not supported, and why):";
    table->at_most = AT_MOST;
    for (size_t i = 0; i < verdicts->group_count; i++) {
        const struct query_group *group = &verdicts->groups[i];

        if (is_for_all(view) || need_of_words(group->verdict, group->class, NULL, false) == NEED_ACT)
            add_group(table, group);
    }
}

static bool add_causes(struct view *view, struct err *err)
{
    struct table *table = document_table(&view->document, "causes", cause_columns);
    struct query_verdicts verdicts;

    table->caption = "What decides for others:";
    table->at_most = AT_MOST;
    if (!query_verdict_summary(view->query, GROUPING_CAUSE, 0, view->call->style.now, &view->document.arena, &verdicts,
                               err))
        return false;
    for (size_t i = 0; i < verdicts.group_count; i++) {
        if (verdicts.groups[i].asset != 0)
            add_group(table, &verdicts.groups[i]);
    }
    return true;
}

/* A stale one that would be supported is among what needs a look. */
static void count_needs(const struct query_verdicts *verdicts, int64_t needs[NEED_ACT + 1])
{
    for (size_t i = 0; i < verdicts->count; i++) {
        const struct query_verdict_count *count = &verdicts->counts[i];
        enum need need = need_of_words(count->verdict, count->class, NULL, false);

        needs[need] += count->protections;
        if (need == NEED_NOTHING)
            needs[NEED_LOOK] += count->stale;
    }
}

/* People are told the numbers only where there are some. */
static struct cell number_cell(const struct view *view, int64_t number)
{
    return number == 0 && !is_for_all(view) ? cell_text(NULL) : cell_number(number);
}

static void add_judging(struct view *view, const struct query_verdicts *verdicts)
{
    struct table *table = document_table(&view->document, "judging", judging_columns);
    int64_t needs[NEED_ACT + 1] = { 0 };
    bool told = is_for_all(view) || verdicts->protections > 0 || verdicts->excluded > 0;

    table->single = true;
    count_needs(verdicts, needs);
    if (told)
        table_add(table, (struct cell[]){
                             cell_number(verdicts->protections),
                             cell_toned(number_cell(view, needs[NEED_ACT]), TONE_BAD),
                             cell_toned(number_cell(view, needs[NEED_DECIDE]), TONE_WARN),
                             cell_toned(number_cell(view, needs[NEED_LOOK]), TONE_WARN),
                             number_cell(view, verdicts->excluded),
                             cell_age(verdicts->judged_at),
                             cell_toned(number_cell(view, verdicts->waiting), TONE_WARN),
                         });
}

/* "5, of which 2 are exempt" */
static struct cell open_cell(struct view *view, const struct query_finding_counts *counts, enum need need)
{
    struct arena *arena = &view->document.arena;
    int64_t exempt = counts->exempt[need];
    const char *text = arena_format(arena, "%" PRId64, counts->open[need]);

    if (counts->open[need] == 0)
        return cell_text(NULL);
    if (exempt > 0)
        text = arena_format(arena, "%s, of which %" PRId64 " %s exempt", text, exempt, exempt == 1 ? "is" : "are");
    return cell_toned(cell_text(text), row_need_tone(need));
}

static bool add_findings(struct view *view, struct err *err)
{
    struct table *table = document_table(&view->document, "findings", finding_columns);
    struct query_finding_counts counts;
    int64_t open, exempt;

    table->single = true;
    if (!query_finding_counts(view->query, &view->document.arena, &counts, err))
        return false;
    open = counts.open[NEED_ACT] + counts.open[NEED_DECIDE] + counts.open[NEED_LOOK];
    exempt = counts.exempt[NEED_ACT] + counts.exempt[NEED_DECIDE] + counts.exempt[NEED_LOOK];
    if (open == 0 && !is_for_all(view))
        return true;
    table_add(table, (struct cell[]){
                         cell_number(open),
                         open_cell(view, &counts, NEED_ACT),
                         open_cell(view, &counts, NEED_DECIDE),
                         open_cell(view, &counts, NEED_LOOK),
                         cell_number(counts.open[NEED_ACT]),
                         cell_number(counts.open[NEED_DECIDE]),
                         cell_number(counts.open[NEED_LOOK]),
                         cell_number(exempt),
                         cell_number(counts.exempt[NEED_ACT]),
                         cell_number(counts.exempt[NEED_DECIDE]),
                         cell_number(counts.exempt[NEED_LOOK]),
                     });
    return true;
}

bool summary_verdicts(struct view *view, struct err *err)
{
    struct query_verdicts verdicts;

    if (!query_verdict_summary(view->query, GROUPING_KEY, 0, view->call->style.now, &view->document.arena, &verdicts,
                               err))
        return false;
    add_counts(view, &verdicts);
    add_judging(view, &verdicts);
    if (!add_findings(view, err))
        return false;
    add_keys(view, &verdicts);
    return add_causes(view, err);
}

bool summary_groups(struct view *view, enum query_grouping grouping, struct err *err)
{
    struct table *table = document_table(&view->document, "groups", group_columns[grouping]);
    struct query_verdicts verdicts;

    if (!query_verdict_summary(view->query, grouping, 0, view->call->style.now, &view->document.arena, &verdicts, err))
        return false;
    table->empty = row_nothing_judged(&view->document.arena, &verdicts);
    if (table->empty == NULL)
        table->empty = "Everything that counts is supported.";
    for (size_t i = 0; i < verdicts.group_count; i++)
        add_group(table, &verdicts.groups[i]);
    view->more = row_still_judging(&view->document.arena, &verdicts);
    return true;
}
