#include "setting.h"

#include "attribute.h"
#include "clock.h"
#include "problem.h"
#include "reader.h"
#include "str.h"
#include "text.h"
#include "unit.h"
#include "utf8.h"

#include <inttypes.h>
#include <stdarg.h>
#include <string.h>

#define MAX_KEYS 64 /* of one group; kinds of the dictionary */
#define DAY_MS INT64_C(86400000)

struct config_place setting_place(const struct reader *reader, const config_setting_t *setting)
{
    return source_place(reader->source, (int)config_setting_source_line(setting));
}

const config_setting_t *setting_member(const config_setting_t *group, const char *name)
{
    return config_setting_get_member((config_setting_t *)group, name);
}

const config_setting_t *setting_element(const config_setting_t *list, size_t index)
{
    return config_setting_get_elem((config_setting_t *)list, (unsigned)index);
}

/* The setting's own name; an element of a list has that of its list. */
static const char *name_of(const config_setting_t *setting)
{
    while (config_setting_name(setting) == NULL && !config_setting_is_root(setting))
        setting = config_setting_parent(setting);
    return config_setting_name(setting) == NULL ? "the file" : config_setting_name(setting);
}

void setting_problem(struct reader *reader, const config_setting_t *setting, const char *format, ...)
{
    char quote[TEXT_QUOTE_SIZE];
    struct err err;
    va_list args;

    va_start(args, format);
    err_vset(&err, ERR_CONFIG, format, args);
    va_end(args);
    problem_add(reader->problems, setting_place(reader, setting), "%s: %s", text_quote(quote, name_of(setting)),
                err.text);
}

static const char *kind_of(const config_setting_t *setting)
{
    switch (config_setting_type(setting)) {
    case CONFIG_TYPE_GROUP: return "a group";
    case CONFIG_TYPE_INT:
    case CONFIG_TYPE_INT64:
    case CONFIG_TYPE_FLOAT: return "a number";
    case CONFIG_TYPE_STRING: return "a text";
    case CONFIG_TYPE_BOOL: return "true or false";
    case CONFIG_TYPE_ARRAY:
    case CONFIG_TYPE_LIST: return "a list";
    default: return "nothing";
    }
}

void setting_unexpected(struct reader *reader, const config_setting_t *setting, const char *expected)
{
    setting_problem(reader, setting, "expected %s, not %s", expected, kind_of(setting));
}

/* Groups. */

static const struct key *find_key(const struct group *group, const char *name)
{
    for (size_t i = 0; i < group->count; i++) {
        if (strcmp(group->keys[i].name, name) == 0)
            return &group->keys[i];
    }
    return NULL;
}

static void unknown_key(struct reader *reader, const config_setting_t *setting, const struct group *group)
{
    const char *names[MAX_KEYS];
    struct str known = STR_EMPTY;
    const char *nearest;

    for (size_t i = 0; i < group->count; i++) {
        names[i] = group->keys[i].name;
        str_format(&known, "%s%s", i == 0 ? "" : ", ", names[i]);
    }
    nearest = text_nearest(config_setting_name(setting), names, group->count);
    if (nearest != NULL)
        setting_problem(reader, setting, "%s has no such key; the nearest is %s", group->what, nearest);
    else
        setting_problem(reader, setting, "%s has no such key; possible are %s", group->what, str_text(&known));
    str_finish(&known);
}

static void read_member(struct reader *reader, const config_setting_t *setting, const struct group *group, void *to)
{
    const struct key *key = find_key(group, config_setting_name(setting));

    if (key == NULL)
        unknown_key(reader, setting, group);
    else
        key->read(reader, setting, key, (char *)to + key->offset);
}

void setting_group(struct reader *reader, const config_setting_t *setting, const struct group *group, void *to)
{
    int count = config_setting_length(setting);

    for (int i = 0; i < count; i++)
        read_member(reader, config_setting_get_elem((config_setting_t *)setting, (unsigned)i), group, to);
    for (size_t i = 0; i < group->count; i++) {
        const struct key *key = &group->keys[i];

        if (key->required && config_setting_get_member((config_setting_t *)setting, key->name) == NULL)
            problem_add(reader->problems, setting_place(reader, setting), "%s has no %s; add: %s = %s", group->what,
                        key->name, key->name,
                        key->example != NULL        ? key->example
                        : key->read == setting_list ? "( { ... } );"
                                                    : "\"...\";");
    }
}

bool setting_is_group(struct reader *reader, const config_setting_t *setting)
{
    if (config_setting_is_group(setting) == CONFIG_TRUE)
        return true;
    setting_unexpected(reader, setting, "a group, { key = value; }");
    return false;
}

void setting_inner(struct reader *reader, const config_setting_t *setting, const struct key *key, void *to)
{
    if (setting_is_group(reader, setting))
        setting_group(reader, setting, key->group, (char *)to - key->offset);
}

