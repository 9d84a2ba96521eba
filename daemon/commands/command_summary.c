#include "call.h"
#include "row.h"
#include "summary_verdicts.h"
#include "view.h"

#include <string.h>

/* In the order of its words. */
enum by { BY_KIND, BY_TARGET, BY_KEY, BY_CAUSE, BY_OWNER, BY_SITE, BY_SERVER, BY_ALL };

static const struct flag flags[] = {
    { "by", 'b', "kind|target|key|cause|owner|site|server", "only that table, and all of it" },
    { 0 },
};

static const struct column total_columns[] = {
    { "assets", "assets", CELL_NUMBER, false },
    { "targets", "targets", CELL_NUMBER, false },
    { "  failing", "targets_failing", CELL_NUMBER, false },
    { "  late", "targets_late", CELL_NUMBER, false },
    { "  quarantined", "targets_quarantined", CELL_NUMBER, false },
    { "held credentials", "credentials_held", CELL_NUMBER, false },
    { "held removals", "removals_held", CELL_NUMBER, false },
    { 0 },
};

static const struct column kind_columns[] = {
    { "KIND", "kind", CELL_TEXT, false },
    { "ASSETS", "assets", CELL_NUMBER, false },
    { 0 },
};

static const struct column target_columns[] = {
    { "TARGET", "name", CELL_TEXT, false },
    { "PLUGIN", "plugin", CELL_TEXT, false },
    { "STATE", "state", CELL_TEXT, false },
    { "RESULT", "result", CELL_TEXT, false },
    { "GOOD", "succeeded", CELL_AGE, false },
    { "ITEMS", "items", CELL_NUMBER, false },
    { "HELD", "held_removals", CELL_NUMBER, false },
    { "MESSAGE", "message", CELL_PROSE, false },
    { "FIRST WARNING", "warning", CELL_PROSE, false },
    { NULL, "ended", CELL_TIME, false },
    { NULL, "attempts", CELL_NUMBER, false },
    { NULL, "late", CELL_TRUTH, false },
    { NULL, "tags", CELL_LIST, false },
    { NULL, "held_why", CELL_TEXT, false },
    { 0 },
};

static bool is(const char *word, const char *other)
{
    return word != NULL && strcmp(word, other) == 0;
}

static bool is_failing(const struct query_target *target)
{
    return !row_result_is_good(target->result) && !is(target->result, "never");
}

/* A partial scan may have seen all but one thing, or nothing beyond a name: its warning tells. */
static bool needs_look(const struct query_target *target)
{
    return is_failing(target) || (is(target->result, "partial") && target->warning != NULL) || target->late ||
           target->held_removals > 0 || !is(target->state, "waiting");
}

static struct cell count_cell(int64_t count, enum tone tone)
{
    return cell_toned(cell_number(count), count > 0 ? tone : TONE_PLAIN);
}

static void add_totals(struct document *document, const struct query_summary *summary)
{
    struct table *table = document_table(document, "totals", total_columns);
    int64_t failing = 0, late = 0, quarantined = 0, held = 0, removals = 0;

    table->single = true;
    for (size_t i = 0; i < summary->target_count; i++) {
        failing += is_failing(&summary->targets[i]);
        late += summary->targets[i].late;
        quarantined += is(summary->targets[i].state, "quarantined");
        removals += summary->targets[i].held_removals;
    }
    for (size_t i = 0; i < summary->credential_count; i++)
        held += is(summary->credentials[i].state, "held");
    table_add(table, (struct cell[]){ cell_number(summary->assets), cell_number((int64_t)summary->target_count),
                                      count_cell(failing, TONE_BAD), count_cell(late, TONE_WARN),
                                      count_cell(quarantined, TONE_BAD), count_cell(held, TONE_BAD),
                                      count_cell(removals, TONE_WARN) });
}

static void add_kinds(struct document *document, const struct query_summary *summary)
{
    struct table *table = document_table(document, "kinds", kind_columns);

    table->empty = "Nothing was found yet: muster status shows how the scans went.";
    for (size_t i = 0; i < summary->kind_count; i++)
        table_add(table, (struct cell[]){ cell_text(summary->kinds[i].name), cell_number(summary->kinds[i].assets) });
}

