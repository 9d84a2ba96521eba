/* Text between UTF-8 and the UTF-16 of ODBC's wide functions (SQLWCHAR of unixODBC: 16 bits, the machine's order).
 * Pure; what comes back is hostile. */
#ifndef MSSQL_TEXT_H
#define MSSQL_TEXT_H

#include "str.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Appends the text in UTF-8, at most max bytes of it and whole characters only; a surrogate without its other half, and
 * a NUL, which SQL Server allows in names, is U+FFFD. False: it was longer, and is cut. */
bool mssql_text_read(struct str *out, const uint16_t *units, size_t count, size_t max);

/* The text with a NUL at its end, to be freed, its length in *count; invalid bytes are U+FFFD. Who hands in a secret
 * wipes it: count units. */
uint16_t *mssql_text_write(const char *text, size_t *count);

#endif
