/* The data dictionary (attributes.def): which kinds, relations and attributes muster itself understands. Plugins may
 * use further attribute names; those of the dictionary keep their type.
 *
 * Everything is a constant table, sorted by name: safe in every thread, nothing to initialise. */
#ifndef ATTRIBUTE_H
#define ATTRIBUTE_H

#include "err.h"
#include "item.h"

#include <stdbool.h>
#include <stddef.h>

enum attribute_type {
    ATTRIBUTE_TEXT = 1,
    ATTRIBUTE_INT,
    ATTRIBUTE_BOOL,
    ATTRIBUTE_LIST,
    ATTRIBUTE_TIME, /* a text as clock.h writes it: 2018-03-01T12:00:00Z, or with milliseconds */
};

struct attribute_rule {
    const char *kinds; /* those that usually have it, blank-separated; other kinds may have it too */
    const char *name;
    enum attribute_type type;
    const char *unit; /* "bytes", or "" */
    const char *meaning;
};

/* A kind or a relation. */
struct attribute_word {
    const char *word;
    const char *meaning;
};

/* NULL where the dictionary has none of that name. */
const struct attribute_rule *attribute_find(const char *name);
const struct attribute_word *kind_find(const char *word);
const struct attribute_word *relation_find(const char *word);

/* The whole tables, in order of name; *count gets the number of entries. */
const struct attribute_rule *attribute_rules(size_t *count);
const struct attribute_word *kind_words(size_t *count);
const struct attribute_word *relation_words(size_t *count);

/* The type as a word: "text", "int", "bool", "list", "time". */
const char *attribute_type_word(enum attribute_type type);

/* Whether the value is of the rule's type; a time must also be one. */
bool attribute_accepts(const struct attribute_rule *rule, const struct value *value);

/* False, with a sentence of class protocol, where the dictionary has the name with another type. A name it does not
 * have is free, and a known name may stand on any kind; kind is for the sentence only. */
bool attribute_check(const char *kind, const char *name, const struct value *value, struct err *err);

#endif
