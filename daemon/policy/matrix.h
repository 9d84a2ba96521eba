/* The protection matrix as data: editions as published, rulings and attestations of the organisation. Constant once
 * read; read by daemon/config/ from conf/matrix (docs/matrix.md). */
#ifndef MATRIX_H
#define MATRIX_H

#include "condition.h"
#include "hash.h"
#include "map.h"
#include "products.h"
#include "vec.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum answer { ANSWER_NO = 1, ANSWER_YES, ANSWER_DEPRECATED };

/* Where a column "installation" says where something is installed. */
enum reading { READING_WORKLOAD = 1, READING_SERVER };

struct edition;

/* One answer of one row: (workload, version, installation, product) is the key. A row of the page becomes one for each
 * version, installation and product. */
struct entry_row {
    const struct edition *edition;
    int row; /* of the page, counted from 1 */
    const char *workload, *version, *installation, *product;
    enum answer answer;
    const struct condition *const *conditions;
    size_t condition_count;
    const char *const *protects; /* ids of what is protected: volume share folder file system-state bare-metal ... */
    size_t protect_count;
    const char *const *recovers; /* the same of what can be recovered; nothing is judged by it */
    size_t recover_count;
    const char *note; /* may be NULL */
    const char *file;
    int line;
};

struct edition {
    const char *name, *title, *page, *date;
    const char *const *products;
    size_t product_count;
    bool at_least;                      /* levels: a higher service pack is judged by the highest that is listed */
    bool absence_is_no;                 /* absence */
    bool partly;                        /* prose: not all is encoded; no verdict is better than conditional */
    const struct condition *conditions; /* its own, not the common ones */
    size_t condition_count;
    enum reading readings[16];    /* by the index of the workload in workload_words; 0: the edition does not have it */
    const struct entry_row *rows; /* in the order of the file */
    size_t row_count;
    const int *elsewhere; /* numbers of the page's rows that are about products of other editions */
    size_t elsewhere_count;
    const char *file;
    struct hash128 hash; /* of its text, with what it includes in place */
    const char *sha256;  /* of the bytes of that file alone, as sha256sum prints it */
};

/* A key that the page leaves open, decided by the organisation. */
struct ruling {
    const char *product, *workload, *version, *installation; /* installation may be NULL: any */
    enum answer answer;
    const char *who, *basis;
    int64_t review_at; /* it lapses then */
    const char *file;
    int line;
};

/* Somebody says that a footnote is met. */
struct attestation {
    const char *condition;                           /* its id */
    const char *kind, *name, *target, *tag, *server; /* where: each may be NULL; name is a pattern with * and ? */
    const char *who, *basis;                         /* basis may be NULL */
    int64_t until_at;
    const char *file;
    int line;
};

/* A file that it was read from: of one that is not included, the hash is over what it includes, too. */
struct matrix_file {
    const char *file;
    struct hash128 hash;
    const char *sha256; /* as in an edition */
    const char *date;   /* of products.conf: the day that its dates are of, where it says so; else NULL */
};

/* Everything that is published or ruled, and the tables of products. Its memory is its owner's. */
struct matrix {
    const struct products *products;
    const struct edition *editions;
    size_t edition_count;
    const struct condition *conditions; /* the common ones */
    size_t condition_count;
    const struct ruling *rulings;
    size_t ruling_count;
    const struct attestation *attestations;
    size_t attestation_count;
    const struct matrix_file *files; /* those of the editions, and included ones, too */
    size_t file_count;
    struct hash128 hash;              /* of all */
    const struct matrix_index *index; /* matrix_index_make */
};

/* The edition that has this product; NULL: none. */
const struct edition *matrix_edition(const struct matrix *matrix, const char *product);

/* All rows of a key, in the order of rows: *rows gets the first of them. */
size_t matrix_rows(const struct matrix *matrix, const char *product, const char *workload, const char *version,
                   const char *installation, const struct entry_row *const **rows);

/* Makes the index that the two above use, in the arena; before the first question, after the last change. */
struct arena;
void matrix_index_make(struct matrix *matrix, struct arena *arena);

/* The words of the files. */
const char *answer_word(enum answer answer);
enum answer answer_find(const char *word);      /* 0: none */
const char *reading_word(enum reading reading); /* workload, backup-server */

#endif
