#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "instance.h"

#include "cim_gather.h"
#include "item_look.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

struct machines machines;

static struct arena arena;
static struct cim_gather gather;

void instances_begin(void)
{
    arena_init(&arena, ARENA_PLAIN);
    cim_gather_init(&gather);
    machines_init(&machines, &arena);
}

void instances_end(void)
{
    machines_finish(&machines);
    cim_gather_finish(&gather);
    arena_finish(&arena);
}

static void add(const char *word)
{
    const char *equals = strchr(word, '=');
    struct err err;
    char name[64];

    snprintf(name, sizeof name, "%.*s", equals == NULL ? (int)strlen(word) : (int)(equals - word), word);
    assert_true(cim_gather_open(&gather, name, equals == NULL, 100, &err));
    cim_gather_close(&gather, equals == NULL ? "" : equals + 1, equals == NULL ? 0 : strlen(equals + 1));
}

const struct cim_instance *instance(const char *first, ...)
{
    const char *word;
    va_list words;

    cim_gather_begin(&gather, "");
    add(first);
    va_start(words, first);
    while ((word = va_arg(words, const char *)) != NULL)
        add(word);
    va_end(words);
    return cim_gather_end(&gather);
}

static const char *unread_of(const struct item *item, const char *attribute)
{
    const char *why = item_look_unread(item, attribute);

    return why == NULL ? NULL : arena_format(&arena, "? %s", why);
}

const char *fact_of(const struct item *item, const char *attribute)
{
    const struct value *value = item_get(item, attribute);

    if (value == NULL)
        return unread_of(item, attribute);
    switch (value->type) {
    case VALUE_TEXT: return value->text;
    case VALUE_INT: return arena_format(&arena, "%" PRId64, value->number);
    case VALUE_BOOL: return value->truth ? "true" : "false";
    case VALUE_LIST: return arena_text(&arena, item_look_list(item, attribute, " "));
    }
    return NULL;
}

const char *fact(const char *guid, const char *attribute)
{
    const struct machine *machine = machines_find(&machines, guid);

    assert_non_null(machine);
    return fact_of(&machine->item, attribute);
}

const char *link_of(const struct item *item, const char *relation)
{
    for (size_t i = 0; i < item->link_count; i++) {
        if (strcmp(item->links[i].relation, relation) == 0)
            return arena_format(&arena, "%s %s", item->links[i].kind, item->links[i].key);
    }
    return NULL;
}
