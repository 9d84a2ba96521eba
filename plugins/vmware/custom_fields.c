#include "custom_fields.h"

#include "arena.h"
#include "vec.h"

struct field {
    int64_t key;
    const char *name;
};

struct custom_fields {
    struct arena arena;
    vec(struct field) fields; /* in the order of their keys */
};

static int compare(const void *one, const void *other)
{
    const struct field *a = one, *b = other;

    return (a->key > b->key) - (a->key < b->key);
}

struct custom_fields *custom_fields_create(const struct vim_value *field)
{
    struct custom_fields *fields = mem_new(1, sizeof *fields);

    arena_init(&fields->arena, ARENA_PLAIN);
    for (const struct vim_value *at = field == NULL ? NULL : field->first; at != NULL; at = at->next) {
        const char *name = vim_text(at, "name");
        int64_t key;

        if (name != NULL && vim_int(at, "key", &key))
            vec_push(&fields->fields, (struct field){ key, arena_text(&fields->arena, name) });
    }
    if (fields->fields.count > 1)
        qsort(fields->fields.items, fields->fields.count, sizeof *fields->fields.items, compare);
    return fields;
}

void custom_fields_destroy(struct custom_fields *fields)
{
    if (fields == NULL)
        return;
    vec_finish(&fields->fields);
    arena_finish(&fields->arena);
    free(fields);
}

const char *custom_fields_name(const struct custom_fields *fields, int64_t key)
{
    const struct field wanted = { .key = key }, *found;

    if (fields == NULL || fields->fields.count == 0)
        return NULL;
    found = bsearch(&wanted, fields->fields.items, fields->fields.count, sizeof wanted, compare);
    return found == NULL ? NULL : found->name;
}
