#include "item.h"

#include "text.h"
#include "utf8.h"

#include <stdlib.h>
#include <string.h>

/* What item->bytes counts: at least what a frame's field takes (frame.h), so that an item within its limit fits. */
#define TEXT_COST ((size_t)6)
#define NUMBER_COST ((size_t)9)

enum { LINK_TEXTS = 5 };

/* ---------------------------------------------------------------------------------------------------- words ---- */

static bool is_lower(char c)
{
    return c >= 'a' && c <= 'z';
}

static bool is_word_char(char c)
{
    return is_lower(c) || (c >= '0' && c <= '9') || c == '_';
}

bool item_is_word(const char *text)
{
    size_t size = 0;

    if (!is_lower(text[0]))
        return false;
    while (size <= ITEM_MAX_NAME && is_word_char(text[size]))
        size++;
    return text[size] == '\0' && size <= ITEM_MAX_NAME;
}

/* The length of the name at the start of the text; 0 where there is none, or a dot does not stand between two parts. */
static size_t name_length(const char *text)
{
    size_t size = 0;

    if (!is_lower(text[0]))
        return 0;
    while (size <= ITEM_MAX_NAME && (is_word_char(text[size]) || (text[size] == '.' && is_word_char(text[size + 1]))))
        size++;
    return size <= ITEM_MAX_NAME ? size : 0;
}

bool item_is_name(const char *text)
{
    size_t size = name_length(text);

    return size > 0 && text[size] == '\0';
}

static bool is_prefix(const char *text)
{
    size_t size = name_length(text);

    return size > 0 && (text[size] == '\0' || (text[size] == '.' && text[size + 1] == '\0' && size < ITEM_MAX_NAME));
}

/* -------------------------------------------------------------------------------------------------- checks ---- */

static bool check_word(const char *what, const char *text, struct err *err)
{
    char quote[TEXT_QUOTE_SIZE];

    if (text == NULL)
        return err_set(err, ERR_PROTOCOL, "the %s is missing", what);
    if (item_is_word(text))
        return true;
    return err_set(err, ERR_PROTOCOL,
                   "the %s '%s' (%zu bytes) is not a word of lower-case letters, digits and _ that starts with a "
                   "letter and has at most %d bytes",
                   what, text_quote(quote, text), strlen(text), ITEM_MAX_NAME);
}

static bool check_name(const char *text, struct err *err)
{
    char quote[TEXT_QUOTE_SIZE];

    if (text == NULL)
        return err_set(err, ERR_PROTOCOL, "the attribute's name is missing");
    if (item_is_name(text))
        return true;
    return err_set(err, ERR_PROTOCOL,
                   "the attribute name '%s' (%zu bytes) is not a dotted name such as os.build: lower-case letters, "
                   "digits and _, starting with a letter, at most %d bytes",
                   text_quote(quote, text), strlen(text), ITEM_MAX_NAME);
}

/* Checks a text of any content. subject is a name that was checked, or a literal. */
static bool check_text(const char *what, const char *subject, const char *text, size_t limit, struct err *err)
{
    size_t size, valid;

    if (text == NULL)
        return err_set(err, ERR_PROTOCOL, "%s%s is missing", what, subject);
    size = strlen(text);
    if (size > limit)
        return err_set(err, ERR_PROTOCOL, "%s%s has %zu bytes, but at most %zu are allowed", what, subject, size,
                       limit);
    valid = utf8_valid_prefix(text, size);
    if (valid < size)
        return err_set(err, ERR_PROTOCOL, "%s%s is not valid UTF-8: byte %zu is 0x%02X", what, subject, valid + 1,
                       (unsigned)(unsigned char)text[valid]);
    return true;
}

static bool check_filled(const char *what, const char *text, size_t limit, struct err *err)
{
    if (!check_text("the ", what, text, limit, err))
        return false;
    return text[0] != '\0' || err_set(err, ERR_PROTOCOL, "the %s is empty", what);
}

/* Whether old bytes of the item may become new ones. */
static bool check_bytes(const struct item *item, size_t old, size_t new, const char *what, const char *subject,
                        struct err *err)
{
    size_t total = item->bytes - old + new;

    if (total <= ITEM_MAX_BYTES)
        return true;
    return err_set(err, ERR_PROTOCOL, "%s%s (%zu bytes) would make the item %zu bytes, but at most %d are allowed",
                   what, subject, new, total, ITEM_MAX_BYTES);
}

