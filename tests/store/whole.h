/* What holds in every database that only the store has written, whatever befell it: nothing is there by half. */
#ifndef WHOLE_H
#define WHOLE_H

#include <sqlite3.h>

/* The statement that counts what must not be there and found some; NULL: the database is whole. A statement that cannot
 * be run fails the test. */
const char *whole_fault(sqlite3 *database);

/* Fails the test where the database in this file is not whole. */
void whole_assert(const char *path);

#endif
