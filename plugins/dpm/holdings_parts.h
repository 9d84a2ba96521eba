/* What holdings.c and holdings_join.c share. Nobody else includes it. */
#ifndef HOLDINGS_PARTS_H
#define HOLDINGS_PARTS_H

#include "holdings.h"

/* A key of several texts, without regard to case: names of the server's collation. */
const char *holdings_key(struct holdings *holdings, const char *const *texts, size_t count);

#endif
