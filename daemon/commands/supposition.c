#include "supposition.h"

#include "attribute.h"
#include "call.h"
#include "text.h"
#include "unit.h"

#include <string.h>

static const struct attribute_rule *find_rule(struct arena *arena, const char *name, struct err *err)
{
    const struct attribute_rule *rule = attribute_find(name), *all;
    struct query_texts known;
    const char **names;

    if (rule != NULL)
        return rule;
    all = attribute_rules(&known.count);
    names = arena_alloc(arena, known.count * sizeof *names);
    for (size_t i = 0; i < known.count; i++)
        names[i] = all[i].name;
    known.texts = names;
    call_known("fact", name, &known, err);
    return NULL;
}

static bool read_truth(const char *text, bool *truth)
{
    *truth = strcmp(text, "yes") == 0 || strcmp(text, "true") == 0;
    return *truth || strcmp(text, "no") == 0 || strcmp(text, "false") == 0;
}

/* An empty text is an empty list. */
static void read_list(struct arena *arena, const char *text, struct value *value)
{
    size_t most = 1, count = 0;
    const char **texts;

    for (const char *at = text; (at = strchr(at, ',')) != NULL; at++)
        most++;
    texts = arena_alloc(arena, most * sizeof *texts);
    while (text[0] != '\0') {
        size_t length = strcspn(text, ",");

        texts[count++] = arena_bytes(arena, text, length);
        text += length + (text[length] == ',');
    }
    value->list.texts = texts;
    value->list.count = count;
}

static bool read_value(struct arena *arena, const struct attribute_rule *rule, const char *text, struct value *value)
{
    switch (rule->type) {
    case ATTRIBUTE_INT: value->type = VALUE_INT; return int_parse(text, &value->number, NULL);
    case ATTRIBUTE_BOOL: value->type = VALUE_BOOL; return read_truth(text, &value->truth);
    case ATTRIBUTE_LIST:
        value->type = VALUE_LIST;
        read_list(arena, text, value);
        return true;
    case ATTRIBUTE_TEXT:
    case ATTRIBUTE_TIME: break;
    }
    value->type = VALUE_TEXT;
    value->text = text;
    return attribute_accepts(rule, value);
}

/* What stands in a sentence. */
static const char *type_words(enum attribute_type type)
{
    switch (type) {
    case ATTRIBUTE_INT: return "a whole number";
    case ATTRIBUTE_BOOL: return "yes or no";
    case ATTRIBUTE_LIST: return "texts with commas between them";
    case ATTRIBUTE_TIME: return "a time in UTC such as 2018-03-01T12:00:00Z";
    case ATTRIBUTE_TEXT: break;
    }
    return "a text";
}

static bool take(struct item *facts, const char *given, struct err *err)
{
    const char *equals = strchr(given, '=');
    const struct attribute_rule *rule;
    char quote[TEXT_QUOTE_SIZE];
    struct value value = { 0 };

    if (equals == NULL || equals == given)
        return err_set(err, ERR_CONFIG, "--set takes FACT=VALUE, such as os.service_pack=1, not %s",
                       text_quote(quote, given));
    rule = find_rule(facts->arena, arena_bytes(facts->arena, given, (size_t)(equals - given)), err);
    if (rule == NULL)
        return false;
    if (!read_value(facts->arena, rule, equals + 1, &value))
        return err_set(err, ERR_CONFIG, "--set %s: its value is %s, not %s", rule->name, type_words(rule->type),
                       text_quote(quote, equals + 1));
    return item_set(facts, rule->name, &value, err) || err_add(err, "--set");
}

bool supposition_facts(const struct flags *flags, struct item *facts, struct err *err)
{
    const char *given;
    size_t at = 0;

    while ((given = flags_next(flags, "set", &at)) != NULL) {
        if (!take(facts, given, err))
            return false;
    }
    item_sort(facts);
    return true;
}
