/* What verdicts rest on and no scan brings: products.conf, and every *.conf of the folder matrix/ (docs/matrix.md), in
 * the order of their names. Read whole and checked whole, under the rules of source.h and vet.h.
 *
 * Common conditions may stand in any file and be named in every other; so may rulings and attestations. */
#ifndef KNOWLEDGE_H
#define KNOWLEDGE_H

#include "config.h"
#include "hash.h"
#include "matrix.h"
#include "products.h"
#include "source.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define KNOWLEDGE_MAX_FILES 64
#define KNOWLEDGE_MAX_PRODUCTS 256  /* products, and as many families */
#define KNOWLEDGE_MAX_VERSIONS 1024 /* of one family */
#define KNOWLEDGE_MAX_CONDITIONS 64 /* that one row names, and as many that one of its answers does */
#define KNOWLEDGE_MAX_ANSWERS 64    /* of one row */
#define KNOWLEDGE_MAX_LOCAL 1000    /* rulings, and as many attestations */
#define KNOWLEDGE_MAX_ROWS 100000   /* of all editions, expanded; also the highest number of a row */

struct knowledge;

struct knowledge_file {
    const char *path;
    const char *edition, *date; /* NULL where it holds none */
    struct hash128 hash;        /* of its text, with what it includes in place */
    size_t rows;                /* of the page; expanded ones are in matrix.editions */
};

/* Collects every problem; NULL where there is one that is no warning. A ruling or an attestation that has lapsed is a
 * warning. care as for source_read: the daemon trusts only what nobody else can change, the command reads anybody's. */
struct knowledge *knowledge_load(const char *products, const char *matrix, enum source_care care,
                                 struct config_problems *problems);

/* The same from texts, which cannot include anything, and of which the first is products.conf; now_ms is wall time, by
 * which rulings lapse. */
struct knowledge *knowledge_take(const struct source_text *texts, size_t count, int64_t now_ms,
                                 struct config_problems *problems);

void knowledge_unload(struct knowledge *knowledge); /* NULL is allowed */

/* Constant; they live as long as the knowledge. Of the files, products.conf is the first. */
const struct matrix *knowledge_matrix(const struct knowledge *knowledge);
const struct products *knowledge_products(const struct knowledge *knowledge);
const struct knowledge_file *knowledge_files(const struct knowledge *knowledge, size_t *count);

/* Whether the knowledge has what the configuration names: products and operating systems of backup servers. Adds each
 * problem at its line, and warnings: of a product that no edition has, a workload that nothing is ever recognised as,
 * no backup servers at all. Texts stay the configuration's, which need not outlive the problems. */
bool knowledge_check_config(const struct knowledge *knowledge, const struct config *config,
                            struct config_problems *problems);

/* Bytes that it takes, for measurements. */
size_t knowledge_bytes(const struct knowledge *knowledge);

#endif
