/* One connection through unixODBC, one statement at a time: the only place that knows sql.h. Blocking, and only as
 * patient as its driver; who wants a deadline has mssql_relay.h.
 *
 * Nothing here knows what errors mean: what the driver says is handed on as it is (mssql_error.h reads it). */
#ifndef ODBC_H
#define ODBC_H

#include "str.h"

#include <stdbool.h>
#include <stddef.h>

#define ODBC_MAX_RECORDS 8
#define ODBC_MAX_TEXT 512
#define ODBC_MAX_VALUE 65536 /* bytes of a value in UTF-8 */

/* What driver and driver manager have to say of a failure: ODBC's SQLSTATE, the server's own number (0: none), and the
 * text in one line of valid UTF-8, without the [vendor][driver] in front. */
struct odbc_record {
    char state[6];
    int number;
    char text[ODBC_MAX_TEXT];
};

struct odbc_words {
    struct odbc_record records[ODBC_MAX_RECORDS];
    size_t count;
};

struct odbc_login {
    const char *source;          /* name of the data source, in the odbc.ini that the environment names */
    const char *user, *password; /* NULL: the source says how */
    int login_s;                 /* seconds that the driver may take to connect; 0: as many as it likes */
};

struct odbc;

struct odbc *odbc_create(void);
void odbc_destroy(struct odbc *odbc); /* NULL is allowed; logs out */

/* Once for each struct odbc. False: see words. */
bool odbc_connect(struct odbc *odbc, const struct odbc_login *login, struct odbc_words *words);

enum odbc_step {
    ODBC_GOOD,
    ODBC_END, /* there is no more */
    ODBC_FAILED,
};

/* Sends a statement. ODBC_END: it succeeded, and there is nothing to fetch. */
enum odbc_step odbc_execute(struct odbc *odbc, const char *statement, struct odbc_words *words);

/* Columns of the result at hand; 0: it has none, it is a count. */
int odbc_columns(struct odbc *odbc);

enum odbc_step odbc_fetch(struct odbc *odbc, struct odbc_words *words);

/* The value in a column (from 1, each once and in order) of the row that was fetched, appended; *null: it is NULL;
 * *cut: it was longer than ODBC_MAX_VALUE. */
bool odbc_value(struct odbc *odbc, int column, struct str *out, bool *null, bool *cut, struct odbc_words *words);

/* Goes on to the statement's next result. */
enum odbc_step odbc_more(struct odbc *odbc, struct odbc_words *words);

/* Ends the statement; what is left of it is thrown away. */
void odbc_finish(struct odbc *odbc);

#endif
