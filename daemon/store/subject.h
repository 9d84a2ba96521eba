/* An item as identity sees it: what names it, read from its row, and kept in the table claim so that others with the
 * same can be found. claim.fact and claim.value are
 *
 *     an attribute's name         its text in lower case: what links name a far end by (the view relation)
 *     uuid, instance, name        "CLASS/VALUE": what joins (policy/evidence.h)
 *     former                      "CLASS/NAME": a name that it had until lately
 *     same_as                     "SCOPE/KIND/KEY": it declares itself one with this, SCOPE being a number
 *     same_as:ATTRIBUTE           the same with what has this attribute; the text in lower case
 *     gone                        "CLASS/UUID": instead of all others, once it is gone
 *     rule                        "": a rule of the configuration named it
 */
#ifndef SUBJECT_H
#define SUBJECT_H

#include "arena.h"
#include "err.h"
#include "evidence.h"
#include "vec.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct sql;

enum {
    SUBJECT_MAX_FACT = 1024, /* bytes of a claim's value; what is longer names nothing */
    SUBJECT_MAX_FORMER = 8,  /* former names; who changes more often than its partners follow has none any more */
    SUBJECT_MAX_TIES = 16,   /* same_as links of one item that count, in their order */
};

struct subject {
    int64_t id, scope, asset; /* asset 0: none yet */
    bool gone;
    const char *scope_name, *kind, *key;
    const char *title; /* what people call it: id.name, NULL where it has none */
    const char *facts[FACT_COUNT];
    struct evidence evidence;
};

struct claim {
    const char *fact, *value;
};

struct claims {
    struct claim *items;
    size_t count, capacity;
};

/* Texts lie in the arena. *found is false where there is no such item. */
bool subject_load(struct sql *sql, struct arena *arena, int64_t id, struct subject *subject, bool *found,
                  struct err *err);

/* The claims that the table holds of an item. */
bool subject_old_claims(struct sql *sql, struct arena *arena, int64_t id, struct claims *claims, struct err *err);

/* The claims that an item makes today. old: what it claimed before; a name among it that it no longer has becomes a
 * former one. */
bool subject_new_claims(struct sql *sql, struct arena *arena, const struct subject *subject, bool ruled,
                        const struct claims *old, struct claims *claims, struct err *err);

/* Writes the difference. Those that were taken out are left in old, the others are removed from it. */
bool subject_replace_claims(struct sql *sql, int64_t id, struct claims *old, const struct claims *claims,
                            struct err *err);

/* The claim that an item joins by; "uuid" and so on. NULL value where it has none. */
struct claim subject_evidence(struct arena *arena, const struct subject *subject, enum evidence_kind kind);

/* The words of the evidence kinds in claim.fact. */
const char *subject_evidence_word(enum evidence_kind kind);

/* text in lower case as SQLite's lower() makes it. */
const char *subject_lower(struct arena *arena, const char *text);

/* Names that the item had lately. */
bool subject_former(struct sql *sql, struct arena *arena, const struct subject *subject, const char ***names,
                    size_t *count, struct err *err);

#endif