static bool check_count(size_t count, size_t limit, const char *what, const char *subject, struct err *err)
{
    if (count < limit)
        return true;
    return err_set(err, ERR_PROTOCOL, "%s%s is one too many: an item has at most %zu of them", what, subject, limit);
}

/* -------------------------------------------------------------------------------------------------- start ---- */

void item_init(struct item *item, struct arena *arena, const char *kind, const char *key)
{
    *item = (struct item){ .arena = arena };
    item->kind = arena_text(arena, kind == NULL ? "" : kind);
    item->key = arena_text(arena, key == NULL ? "" : key);
    item->bytes = strlen(item->kind) + strlen(item->key) + 2 * TEXT_COST;
}

bool item_check(const struct item *item, struct err *err)
{
    return check_word("kind", item->kind, err) && check_filled("key", item->key, ITEM_MAX_KEY, err);
}

/* Room for one more element in an array of the arena; the old array stays behind in the arena. */
static void *grow(struct arena *arena, void *array, size_t count, size_t *capacity, size_t size)
{
    void *larger;

    if (count < *capacity)
        return array;
    *capacity = *capacity == 0 ? 16 : *capacity * 2;
    larger = arena_alloc(arena, *capacity * size);
    if (count > 0)
        memcpy(larger, array, count * size);
    return larger;
}

/* ---------------------------------------------------------------------------------------------- attributes ---- */

/* What a value that passed its check costs, its type included. */
static size_t value_cost(const struct value *value)
{
    size_t cost = 2 * NUMBER_COST;

    if (value->type == VALUE_TEXT)
        return NUMBER_COST + TEXT_COST + strlen(value->text);
    if (value->type != VALUE_LIST)
        return cost;
    for (size_t i = 0; i < value->list.count; i++)
        cost += TEXT_COST + strlen(value->list.texts[i]);
    return cost;
}

static bool check_list(const char *name, const struct value *value, struct err *err)
{
    size_t total = 0;

    if (value->list.count > ITEM_MAX_LIST)
        return err_set(err, ERR_PROTOCOL, "the list '%s' has %zu elements, but at most %d are allowed", name,
                       value->list.count, ITEM_MAX_LIST);
    if (value->list.count > 0 && value->list.texts == NULL)
        return err_set(err, ERR_PROTOCOL, "the elements of the list '%s' are missing", name);
    for (size_t i = 0; i < value->list.count; i++) {
        if (!check_text("an element of the list ", name, value->list.texts[i], ITEM_MAX_TEXT, err))
            return false;
        total += strlen(value->list.texts[i]);
        if (total > ITEM_MAX_BYTES)
            return err_set(err, ERR_PROTOCOL, "the list '%s' has more than the %d bytes that are allowed for an item",
                           name, ITEM_MAX_BYTES);
    }
    return true;
}

static bool check_value(const char *name, const struct value *value, struct err *err)
{
    switch (value->type) {
    case VALUE_INT:
    case VALUE_BOOL: return true;
    case VALUE_TEXT: return check_text("the value of ", name, value->text, ITEM_MAX_TEXT, err);
    case VALUE_LIST: return check_list(name, value, err);
    }
    return err_set(err, ERR_PROTOCOL, "the value of %s has the unknown type %d", name, (int)value->type);
}

static struct value copy_value(struct arena *arena, const struct value *value)
{
    struct value copy = *value;
    const char **texts;

    if (value->type == VALUE_TEXT)
        copy.text = arena_text(arena, value->text);
    if (value->type != VALUE_LIST)
        return copy;
    texts = arena_alloc(arena, value->list.count * sizeof *texts);
    for (size_t i = 0; i < value->list.count; i++)
        texts[i] = arena_text(arena, value->list.texts[i]);
    copy.list.texts = texts;
    return copy;
}

static struct attribute *find(const struct item *item, const char *name)
{
    for (size_t i = 0; i < item->attribute_count; i++) {
        if (strcmp(item->attributes[i].name, name) == 0)
            return &item->attributes[i];
    }
    return NULL;
}

