/* Knowledge made of any text: either there is a sentence for each problem, or all that it holds can be walked. */
#ifndef KNOWLEDGE_CASE_H
#define KNOWLEDGE_CASE_H

#include "knowledge.h"

/* What the two kinds of files may hold, for the one that is not fuzzed. */
extern const struct source_text knowledge_case_products, knowledge_case_matrix;

/* Aborts where something does not hold. */
void knowledge_case(const struct source_text *texts, size_t count);

#endif
