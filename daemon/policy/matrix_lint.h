/* What is wrong with the matrix, as published or as written down here: for `muster matrix lint`. Pages are kept as they
 * are published, so most findings are about the page, and are no error of the files. */
#ifndef MATRIX_LINT_H
#define MATRIX_LINT_H

#include "arena.h"
#include "matrix.h"

#include <stddef.h>

#define LINT_KINDS(X)                                                                                                  \
    X(CONTRADICTION, "contradiction") /* rows of one key give different answers */                                     \
    X(SCOPE, "scope")                 /* rows of one key say yes to different things */                                \
    X(GAP, "gap")                     /* a version or workload is listed at some installations, not at others */       \
    X(IMPOSSIBLE, "impossible")       /* nobody can meet a condition as it is written */                               \
    X(PROSE, "prose")                 /* what the page says in prose and nothing here checks */                        \
    X(RULING, "ruling")               /* a ruling on what the page decides: nothing is open or contradictory there */  \
    X(DATA, "data")                   /* an error of the files */

enum lint_kind {
#define X(name, word) LINT_##name,
    LINT_KINDS(X) LINT_COUNT
#undef X
};

struct lint_finding {
    enum lint_kind kind;
    const char *edition; /* NULL: it is about the tables of products, or what is common to all editions */
    const int *rows;     /* each number once, ascending */
    size_t row_count;
    const char *text;
    const char *file; /* of the ruling, or of the first of the rows, else of the edition; may be NULL */
    int line;         /* 0: the file as a whole */
};

/* All findings, by edition in the order of the matrix, then by kind, then by key; those without an edition are last.
 * What is the same for
 * several products is one finding. Texts lie in the arena or in the matrix. */
size_t matrix_lint(const struct matrix *matrix, struct arena *arena, const struct lint_finding **findings);

const char *lint_kind_word(enum lint_kind kind);

#endif