static bool add_attribute(struct item *item, const char *name, const struct value *value, struct err *err)
{
    size_t cost = TEXT_COST + strlen(name) + value_cost(value);

    if (!check_count(item->attribute_count, ITEM_MAX_ATTRIBUTES, "the attribute ", name, err) ||
        !check_bytes(item, 0, cost, "the attribute ", name, err))
        return false;
    item->attributes =
        grow(item->arena, item->attributes, item->attribute_count, &item->attribute_capacity, sizeof *item->attributes);
    item->attributes[item->attribute_count++] = (struct attribute){
        .name = arena_text(item->arena, name),
        .value = copy_value(item->arena, value),
    };
    item->bytes += cost;
    return true;
}

bool item_set(struct item *item, const char *name, const struct value *value, struct err *err)
{
    struct attribute *attribute;
    size_t old, new;

    if (!check_name(name, err) || !check_value(name, value, err))
        return false;
    attribute = find(item, name);
    if (attribute == NULL)
        return add_attribute(item, name, value, err);
    old = value_cost(&attribute->value);
    new = value_cost(value);
    if (!check_bytes(item, old, new, "the new value of ", name, err))
        return false;
    attribute->value = copy_value(item->arena, value);
    item->bytes = item->bytes - old + new;
    return true;
}

bool item_set_text(struct item *item, const char *name, const char *text, struct err *err)
{
    return item_set(item, name, &(struct value){ .type = VALUE_TEXT, .text = text }, err);
}

bool item_set_int(struct item *item, const char *name, int64_t number, struct err *err)
{
    return item_set(item, name, &(struct value){ .type = VALUE_INT, .number = number }, err);
}

bool item_set_bool(struct item *item, const char *name, bool truth, struct err *err)
{
    return item_set(item, name, &(struct value){ .type = VALUE_BOOL, .truth = truth }, err);
}

bool item_set_list(struct item *item, const char *name, const char *const *texts, size_t count, struct err *err)
{
    return item_set(item, name, &(struct value){ .type = VALUE_LIST, .list = { texts, count } }, err);
}

const struct value *item_get(const struct item *item, const char *name)
{
    const struct attribute *attribute = find(item, name);

    return attribute == NULL ? NULL : &attribute->value;
}

const char *item_text(const struct item *item, const char *name)
{
    const struct value *value = item_get(item, name);

    return value != NULL && value->type == VALUE_TEXT ? value->text : NULL;
}

/* --------------------------------------------------------------------------------------- links and unread ---- */

static size_t link_cost(const struct link *link)
{
    const char *const texts[LINK_TEXTS] = { link->relation, link->kind, link->key, link->attribute, link->value };
    size_t cost = 0;

    for (size_t i = 0; i < LINK_TEXTS; i++)
        cost += TEXT_COST + (texts[i] == NULL ? 0 : strlen(texts[i]));
    return cost;
}

static bool check_link(const struct link *link, struct err *err)
{
    if (!check_word("relation of a link", link->relation, err) ||
        !check_word("kind of a link's far end", link->kind, err))
        return false;
    if ((link->key == NULL) == (link->attribute == NULL) || (link->attribute == NULL) != (link->value == NULL))
        return err_set(err, ERR_PROTOCOL,
                       "the link '%s' names its far end neither by a key alone nor by an attribute "
                       "and its value",
                       link->relation);
    if (link->key != NULL)
        return check_filled("key of a link's far end", link->key, ITEM_MAX_KEY, err);
    return check_name(link->attribute, err) &&
           check_filled("identity fact of a link's far end", link->value, ITEM_MAX_TEXT, err);
}

static const char *copy_text(struct arena *arena, const char *text)
{
    return text == NULL ? NULL : arena_text(arena, text);
}

bool item_link(struct item *item, const struct link *link, struct err *err)
{
    struct arena *arena = item->arena;
    size_t cost;

    if (!check_link(link, err))
        return false;
    cost = link_cost(link);
    if (!check_count(item->link_count, ITEM_MAX_LINKS, "the link ", link->relation, err) ||
        !check_bytes(item, 0, cost, "the link ", link->relation, err))
        return false;
    item->links = grow(arena, item->links, item->link_count, &item->link_capacity, sizeof *item->links);
    item->links[item->link_count++] = (struct link){
        .relation = copy_text(arena, link->relation),
        .kind = copy_text(arena, link->kind),
        .key = copy_text(arena, link->key),
        .attribute = copy_text(arena, link->attribute),
        .value = copy_text(arena, link->value),
    };
    item->bytes += cost;
    return true;
}

