/* A test of one fact: { fact = "os.build"; at_least = "6.2"; } */
#include "attribute.h"
#include "clock.h"
#include "knowledge_parts.h"

#include <stdlib.h>
#include <string.h>

/* Of facts, as bits. */
enum { OF_TEXT = 1, OF_INT = 2, OF_BOOL = 4, OF_LIST = 8, OF_TIME = 16 };

#define OF_SCALAR (OF_TEXT | OF_INT | OF_TIME)

/* Which types of facts it says something about; whether its value may be a single one; or an array. */
#define COMPARISONS(X)                                                                                                 \
    X("is", OF_SCALAR | OF_BOOL, true, false)                                                                          \
    X("is_not", OF_SCALAR | OF_BOOL, true, false)                                                                      \
    X("in", OF_SCALAR, false, true)                                                                                    \
    X("not_in", OF_SCALAR, false, true)                                                                                \
    X("at_least", OF_SCALAR, true, false)                                                                              \
    X("at_most", OF_SCALAR, true, false)                                                                               \
    X("above", OF_SCALAR, true, false)                                                                                 \
    X("below", OF_SCALAR, true, false)                                                                                 \
    X("starts", OF_TEXT | OF_LIST | OF_TIME, true, true)                                                               \
    X("contains", OF_TEXT | OF_LIST, true, true)                                                                       \
    X("has", OF_LIST, true, true)                                                                                      \
    X("lacks", OF_LIST, true, true)                                                                                    \
    X("empty", OF_TEXT | OF_LIST, true, false)                                                                         \
    X("same_as", OF_TEXT, true, false)                                                                                 \
    X("trusted_by", OF_TEXT, true, false)

static const struct comparison {
    const char *word;
    unsigned facts;
    bool one, many;
} comparisons[] = {
#define X(word, facts, one, many) { word, facts, one, many },
    COMPARISONS(X)
#undef X
};

const char *const knowledge_comparisons[] = {
#define X(word, facts, one, many) word,
    COMPARISONS(X) NULL
#undef X
};

static const struct {
    const char *word;
    unsigned bit;
} fact_types[] = {
    [ATTRIBUTE_TEXT] = { "a text", OF_TEXT },        [ATTRIBUTE_INT] = { "a whole number", OF_INT },
    [ATTRIBUTE_BOOL] = { "true or false", OF_BOOL }, [ATTRIBUTE_LIST] = { "a list", OF_LIST },
    [ATTRIBUTE_TIME] = { "a time", OF_TIME },
};

static const char *const server_facts[] = { "product", "site", "update", NULL };
static const char *const derived[] = {
#define X(name, word) word,
    CONDITION_DERIVED(X)
#undef X
};

#define DERIVED (sizeof derived / sizeof *derived)

/* What a fact may be compared as: a list by its elements, and the kinds of a thing like its one kind. */
struct fact {
    enum attribute_type type;
    unsigned bits;
};

/* bits 0: there is no such fact here. */
static struct fact find_fact(const struct walk *walk, const char *name)
{
    const struct attribute_rule *rule = attribute_find(name);
    struct fact fact = { .type = rule == NULL ? ATTRIBUTE_TEXT : rule->type };

    if (!condition_knows_fact(name) || (!walk->server && knowledge_is_among(server_facts, name)))
        return fact;
    fact.bits = fact_types[fact.type].bit;
    if (strcmp(name, "kind") == 0)
        fact.bits = OF_TEXT | OF_LIST;
    return fact;
}

static void unknown_fact(const struct walk *walk, const config_setting_t *setting, const char *name)
{
    struct reader *reader = &walk->lore->reader;
    const char **known;
    size_t count, rules;
    const struct attribute_rule *rule = attribute_rules(&rules);

    if (knowledge_is_among(server_facts, name)) {
        setting_problem(reader, setting, "only the backup server has \"%s\": every = \"server\"; that = { fact = ... }",
                        name);
        return;
    }
    known = mem_new(rules + DERIVED, sizeof *known);
    for (count = 0; count < rules; count++)
        known[count] = rule[count].name;
    for (size_t i = 0; i < DERIVED; i++)
        known[count++] = derived[i];
    knowledge_unknown(walk->lore, &(struct unknown){ setting_place(reader, setting), "fact", "fact", name, "" }, known,
                      count);
    free(known);
}

static void mention(const struct walk *walk, const config_setting_t *setting, bool product, const char *name)
{
    vec_push(&walk->lore->mentions, (struct mention){ product, name, setting_place(&walk->lore->reader, setting) });
}