static void add_target(struct document *document, struct table *table, const struct query_target *target)
{
    table_add(table, (struct cell[]){
                         cell_text(target->name),
                         cell_text(target->plugin),
                         cell_toned(cell_text(target->state), is(target->state, "waiting") ? TONE_PLAIN : TONE_WARN),
                         row_result(target->result),
                         cell_toned(cell_age(target->succeeded_at), target->late ? TONE_WARN : TONE_PLAIN),
                         cell_number(target->items),
                         count_cell(target->held_removals, TONE_WARN),
                         cell_text(target->message),
                         cell_text(target->warning),
                         cell_time(target->ended_at),
                         cell_number(target->attempts),
                         cell_truth(target->late),
                         row_texts(&document->arena, &target->tags),
                         cell_text(target->held_why),
                     });
}

/* Thousands of targets that are fine are one number to a person. */
static void add_targets(struct document *document, const struct query_summary *summary, bool all)
{
    struct table *table = document_table(document, "targets", target_columns);

    if (!all) {
        table->caption = "Targets that need a look (--by target shows all):";
        table->at_most = 20;
    }
    table->empty = summary->target_count == 0
                       ? "There are no targets: the configuration names none, or musterd has not run yet."
                       : "All targets were scanned in time.";
    for (size_t i = 0; i < summary->target_count; i++) {
        if (all || needs_look(&summary->targets[i]))
            add_target(document, table, &summary->targets[i]);
    }
    if (table_rows(table) == 0)
        table->caption = NULL;
}

static void add_credentials(struct document *document, const struct query_summary *summary, bool all)
{
    struct table *table = document_table(document, "credentials", row_credentials);

    for (size_t i = 0; i < summary->credential_count; i++) {
        if (all || is(summary->credentials[i].state, "held"))
            row_add_credential(table, &summary->credentials[i]);
    }
}

static bool fill_inventory(struct view *view, enum by by, struct err *err)
{
    bool all = view->call->style.format != FORMAT_TABLE;
    struct document *document = &view->document;
    struct query_summary summary;

    if (!query_summary(view->query, view->call->style.now, &document->arena, &summary, err))
        return false;
    document->main = by == BY_TARGET ? "targets" : "kinds";
    if (by == BY_ALL)
        add_totals(document, &summary);
    if (by != BY_TARGET)
        add_kinds(document, &summary);
    if (by != BY_KIND)
        add_targets(document, &summary, all || by == BY_TARGET);
    if (by == BY_ALL)
        add_credentials(document, &summary, all);
    return true;
}

/* Verdicts first: they are what it is all about. */
static bool fill(struct view *view, enum by by, struct err *err)
{
    static const enum query_grouping groupings[] = {
        [BY_KEY] = GROUPING_KEY,   [BY_CAUSE] = GROUPING_CAUSE,   [BY_OWNER] = GROUPING_OWNER,
        [BY_SITE] = GROUPING_SITE, [BY_SERVER] = GROUPING_SERVER,
    };

    if (by != BY_ALL && by != BY_KIND && by != BY_TARGET)
        return summary_groups(view, groupings[by], err);
    return (by != BY_ALL || summary_verdicts(view, err)) && fill_inventory(view, by, err);
}

static enum status summarize(struct view *view)
{
    enum by by = (enum by)flags_word(view->call->flags, "by", BY_ALL);
    struct err err = ERR_EMPTY;

    return fill(view, by, &err) ? STATUS_DONE : call_fail(view->call, STATUS_COULD_NOT, &err);
}

const struct command command_summary = {
    .name = "summary",
    .synopsis = "[--by key|cause|owner|site|server|kind|target]",
    .summary = "the first view: how many verdicts of what, what needs action, and what needs a look",
    .help = "A target is late when it was not scanned with success within its max_age (three times every).\n"
            "A stale protection is in no count of supported ones. CSV has the table of kinds, or that of --by.\n",
    .flags = flags,
    .view = summarize,
};
