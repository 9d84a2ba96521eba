#include "row_supposed.h"

#include "row.h"
#include "row_protection.h"

#include <string.h>

static const enum tone tones[] = {
    [CHANGE_LOST] = TONE_BAD,        [CHANGE_RULING] = TONE_BAD,      [CHANGE_SCOPE_LOST] = TONE_WARN,
    [CHANGE_CONDITIONS] = TONE_WARN, [CHANGE_DEPRECATED] = TONE_WARN, [CHANGE_ABSENCE] = TONE_PLAIN,
    [CHANGE_OTHER] = TONE_PLAIN,     [CHANGE_GAINED] = TONE_GOOD,
};

static bool is_for_people(const struct view *view)
{
    return view->call->style.format == FORMAT_TABLE;
}

static struct cell kind_cell(enum change_kind kind)
{
    return cell_toned(cell_text(change_word(kind)), tones[kind]);
}

/* ------------------------------------------------------------------------------------------------------ counts ---- */

static const struct column count_columns[] = {
    { "CHANGE", "change", CELL_TEXT, false },
    { "PROTECTIONS", "protections", CELL_NUMBER, false },
    { "ASSETS", "assets", CELL_NUMBER, false },
    { "MEANS", "means", CELL_TEXT, true },
    { 0 },
};

void row_supposed_counts(struct view *view, const struct query_supposed *supposed)
{
    static const char *const spare[] = { "MEANS", NULL };
    struct table *table = document_table(&view->document, "counts", count_columns);

    table->spare = spare;
    for (enum change_kind kind = 0; kind < CHANGE_COUNT; kind++) {
        const struct query_supposed_count *count = &supposed->counts[kind];

        if (count->protections > 0 || !is_for_people(view))
            table_add(table, (struct cell[]){ kind_cell(kind), cell_number(count->protections),
                                              cell_number(count->assets), cell_text(change_meaning(kind)) });
    }
}

/* ------------------------------------------------------------------------------------------------------- sides ---- */

/* One side in a table: the word, and the product where both have another one. */
static struct cell side_cell(struct view *view, const struct query_side *side, const struct query_side *other)
{
    struct arena *arena = &view->document.arena;
    const char *text = side->verdict;

    if (text == NULL)
        return cell_text(NULL);
    if (side->class[0] != '\0')
        text = arena_format(arena, "%s (%s)", text, side->class);
    if (side->ruled != NULL)
        text = arena_format(arena, "%s, ruled %s", text, side->ruled);
    if (side->product != NULL && (other->product == NULL || strcmp(side->product, other->product) != 0))
        text = arena_format(arena, "%s by %s", text, side->product);
    return cell_toned(cell_text(text), row_need_tone(need_of_words(side->verdict, side->class, side->ruled, false)));
}

/* The columns of one side, and its cells. */
#define SIDE_COLUMNS(side)                                                                                             \
    { NULL, side "_product", CELL_TEXT, false }, { NULL, side "_workload", CELL_TEXT, false },                         \
        { NULL, side "_version", CELL_TEXT, false }, { NULL, side "_installation", CELL_TEXT, false },                 \
        { NULL, side "_verdict", CELL_TEXT, false }, { NULL, side "_class", CELL_TEXT, false },                        \
    {                                                                                                                  \
        NULL, side "_ruled", CELL_TEXT, false                                                                          \
    }
#define SIDE_CELLS(side)                                                                                               \
    cell_text((side).product), cell_text((side).workload), row_some((side).version), row_some((side).installation),    \
        cell_text((side).verdict), row_some((side).class), cell_text((side).ruled)

/* ------------------------------------------------------------------------------------------------------ groups ---- */

static const struct column group_columns[] = {
    { "CHANGE", "change", CELL_TEXT, false },
    { "ASSETS", "assets", CELL_NUMBER, false },
    { NULL, "protections", CELL_NUMBER, false },
    { "KEY", "name", CELL_TEXT, false },
    { "BEFORE", "before", CELL_TEXT, true },
    { "AFTER", "after", CELL_TEXT, true },
    { "SUCH AS", "asset_name", CELL_TEXT, false },
    { NULL, "asset", CELL_NUMBER, false },
    { "WHAT", "text", CELL_PROSE, false },
    { "STEP", "step", CELL_PROSE, false },
    SIDE_COLUMNS("before"),
    SIDE_COLUMNS("after"),
    { 0 },
};

