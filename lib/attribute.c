#include "attribute.h"

#include "clock.h"
#include "text.h"

#include <stdlib.h>
#include <string.h>

static const struct attribute_word kinds[] = {
#define KIND(word, meaning) { word, meaning },
#include "attributes.def"
};

static const struct attribute_word relations[] = {
#define RELATION(word, meaning) { word, meaning },
#include "attributes.def"
};

static const struct attribute_rule rules[] = {
#define ATTRIBUTE(kinds, name, type, unit, meaning) { kinds, name, ATTRIBUTE_##type, unit, meaning },
#include "attributes.def"
};

#define COUNT(table) (sizeof(table) / sizeof(table)[0])

static int compare_word(const void *key, const void *element)
{
    return strcmp(key, ((const struct attribute_word *)element)->word);
}

static int compare_rule(const void *key, const void *element)
{
    return strcmp(key, ((const struct attribute_rule *)element)->name);
}

const struct attribute_rule *attribute_find(const char *name)
{
    return bsearch(name, rules, COUNT(rules), sizeof rules[0], compare_rule);
}

const struct attribute_word *kind_find(const char *word)
{
    return bsearch(word, kinds, COUNT(kinds), sizeof kinds[0], compare_word);
}

const struct attribute_word *relation_find(const char *word)
{
    return bsearch(word, relations, COUNT(relations), sizeof relations[0], compare_word);
}

const struct attribute_rule *attribute_rules(size_t *count)
{
    *count = COUNT(rules);
    return rules;
}

const struct attribute_word *kind_words(size_t *count)
{
    *count = COUNT(kinds);
    return kinds;
}

const struct attribute_word *relation_words(size_t *count)
{
    *count = COUNT(relations);
    return relations;
}

const char *attribute_type_word(enum attribute_type type)
{
    switch (type) {
    case ATTRIBUTE_TEXT: return "text";
    case ATTRIBUTE_INT: return "int";
    case ATTRIBUTE_BOOL: return "bool";
    case ATTRIBUTE_LIST: return "list";
    case ATTRIBUTE_TIME: return "time";
    }
    return "unknown";
}

/* --------------------------------------------------------------------------------------------------- checks ---- */

bool attribute_accepts(const struct attribute_rule *rule, const struct value *value)
{
    int64_t wall_ms;

    switch (rule->type) {
    case ATTRIBUTE_TEXT: return value->type == VALUE_TEXT;
    case ATTRIBUTE_INT: return value->type == VALUE_INT;
    case ATTRIBUTE_BOOL: return value->type == VALUE_BOOL;
    case ATTRIBUTE_LIST: return value->type == VALUE_LIST;
    case ATTRIBUTE_TIME: return value->type == VALUE_TEXT && clock_parse(value->text, &wall_ms, NULL);
    }
    return false;
}

static const char *value_word(const struct value *value)
{
    switch (value->type) {
    case VALUE_TEXT: return "text";
    case VALUE_INT: return "int";
    case VALUE_BOOL: return "bool";
    case VALUE_LIST: return "list";
    }
    return "unknown";
}

bool attribute_check(const char *kind, const char *name, const struct value *value, struct err *err)
{
    const struct attribute_rule *rule = attribute_find(name);
    char quote[TEXT_QUOTE_SIZE];

    if (rule == NULL || attribute_accepts(rule, value))
        return true;
    if (rule->type == ATTRIBUTE_TIME && value->type == VALUE_TEXT)
        return err_set(err, ERR_PROTOCOL,
                       "the attribute '%s' of kind %s is '%s'; the data dictionary wants a time in UTC such as "
                       "2018-03-01T12:00:00Z",
                       name, kind, text_quote(quote, value->text));
    return err_set(err, ERR_PROTOCOL,
                   "the attribute '%s' of kind %s has the type %s; the data dictionary (docs/attributes.md) says %s",
                   name, kind, value_word(value), attribute_type_word(rule->type));
}
