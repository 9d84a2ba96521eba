/* What the two halves of query_history share. */
#ifndef READING_HISTORY_H
#define READING_HISTORY_H

#include "reading.h"

typedef vec(struct query_change) reading_change_vec;

/* Verdicts that became others since then, the newest first, so many at the most (0: all): of the asset and of those
 * that became part of it, or of all (0). Only of protections that count, before or now. Within the reading under way.
 */
bool reading_verdict_changes(struct query *query, int64_t asset, int64_t since, size_t limit, reading_change_vec *list,
                             struct err *err);

#endif
