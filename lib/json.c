/* The reading half of json.h: the only file that knows the JSON library. */
#include "json.h"

#include "hash.h"
#include "mem.h"
#include "text.h"

#include <inttypes.h>
#include <jansson.h>
#include <string.h>
#include <threads.h>

/* --------------------------------------------------------------------------------------------------- members ---- */

/* What an object may hold. */
struct member {
    const char *name;
    json_type type;
    bool required;
    size_t max;    /* bytes of a text, the largest number */
    size_t offset; /* where its text or number goes in struct json_line */
};

static const struct member item_members[] = {
    { "kind", JSON_STRING, true, 0, 0 },        { "key", JSON_STRING, true, 0, 0 },
    { "attributes", JSON_OBJECT, false, 0, 0 }, { "links", JSON_ARRAY, false, 0, 0 },
    { "unread", JSON_ARRAY, false, 0, 0 },      { NULL, JSON_NULL, false, 0, 0 },
};

static const struct member link_members[] = {
    { "relation", JSON_STRING, true, 0, 0 }, { "kind", JSON_STRING, true, 0, 0 }, { "key", JSON_STRING, false, 0, 0 },
    { "by", JSON_OBJECT, false, 0, 0 },      { NULL, JSON_NULL, false, 0, 0 },
};

static const struct member unread_members[] = {
    { "attributes", JSON_STRING, true, 0, 0 },
    { "why", JSON_STRING, true, 0, 0 },
    { NULL, JSON_NULL, false, 0, 0 },
};

#define AT(member) offsetof(struct json_line, member)

static const struct member gone_members[] = {
    { "kind", JSON_STRING, true, ITEM_MAX_NAME, AT(kind) },
    { "key", JSON_STRING, true, ITEM_MAX_KEY, AT(key) },
    { NULL, JSON_NULL, false, 0, 0 },
};

static const struct member gone_by_members[] = {
    { "kind", JSON_STRING, true, ITEM_MAX_NAME, AT(kind) },
    { "attribute", JSON_STRING, true, ITEM_MAX_NAME, AT(attribute) },
    { "value", JSON_STRING, true, ITEM_MAX_TEXT, AT(value) },
    { NULL, JSON_NULL, false, 0, 0 },
};

static const struct member offer_members[] = {
    { "plugin", JSON_STRING, true, ITEM_MAX_NAME, AT(plugin) },
    { "host", JSON_STRING, true, JSON_MAX_WORDS, AT(host) },
    { "port", JSON_INTEGER, true, 65535, AT(port) },
    { "evidence", JSON_STRING, true, JSON_MAX_WORDS, AT(evidence) },
    { NULL, JSON_NULL, false, 0, 0 },
};

static const struct member warning_members[] = {
    { "kind", JSON_STRING, false, ITEM_MAX_NAME, AT(kind) },
    { "key", JSON_STRING, false, ITEM_MAX_KEY, AT(key) },
    { "text", JSON_STRING, true, JSON_MAX_WORDS, AT(text) },
    { NULL, JSON_NULL, false, 0, 0 },
};

static const struct member end_members[] = {
    { "completeness", JSON_STRING, true, ITEM_MAX_NAME, AT(completeness) },
    { "items", JSON_INTEGER, false, INT64_MAX, AT(items) },
    { NULL, JSON_NULL, false, 0, 0 },
};

static const struct member fail_members[] = {
    { "class", JSON_STRING, true, ITEM_MAX_NAME, AT(failure_class) },
    { "text", JSON_STRING, true, JSON_MAX_WORDS, AT(text) },
    { NULL, JSON_NULL, false, 0, 0 },
};

static const struct member refused_members[] = {
    { "text", JSON_STRING, true, JSON_MAX_WORDS, AT(text) },
    { NULL, JSON_NULL, false, 0, 0 },
};

#undef AT

/* The lines that are not an item. */
static const struct form {
    const char *name;
    enum json_line_type type;
    const struct member *members;
} forms[] = {
    { "gone", JSON_GONE, gone_members },          { "offer", JSON_OFFER, offer_members },
    { "warning", JSON_WARNING, warning_members }, { "end", JSON_END, end_members },
    { "fail", JSON_FAIL, fail_members },          { "gone_by", JSON_GONE_BY, gone_by_members },
    { "refused", JSON_REFUSED, refused_members },
};

enum { FORM_COUNT = sizeof forms / sizeof forms[0] };

