/* The row of the table basis: what verdicts rest on, for people who ask later what was in force. Of the store alone. */
#ifndef BASIS_ROW_H
#define BASIS_ROW_H

#include "matrix.h"
#include "str.h"

/* Appends the columns files and rulings as docs/database.md has them: JSON lists, without a newline. */
void basis_row_files(struct str *out, const struct matrix *matrix);
void basis_row_rulings(struct str *out, const struct matrix *matrix);

#endif
