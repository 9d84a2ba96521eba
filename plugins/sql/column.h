/* The values of a row, which came from outside. Pure. */
#ifndef COLUMN_H
#define COLUMN_H

#include "mssql.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* NULL for NULL, and for a column that is not there. */
const char *column_text(const struct mssql_row *row, size_t column);

/* A whole number in decimal. False: it is none, or NULL. */
bool column_int(const struct mssql_row *row, size_t column, int64_t *number);

/* 0 or 1; false: it is neither, or NULL. */
bool column_bool(const struct mssql_row *row, size_t column, bool *truth);

/* A GUID in lower case without braces. False: it is none, or NULL. */
#define COLUMN_GUID_SIZE 37
bool column_guid(const struct mssql_row *row, size_t column, char guid[COLUMN_GUID_SIZE]);

#endif
