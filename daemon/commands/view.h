/* What a command that shows the database works with. It has no run of its own, but fills a document:
 *
 *     static enum status list(struct view *view)
 *     {
 *         if (!query_list(view->query, ..., &view->document.arena, &assets, &err))
 *             return call_fail(view->call, STATUS_COULD_NOT, &err);
 *         table = document_table(&view->document, "assets", row_assets);
 *         ...
 *         return STATUS_DONE;
 *     }
 *
 *     const struct command command_list = { ..., .view = list };
 *
 * The database is closed before anything is printed. */
#ifndef VIEW_H
#define VIEW_H

#include "commands.h"
#include "query.h"
#include "table.h"

#include <stdint.h>

struct view {
    const struct call *call;
    struct query *query;
    struct document document; /* empty at first. What is read goes into its arena, and its main table may be named */
    const char *more; /* a line that stands behind it, on standard error: what was left out. NULL: nothing was */
};

/* Opens the database, lets the call's command fill the document, and prints it where the command says STATUS_DONE. */
enum status view_run(const struct call *call);

/* The asset that ITEM means. STATUS_DONE and its id, or having said what it may be, STATUS_USAGE. */
enum status view_find(struct view *view, const char *item, int64_t *id);

#endif
