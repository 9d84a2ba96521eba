#include "matrix_lint.h"
#include "published.h"
#include "row.h"

static const struct flag flags[] = {
    PUBLISHED_FLAGS,
};

static const struct column columns[] = {
    { "KIND", "kind", CELL_TEXT, false },  { "EDITION", "edition", CELL_TEXT, false },
    { "ROWS", "rows", CELL_LIST, false },  { "WHAT", "text", CELL_PROSE, false },
    { "WHERE", "place", CELL_TEXT, true }, { NULL, "file", CELL_TEXT, false },
    { NULL, "line", CELL_NUMBER, false },  { 0 },
};

static struct cell kind_cell(enum lint_kind kind)
{
    return cell_toned(cell_text(lint_kind_word(kind)), kind == LINT_DATA ? TONE_BAD : TONE_WARN);
}

static void add_finding(struct document *document, struct table *table, const struct lint_finding *finding)
{
    table_add(table, (struct cell[]){
                         kind_cell(finding->kind),
                         cell_text(finding->edition),
                         row_numbers(&document->arena, finding->rows, finding->row_count),
                         cell_text(finding->text),
                         published_place(&document->arena, finding->file, finding->line),
                         cell_text(finding->file),
                         finding->line == 0 ? cell_text(NULL) : cell_number(finding->line),
                     });
}

static enum status lint(struct view *view)
{
    static const char *const spare[] = { "WHERE", NULL }; /* half a path leads nowhere */
    struct table *table = document_table(&view->document, "findings", columns);
    const struct lint_finding *findings;
    size_t count = matrix_lint(view->matrix, &view->document.arena, &findings);

    table->spare = spare;
    table->empty = "Nothing is wrong with the matrix.";
    for (size_t i = 0; i < count; i++)
        add_finding(&view->document, table, &findings[i]);
    return STATUS_DONE;
}

const struct command command_matrix_lint = {
    .name = "matrix lint",
    .synopsis = "[--matrix DIR] [--products FILE]",
    .summary = "what is wrong with the matrix, as published or as written down",
    .help =
        "Pages are kept as they are published: most of what is listed is about the page, and asks for a ruling where\n"
        "it matters. The exit status is 0 whatever is listed, 78 where the files cannot be read or are malformed.\n",
    .flags = flags,
    .matrix = lint,
};
