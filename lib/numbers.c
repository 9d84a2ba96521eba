#include "numbers.h"

#include <stdlib.h>

static int compare(const void *one, const void *other)
{
    const int64_t a = *(const int64_t *)one, b = *(const int64_t *)other;

    return (a > b) - (a < b);
}

void numbers_order(number_vec *numbers)
{
    size_t kept = 0;

    if (numbers->count > 1)
        qsort(numbers->items, numbers->count, sizeof *numbers->items, compare);
    for (size_t i = 0; i < numbers->count; i++) {
        if (kept == 0 || numbers->items[kept - 1] != numbers->items[i])
            numbers->items[kept++] = numbers->items[i];
    }
    numbers->count = kept;
}

bool numbers_have(const number_vec *numbers, int64_t number)
{
    return numbers->count > 0 &&
           bsearch(&number, numbers->items, numbers->count, sizeof *numbers->items, compare) != NULL;
}
