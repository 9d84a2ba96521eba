#include "call.h"
#include "published.h"
#include "row.h"

#include <inttypes.h>

static const struct flag flags[] = {
    { "product", 'p', "PRODUCT", "the rows that are about it, instead of the editions" },
    PUBLISHED_FLAGS,
};

static const struct column edition_columns[] = {
    { "EDITION", "name", CELL_TEXT, false },
    { "TITLE", "title", CELL_PROSE, false },
    { "DATE", "date", CELL_TEXT, false },
    { "PRODUCTS", "products", CELL_LIST, false },
    { "ROWS", "rows", CELL_NUMBER, false },
    { "LEVELS", "levels", CELL_TEXT, false },
    { "ABSENCE", "absence", CELL_TEXT, false },
    { "PROSE", "prose", CELL_TEXT, false },
    { "FILE", "file", CELL_PROSE, false },
    { "SHA-256", "short", CELL_TEXT, true },
    { NULL, "hash", CELL_TEXT, false },
    { NULL, "sha256", CELL_TEXT, false },
    { NULL, "page", CELL_TEXT, false },
    { NULL, "keys", CELL_NUMBER, false },
    { 0 },
};

static const struct column row_columns[] = {
    { "ROW", "row", CELL_NUMBER, false },
    { "WORKLOAD", "workload", CELL_TEXT, false },
    { "VERSION", "version", CELL_TEXT, false },
    { "INSTALLATION", "installation", CELL_TEXT, false },
    { "ANSWER", "answer", CELL_TEXT, false },
    { "CONDITIONS", "conditions", CELL_LIST, false },
    { "PROTECTS", "protects", CELL_LIST, false },
    { "NOTE", "note", CELL_PROSE, false },
    { NULL, "product", CELL_TEXT, false },
    { NULL, "edition", CELL_TEXT, false },
    { NULL, "file", CELL_TEXT, false },
    { NULL, "line", CELL_NUMBER, false },
    { 0 },
};

static struct cell hash_cell(struct arena *arena, const struct hash128 *hash)
{
    return cell_text(arena_format(arena, "%016" PRIx64 "%016" PRIx64, hash->high, hash->low));
}

/* Enough of it to compare by eye. */
static struct cell short_cell(struct arena *arena, const char *sha256)
{
    return cell_text(sha256 == NULL ? NULL : arena_format(arena, "%.12s", sha256));
}

static void add_edition(struct document *document, struct table *table, const struct edition *edition)
{
    const struct query_texts products = { edition->products, edition->product_count };

    table_add(table, (struct cell[]){
                         cell_text(edition->name),
                         cell_text(edition->title),
                         cell_text(edition->date),
                         row_texts(&document->arena, &products),
                         cell_number((int64_t)published_rows(edition)),
                         cell_text(edition->at_least ? "at-least" : "exact"),
                         cell_text(edition->absence_is_no ? "unsupported" : "unlisted"),
                         cell_text(edition->partly ? "partly" : "encoded"),
                         cell_text(edition->file),
                         short_cell(&document->arena, edition->sha256),
                         hash_cell(&document->arena, &edition->hash),
                         cell_text(edition->sha256),
                         cell_text(edition->page),
                         cell_number((int64_t)edition->row_count),
                     });
}

static void add_editions(struct view *view)
{
    struct table *table = document_table(&view->document, "editions", edition_columns);

    table->empty = "There is no edition: the folder has no file with one.";
    for (size_t i = 0; i < view->matrix->edition_count; i++)
        add_edition(&view->document, table, &view->matrix->editions[i]);
}

static struct cell answer_cell(enum answer answer)
{
    static const enum tone tones[] = {
        [ANSWER_NO] = TONE_BAD, [ANSWER_YES] = TONE_GOOD, [ANSWER_DEPRECATED] = TONE_WARN
    };

    return cell_toned(cell_text(answer_word(answer)), tones[answer]);
}

static struct query_texts condition_ids(struct arena *arena, const struct entry_row *row)
{
    const char **ids = arena_alloc(arena, (row->condition_count + 1) * sizeof *ids);

    for (size_t i = 0; i < row->condition_count; i++)
        ids[i] = row->conditions[i]->id;
    return published_ids(ids, row->condition_count);
}

static void add_row(struct document *document, struct table *table, const struct entry_row *row)
{
    const struct query_texts ids = condition_ids(&document->arena, row);
    const struct query_texts protects = { row->protects, row->protect_count };

    table_add(table, (struct cell[]){
                         cell_number(row->row),
                         cell_text(row->workload),
                         cell_text(row->version),
                         cell_text(row->installation),
                         answer_cell(row->answer),
                         row_texts(&document->arena, &ids),
                         row_texts(&document->arena, &protects),
                         cell_text(row->note),
                         cell_text(row->product),
                         cell_text(row->edition->name),
                         cell_text(row->file),
                         cell_number(row->line),
                     });
}

static enum status add_rows(struct view *view, const char *product)
{
    static const char *const spare[] = { "PROTECTS", "CONDITIONS", NULL };
    struct err err = ERR_EMPTY;
    const struct edition *edition = published_edition(view, &product, &err);
    struct table *table;

    if (edition == NULL)
        return call_fail(view->call, STATUS_USAGE, &err);
    table = document_table(&view->document, "rows", row_columns);
    table->spare = spare;
    for (size_t i = 0; i < edition->row_count; i++) {
        if (strcmp(edition->rows[i].product, product) == 0)
            add_row(&view->document, table, &edition->rows[i]);
    }
    return STATUS_DONE;
}

static enum status list(struct view *view)
{
    const char *product = flags_value(view->call->flags, "product");

    if (product != NULL)
        return add_rows(view, product);
    add_editions(view);
    return STATUS_DONE;
}

const struct command command_matrix_list = {
    .name = "matrix list",
    .synopsis = "[--product PRODUCT] [--matrix DIR] [--products FILE]",
    .summary = "the editions; with --product all rows about that product",
    .help =
        "ROWS counts those of the page, each of which may be about several versions and installations. SHA-256 is the\n"
        "beginning of what sha256sum prints of FILE; JSON and CSV have all of it.\n",
    .flags = flags,
    .matrix = list,
};
