/* A session with an instance of SQL Server that is made up: rows for the statements that hold a word. No server, no
 * network; it stands in place of mssql.h.
 *
 *     pretend_begin("sql1.corp.example", "ERP");
 *     pretend_row("sys.databases", "5", "Sales", ...);
 *     pretend_look(&databases_section);
 *     pretend_end(); */
#ifndef PRETEND_SQL_H
#define PRETEND_SQL_H

#include "sql_instance.h"
#include "sql_section.h"

#include <stdint.h>

extern struct instance pretend;

/* Logged in, with every right, of version 13. */
void pretend_begin(const char *host, const char *name);
void pretend_end(void);

/* A row more for statements that hold the word; columns, NULL at their end; "(null)" is NULL. */
void pretend_row(const char *word, ...) __attribute__((sentinel));

/* A row whose column of that number was cut. */
void pretend_cut(const char *word, unsigned column, size_t count);

/* The statement fails with these words: lacks: a right lacks; over: the session is over. */
void pretend_failure(const char *word, const char *why, bool lacks, bool over);

void pretend_forget(void);

void pretend_look(const struct section *section);

/* How many statements hold the word, of those that were asked. */
size_t pretend_asked(const char *word);

/* Of an item: NULL, INT64_MIN, -1 where there is none of that type. */
const char *pretend_text(const struct item *item, const char *attribute);
int64_t pretend_int(const struct item *item, const char *attribute);
int pretend_truth(const struct item *item, const char *attribute);

/* A list as one text, a bar between. */
const char *pretend_list(const struct item *item, const char *attribute);

/* Why an attribute is unread; NULL: nothing says so. */
const char *pretend_unread(const struct item *item, const char *attribute);

/* Whether it has such a link, by key or by the value of a fact. */
bool pretend_linked(const struct item *item, const char *relation, const char *kind, const char *end);

/* The record of a database or a group; fails the test where there is none. Lives until pretend_end. */
const struct item *pretend_database(const char *name);
const struct item *pretend_group(const char *name);

/* Looks at an instance that tells these things of itself. */
void pretend_product(const char *version, const char *engine, const char *clustered, const char *hadr,
                     const char *machine, const char *name);

/* Looks at databases: master (1), Sales (5), "]; DROP" (6), which is offline, and a snapshot of Sales (7). */
void pretend_databases(void);

/* Fails the test where the text has no such part. */
void pretend_says(const char *text, const char *part);

#endif
