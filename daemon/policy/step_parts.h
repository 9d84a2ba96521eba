/* What step.c is made of; nobody else includes it. */
#ifndef STEP_PARTS_H
#define STEP_PARTS_H

#include "judge.h"
#include "step.h"

#include <stdbool.h>
#include <stddef.h>

/* Something that the tables offer instead of what is there: a version or a product. */
struct offer {
    enum step_type type; /* STEP_UPDATE and STEP_PRODUCT: a product; STEP_SERVICE_PACK and STEP_UPGRADE: a version */
    const struct version *version;
    const struct product *product;
};

/* In the order of type, then from the nearest to the farthest. Only what some row of its key says yes to. */
struct offers {
    const struct offer *items;
    size_t count;
};

/* For the leg that decided; they live as long as the memo. */
const struct offers *offers_find(struct step_memo *memo, const struct matrix *matrix, const struct verdict *verdict);

/* Whether a leg is changed together with the one that decided: its workload and versions are the same. */
bool leg_is_alike(const struct leg *leg, const struct leg *first);

/* Whether something is known that meets it. */
bool condition_is_step(const struct condition *condition);

enum { UNMET_MAX = 64 }; /* conditions of one verdict that are looked at */

/* One step that was tried. */
struct attempt {
    enum step_type type; /* STEP_NONE: there was none */
    struct offer offer;
    enum method method;
    const struct condition *met[UNMET_MAX];
    size_t met_count;
    enum verdict_word word; /* what came of it */
};

/* What a search came to. */
struct found_step {
    bool known;
    bool dead;              /* as step_text_none takes it */
    struct attempt attempt; /* STEP_NONE: there is none */
};

/* What the same search came to before, or where to write it down for the next time (known is false). NULL: the answer
 * depends on the thing itself, and is not remembered. It lives until judge_reset. */
struct found_step *step_recall(struct judge *judge, const struct verdict *verdicts, size_t count, size_t index);

/* The sentences. Names from the fleet are quoted in them (text_quote). */
const char *step_text_attempt(struct arena *arena, const struct verdict *verdict, const struct attempt *attempt);

/* Why there is no step, or what to do instead. dead: the tables offer something, which its vendor supports no more. */
const char *step_text_none(struct arena *arena, const struct verdict *verdict, bool dead);

#endif