void row_supposed_groups(struct view *view, const struct query_supposed *supposed)
{
    static const char *const spare[] = { "SUCH AS", NULL };
    struct table *table = document_table(&view->document, "groups", group_columns);

    table->spare = spare;
    for (size_t i = 0; i < supposed->group_count; i++) {
        const struct query_supposed_group *group = &supposed->groups[i];

        table_add(table, (struct cell[]){
                             kind_cell(group->kind),
                             cell_number(group->assets),
                             cell_number(group->protections),
                             cell_text(group->name),
                             side_cell(view, &group->before, &group->after),
                             side_cell(view, &group->after, &group->before),
                             cell_text(group->asset_name),
                             cell_number(group->asset),
                             cell_text(group->text),
                             cell_text(group->step),
                             SIDE_CELLS(group->before),
                             SIDE_CELLS(group->after),
                         });
    }
}

/* -------------------------------------------------------------------------------------------------------- list ---- */

static const struct column list_columns[] = {
    { "CHANGE", "change", CELL_TEXT, false },
    { NULL, "also", CELL_LIST, false },
    { "ID", "id", CELL_NUMBER, false },
    { "NAME", "name", CELL_TEXT, false },
    { NULL, "kind", CELL_TEXT, false },
    { "METHOD", "method", CELL_TEXT, false },
    { "SERVER", "server", CELL_TEXT, false },
    { "BEFORE", "before", CELL_TEXT, true },
    { "AFTER", "after", CELL_TEXT, true },
    { "WHAT", "text", CELL_PROSE, false },
    { NULL, "step", CELL_TEXT, false },
    { NULL, "selected", CELL_TRUTH, false },
    { NULL, "owner", CELL_TEXT, false },
    { NULL, "site", CELL_TEXT, false },
    { NULL, "criticality", CELL_TEXT, false },
    { NULL, "before_method", CELL_TEXT, false },
    SIDE_COLUMNS("before"),
    { NULL, "before_reason", CELL_TEXT, false },
    SIDE_COLUMNS("after"),
    { NULL, "after_reason", CELL_TEXT, false },
    { 0 },
};

/* The kinds of change beside the worst. */
static struct cell also_cell(struct arena *arena, const struct query_supposed_change *change)
{
    const char **words = arena_alloc(arena, CHANGE_COUNT * sizeof *words);
    struct query_texts texts = { words, 0 };

    for (enum change_kind kind = change->kind + 1; kind < CHANGE_COUNT; kind++) {
        if ((change->kinds >> kind & 1) != 0)
            words[texts.count++] = change_word(kind);
    }
    return row_texts(arena, &texts);
}

static void add_change(struct view *view, struct table *table, const struct query_supposed_change *change)
{
    const struct query_side *before = &change->before, *after = &change->after;

    table_add(table, (struct cell[]){
                         kind_cell(change->kind),
                         also_cell(&view->document.arena, change),
                         cell_number(change->asset),
                         cell_text(change->name),
                         cell_text(change->asset_kind),
                         cell_text(after->method != NULL ? after->method : before->method),
                         cell_text(change->server),
                         side_cell(view, before, after),
                         side_cell(view, after, before),
                         cell_text(change->text),
                         cell_text(after->step),
                         cell_truth(change->picked),
                         cell_text(change->owner),
                         cell_text(change->site),
                         cell_text(change->criticality),
                         cell_text(before->method),
                         SIDE_CELLS(*before),
                         cell_text(before->reason),
                         SIDE_CELLS(*after),
                         cell_text(after->reason),
                     });
}

void row_supposed_list(struct view *view, const struct query_supposed *supposed, bool each)
{
    static const char *const spare[] = { "SERVER", "METHOD", NULL };
    struct table *table;

    if (is_for_people(view) && !each)
        return;
    table = document_table(&view->document, "protections", list_columns);
    table->spare = spare;
    for (size_t i = 0; i < supposed->count; i++)
        add_change(view, table, &supposed->list[i]);
}