static bool check_unread(const char *prefix, const char *why, struct err *err)
{
    char quote[TEXT_QUOTE_SIZE];

    if (prefix == NULL)
        return err_set(err, ERR_PROTOCOL, "the attribute of an unread section is missing");
    if (!is_prefix(prefix))
        return err_set(err, ERR_PROTOCOL,
                       "the unread section '%s' (%zu bytes) is neither an attribute's name such as os.build nor the "
                       "start of one such as os., at most %d bytes",
                       text_quote(quote, prefix), strlen(prefix), ITEM_MAX_NAME);
    return check_filled("reason of an unread section", why, ITEM_MAX_WHY, err);
}

static struct unread *find_unread(const struct item *item, const char *prefix)
{
    for (size_t i = 0; i < item->unread_count; i++) {
        if (strcmp(item->unread[i].prefix, prefix) == 0)
            return &item->unread[i];
    }
    return NULL;
}

bool item_unread(struct item *item, const char *prefix, const char *why, struct err *err)
{
    struct unread *unread;
    size_t old, new;

    if (!check_unread(prefix, why, err))
        return false;
    unread = find_unread(item, prefix);
    old = unread == NULL ? 0 : 2 * TEXT_COST + strlen(prefix) + strlen(unread->why);
    new = 2 * TEXT_COST + strlen(prefix) + strlen(why);
    if (!check_bytes(item, old, new, "the unread section ", prefix, err))
        return false;
    if (unread == NULL) {
        if (!check_count(item->unread_count, ITEM_MAX_UNREAD, "the unread section ", prefix, err))
            return false;
        item->unread =
            grow(item->arena, item->unread, item->unread_count, &item->unread_capacity, sizeof *item->unread);
        unread = &item->unread[item->unread_count++];
        unread->prefix = arena_text(item->arena, prefix);
    }
    unread->why = arena_text(item->arena, why);
    item->bytes = item->bytes - old + new;
    return true;
}

/* ---------------------------------------------------------------------------------------------------- sort ---- */

static int compare_texts(const char *a, const char *b)
{
    if (a == NULL || b == NULL)
        return (a != NULL) - (b != NULL);
    return strcmp(a, b);
}

static int compare_attributes(const void *a, const void *b)
{
    return strcmp(((const struct attribute *)a)->name, ((const struct attribute *)b)->name);
}

static int compare_links(const void *a, const void *b)
{
    const struct link *x = a, *y = b;
    int order = strcmp(x->relation, y->relation);

    if (order == 0)
        order = strcmp(x->kind, y->kind);
    if (order == 0)
        order = compare_texts(x->key, y->key);
    if (order == 0)
        order = compare_texts(x->attribute, y->attribute);
    return order != 0 ? order : compare_texts(x->value, y->value);
}

static int compare_unread(const void *a, const void *b)
{
    return strcmp(((const struct unread *)a)->prefix, ((const struct unread *)b)->prefix);
}

static void drop_repeated_links(struct item *item)
{
    size_t kept = 0;

    for (size_t i = 0; i < item->link_count; i++) {
        if (kept > 0 && compare_links(&item->links[kept - 1], &item->links[i]) == 0)
            item->bytes -= link_cost(&item->links[i]);
        else
            item->links[kept++] = item->links[i];
    }
    item->link_count = kept;
}

static void sort(void *array, size_t count, size_t size, int (*compare)(const void *, const void *))
{
    if (count > 1)
        qsort(array, count, size, compare);
}

void item_sort(struct item *item)
{
    sort(item->attributes, item->attribute_count, sizeof *item->attributes, compare_attributes);
    sort(item->links, item->link_count, sizeof *item->links, compare_links);
    sort(item->unread, item->unread_count, sizeof *item->unread, compare_unread);
    drop_repeated_links(item);
}

static bool same_list(const struct value *a, const struct value *b)
{
    if (a->list.count != b->list.count)
        return false;
    for (size_t i = 0; i < a->list.count; i++) {
        if (strcmp(a->list.texts[i], b->list.texts[i]) != 0)
            return false;
    }
    return true;
}

bool value_same(const struct value *a, const struct value *b)
{
    if (a->type != b->type)
        return false;
    switch (a->type) {
    case VALUE_TEXT: return strcmp(a->text, b->text) == 0;
    case VALUE_INT: return a->number == b->number;
    case VALUE_BOOL: return a->truth == b->truth;
    case VALUE_LIST: return same_list(a, b);
    }
    return false;
}
