#include "cim_gather.h"

#include "text.h"

#include <string.h>

void cim_gather_init(struct cim_gather *gather)
{
    *gather = (struct cim_gather){ .properties = VEC_EMPTY };
    arena_init(&gather->arena, ARENA_PLAIN);
    gather->instance.class = "";
}

void cim_gather_finish(struct cim_gather *gather)
{
    arena_finish(&gather->arena);
    vec_finish(&gather->properties);
}

void cim_gather_begin(struct cim_gather *gather, const char *class)
{
    arena_reset(&gather->arena);
    vec_clear(&gather->properties);
    gather->under_way = false;
    gather->instance = (struct cim_instance){ .class = arena_text(&gather->arena, class) };
}

/* The place of a property; where it is new, that behind the last. An array's elements follow each other. */
static size_t place(const struct cim_gather *gather, const char *name)
{
    for (size_t i = gather->properties.count; i > 0; i--)
        if (strcmp(gather->properties.items[i - 1].name, name) == 0)
            return i - 1;
    return gather->properties.count;
}

bool cim_gather_open(struct cim_gather *gather, const char *name, bool nil, size_t max, struct err *err)
{
    size_t found = place(gather, name);

    gather->under_way = false;
    if (found == max)
        return err_set(err, ERR_PROTOCOL, "more than %zu properties", max);
    if (found == gather->properties.count)
        vec_push(&gather->properties, (struct cim_gathered){ .name = arena_text(&gather->arena, name) });
    gather->open = found;
    gather->under_way = true;
    gather->nil = nil;
    gather->compound = false;
    return true;
}

void cim_gather_compound(struct cim_gather *gather)
{
    gather->compound = true;
}

void cim_gather_text(struct cim_gather *gather, const char *text, size_t size)
{
    struct cim_gathered *property = &gather->properties.items[gather->open];
    struct cim_gathered_text *added = arena_alloc(&gather->arena, sizeof *added);

    added->text = size == 0 ? "" : arena_bytes(&gather->arena, text, size);
    if (property->first == NULL)
        property->first = added;
    else
        property->last->next = added;
    property->last = added;
    property->count++;
}

void cim_gather_close(struct cim_gather *gather, const char *text, size_t size)
{
    if (!gather->nil && !gather->compound)
        cim_gather_text(gather, text, size);
}

static const char *const *texts_of(struct cim_gather *gather, const struct cim_gathered *property)
{
    const char **texts = arena_alloc(&gather->arena, property->count * sizeof *texts);
    size_t count = 0;

    for (const struct cim_gathered_text *text = property->first; text != NULL; text = text->next)
        texts[count++] = text->text;
    return texts;
}

const struct cim_instance *cim_gather_end(struct cim_gather *gather)
{
    size_t count = gather->properties.count;
    struct cim_property *properties = arena_alloc(&gather->arena, count * sizeof *properties);

    for (size_t i = 0; i < count; i++) {
        const struct cim_gathered *gathered = &gather->properties.items[i];

        properties[i] = (struct cim_property){ .name = gathered->name, .count = gathered->count };
        if (gathered->count > 0)
            properties[i].texts = texts_of(gather, gathered);
    }
    gather->instance.properties = properties;
    gather->instance.count = count;
    return &gather->instance;
}

bool cim_gather_blame(const struct cim_gather *gather, struct err *err)
{
    char quote[TEXT_QUOTE_SIZE];
    const char *class = gather->instance.class;

    if (gather->under_way)
        err_add(err, "property %s", text_quote(quote, gather->properties.items[gather->open].name));
    return err_add(err, "an instance%s%s", *class == '\0' ? "" : " of ", text_quote(quote, class));
}
