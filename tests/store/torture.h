/* Makes each input and output of an operation fail in turn, and looks at what is left.
 *
 *     torture_run(&(struct torture){ .prepare = fill, .operation = commit_some, .context = &commit });
 *
 * For every kind of failure, and N from 1 to the last call of the operation (a sample of them, see points.h): a copy of
 * the prepared database is opened, the Nth call fails, once or from then on. Then the database must be sound, and hold
 * either what it held before or all that the operation makes of it (and that, where it said that it succeeded); and
 * where it is as before, the operation must succeed when it is repeated, in the same process or after a restart. */
#ifndef TORTURE_H
#define TORTURE_H

#include "err.h"
#include "store.h"

#include <stdbool.h>

struct torture {
    /* Fills a new database. */
    void (*prepare)(struct store *store, void *context);
    /* Must make the same of the same database each time. */
    bool (*operation)(struct store *store, void *context, struct err *err);
    void *context;
    const char *proof; /* a statement that gives 1 after the operation: it did what it is here for; NULL: none */
    bool whole;        /* only the store wrote what is there, so that it must be whole (whole.h) at any time */
};

/* Fails the test with what was found. At least `least` calls of the operation, over all kinds, must be there to fail.
 */
void torture_run(const struct torture *torture, unsigned least);

#endif