static void check_word(const struct walk *walk, const config_setting_t *setting, const char *what,
                       const char *const *words, const char *text)
{
    if (!knowledge_is_among(words, text))
        knowledge_unknown(walk->lore,
                          &(struct unknown){ setting_place(&walk->lore->reader, setting), what, what, text, "" }, words,
                          knowledge_count(words));
}

static void check_kind(const struct walk *walk, const config_setting_t *setting, const char *text)
{
    const char *words[64];
    size_t count;
    const struct attribute_word *kinds = kind_words(&count);

    if (kind_find(text) != NULL)
        return;
    for (size_t i = 0; i < count && i < 64; i++)
        words[i] = kinds[i].word;
    knowledge_unknown(walk->lore,
                      &(struct unknown){ setting_place(&walk->lore->reader, setting), "kind", "kind", text, "" }, words,
                      count < 64 ? count : 64);
}

/* A fact that is one of a few words is never equal to another one. */
static void check_text(const struct walk *walk, const config_setting_t *setting, const struct test *test,
                       const char *text)
{
    if (test->compare == COMPARE_STARTS || test->compare == COMPARE_CONTAINS)
        return;
    if (strcmp(test->fact, "version") == 0)
        mention(walk, setting, false, text);
    else if (strcmp(test->fact, "workload") == 0)
        check_word(walk, setting, "workload", workload_words, text);
    else if (strcmp(test->fact, "installation") == 0)
        check_word(walk, setting, "installation", installation_words, text);
    else if (strcmp(test->fact, "kind") == 0)
        check_kind(walk, setting, text);
    else if (strcmp(test->fact, "product") == 0)
        mention(walk, setting, true, text);
}

static void read_text(const struct walk *walk, const config_setting_t *setting, const struct test *test,
                      enum attribute_type type, struct value *value)
{
    const char *text = setting_is_text(&walk->lore->reader, setting, "a text in quotes");
    int64_t time;

    if (text == NULL)
        return;
    if (text[0] == '\0' && type != ATTRIBUTE_TEXT)
        setting_problem(&walk->lore->reader, setting, "it is empty");
    if (type == ATTRIBUTE_TIME && test->compare != COMPARE_STARTS && !clock_parse(text, &time, NULL))
        setting_problem(&walk->lore->reader, setting, "expected a time, such as \"2018-03-01T12:00:00Z\"");
    *value = (struct value){ .type = VALUE_TEXT, .text = reader_text(&walk->lore->reader, text) };
    check_text(walk, setting, test, value->text);
}

static void read_number(const struct walk *walk, const config_setting_t *setting, struct value *value)
{
    int type = config_setting_type(setting);

    if (type != CONFIG_TYPE_INT && type != CONFIG_TYPE_INT64)
        setting_unexpected(&walk->lore->reader, setting, "a whole number without quotes, as the fact is one");
    else
        *value = (struct value){ .type = VALUE_INT,
                                 .number = type == CONFIG_TYPE_INT ? config_setting_get_int(setting)
                                                                   : config_setting_get_int64(setting) };
}

static void read_truth(const struct walk *walk, const config_setting_t *setting, struct value *value)
{
    if (config_setting_type(setting) != CONFIG_TYPE_BOOL)
        setting_unexpected(&walk->lore->reader, setting, "true or false without quotes");
    else
        *value = (struct value){ .type = VALUE_BOOL, .truth = config_setting_get_bool(setting) == CONFIG_TRUE };
}

static void read_value(const struct walk *walk, const config_setting_t *setting, const struct test *test,
                       enum attribute_type type, struct value *value)
{
    if (type == ATTRIBUTE_BOOL || test->compare == COMPARE_EMPTY)
        read_truth(walk, setting, value);
    else if (type == ATTRIBUTE_INT)
        read_number(walk, setting, value);
    else
        read_text(walk, setting, test, type, value);
}

