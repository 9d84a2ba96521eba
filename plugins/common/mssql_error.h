/* What an ODBC driver and SQL Server mean by their errors: by the server's number, else by ODBC's SQLSTATE, never by
 * words, which are in the server's language. Pure. */
#ifndef MSSQL_ERROR_H
#define MSSQL_ERROR_H

#include "err.h"
#include "odbc.h"

#include <stdbool.h>

struct mssql_meaning {
    int number; /* the first that is SQL Server's; 0: nothing came from there */
    bool right; /* a right lacks, for this statement alone */
    bool over;  /* the session can not be used any more */
};

/* Fills err with the class, the driver's words (each once), and what to do where that is known. During a login
 * (login true) the numbers of a refused credential are class denied; after it they never are. Always false. */
bool mssql_error(const struct odbc_words *words, bool login, struct mssql_meaning *meaning, struct err *err);

#endif
