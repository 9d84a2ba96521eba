#include "call.h"
#include "matrix_diff.h"
#include "published.h"
#include "row.h"

static const struct flag flags[] = {
    PUBLISHED_FLAGS,
};

static const struct column columns[] = {
    { "CHANGE", "kind", CELL_TEXT, false },     { "WORKLOAD", "workload", CELL_TEXT, false },
    { "VERSION", "version", CELL_TEXT, false }, { "INSTALLATION", "installation", CELL_TEXT, false },
    { "FROM", "from", CELL_LIST, false },       { "TO", "to", CELL_LIST, false },
    { "WHAT", "text", CELL_PROSE, false },      { 0 },
};

static const enum tone tones[] = {
    [DIFF_LOST] = TONE_BAD,        [DIFF_GAINED] = TONE_GOOD,       [DIFF_DEPRECATED] = TONE_WARN,
    [DIFF_SCOPE_LOST] = TONE_WARN, [DIFF_SCOPE_GAINED] = TONE_GOOD, [DIFF_CONDITIONS] = TONE_WARN,
    [DIFF_ANSWER] = TONE_PLAIN,    [DIFF_ABSENCE] = TONE_PLAIN,
};

static struct cell rows_cell(struct arena *arena, const struct entry_row *const *rows, size_t count)
{
    int *numbers = arena_alloc(arena, (count + 1) * sizeof *numbers);
    size_t kept = 0;

    for (size_t i = 0; i < count; i++) {
        if (kept == 0 || numbers[kept - 1] != rows[i]->row)
            numbers[kept++] = rows[i]->row;
    }
    return row_numbers(arena, numbers, kept);
}

static void add_change(struct document *document, struct table *table, const struct diff_change *change)
{
    table_add(table, (struct cell[]){
                         cell_toned(cell_text(diff_kind_word(change->kind)), tones[change->kind]),
                         cell_text(change->workload),
                         cell_text(change->version),
                         cell_text(change->installation),
                         rows_cell(&document->arena, change->from, change->from_count),
                         rows_cell(&document->arena, change->to, change->to_count),
                         cell_text(change->text),
                     });
}

static enum status diff(struct view *view)
{
    static const char *const spare[] = { "FROM", "TO", NULL }; /* the sentence names the rows, too */
    const char *from = view->call->flags->operands.items[0], *to = view->call->flags->operands.items[1];
    const struct diff_change *changes;
    struct err err = ERR_EMPTY;
    struct table *table;
    size_t count;

    if (published_edition(view, &from, &err) == NULL || published_edition(view, &to, &err) == NULL)
        return call_fail(view->call, STATUS_USAGE, &err);
    table = document_table(&view->document, "changes", columns);
    table->spare = spare;
    table->empty = "Both products are answered alike.";
    count = matrix_diff(view->matrix, from, to, &view->document.arena, &changes);
    for (size_t i = 0; i < count; i++)
        add_change(&view->document, table, &changes[i]);
    return STATUS_DONE;
}

const struct command command_matrix_diff = {
    .name = "matrix diff",
    .synopsis = "PRODUCT PRODUCT [--matrix DIR] [--products FILE]",
    .summary = "what changes from one backup product to another, by the matrix alone",
    .help = "FROM and TO are the rows of each product's page that answer.\n",
    .flags = flags,
    .least = 2,
    .most = 2,
    .matrix = diff,
};