bool setting_is_list(struct reader *reader, const config_setting_t *setting)
{
    if (config_setting_is_list(setting) == CONFIG_TRUE)
        return true;
    setting_unexpected(reader, setting, "a list of groups, ( { key = value; }, { key = value; } )");
    return false;
}

void setting_list(struct reader *reader, const config_setting_t *setting, const struct key *key, void *to)
{
    int count = config_setting_length(setting);

    (void)to;
    if (!setting_is_list(reader, setting))
        return;
    for (int i = 0; i < count; i++) {
        const config_setting_t *element = config_setting_get_elem((config_setting_t *)setting, (unsigned)i);

        if (setting_is_group(reader, element))
            key->element(reader, element);
    }
}

/* Texts. */

const char *setting_is_text(struct reader *reader, const config_setting_t *setting, const char *example)
{
    const char *text;

    if (config_setting_type(setting) != CONFIG_TYPE_STRING) {
        setting_unexpected(reader, setting, example);
        return NULL;
    }
    text = config_setting_get_string(setting);
    if (text == NULL)
        text = "";
    if (!utf8_valid(text, strlen(text))) {
        setting_problem(reader, setting, "it is not valid UTF-8; write the characters themselves, not \\x escapes");
        return NULL;
    }
    return text;
}

/* The first character that cannot be seen; 0: none. */
static uint32_t unseen_in(const char *text)
{
    size_t length;

    for (; *text != '\0'; text += length) {
        uint32_t code = utf8_decode(text, &length);

        if (text_is_unseen(code))
            return code;
    }
    return 0;
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t';
}

static bool is_name(struct reader *reader, const config_setting_t *setting, const char *text)
{
    char quote[TEXT_QUOTE_SIZE];
    size_t size = strlen(text);
    uint32_t unseen = unseen_in(text);

    if (size == 0)
        setting_problem(reader, setting, "it is empty; expected a name such as \"vc01\"");
    else if (size > SETTING_MAX_NAME)
        setting_problem(reader, setting, "a name of %zu bytes, where %d are possible", size, SETTING_MAX_NAME);
    else if (unseen != 0)
        setting_problem(reader, setting,
                        "\"%s\" holds U+%04" PRIX32 ", which cannot be seen; a backslash is written \\\\",
                        text_quote(quote, text), unseen);
    else if (is_blank(text[0]) || is_blank(text[size - 1]))
        setting_problem(reader, setting, "\"%s\" has blanks around it; take them out", text_quote(quote, text));
    else
        return true;
    return false;
}

void setting_name(struct reader *reader, const config_setting_t *setting, const struct key *key, void *to)
{
    const char *text = setting_is_text(reader, setting, "a text in quotes, such as \"vc01\"");

    (void)key;
    if (text != NULL && is_name(reader, setting, text))
        *(const char **)to = reader_text(reader, text);
}

void setting_text(struct reader *reader, const config_setting_t *setting, const struct key *key, void *to)
{
    const char *text = setting_is_text(reader, setting, "a text in quotes");

    (void)key;
    if (text != NULL && text[0] == '\0')
        setting_problem(reader, setting, "it is empty; leave the key out, or give it a text");
    else if (text != NULL)
        *(const char **)to = reader_text(reader, text);
}

void setting_path(struct reader *reader, const config_setting_t *setting, const struct key *key, void *to)
{
    const char *text = setting_is_text(reader, setting, "a path in quotes, such as \"/var/lib/muster/muster.db\"");
    struct arena *arena = reader->arena;

    (void)key;
    if (text == NULL)
        return;
    if (text[0] == '\0' || strlen(text) >= 4096) {
        setting_problem(reader, setting, "expected a path of 1 to 4095 bytes, such as \"/var/lib/muster/muster.db\"");
        return;
    }
    if (text[0] == '/')
        *(const char **)to = arena_text(arena, text);
    else
        *(const char **)to =
            arena_format(arena, "%s/%s", source_folder(reader->source, (int)config_setting_source_line(setting)), text);
}

static void not_a_word(struct reader *reader, const config_setting_t *setting, const struct key *key, const char *text)
{
    struct str known = STR_EMPTY;
    char quote[TEXT_QUOTE_SIZE];
    const char *nearest;
    size_t count = 0;

    for (; key->words[count] != NULL; count++)
        str_format(&known, "%s%s", count == 0 ? "" : ", ", key->words[count]);
    nearest = text_nearest(text, key->words, count);
    setting_problem(reader, setting, "\"%s\" is none of %s%s%s", text_quote(quote, text), str_text(&known),
                    nearest == NULL ? "" : "; the nearest is ", nearest == NULL ? "" : nearest);
    str_finish(&known);
}

void setting_word(struct reader *reader, const config_setting_t *setting, const struct key *key, void *to)
{
    char expected[TEXT_QUOTE_SIZE];
    const char *text;

    snprintf(expected, sizeof expected, "a word in quotes, such as \"%s\"", key->words[0]);
    text = setting_is_text(reader, setting, expected);
    if (text == NULL)
        return;
    for (const char *const *word = key->words; *word != NULL; word++) {
        if (strcmp(*word, text) == 0) {
            *(const char **)to = *word; /* a constant: it outlives the list */
            return;
        }
    }
    not_a_word(reader, setting, key, text);
}

