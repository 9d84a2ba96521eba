/* What `muster explain` tells of an asset, written in two ways: for people as lines, for programs as JSON. */
#ifndef EXPLANATION_H
#define EXPLANATION_H

#include "query_protection.h"
#include "sheet.h"

#include <stddef.h>
#include <stdint.h>

/* When a fact was read, of whatever asset: for the conditions, whose facts may be those of others. */
struct explained_fact {
    int64_t asset;
    const struct query_fact *fact;
};

struct explained_facts {
    const struct explained_fact *list;
    size_t count;
};

/* One protection, to the end. number: which of them, from 0. */
void explanation_lines(struct sheet *sheet, const struct query_explanation *explanation,
                       const struct explained_facts *facts);

/* A leg's list as JSON: [{"asset": 12, ..., "conditions": [...]}]. Members are those of docs/commands.md. */
void explanation_legs(struct str *out, const struct query_explanation *explanation,
                      const struct explained_facts *facts);

/* The facts of the asset itself that its conditions looked at. */
void explanation_facts(struct str *out, const struct query_explanation *explanation);

/* The state of a condition ("unmet") in words for people ("not met"). */
const char *explanation_state(const char *state);

/* The newest fact of that name; NULL: none is known. */
const struct query_fact *explanation_fact(const struct explained_facts *facts, int64_t asset, const char *name);

#endif
