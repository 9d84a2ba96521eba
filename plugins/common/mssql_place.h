/* Where an ODBC driver looks for its settings: the environment of this process, and files in memory that no other user
 * can open (a process that is not dumpable, as each scan is, lets nobody but root into its descriptors; the mode of
 * such a file means nothing). */
#ifndef MSSQL_PLACE_H
#define MSSQL_PLACE_H

#include "err.h"
#include "str.h"

#include <stdbool.h>

#define MSSQL_PLACE_PATH 32

/* A file in memory; -1 descriptor: there is none. */
struct mssql_file {
    int descriptor;
    char path[MSSQL_PLACE_PATH]; /* by which this process, and only it, opens the file */
};

#define MSSQL_FILE_NONE ((struct mssql_file){ .descriptor = -1 })

/* False: class system. mssql_file_finish is wanted in any case. */
bool mssql_file_write(struct mssql_file *file, const struct str *content, struct err *err);
void mssql_file_finish(struct mssql_file *file);

/* Takes all out of the environment by which anybody could tell FreeTDS, unixODBC or GnuTLS other settings, or to write
 * down what they do; and has them read the files at these paths in place of their own, a user's or the system's. Not
 * beside another thread that reads the environment. */
void mssql_place_set(const char *odbc, const char *freetds);

/* The same with nothing to read. */
void mssql_place_clear(void);

#endif
