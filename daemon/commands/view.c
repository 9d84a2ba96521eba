#include "view.h"

#include "call.h"
#include "log.h"
#include "text.h"

#include <stdio.h>

static enum status print(const struct view *view)
{
    enum status status = call_print(view->call, &view->document);

    if (status == STATUS_DONE && view->more != NULL)
        fprintf(stderr, "%s\n", view->more);
    return status;
}

enum status view_run(const struct call *call)
{
    struct view view = { .call = call, .query = call_open(call) };
    enum status status;

    if (view.query == NULL)
        return STATUS_COULD_NOT;
    document_init(&view.document, NULL);
    status = call->command->view(&view);
    query_close(view.query);
    if (status == STATUS_DONE)
        status = print(&view);
    document_finish(&view.document);
    return status;
}

static const struct column candidate_columns[] = {
    { "ID", "id", CELL_NUMBER, false },
    { "KIND", "kind", CELL_TEXT, false },
    { "NAME", "name", CELL_TEXT, false },
    { 0 },
};

/* The candidates as a table on standard error: what is printed on standard output is only what was asked for. */
static void show_candidates(const struct view *view, const struct query_found *found)
{
    struct style style = { .format = FORMAT_TABLE, .now = view->call->style.now, .out = stderr };
    struct document document;
    struct table *table;

    document_init(&document, "candidates");
    table = document_table(&document, "candidates", candidate_columns);
    for (size_t i = 0; i < found->count; i++) {
        const struct query_asset *asset = &found->candidates[i];

        table_add(table, (struct cell[]){ cell_number(asset->id), cell_text(asset->kind), cell_text(asset->name) });
    }
    document_print(&document, &style, NULL);
    document_finish(&document);
}

enum status view_find(struct view *view, const char *item, int64_t *id)
{
    char quote[TEXT_QUOTE_SIZE];
    struct query_found found;
    struct err err = ERR_EMPTY;

    if (!query_find(view->query, item, &view->document.arena, &found, &err))
        return call_fail(view->call, STATUS_COULD_NOT, &err);
    *id = found.id;
    if (found.merged_from != 0)
        log_info("asset %lld has become part of asset %lld", (long long)found.merged_from, (long long)found.id);
    if (found.id != 0)
        return STATUS_DONE;
    if (found.ambiguous)
        log_error("%s is the name of several assets; say which by its id:", text_quote(quote, item));
    else if (found.count > 0)
        log_error("there is no asset %s; did you mean one of these?", text_quote(quote, item));
    else
        log_error("there is no asset %s, nor one with a name like it; muster list shows all", text_quote(quote, item));
    if (found.count > 0)
        show_candidates(view, &found);
    if (found.ambiguous && found.count == QUERY_MAX_CANDIDATES)
        log_info("perhaps there are more: muster list --name NAME shows them all");
    return STATUS_USAGE;
}