static void read_values(const struct walk *walk, const config_setting_t *setting, struct test *test,
                        const struct comparison *comparison, enum attribute_type type)
{
    bool many = config_setting_is_array(setting) == CONFIG_TRUE || config_setting_is_list(setting) == CONFIG_TRUE;
    size_t count = many ? (size_t)config_setting_length(setting) : 1;
    struct value *values;

    if (many ? !comparison->many : !comparison->one) {
        setting_unexpected(&walk->lore->reader, setting,
                           many ? "a single value" : "a list of values, such as [ \"a\", \"b\" ]");
        return;
    }
    if (count == 0 || count > SETTING_MAX_LIST) {
        setting_problem(&walk->lore->reader, setting, "a list of %zu values, where 1 to %d are possible", count,
                        SETTING_MAX_LIST);
        return;
    }
    values = arena_alloc(knowledge_arena(walk->lore), count * sizeof *values);
    for (size_t i = 0; i < count; i++)
        read_value(walk, many ? setting_element(setting, i) : setting, test, type, &values[i]);
    test->values = values;
    test->value_count = count;
}

static void read_trusted(const struct walk *walk, const config_setting_t *setting)
{
    const char *text = setting_is_text(&walk->lore->reader, setting, "\"server\"");

    if (text != NULL && strcmp(text, "server") != 0)
        setting_problem(&walk->lore->reader, setting,
                        "expected \"server\": the backup server that the verdict is about");
}

/* What is worked out is no text of an item that another could be equal to. */
static bool is_text(const char *name)
{
    const struct attribute_rule *rule = attribute_find(name);

    return rule != NULL && rule->type == ATTRIBUTE_TEXT;
}

static void read_same(const struct walk *walk, const config_setting_t *setting, struct test *test)
{
    const char *other = setting_is_text(&walk->lore->reader, setting, "a fact in quotes, such as \"id.name\"");
    struct value *value;

    if (other == NULL)
        return;
    if (!condition_knows_fact(other))
        unknown_fact(walk, setting, other);
    else if (!is_text(other) || !is_text(test->fact))
        setting_problem(&walk->lore->reader, setting, "\"%s\" is no text that a scan reports",
                        is_text(test->fact) ? other : test->fact);
    value = arena_alloc(knowledge_arena(walk->lore), sizeof *value);
    *value = (struct value){ .type = VALUE_TEXT, .text = reader_text(&walk->lore->reader, other) };
    test->values = value;
    test->value_count = 1;
}

/* The one comparison of a group with `fact`; NULL: a problem was added. */
static const struct comparison *find_comparison(const struct walk *walk, const config_setting_t *group)
{
    const struct comparison *found = NULL;
    size_t count = 0;

    for (size_t i = 0; i < sizeof comparisons / sizeof *comparisons; i++) {
        if (setting_member(group, comparisons[i].word) != NULL) {
            found = &comparisons[i];
            count++;
        }
    }
    if (count == 1)
        return found;
    setting_problem(&walk->lore->reader, group,
                    "a test of a fact has exactly one comparison, such as is, in, at_least or has; this one has %zu%s",
                    count, count > 1 ? ": make it all = ( { ... }, { ... } )" : "");
    return NULL;
}

/* Versions are found by the tests of products.conf: one that asks for a version would ask itself. Files of matrix/ have
 * a sheet. */
static bool may_ask(const struct walk *walk, const config_setting_t *setting, const char *name)
{
    if (walk->lore->sheet != NULL || (strcmp(name, "version") != 0 && strcmp(name, "workload") != 0))
        return true;
    setting_problem(&walk->lore->reader, setting, "what makes a version cannot ask for \"%s\"", name);
    return false;
}

void knowledge_fact(const struct walk *walk, const config_setting_t *setting, struct test *test)
{
    const config_setting_t *group = config_setting_parent(setting);
    const struct comparison *comparison = find_comparison(walk, group);
    struct fact fact;
    const char *name = setting_is_text(&walk->lore->reader, setting, "a fact in quotes, such as \"os.build\"");
    const config_setting_t *given;

    if (name == NULL)
        return;
    fact = find_fact(walk, name);
    if (fact.bits == 0)
        unknown_fact(walk, setting, name);
    if (fact.bits == 0 || comparison == NULL || !may_ask(walk, setting, name))
        return;
    given = setting_member(group, comparison->word);
    if ((comparison->facts & fact.bits) == 0) {
        setting_problem(&walk->lore->reader, given, "\"%s\" is %s, of which %s says nothing", name,
                        fact_types[fact.type].word, comparison->word);
        return;
    }
    test->fact = reader_text(&walk->lore->reader, name);
    test->compare = compare_find(comparison->word);
    if (test->compare == COMPARE_TRUSTED_BY)
        read_trusted(walk, given);
    else if (test->compare == COMPARE_SAME_AS)
        read_same(walk, given, test);
    else
        read_values(walk, given, test, comparison, fact.type);
}
