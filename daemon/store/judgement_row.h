/* The rows of the tables judgement and reasoning: what verdicts say, each once for all assets that it is said of. Of
 * the store alone.
 *
 *     struct judgements judgements;
 *     judgements_init(&judgements, sql);
 *     struct judgement *judgement = judgements_find(&judgements, verdict, err);
 *     if (judgement->id == 0)                                   // nobody was ever told so
 *         judgements_add(&judgements, judgement, verdict, err);
 *     judgements_finish(&judgements);
 *
 * The asset itself is left out of what is shared: its place among the reasons has the number JUDGEMENT_ITSELF, its name
 * in the step forward is JUDGEMENT_NAME. */
#ifndef JUDGEMENT_ROW_H
#define JUDGEMENT_ROW_H

#include "arena.h"
#include "err.h"
#include "hash.h"
#include "map.h"
#include "str.h"
#include "verdict.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct sql;

#define JUDGEMENT_ITSELF (-1)
#define JUDGEMENT_NAME '\x1a' /* SUBSTITUTE: the views of schema.c put the name in its place */

/* A digest, and the number of its row. */
struct judgement {
    struct hash128 digest;
    int64_t id; /* 0: there is none */
    bool asked; /* whether the database was */
};

/* What was seen lately. What many assets share (the verdict on a host, on a version) is worked out once: equal bytes
 * are equal verdicts, as long as nothing that they lead to is given back. */
enum { JUDGEMENT_MEMORY = 8192, JUDGEMENT_CHAINS = 1024 }; /* powers of two */
struct judgement_slot {
    const void *key; /* NULL: none */
    size_t size;
    struct judgement *judgement; /* of a verdict */
    struct hash128 digest;       /* of a leg */
};

/* The legs that many machines share are at one place: the last one of each number modulo JUDGEMENT_CHAINS. */
struct judgement_chain {
    const struct leg *legs;
    size_t count;
    const struct edition *edition;
    struct judgement *reasons;
};

struct judgements {
    struct sql *sql;
    struct str key, digests, name, detail, version, installation;
    struct arena arena; /* of what is remembered */
    struct judgement_slot *whole, *legs;
    struct judgement_chain *chains;
    struct map verdicts, reasons; /* digest -> struct judgement */
};

void judgements_init(struct judgements *judgements, struct sql *sql);
void judgements_finish(struct judgements *judgements);

/* Forgets what was seen: before the judge gives back what its verdicts lead to. */
void judgements_forget(struct judgements *judgements);

/* What the verdict says; NULL: the database failed. It lives until judgements_forget. */
struct judgement *judgements_find(struct judgements *judgements, const struct verdict *verdict, struct err *err);

/* Writes it, with its reasons where these are new too. */
bool judgements_add(struct judgements *judgements, struct judgement *judgement, const struct verdict *verdict,
                    struct err *err);
#endif