static const char *type_words(json_type type)
{
    switch (type) {
    case JSON_OBJECT: return "an object";
    case JSON_ARRAY: return "a list";
    case JSON_STRING: return "a text";
    case JSON_INTEGER: return "a whole number";
    case JSON_REAL: return "a number with a fraction or an exponent";
    case JSON_TRUE: return "true";
    case JSON_FALSE: return "false";
    case JSON_NULL: break;
    }
    return "null";
}

static const struct member *find_member(const struct member *members, const char *name)
{
    for (; members->name != NULL; members++) {
        if (strcmp(members->name, name) == 0)
            return members;
    }
    return NULL;
}

static bool refuse_member(const struct member *members, const char *what, const char *name, struct err *err)
{
    char quote[TEXT_QUOTE_SIZE];
    struct str known = STR_EMPTY;

    for (; members->name != NULL; members++)
        str_format(&known, "%s%s", known.length == 0 ? "" : ", ", members->name);
    err_set(err, ERR_PROTOCOL, "%s has an unknown member '%s'; its members are %s", what, text_quote(quote, name),
            str_text(&known));
    str_finish(&known);
    return false;
}

/* Whether the object has what it must have and nothing that it may not have. */
static bool check_members(json_t *object, const struct member *members, const char *what, struct err *err)
{
    const char *name;
    json_t *value;

    json_object_foreach(object, name, value)
    {
        const struct member *member = find_member(members, name);

        if (member == NULL)
            return refuse_member(members, what, name, err);
        if (json_typeof(value) != member->type)
            return err_set(err, ERR_PROTOCOL, "member '%s' of %s is %s; expected %s", name, what,
                           type_words(json_typeof(value)), type_words(member->type));
    }
    for (; members->name != NULL; members++) {
        if (members->required && json_object_get(object, members->name) == NULL)
            return err_set(err, ERR_PROTOCOL, "%s lacks its member '%s', %s", what, members->name,
                           type_words(members->type));
    }
    return true;
}

static const char *text_of(json_t *object, const char *name)
{
    return json_string_value(json_object_get(object, name));
}

/* ----------------------------------------------------------------------------------------------- reading items ---- */

static bool read_list(struct item *item, const char *name, json_t *list, struct err *err)
{
    size_t count = json_array_size(list);
    const char **texts = arena_alloc(item->arena, count * sizeof *texts);

    for (size_t i = 0; i < count; i++) {
        json_t *element = json_array_get(list, i);
        char quote[TEXT_QUOTE_SIZE];

        if (!json_is_string(element))
            return err_set(err, ERR_PROTOCOL, "element %zu of the list '%s' is %s; expected a text", i + 1,
                           text_quote(quote, name), type_words(json_typeof(element)));
        texts[i] = json_string_value(element);
    }
    return item_set_list(item, name, texts, count, err);
}

static bool read_attribute(struct item *item, const char *name, json_t *value, struct err *err)
{
    char quote[TEXT_QUOTE_SIZE];

    switch (json_typeof(value)) {
    case JSON_STRING: return item_set_text(item, name, json_string_value(value), err);
    case JSON_INTEGER: return item_set_int(item, name, json_integer_value(value), err);
    case JSON_TRUE:
    case JSON_FALSE: return item_set_bool(item, name, json_is_true(value), err);
    case JSON_ARRAY: return read_list(item, name, value, err);
    case JSON_OBJECT:
    case JSON_REAL:
    case JSON_NULL: break;
    }
    return err_set(err, ERR_PROTOCOL,
                   "the attribute '%s' is %s; expected a text, a whole number, true, false or a list of texts",
                   text_quote(quote, name), type_words(json_typeof(value)));
}

static bool read_attributes(struct item *item, json_t *attributes, struct err *err)
{
    const char *name;
    json_t *value;

    json_object_foreach(attributes, name, value)
    {
        if (!read_attribute(item, name, value, err))
            return false;
    }
    return true;
}

/* "by" holds one identity fact: {"id.fqdn": "a.example"}. */
static bool read_by(struct link *link, json_t *by, struct err *err)
{
    void *only = json_object_iter(by);

    if (json_object_size(by) != 1 || !json_is_string(json_object_iter_value(only)))
        return err_set(err, ERR_PROTOCOL, "member 'by' of a link must hold exactly one attribute with a text");
    link->attribute = json_object_iter_key(only);
    link->value = json_string_value(json_object_iter_value(only));
    return true;
}

