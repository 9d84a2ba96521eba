/* SQLite, as the store uses it: statements prepared once, bound by position, read by column; errors are kept until
 * they are asked for, so that a sequence of binds and reads needs one test at its end.
 *
 *     struct sql_query query;
 *     sql_query(&query, sql, "SELECT id, name FROM target WHERE plugin = ?1");
 *     sql_bind_text(&query, 1, plugin);
 *     while (sql_row(&query))
 *         use(sql_int(&query, 0), sql_text(&query, 1));
 *     if (!sql_done(&query, err))
 *         return false;
 *
 * For one thread at a time. The text of a statement must be a literal: it is the key under which it is kept. */
#ifndef SQL_H
#define SQL_H

#include "err.h"
#include "map.h"

#include <sqlite3.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { SQL_LATELY = 256 }; /* a power of two */

struct sql {
    sqlite3 *handle;
    struct map statements; /* text -> sqlite3_stmt * */
    sqlite3_stmt
        *lately[SQL_LATELY]; /* some of these, by the place of their text: the way by the map is ten times as long */
    char *path;
    int failure; /* SQLite's extended code of the last failure; whoever looks at it sets it to 0 before */
};

/* flags as sqlite3_open_v2 takes them. After a failure there is nothing to close. */
bool sql_open(struct sql *sql, const char *path, int flags, struct err *err);
void sql_close(struct sql *sql);

/* One or several statements without values, such as a schema or a pragma. */
bool sql_run(struct sql *sql, const char *text, struct err *err);

/* The number that a statement with one row and one column gives, such as a pragma or a count. */
bool sql_number(struct sql *sql, const char *text, int64_t *number, struct err *err);

struct sql_query {
    struct sql *sql;
    sqlite3_stmt *statement; /* NULL where it could not be prepared */
    int code;                /* of SQLite: the first that was no success */
};

/* Begins a statement. One text is in use once at a time. Every query ends with sql_done. */
void sql_query(struct sql_query *query, struct sql *sql, const char *text);

/* Positions start at 1. Text and bytes are not copied: they must live until sql_done. A NULL text binds NULL. */
void sql_bind_int(struct sql_query *query, int position, int64_t number);
void sql_bind_text(struct sql_query *query, int position, const char *text);
void sql_bind_bytes(struct sql_query *query, int position, const void *bytes, size_t size);
void sql_bind_null(struct sql_query *query, int position);

/* As sql_bind_int; 0 is bound as NULL. */
void sql_bind_number(struct sql_query *query, int position, int64_t number);

/* Steps to the next row. False at the end and after any error. */
bool sql_row(struct sql_query *query);

/* Columns start at 0, and are valid until the next sql_row. A NULL is 0, NULL, or no bytes. */
int64_t sql_int(struct sql_query *query, int column);
const char *sql_text(struct sql_query *query, int column);
const void *sql_bytes(struct sql_query *query, int column, size_t *size);
bool sql_is_null(struct sql_query *query, int column);

/* Ends the query, running the statement where sql_row was not called. False, with SQLite's own text (class system),
 * where anything went wrong since it began. */
bool sql_done(struct sql_query *query, struct err *err);

/* Ends every query that is under way, as after a failure in the middle of one. */
void sql_reset(struct sql *sql);

/* Gives up the transaction that is open, if one is, with all its queries. */
void sql_cancel(struct sql *sql);

/* The class and text of what SQLite says about its handle last, with what an administrator can do where that is known.
 * Ends the process where SQLite got no memory (mem.h). Always returns false. */
bool sql_failed(struct sql *sql, int code, struct err *err);

#endif
