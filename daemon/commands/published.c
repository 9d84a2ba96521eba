#include "published.h"

#include "call.h"
#include "text.h"
#include "version.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

const char *published_word(const char *what, const char *word, const struct query_texts *known, struct err *err)
{
    for (size_t i = 0; i < known->count; i++) {
        if (strcasecmp(known->texts[i], word) == 0)
            return known->texts[i];
    }
    call_known(what, word, known, err);
    return NULL;
}

/* The products that editions are about. */
static struct query_texts find_products(struct view *view)
{
    const struct matrix *matrix = view->matrix;
    size_t count = 0, at = 0;
    const char **names;

    for (size_t i = 0; i < matrix->edition_count; i++)
        count += matrix->editions[i].product_count;
    names = arena_alloc(&view->document.arena, (count + 1) * sizeof *names);
    for (size_t i = 0; i < matrix->edition_count; i++) {
        for (size_t j = 0; j < matrix->editions[i].product_count; j++)
            names[at++] = matrix->editions[i].products[j];
    }
    return (struct query_texts){ names, count };
}

const struct edition *published_edition(struct view *view, const char **product, struct err *err)
{
    struct query_texts known = find_products(view);
    const char *found = published_word("product", *product, &known, err);
    char quote[TEXT_QUOTE_SIZE];

    if (found != NULL) {
        *product = found;
        return matrix_edition(view->matrix, found);
    }
    if (products_find(view->matrix->products, *product) != NULL)
        err_set(err, ERR_CONFIG,
                "no edition of the matrix here is about %s; muster matrix list shows those that there are",
                text_quote(quote, *product));
    return NULL;
}

static int compare_ids(const void *one, const void *other)
{
    const char *a = *(const char *const *)one, *b = *(const char *const *)other;
    int order = (strchr(a, ':') != NULL) - (strchr(b, ':') != NULL);

    return order != 0 ? order : version_compare(a, b);
}

struct query_texts published_ids(const char **ids, size_t count)
{
    size_t kept = 0;

    if (count > 1)
        qsort(ids, count, sizeof *ids, compare_ids);
    for (size_t i = 0; i < count; i++) {
        if (kept == 0 || strcmp(ids[kept - 1], ids[i]) != 0)
            ids[kept++] = ids[i];
    }
    return (struct query_texts){ ids, kept };
}

struct cell published_place(struct arena *arena, const char *file, int line)
{
    if (file == NULL || line == 0)
        return cell_text(file);
    return cell_text(arena_format(arena, "%s:%d", file, line));
}

size_t published_rows(const struct edition *edition)
{
    size_t count = 0;
    int highest = 0;

    /* In the order of the file, where a number may come again later. */
    for (size_t i = 0; i < edition->row_count; i++) {
        bool seen = false;

        for (size_t j = i; j-- > 0 && edition->rows[i].row <= highest && !seen;)
            seen = edition->rows[j].row == edition->rows[i].row;
        count += !seen;
        highest = edition->rows[i].row > highest ? edition->rows[i].row : highest;
    }
    return count;
}
