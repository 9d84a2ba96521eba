/* Prints docs/attributes.md from the data dictionary. */
#include "attribute.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

static const char intro[] =
    "# Attributes\n"
    "\n"
    "What a record of the inventory can say: the data dictionary. This page is printed from `lib/attributes.def`;\n"
    "change that file, then print it anew (the lint tests compare).\n"
    "\n"
    "A record (an *item*) has a kind, a key, attributes, links to other items, and unread sections. An attribute that\n"
    "an item lacks is not known; nothing is concluded from its absence. A source that could not read attributes says "
    "so\n"
    "and why, and their last known values are kept with their age.\n"
    "\n"
    "Plugins may use further attribute names: dotted, lower case. The names on this page keep their type and meaning:\n"
    "they are never renamed. The column *kinds* says where an attribute is usually found; another kind may have it "
    "too.\n"
    "\n"
    "| type | values |\n"
    "|---|---|\n"
    "| text | UTF-8, at most 65,536 bytes |\n"
    "| int | a whole number of 64 bits with sign |\n"
    "| bool | true or false |\n"
    "| list | texts, at most 4,096; their order counts |\n"
    "| time | a text: an instant in UTC as RFC 3339 writes it, such as `2018-03-01T12:00:00Z` or "
    "`2018-03-01T12:00:00.250Z` |\n";

/* Text in a table's cell: a bar would end it. */
static void put_cell(const char *text)
{
    for (; *text != '\0'; text++)
        printf("%s%c", *text == '|' ? "\\" : "", *text);
}

static void put_words(const char *title, const char *column, const struct attribute_word *words, size_t count)
{
    printf("\n## %s\n\n| %s | meaning |\n|---|---|\n", title, column);
    for (size_t i = 0; i < count; i++) {
        printf("| `%s` | ", words[i].word);
        put_cell(words[i].meaning);
        puts(" |");
    }
}

/* The length of a name's first part. */
static size_t first_part(const char *name)
{
    return strcspn(name, ".");
}

static bool starts_group(const struct attribute_rule *rules, size_t i)
{
    size_t length = first_part(rules[i].name);

    return i == 0 || first_part(rules[i - 1].name) != length || strncmp(rules[i - 1].name, rules[i].name, length) != 0;
}

static void put_rules(void)
{
    size_t count;
    const struct attribute_rule *rules = attribute_rules(&count);

    puts("\n## The attributes");
    for (size_t i = 0; i < count; i++) {
        const struct attribute_rule *rule = &rules[i];

        if (starts_group(rules, i))
            printf("\n### %.*s\n\n| attribute | type | kinds | meaning |\n|---|---|---|---|\n",
                   (int)first_part(rule->name), rule->name);
        printf("| `%s` | %s%s%s | %s | ", rule->name, attribute_type_word(rule->type),
               rule->unit[0] != '\0' ? ", " : "", rule->unit, rule->kinds);
        put_cell(rule->meaning);
        puts(" |");
    }
}

int main(void)
{
    const struct attribute_word *words;
    size_t count;

    fputs(intro, stdout);
    words = kind_words(&count);
    put_words("Kinds", "kind", words, count);
    words = relation_words(&count);
    put_words("Relations", "relation", words, count);
    put_rules();
    return ferror(stdout) != 0 || fflush(stdout) != 0;
}
