/* What verdicts rest on and no scan brings: products.conf, and every *.conf of the folder matrix/ (docs/matrix.md), in
 * the order of their names. Read whole and checked whole, under the rules of source.h and vet.h.
 *
 * Common conditions may stand in any file and be named in every other; so may rulings and attestations. */
#ifndef KNOWLEDGE_H
#define KNOWLEDGE_H

#include "config.h"
#include "matrix.h"
#include "products.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define KNOWLEDGE_MAX_FILES 64
#define KNOWLEDGE_MAX_ROWS 100000 /* of all editions, expanded */

struct knowledge;

struct knowledge_file {
    const char *path;
    const char *edition, *date; /* NULL where it holds none */
    struct hash128 hash;
    size_t rows; /* of the page; expanded ones are in matrix.editions */
};

/* Collects every problem; NULL where there is one that is no warning. */
struct knowledge *knowledge_load(const char *products, const char *matrix, struct config_problems *problems);
void knowledge_unload(struct knowledge *knowledge); /* NULL is allowed */

/* Constant; they live as long as the knowledge. */
const struct matrix *knowledge_matrix(const struct knowledge *knowledge);
const struct products *knowledge_products(const struct knowledge *knowledge);
const struct knowledge_file *knowledge_files(const struct knowledge *knowledge, size_t *count);

#endif
