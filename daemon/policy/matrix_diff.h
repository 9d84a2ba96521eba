/* What changes where a backup server moves from one product to another, by the matrix alone: for `muster matrix diff`.
 */
#ifndef MATRIX_DIFF_H
#define MATRIX_DIFF_H

#include "arena.h"
#include "matrix.h"

#include <stddef.h>

/* In the order in which they are told. A key that changes in several ways is told once for each. */
#define DIFF_KINDS(X)                                                                                                  \
    X(LOST, "lost")                 /* was answered with yes, and is not */                                            \
    X(GAINED, "gained")             /* is answered with yes, and was not */                                            \
    X(DEPRECATED, "deprecated")     /* still yes, but marked as ending */                                              \
    X(SCOPE_LOST, "scope-lost")     /* still yes, but protects less */                                                 \
    X(SCOPE_GAINED, "scope-gained") /* still yes, and protects more */                                                 \
    X(CONDITIONS, "conditions")     /* still yes, but under conditions that are new */                                 \
    X(ANSWER, "answer")             /* was no yes and is none, but rows disagree now, or did */                        \
    X(ABSENCE, "absence")           /* was no yes and is none, but one of both has no row: only how absence is read */

enum diff_kind {
#define X(name, word) DIFF_##name,
    DIFF_KINDS(X) DIFF_COUNT
#undef X
};

struct diff_change {
    enum diff_kind kind;
    const char *workload, *version, *installation;
    const struct entry_row *const *from, *const *to; /* the rows that answer; none where it has none */
    size_t from_count, to_count;
    const char *text; /* a sentence */
};

/* All keys of both products, by kind, then in the order of the rows. In an edition of levels at-least a version without
 * a row is answered by the highest lower level that has one. Texts and lists lie in the arena or in the matrix. A
 * product without an edition has no rows. */
size_t matrix_diff(const struct matrix *matrix, const char *from, const char *to, struct arena *arena,
                   const struct diff_change **changes);

const char *diff_kind_word(enum diff_kind kind);

#endif