void setting_kind(struct reader *reader, const config_setting_t *setting, const struct key *key, void *to)
{
    const char *words[MAX_KEYS + 1] = { NULL };
    const struct attribute_word *kinds;
    struct key choice = *key;
    size_t count;

    kinds = kind_words(&count);
    for (size_t i = 0; i < count && i < MAX_KEYS; i++)
        words[i] = kinds[i].word;
    choice.words = words;
    setting_word(reader, setting, &choice, to);
}

/* A list or an array; single texts are not taken for a list of one, so that a slip is seen. */
static void read_list(struct reader *reader, const config_setting_t *setting, const struct key *key, void *to,
                      setting_reader *read)
{
    int count = config_setting_length(setting);
    size_t *number = (void *)((char *)to - key->offset + key->count_offset);
    const char **names;

    if (config_setting_is_list(setting) == CONFIG_FALSE && config_setting_is_array(setting) == CONFIG_FALSE) {
        setting_unexpected(reader, setting, "a list of texts, such as [ \"a\", \"b\" ]");
        return;
    }
    if (count > SETTING_MAX_LIST) {
        setting_problem(reader, setting, "a list of %d, where %d are possible", count, SETTING_MAX_LIST);
        return;
    }
    names = arena_alloc(reader->arena, ((size_t)count + 1) * sizeof *names);
    *number = 0;
    for (int i = 0; i < count; i++) {
        read(reader, config_setting_get_elem((config_setting_t *)setting, (unsigned)i), key, &names[*number]);
        *number += names[*number] != NULL;
    }
    *(const char *const **)to = names;
}

void setting_names(struct reader *reader, const config_setting_t *setting, const struct key *key, void *to)
{
    read_list(reader, setting, key, to, setting_name);
}

void setting_words(struct reader *reader, const config_setting_t *setting, const struct key *key, void *to)
{
    read_list(reader, setting, key, to, setting_word);
}

/* Numbers. */

/* A text that one of unit.h's parsers reads, within the key's bounds. */
static void read_unit(struct reader *reader, const config_setting_t *setting, const struct key *key, int64_t *to,
                      const char *example, bool (*parse)(const char *, int64_t *, struct err *),
                      const char *(*show)(int64_t, char[UNIT_TEXT_SIZE]))
{
    const char *text = setting_is_text(reader, setting, example);
    char low[UNIT_TEXT_SIZE], high[UNIT_TEXT_SIZE], quote[TEXT_QUOTE_SIZE];
    struct err err;
    int64_t value;

    if (text == NULL)
        return;
    if (!parse(text, &value, &err))
        setting_problem(reader, setting, "%s", err.text);
    else if (value < key->min || value > key->max)
        setting_problem(reader, setting, "\"%s\" is out of bounds: %s to %s is possible", text_quote(quote, text),
                        show(key->min, low), show(key->max, high));
    else
        *to = value;
}

void setting_size(struct reader *reader, const config_setting_t *setting, const struct key *key, void *to)
{
    read_unit(reader, setting, key, to, "a size in quotes, such as \"256MiB\"", size_parse, size_text);
}

void setting_duration(struct reader *reader, const config_setting_t *setting, const struct key *key, void *to)
{
    read_unit(reader, setting, key, to, "a duration in quotes, such as \"1h\"", duration_parse, duration_text);
}

void setting_day(struct reader *reader, const config_setting_t *setting, const struct key *key, void *to)
{
    const char *text = setting_is_text(reader, setting, "a day in quotes, such as \"2027-06-30\"");
    char quote[TEXT_QUOTE_SIZE], whole[CLOCK_TEXT_SIZE];
    int64_t start;

    (void)key;
    if (text == NULL)
        return;
    snprintf(whole, sizeof whole, "%.10sT00:00:00Z", text);
    if (strlen(text) != 10 || !clock_parse(whole, &start, NULL))
        setting_problem(reader, setting, "\"%s\" is no day; write year, month and day, such as \"2027-06-30\"",
                        text_quote(quote, text));
    else
        *(int64_t *)to = start + DAY_MS - 1;
}

void setting_count(struct reader *reader, const config_setting_t *setting, const struct key *key, void *to)
{
    int type = config_setting_type(setting);
    int64_t value = type == CONFIG_TYPE_INT ? config_setting_get_int(setting) : config_setting_get_int64(setting);

    if (type != CONFIG_TYPE_INT && type != CONFIG_TYPE_INT64)
        setting_unexpected(reader, setting, "a whole number without quotes, such as 16");
    else if (value < key->min || value > key->max)
        setting_problem(reader, setting, "%" PRId64 " is out of bounds: %" PRId64 " to %" PRId64 " is possible", value,
                        key->min, key->max);
    else
        *(size_t *)to = (size_t)value;
}
