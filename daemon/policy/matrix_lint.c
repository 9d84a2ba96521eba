#include "matrix_lint_parts.h"

#include <stdlib.h>
#include <string.h>

const char *lint_kind_word(enum lint_kind kind)
{
    static const char *const words[] = {
#define X(name, word) word,
        LINT_KINDS(X)
#undef X
    };

    return kind < LINT_COUNT ? words[kind] : "";
}

/* ------------------------------------------------------------------------------------------------------- keys ---- */

static int compare_depth(const struct entry_row *a, const struct entry_row *b, enum lint_depth depth)
{
    int order = strcmp(a->workload, b->workload);

    if (order == 0 && depth >= LINT_VERSION)
        order = strcmp(a->version, b->version);
    if (order == 0 && depth >= LINT_PRODUCT)
        order = strcmp(a->product, b->product);
    if (order == 0 && depth >= LINT_KEY)
        order = strcmp(a->installation, b->installation);
    return order;
}

/* Rows of one number stay in the order of the file. */
static int compare_rows(const void *left, const void *right)
{
    const struct entry_row *a = *(const struct entry_row *const *)left, *b = *(const struct entry_row *const *)right;
    int order = compare_depth(a, b, LINT_KEY);

    if (order == 0)
        order = (a->row > b->row) - (a->row < b->row);
    return order != 0 ? order : (a > b) - (a < b);
}

size_t lint_group(const struct lint *lint, size_t start, enum lint_depth depth)
{
    size_t end = start + 1;

    while (end < lint->row_count && compare_depth(lint->rows[start], lint->rows[end], depth) == 0)
        end++;
    return end;
}

static void sort_rows(struct lint *lint)
{
    size_t count = lint->edition->row_count;
    const struct entry_row **rows = arena_alloc(lint->arena, (count + 1) * sizeof *rows);

    for (size_t i = 0; i < count; i++)
        rows[i] = &lint->edition->rows[i];
    qsort(rows, count, sizeof *rows, compare_rows);
    lint->rows = rows;
    lint->row_count = count;
}

/* ------------------------------------------------------------------------------------------------------ words ---- */

void lint_list(struct str *out, size_t start, const char *word)
{
    if (out->length > start)
        str_add(out, ", ");
    str_add(out, word);
}

/* --------------------------------------------------------------------------------------------------- findings ---- */

static int compare_numbers(const void *left, const void *right)
{
    int a = *(const int *)left, b = *(const int *)right;

    return (a > b) - (a < b);
}

static void put_numbers(struct lint *lint, struct lint_finding *finding, const struct entry_row *const *rows,
                        size_t count)
{
    int *numbers = arena_alloc(lint->arena, (count + 1) * sizeof *numbers);

    for (size_t i = 0; i < count; i++)
        numbers[i] = rows[i]->row;
    qsort(numbers, count, sizeof *numbers, compare_numbers);
    for (size_t i = 0; i < count; i++) {
        if (finding->row_count == 0 || numbers[finding->row_count - 1] != numbers[i])
            numbers[finding->row_count++] = numbers[i];
    }
    finding->rows = numbers;
}

static const char *keep(struct lint *lint, struct str *text)
{
    const char *kept = arena_bytes(lint->arena, str_text(text), text->length);

    str_finish(text);
    return kept;
}

static struct lint_draft *add(struct lint *lint, enum lint_kind kind, const struct entry_row *const *rows, size_t count)
{
    struct lint_finding finding = { .kind = kind };

    if (lint->edition != NULL) {
        finding.edition = lint->edition->name;
        finding.file = lint->edition->file;
    }
    if (count > 0) {
        finding.file = rows[0]->file;
        finding.line = rows[0]->line;
    }
    put_numbers(lint, &finding, rows, count);
    vec_push(&lint->drafts, (struct lint_draft){ .finding = finding });
    return &vec_last(&lint->drafts);
}

void lint_add(struct lint *lint, enum lint_kind kind, const struct entry_row *const *rows, size_t count,
              struct str *text)
{
    add(lint, kind, rows, count)->head = keep(lint, text);
}

static bool is_same(const struct lint_draft *a, const struct lint_draft *b)
{
    return a->products != NULL && a->finding.kind == b->finding.kind && a->finding.edition == b->finding.edition &&
           a->finding.row_count == b->finding.row_count &&
           memcmp(a->finding.rows, b->finding.rows, a->finding.row_count * sizeof *a->finding.rows) == 0 &&
           strcmp(a->head, b->head) == 0 && strcmp(a->tail, b->tail) == 0;
}

/* The last one goes into an earlier one that says the same of another product. */
static void fold(struct lint *lint)
{
    const struct lint_draft *last = &vec_last(&lint->drafts);

    vec_each (draft, &lint->drafts) {
        if (draft == last || !is_same(draft, last))
            continue;
        draft->products = arena_format(lint->arena, "%s, %s", draft->products, last->products);
        (void)vec_pop(&lint->drafts);
        return;
    }
}

void lint_add_product(struct lint *lint, enum lint_kind kind, const struct entry_row *const *rows, size_t count,
                      struct str *head, struct str *tail)
{
    struct lint_draft *draft = add(lint, kind, rows, count);

    draft->products = rows[0]->product;
    draft->head = keep(lint, head);
    draft->tail = keep(lint, tail);
    fold(lint);
}

static size_t finish(struct lint *lint, const struct lint_finding **findings)
{
    size_t count = 0;
    struct lint_finding *finished = arena_alloc(lint->arena, (lint->drafts.count + 1) * sizeof *finished);

    vec_each (draft, &lint->drafts) {
        finished[count] = draft->finding;
        finished[count++].text = draft->products == NULL ? draft->head
                                                         : arena_format(lint->arena, "%s for %s %s", draft->head,
                                                                        draft->products, draft->tail);
    }
    vec_finish(&lint->drafts);
    *findings = finished;
    return count;
}

static void look_at(struct lint *lint, const struct edition *edition)
{
    lint->edition = edition;
    sort_rows(lint);
    lint_contradictions(lint);
    lint_scopes(lint);
    lint_gaps(lint);
    lint_impossible(lint);
    lint_prose(lint);
    lint_rulings(lint);
    lint_edition_data(lint);
}

size_t matrix_lint(const struct matrix *matrix, struct arena *arena, const struct lint_finding **findings)
{
    struct lint lint = { .matrix = matrix, .arena = arena };

    for (size_t i = 0; i < matrix->edition_count; i++)
        look_at(&lint, &matrix->editions[i]);
    lint.edition = NULL;
    lint_common(&lint);
    return finish(&lint, findings);
}
