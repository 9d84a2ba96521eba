/* The values of a row, which came from outside. Pure. */
#ifndef ROW_H
#define ROW_H

#include "mssql.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* NULL for NULL, and for a column that is not there. */
const char *row_text(const struct mssql_row *row, size_t column);

/* A whole number in decimal. False: it is none, or NULL. */
bool row_int(const struct mssql_row *row, size_t column, int64_t *number);

/* 0 or 1; false: it is neither, or NULL. */
bool row_bool(const struct mssql_row *row, size_t column, bool *truth);

/* A GUID in lower case without braces. False: it is none, or NULL. */
#define ROW_GUID_SIZE 37
bool row_guid(const struct mssql_row *row, size_t column, char guid[ROW_GUID_SIZE]);

#endif
