#include "texts.h"

static int compare(const void *one, const void *other)
{
    return strcmp(*(const char *const *)one, *(const char *const *)other);
}

void texts_order(struct texts *texts)
{
    size_t kept = 0;

    if (texts->count > 1)
        qsort(texts->items, texts->count, sizeof *texts->items, compare);
    for (size_t i = 0; i < texts->count; i++)
        if (i == 0 || strcmp(texts->items[i], texts->items[kept - 1]) != 0)
            texts->items[kept++] = texts->items[i];
    texts->count = kept;
}

void texts_write(const struct texts *texts, struct muster_item *item, const char *attribute)
{
    static const char *const none[1];

    muster_set_list(item, attribute, texts->count == 0 ? none : texts->items, texts->count);
}
