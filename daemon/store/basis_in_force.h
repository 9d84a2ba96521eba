/* What the daemon judges by now, as the database has it, and whether a matrix is the one of it. For who reads the
 * database and not the configuration. Of the store alone. */
#ifndef BASIS_IN_FORCE_H
#define BASIS_IN_FORCE_H

#include "arena.h"
#include "err.h"
#include "estate.h"
#include "matrix.h"

#include <stdbool.h>
#include <stdint.h>

struct sql;

struct basis_in_force {
    int64_t id; /* in the table basis; 0: nothing was ever judged, and the rest is empty */
    struct estate estate;
    bool same;         /* the matrix, and this program, are those that the daemon judges by */
    const char *other; /* where not: what is another, in words */
};

/* Texts lie in the arena. */
bool basis_in_force(struct sql *sql, const struct matrix *matrix, struct arena *arena, struct basis_in_force *basis,
                    struct err *err);

#endif
