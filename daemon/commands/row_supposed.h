/* What would change, as rows: for `muster what-if`. */
#ifndef ROW_SUPPOSED_H
#define ROW_SUPPOSED_H

#include "query_suppose.h"
#include "table.h"
#include "view.h"

#include <stdbool.h>

/* How many there are of each kind. */
void row_supposed_counts(struct view *view, const struct query_supposed *supposed);

/* What is alike, the worst first. */
void row_supposed_groups(struct view *view, const struct query_supposed *supposed);

/* Each protection by itself; people see them where each is set. */
void row_supposed_list(struct view *view, const struct query_supposed *supposed, bool each);

#endif
