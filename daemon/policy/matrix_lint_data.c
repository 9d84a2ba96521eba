/* The checks for errors of the files. */
#include "matrix_lint_parts.h"

#include <inttypes.h>
#include <stdlib.h>

enum { MISSING_MAX = 20 }; /* row numbers that one sentence names */

static void look_at_version(struct lint *lint, const struct entry_row *const *rows, size_t count)
{
    struct str text = STR_EMPTY;

    if (products_version(lint->matrix->products, rows[0]->workload, rows[0]->version) != NULL)
        return;
    str_format(&text, "The tables of products have no version %s of %s: nothing is ever recognised as it.",
               rows[0]->version, rows[0]->workload);
    lint_add(lint, LINT_DATA, rows, count, &text);
}

static bool lists_nothing(const struct entry_row *row)
{
    return row->answer != ANSWER_NO && row->protect_count == 0;
}

static void look_at_protects(struct lint *lint, const struct entry_row *const *rows, size_t count)
{
    vec(const struct entry_row *) empty = VEC_EMPTY;
    struct str text = STR_EMPTY;

    for (size_t i = 0; i < count; i++) {
        if (lists_nothing(rows[i]))
            vec_push(&empty, rows[i]);
    }
    if (empty.count > 0) {
        str_format(&text, "%s %s is answered with yes and nothing that is protected.", rows[0]->workload,
                   rows[0]->version);
        lint_add(lint, LINT_DATA, empty.items, empty.count, &text);
    }
    vec_finish(&empty);
}

/* Rows of one key are in the order of their numbers. */
static void look_for_duplicates(struct lint *lint)
{
    for (size_t start = 0, end; start < lint->row_count; start = end) {
        end = lint_group(lint, start, LINT_KEY);
        for (size_t i = start + 1; i < end; i++) {
            const struct entry_row *row = lint->rows[i];
            struct str head = STR_EMPTY, tail = STR_EMPTY;

            if (row->row != lint->rows[i - 1]->row)
                continue;
            str_format(&head, "%s %s", row->workload, row->version);
            str_format(&tail, "at %s is there twice in row %d.", row->installation, row->row);
            lint_add_product(lint, LINT_DATA, &row, 1, &head, &tail);
        }
    }
}

/* ---------------------------------------------------------------------------------------------------- numbers ---- */

static int compare_numbers(const void *left, const void *right)
{
    int a = *(const int *)left, b = *(const int *)right;

    return (a > b) - (a < b);
}

struct missing {
    struct str text;
    size_t start;
    int64_t count;
};

/* Those between two numbers that are there. */
static void add_missing(struct missing *missing, int before, int after)
{
    for (int number = before + 1; number < after && missing->count + number - before <= MISSING_MAX; number++) {
        lint_list(&missing->text, missing->start, "");
        str_format(&missing->text, "%d", number);
    }
    if (after > before)
        missing->count += (int64_t)after - before - 1;
}

static void look_for_missing(struct lint *lint)
{
    const struct edition *edition = lint->edition;
    size_t count = edition->row_count + edition->elsewhere_count;
    int *numbers = arena_alloc(lint->arena, (count + 1) * sizeof *numbers); /* before the first one is 0 */
    struct missing missing = { .text = STR_EMPTY };

    for (size_t i = 0; i < edition->row_count; i++)
        numbers[i + 1] = edition->rows[i].row;
    for (size_t i = 0; i < edition->elsewhere_count; i++)
        numbers[edition->row_count + i + 1] = edition->elsewhere[i];
    qsort(numbers, count + 1, sizeof *numbers, compare_numbers);
    str_add(&missing.text, "There are no rows of these numbers: ");
    missing.start = missing.text.length;
    for (size_t i = 0; i < count; i++)
        add_missing(&missing, numbers[i], numbers[i + 1]);
    if (missing.count > MISSING_MAX)
        str_format(&missing.text, " and %" PRId64 " more", missing.count - MISSING_MAX);
    str_add_char(&missing.text, '.');
    if (missing.count > 0)
        lint_add(lint, LINT_DATA, NULL, 0, &missing.text);
    else
        str_finish(&missing.text);
}

/* --------------------------------------------------------------------------------------------------- products ---- */

static void look_at_products(struct lint *lint)
{
    for (size_t i = 0; i < lint->edition->product_count; i++) {
        const char *name = lint->edition->products[i];
        struct str text = STR_EMPTY;

        if (products_find(lint->matrix->products, name) != NULL)
            continue;
        str_format(&text, "The tables of products have no %s.", name);
        lint_add(lint, LINT_DATA, NULL, 0, &text);
    }
}

void lint_products(struct lint *lint)
{
    const struct products *products = lint->matrix->products;

    for (size_t i = 0; i < products->product_count; i++) {
        struct str text = STR_EMPTY;

        if (matrix_edition(lint->matrix, products->products[i].name) != NULL)
            continue;
        str_format(&text, "%s is in the tables of products and in no edition.", products->products[i].name);
        lint_add(lint, LINT_DATA, NULL, 0, &text);
    }
}

void lint_edition_data(struct lint *lint)
{
    for (size_t start = 0, end; start < lint->row_count; start = end) {
        end = lint_group(lint, start, LINT_VERSION);
        look_at_version(lint, lint->rows + start, end - start);
        look_at_protects(lint, lint->rows + start, end - start);
    }
    look_for_duplicates(lint);
    look_for_missing(lint);
    look_at_products(lint);
    lint_facts(lint, lint->edition->conditions, lint->edition->condition_count);
}
