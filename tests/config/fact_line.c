#include "fact_line.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "attribute.h"

#include <stdlib.h>
#include <string.h>

enum { MAX_FACTS = 32, MAX_TEXTS = 64 };

static struct value read_list(struct arena *arena, char *text)
{
    const char **texts = arena_alloc(arena, MAX_TEXTS * sizeof *texts);
    struct value value = { .type = VALUE_LIST };

    value.list.texts = texts;
    for (char *rest = strcmp(text, "[]") == 0 ? NULL : text; rest != NULL;) {
        char *comma = strchr(rest, ',');

        assert_true(value.list.count < MAX_TEXTS);
        texts[value.list.count++] = rest;
        if (comma != NULL)
            *comma++ = '\0';
        rest = comma;
    }
    return value;
}

static struct value read_value(struct arena *arena, const char *name, char *text)
{
    const struct attribute_rule *rule = attribute_find(name);

    if (rule == NULL && strchr(name, '.') != NULL)
        fail_msg("%s is no attribute", name);
    if (rule != NULL && rule->type == ATTRIBUTE_LIST)
        return read_list(arena, text);
    if (rule != NULL && rule->type == ATTRIBUTE_INT)
        return (struct value){ .type = VALUE_INT, .number = strtoll(text, NULL, 10) };
    if (rule != NULL && rule->type == ATTRIBUTE_BOOL)
        return (struct value){ .type = VALUE_BOOL, .truth = strcmp(text, "true") == 0 };
    return (struct value){ .type = VALUE_TEXT, .text = text };
}

static int compare_facts(const void *one, const void *other)
{
    return strcmp(((const struct attribute *)one)->name, ((const struct attribute *)other)->name);
}

void fact_line_read(struct arena *arena, struct thing *thing, const char *text)
{
    struct attribute *facts = arena_alloc(arena, MAX_FACTS * sizeof *facts);
    char *rest = text[0] == '\0' ? NULL : arena_text(arena, text);

    thing->facts = facts;
    thing->fact_count = 0;
    while (rest != NULL) {
        char *fact = rest, *end = strstr(rest, "; "), *value = strchr(fact, '=');

        rest = end == NULL ? NULL : end + 2;
        if (end != NULL)
            *end = '\0';
        if (value == NULL)
            fail_msg("\"%s\" has no value", fact);
        *value = '\0';
        assert_true(thing->fact_count < MAX_FACTS);
        facts[thing->fact_count++] = (struct attribute){ fact, read_value(arena, fact, value + 1) };
    }
    qsort(facts, thing->fact_count, sizeof *facts, compare_facts);
}