static bool read_link(struct item *item, json_t *object, struct err *err)
{
    json_t *by = json_object_get(object, "by");
    struct link link = {
        .relation = text_of(object, "relation"),
        .kind = text_of(object, "kind"),
        .key = text_of(object, "key"),
    };

    if ((link.key == NULL) == (by == NULL))
        return err_set(err, ERR_PROTOCOL, "a link must have exactly one of the members 'key' and 'by'");
    return (by == NULL || read_by(&link, by, err)) && item_link(item, &link, err);
}

static bool read_unread(struct item *item, json_t *object, struct err *err)
{
    size_t before = item->unread_count;
    const char *prefix = text_of(object, "attributes");

    if (!item_unread(item, prefix, text_of(object, "why"), err))
        return false;
    return item->unread_count > before || err_set(err, ERR_PROTOCOL, "the unread section '%s' is there twice", prefix);
}

/* Reads each object of a list with its reader; a refusal names the list and the place in it. */
static bool read_each(struct item *item, json_t *list, const struct member *members, const char *what,
                      bool (*read)(struct item *, json_t *, struct err *), struct err *err)
{
    for (size_t i = 0; i < json_array_size(list); i++) {
        json_t *element = json_array_get(list, i);
        bool good = json_is_object(element)
                        ? check_members(element, members, "it", err) && read(item, element, err)
                        : err_set(err, ERR_PROTOCOL, "it is %s; expected an object", type_words(json_typeof(element)));

        if (!good)
            return err_add(err, "element %zu of '%s'", i + 1, what);
    }
    return true;
}

static bool read_item(json_t *root, struct arena *arena, struct item *item, struct err *err)
{
    if (!check_members(root, item_members, "the item", err))
        return false;
    item_init(item, arena, text_of(root, "kind"), text_of(root, "key"));
    return item_check(item, err) && read_attributes(item, json_object_get(root, "attributes"), err) &&
           read_each(item, json_object_get(root, "links"), link_members, "links", read_link, err) &&
           read_each(item, json_object_get(root, "unread"), unread_members, "unread", read_unread, err);
}

/* ----------------------------------------------------------------------------------------- reading other lines ---- */

static bool check_range(const struct member *member, json_t *value, struct err *err)
{
    if (member->type == JSON_STRING) {
        if (json_string_length(value) > 0 && json_string_length(value) <= member->max)
            return true;
        return err_set(err, ERR_PROTOCOL, "member '%s' has %zu bytes; expected 1 to %zu", member->name,
                       json_string_length(value), member->max);
    }
    if (json_integer_value(value) >= 0 && (uint64_t)json_integer_value(value) <= member->max)
        return true;
    return err_set(err, ERR_PROTOCOL, "member '%s' is %" PRId64 "; expected 0 to %zu", member->name,
                   (int64_t)json_integer_value(value), member->max);
}

static bool fill(const struct form *form, json_t *object, struct arena *arena, struct json_line *line, struct err *err)
{
    for (const struct member *member = form->members; member->name != NULL; member++) {
        json_t *value = json_object_get(object, member->name);
        void *place = (char *)line + member->offset;

        if (value == NULL)
            continue;
        if (!check_range(member, value, err))
            return false;
        if (member->type == JSON_STRING)
            *(const char **)place = arena_text(arena, json_string_value(value));
        else
            *(int64_t *)place = json_integer_value(value);
    }
    return true;
}

static bool check_word(const char *name, const char *word, struct err *err)
{
    char quote[TEXT_QUOTE_SIZE];

    return word == NULL || item_is_word(word) ||
           err_set(err, ERR_PROTOCOL, "member '%s' is '%s'; expected a word of lower-case letters, digits and _", name,
                   text_quote(quote, word));
}

static bool check_attribute(const char *name, struct err *err)
{
    char quote[TEXT_QUOTE_SIZE];

    return name == NULL || item_is_name(name) ||
           err_set(err, ERR_PROTOCOL, "member 'attribute' is '%s'; expected a dotted name such as id.moref",
                   text_quote(quote, name));
}

static bool check_completeness(const char *word, struct err *err)
{
    char quote[TEXT_QUOTE_SIZE];

    return word == NULL || strcmp(word, "complete") == 0 || strcmp(word, "delta") == 0 ||
           strcmp(word, "partial") == 0 ||
           err_set(err, ERR_PROTOCOL, "member 'completeness' is '%s'; expected complete, delta or partial",
                   text_quote(quote, word));
}

static bool check_class(const char *word, struct err *err)
{
    enum err_class class = word == NULL ? ERR_UNREACHABLE : err_class_named(word);
    char quote[TEXT_QUOTE_SIZE];

    return class != ERR_NONE || err_set(err, ERR_PROTOCOL,
                                        "member 'class' is '%s'; expected unreachable, timeout, denied, protocol, bug, "
                                        "unsupported, config or system",
                                        text_quote(quote, word));
}

