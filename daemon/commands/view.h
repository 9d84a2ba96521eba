/* What a command works with that shows the database, or the published matrix. It has no run of its own, but fills a
 * document:
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
 * The database is closed before anything is printed. Of a command that shows the matrix, matrix stands in for view; one
 * that shows the database and needs the matrix for it has judges set. */
#ifndef VIEW_H
#define VIEW_H

#include "commands.h"
#include "query.h"
#include "str.h"
#include "table.h"

#include <stdint.h>

struct judge;

struct view {
    const struct call *call;
    struct query *query;         /* NULL where the matrix is shown */
    const struct matrix *matrix; /* NULL where the database alone is shown */
    struct judge *judge;         /* one whose texts are shown; ends with the view. NULL: none */
    struct document document;    /* empty at first. What is read goes into its arena, and its main table may be named */
    struct str text; /* what people see instead of the document, line by line (sheet.h); empty: they see the document */
    bool (*print)(const struct view *view, struct err *err); /* what is printed instead of both; NULL: they are. Its
                                                              * err is told, and the status then STATUS_COULD_NOT */
    const void *printed;                                     /* for print; in the document's arena */
    const char *more; /* a line that stands behind it, on standard error: what was left out. NULL: nothing was */
};

/* Opens the database or reads the matrix, lets the call's command fill the document, and prints it where the command
 * says STATUS_DONE. */
enum status view_run(const struct call *call);

/* Opens the database for a command that shows nothing, but looks up what it asks the daemon for; its status is act's.
 * The view's document is not printed: its arena is for what is read. */
enum status view_act(const struct call *call, enum status (*act)(struct view *view));

/* The asset that ITEM means. STATUS_DONE and its id, or having said what it may be, STATUS_USAGE. */
enum status view_find(struct view *view, const char *item, int64_t *id);

/* The same, but where several assets have the name and one of them alone has verdicts, it is that one. */
enum status view_find_judged(struct view *view, const char *item, int64_t *id);

#endif
