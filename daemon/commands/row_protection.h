/* Protections and their verdicts as rows and cells, which several commands show alike. */
#ifndef ROW_PROTECTION_H
#define ROW_PROTECTION_H

#include "arena.h"
#include "need.h"
#include "query_protection.h"
#include "table.h"
#include "view.h"

#include <stdbool.h>
#include <stddef.h>

/* Words that end with NULL, for call_known. */
struct query_texts row_words(const char *const *words);

/* What it asks of people. */
enum need row_need(const struct query_protection *protection);

/* A verdict's word, toned: what asks nothing is good, what is to be acted on is bad. */
struct cell row_verdict(const char *verdict, const char *class);
enum tone row_need_tone(enum need need);

/* "until 2027-03-31: REASON, by WHO"; NULL where it is not exempt. */
const char *row_exempt(struct arena *arena, const struct query_protection *protection);

/* A protection, as one of many. */
extern const struct column row_protections[];
extern const char *const row_spare_of_protections[]; /* of both tables */
void row_add_protection(struct view *view, struct table *table, const struct query_protection *protection);

/* The same of one asset by itself: without what is the asset's. */
extern const struct column row_own_protections[];
void row_add_own_protection(struct view *view, struct table *table, const struct query_protection *protection);

/* Why there is no verdict at all, and what to do, as one sentence; NULL where there are some. */
const char *row_nothing_judged(struct arena *arena, const struct query_verdicts *verdicts);

/* That some are not judged yet; NULL where all are. */
const char *row_still_judging(struct arena *arena, const struct query_verdicts *verdicts);

#endif
