/* Texts from outside in a query. Pure. */
#ifndef WQL_H
#define WQL_H

#include "str.h"

#include <stdbool.h>

#define WQL_MAX_TEXT 1024

/* Appends the text as a quoted constant. False, with nothing appended, where none can hold it: it has control
 * characters, or more than WQL_MAX_TEXT bytes. */
bool wql_add_text(struct str *query, const char *text);

#endif
