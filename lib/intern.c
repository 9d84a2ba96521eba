#include "intern.h"

#include <string.h>

void intern_init(struct intern *intern, struct arena *arena)
{
    *intern = (struct intern){ .arena = arena };
}

void intern_finish(struct intern *intern)
{
    map_finish(&intern->kept);
}

static void *keep(struct intern *intern, const void *bytes, size_t size)
{
    void *kept = map_get_bytes(&intern->kept, bytes, size);

    if (kept == NULL) {
        kept = arena_bytes(intern->arena, bytes, size);
        map_put_bytes(&intern->kept, kept, size, kept);
    }
    return kept;
}

const char *intern_text(struct intern *intern, const char *text)
{
    return keep(intern, text, strlen(text));
}

const void *intern_bytes(struct intern *intern, const void *bytes, size_t size)
{
    return size == 0 ? NULL : keep(intern, bytes, size);
}
