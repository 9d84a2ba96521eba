#include "published.h"

#include "call.h"

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
    const char *found = published_word("edition of the matrix for a product", *product, &known, err);

    if (found == NULL)
        return NULL;
    *product = found;
    return matrix_edition(view->matrix, found);
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
