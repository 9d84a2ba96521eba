#include "view.h"

#include "call.h"
#include "judge.h"
#include "log.h"
#include "query_protection.h"
#include "text.h"

#include <stdio.h>

static enum status print_text(const struct view *view)
{
    FILE *out = view->call->style.out;
    struct err err = ERR_EMPTY;

    fwrite(str_text(&view->text), 1, view->text.length, out);
    if (fflush(out) == 0 && !ferror(out))
        return STATUS_DONE;
    err_system(&err, "the output cannot be written");
    return call_fail(view->call, STATUS_COULD_NOT, &err);
}

static enum status print_other(const struct view *view)
{
    struct err err = ERR_EMPTY;

    return view->print(view, &err) ? STATUS_DONE : call_fail(view->call, STATUS_COULD_NOT, &err);
}

static enum status print(const struct view *view)
{
    bool text = view->text.length > 0 && view->call->style.format == FORMAT_TABLE;
    enum status status = view->print != NULL ? print_other(view)
                         : text              ? print_text(view)
                                             : call_print(view->call, &view->document);

    if (status == STATUS_DONE && view->more != NULL)
        fprintf(stderr, "%s\n", view->more);
    return status;
}

static enum status no_matrix(const struct call *call)
{
    struct err err = ERR_EMPTY;

    err_set(&err, ERR_CONFIG, "the matrix cannot be read as it stands; --matrix DIR and --products FILE name another");
    return call_fail(call, STATUS_CONFIG, &err);
}

enum status view_act(const struct call *call, enum status (*act)(struct view *view))
{
    struct view view = { .call = call, .query = call_open(call) };
    enum status status;

    if (view.query == NULL)
        return STATUS_COULD_NOT;
    document_init(&view.document, NULL);
    status = act(&view);
    document_finish(&view.document);
    query_close(view.query);
    return status;
}

enum status view_run(const struct call *call)
{
    const struct command *command = call->command;
    struct view view = { .call = call };
    enum status status;

    if (command_reads_matrix(command)) {
        view.matrix = call->matrix(call->shelf);
        if (view.matrix == NULL)
            return no_matrix(call);
    }
    if (command->view != NULL) {
        view.query = call_open(call);
        if (view.query == NULL)
            return STATUS_COULD_NOT;
    }
    document_init(&view.document, NULL);
    status = command->view != NULL ? command->view(&view) : command->matrix(&view);
    query_close(view.query);
    if (status == STATUS_DONE)
        status = print(&view);
    document_finish(&view.document);
    str_finish(&view.text);
    judge_destroy(view.judge);
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

static enum status tell_candidates(const struct view *view, const char *item, const struct query_found *found)
{
    char quote[TEXT_QUOTE_SIZE];

    text_quote(quote, item);
    if (found->ambiguous)
        log_error("%s is the name of several assets; say which by its id:", quote);
    else if (found->count > 0)
        log_error("there is no asset %s; did you mean one of these?", quote);
    else
        log_error("there is no asset %s, nor one with a name like it; muster list --inventory shows all", quote);
    if (found->count > 0)
        show_candidates(view, found);
    if (found->ambiguous && found->count == QUERY_MAX_CANDIDATES)
        log_info("perhaps there are more: muster list --inventory --name NAME shows them all");
    return STATUS_USAGE;
}

/* Of several candidates, the one that alone has verdicts becomes the one that was found. */
static bool settle(struct view *view, struct query_found *found, struct err *err)
{
    struct query_explanations explanations;
    int64_t judged = 0;

    /* There may be more of them than are listed. */
    if (!found->ambiguous || found->count == QUERY_MAX_CANDIDATES)
        return true;
    for (size_t i = 0; i < found->count; i++) {
        if (!query_explain(view->query, found->candidates[i].id, view->call->style.now, &view->document.arena,
                           &explanations, err))
            return false;
        if (explanations.count > 0 && judged != 0)
            return true;
        if (explanations.count > 0)
            judged = found->candidates[i].id;
    }
    found->id = judged;
    return true;
}

static enum status find(struct view *view, const char *item, bool judged, int64_t *id)
{
    struct query_found found;
    struct err err = ERR_EMPTY;

    if (!query_find(view->query, item, &view->document.arena, &found, &err) || (judged && !settle(view, &found, &err)))
        return call_fail(view->call, STATUS_COULD_NOT, &err);
    *id = found.id;
    if (found.merged_from != 0)
        log_info("asset %lld has become part of asset %lld", (long long)found.merged_from, (long long)found.id);
    return found.id != 0 ? STATUS_DONE : tell_candidates(view, item, &found);
}

enum status view_find(struct view *view, const char *item, int64_t *id)
{
    return find(view, item, false, id);
}

enum status view_find_judged(struct view *view, const char *item, int64_t *id)
{
    return find(view, item, true, id);
}
