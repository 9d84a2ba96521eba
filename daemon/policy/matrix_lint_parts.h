/* What matrix_lint.c is made of; nobody else includes it. */
#ifndef MATRIX_LINT_PARTS_H
#define MATRIX_LINT_PARTS_H

#include "matrix_lint.h"
#include "str.h"
#include "vec.h"

#include <stdbool.h>
#include <stddef.h>

/* A finding in the making. What is the same for several products is told once, for all of them. */
struct lint_draft {
    struct lint_finding finding;
    const char *products; /* NULL: it is not about products; then head is the whole sentence */
    const char *head, *tail;
};

struct lint {
    const struct matrix *matrix;
    const struct edition *edition;       /* that is being looked at; NULL: what is common */
    const struct entry_row *const *rows; /* of the edition, by key: workload, version, product, installation, row */
    size_t row_count;
    struct arena *arena;
    vec(struct lint_draft) drafts;
};

/* Adds a finding about these rows (there may be none), whose sentence is text; text is finished. */
void lint_add(struct lint *lint, enum lint_kind kind, const struct entry_row *const *rows, size_t count,
              struct str *text);

/* The same, of rows of one product: "HEAD for PRODUCT TAIL", of which both parts are finished. */
void lint_add_product(struct lint *lint, enum lint_kind kind, const struct entry_row *const *rows, size_t count,
                      struct str *head, struct str *tail);

/* The end of the group that begins at start: rows that share their workload, version too, product too, installation
 * too. */
enum lint_depth { LINT_WORKLOAD, LINT_VERSION, LINT_PRODUCT, LINT_KEY };
size_t lint_group(const struct lint *lint, size_t start, enum lint_depth depth);

/* Appends a word of a list, with a comma where it is not the first since start. */
void lint_list(struct str *out, size_t start, const char *word);

/* The checks. Each looks at the edition. */
void lint_contradictions(struct lint *lint);
void lint_scopes(struct lint *lint);
void lint_gaps(struct lint *lint);
void lint_impossible(struct lint *lint);
void lint_prose(struct lint *lint);
void lint_rulings(struct lint *lint);
void lint_edition_data(struct lint *lint);

/* And what belongs to no edition. */
void lint_common(struct lint *lint);

/* Of these: facts that the tests of conditions ask for, and products without an edition. */
void lint_facts(struct lint *lint, const struct condition *conditions, size_t count);
void lint_products(struct lint *lint);

#endif