static bool read_form(const struct form *form, json_t *root, struct arena *arena, struct json_line *line,
                      struct err *err)
{
    json_t *object = json_object_get(root, form->name);

    line->type = form->type;
    line->items = -1;
    if (json_object_size(root) != 1 || !json_is_object(object))
        return err_set(err, ERR_PROTOCOL, "expected one object and nothing beside it");
    return check_members(object, form->members, "it", err) && fill(form, object, arena, line, err) &&
           check_word("kind", line->kind, err) && check_word("plugin", line->plugin, err) &&
           check_attribute(line->attribute, err) && check_completeness(line->completeness, err) &&
           check_class(line->failure_class, err);
}

/* ---------------------------------------------------------------------------------------------- reading a line ---- */

/* An upper bound of the values in the text, without parsing it: a parsed value takes up to 200 times its text. */
static size_t count_values(const char *bytes, size_t size)
{
    bool quoted = false;
    size_t count = 1;

    for (size_t i = 0; i < size; i++) {
        if (quoted && bytes[i] == '\\')
            i++;
        else if (bytes[i] == '"')
            quoted = !quoted;
        else if (!quoted && (bytes[i] == ',' || bytes[i] == '[' || bytes[i] == '{'))
            count++;
    }
    return count;
}

static bool check_line(const char *bytes, size_t size, struct err *err)
{
    if (size > JSON_MAX_LINE)
        return err_set(err, ERR_PROTOCOL, "the line has %zu bytes, but at most %zu are allowed", size, JSON_MAX_LINE);
    if (size == 0)
        return err_set(err, ERR_PROTOCOL, "the line is empty; expected a JSON object");
    if (size >= 3 && memcmp(bytes, "\xEF\xBB\xBF", 3) == 0)
        return err_set(err, ERR_PROTOCOL, "the line starts with a byte order mark; save it as UTF-8 without one");
    if (count_values(bytes, size) > JSON_MAX_VALUES)
        return err_set(err, ERR_PROTOCOL, "the line has more than the %zu values that are allowed", JSON_MAX_VALUES);
    return true;
}

/* Where jansson gets no memory, it says that the line is no JSON. */
static void *allocate(size_t size)
{
    void *memory = malloc(size);

    if (memory == NULL)
        mem_exhausted(size);
    return memory;
}

/* The library's own seed would be a file, which a confined process cannot open. */
static void prepare(void)
{
    json_set_alloc_funcs(allocate, free);
    json_object_seed((size_t)hash_process_key()->low | 1);
}

static json_t *parse(const char *bytes, size_t size, struct err *err)
{
    static once_flag prepared = ONCE_FLAG_INIT;
    char quote[TEXT_QUOTE_SIZE];
    json_error_t error;
    json_t *root;

    if (!check_line(bytes, size, err))
        return NULL;
    call_once(&prepared, prepare);
    root = json_loadb(bytes, size, JSON_REJECT_DUPLICATES, &error);
    if (root == NULL)
        err_set(err, ERR_PROTOCOL, "not JSON at column %d: %s", error.column, text_quote(quote, error.text));
    return root;
}

static bool read_root(json_t *root, struct arena *arena, struct json_line *line, struct err *err)
{
    if (!json_is_object(root))
        return err_set(err, ERR_PROTOCOL, "the line is %s; expected an object", type_words(json_typeof(root)));
    for (size_t i = 0; i < FORM_COUNT; i++) {
        if (json_object_get(root, forms[i].name) != NULL)
            return read_form(&forms[i], root, arena, line, err) || err_add(err, "the line '%s'", forms[i].name);
    }
    line->type = JSON_ITEM;
    return read_item(root, arena, &line->item, err);
}

bool json_read_line(const char *bytes, size_t size, struct arena *arena, struct json_line *line, struct err *err)
{
    json_t *root = parse(bytes, size, err);
    bool good;

    *line = (struct json_line){ 0 };
    if (root == NULL)
        return false;
    good = read_root(root, arena, line, err);
    json_decref(root);
    return good;
}

bool json_read_facts(const char *bytes, size_t size, struct item *item, struct err *err)
{
    json_t *root = parse(bytes, size, err);
    bool good;

    if (root == NULL)
        return false;
    good = json_is_object(root)
               ? read_attributes(item, root, err)
               : err_set(err, ERR_PROTOCOL, "the facts are %s; expected an object", type_words(json_typeof(root)));
    json_decref(root);
    return good;
}
