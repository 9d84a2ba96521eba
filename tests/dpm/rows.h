/* Rows of DPMDB as tests write them, one call a row; NULL ends the values, NIL is a NULL of SQL. */
#ifndef ROWS_H
#define ROWS_H

#include "holdings.h"
#include "item.h"

extern const char rows_nil[];
#define NIL rows_nil

#define SERVER_1 "11111111-0000-0000-0000-000000000001"
#define GROUP_1 "22222222-0000-0000-0000-000000000001"
#define SOURCE_1 "33333333-0000-0000-0000-000000000001"

void rows_take(struct holdings *holdings, enum section_id id, ...);
#define ROW(holdings, id, ...) rows_take(holdings, id, __VA_ARGS__, NULL)

/* Says of all sections that they were read. */
void rows_read_all(struct holdings *holdings);

/* The item's text; "" where it has none. */
const char *rows_text(const struct item *item, const char *attribute);

/* Why it is unread; NULL where it is not. */
const char *rows_unread(const struct item *item, const char *attribute);

/* Its links of relation protects: "kind attribute value; ...". In the item's arena. */
const char *rows_protects(const struct item *item);

/* A list's texts with "; " between; "" where there is none. In the item's arena. */
const char *rows_list(const struct item *item, const char *attribute);

#endif
