#include "thing.h"

#include "utf8.h"

#include <string.h>

/* What a computer does not say itself, its hypervisor may know of it. Without what all have in front: "os.". */
static const char *const hearsay[][2] = {
    { "arch", "guest.arch" },
    { "build", "guest.build" },
    { "family", "guest.family" },
    { "name", "guest.name" },
    { "product_type", "guest.product_type" },
    { "service_pack", "guest.service_pack" },
};

const char *thing_hearsay(const char *name)
{
    if (name[0] != 'o' || name[1] != 's' || name[2] != '.')
        return NULL;
    for (size_t i = 0; i < sizeof hearsay / sizeof hearsay[0]; i++) {
        if (thing_name_order(hearsay[i][0], name + 3) == 0)
            return hearsay[i][1];
    }
    return NULL;
}

static const struct value *own_fact(const struct thing *thing, const char *name)
{
    size_t low = 0, high = thing->fact_count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = thing_name_order(thing->facts[middle].name, name);

        if (order == 0)
            return &thing->facts[middle].value;
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return NULL;
}

const struct value *thing_fact(const struct thing *thing, const char *name)
{
    const struct value *value = own_fact(thing, name);
    const char *other = value == NULL ? thing_hearsay(name) : NULL;

    return other == NULL ? value : own_fact(thing, other);
}

const char *thing_text(const struct thing *thing, const char *name)
{
    const struct value *value = thing_fact(thing, name);

    return value != NULL && value->type == VALUE_TEXT ? value->text : NULL;
}

/* The longest prefix tells most about the name. */
static const char *own_unread(const struct thing *thing, const char *name)
{
    const char *why = NULL;
    size_t longest = 0;

    for (size_t i = 0; i < thing->unread_count; i++) {
        const char *prefix = thing->unread[i].prefix;
        size_t length = strlen(prefix);
        bool section = length > 0 && prefix[length - 1] == '.';

        if (length > longest && (section ? strncmp(prefix, name, length) : strcmp(prefix, name)) == 0) {
            longest = length;
            why = thing->unread[i].why;
        }
    }
    return why;
}

const char *thing_unread(const struct thing *thing, const char *name)
{
    const char *why = own_unread(thing, name);
    const char *other = why == NULL ? thing_hearsay(name) : NULL;

    return other == NULL ? why : own_unread(thing, other);
}

bool thing_is(const struct thing *thing, const char *kind)
{
    for (size_t i = 0; i < thing->kind_count; i++) {
        if (thing_name_order(thing->kinds[i], kind) == 0)
            return true;
    }
    return thing->kind_count == 0 && thing->kind != NULL && strcmp(thing->kind, kind) == 0;
}

/* Ties are looked through: a thing has few relations, and the first of a relation is found by halving. */
static size_t first_tie(const struct thing *thing, const char *relation, bool outward)
{
    size_t low = 0, high = thing->tie_count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = thing_name_order(thing->ties[middle].relation, relation);

        if (order < 0 || (order == 0 && thing->ties[middle].outward && !outward))
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

const struct thing_tie *thing_tie(const struct thing *thing, const char *relation, bool outward, size_t *at)
{
    const struct thing_tie *tie;

    if (*at == 0)
        *at = first_tie(thing, relation, outward);
    if (*at >= thing->tie_count)
        return NULL;
    tie = &thing->ties[*at];
    if (tie->outward != outward || thing_name_order(tie->relation, relation) != 0)
        return NULL;
    ++*at;
    return tie;
}

/* A text that is being filled; what does not fit any more is left out, and full tells it. */
struct line {
    char *text;
    size_t size, length;
    bool full;
};

static void add(struct line *line, const char *text)
{
    size_t length = strlen(text), room = line->size - 1 - line->length;

    if (line->full)
        return;
    line->full = length > room;
    if (line->full)
        length = room;
    memcpy(line->text + line->length, text, length);
    line->length += length;
    line->text[line->length] = '\0';
}

static void add_list(struct line *line, const char *const *texts, size_t count)
{
    for (size_t i = 0; i < count && !line->full; i++) {
        if (i > 0)
            add(line, ", ");
        add(line, texts[i]);
    }
    if (count == 0)
        add(line, "(none)");
}

static void add_number(struct line *line, int64_t number)
{
    uint64_t left = number < 0 ? -(uint64_t)number : (uint64_t)number;
    char text[24], *at = text + sizeof text - 1;

    *at = '\0';
    do
        *--at = (char)('0' + left % 10);
    while ((left /= 10) > 0);
    if (number < 0)
        *--at = '-';
    add(line, at);
}

static void add_value(struct line *line, const struct value *value)
{
    switch (value->type) {
    case VALUE_TEXT: add(line, value->text[0] == '\0' ? "(empty)" : value->text); break;
    case VALUE_INT: add_number(line, value->number); break;
    case VALUE_BOOL: add(line, value->truth ? "yes" : "no"); break;
    case VALUE_LIST: add_list(line, value->list.texts, value->list.count); break;
    }
}

const char *thing_value_text(const struct value *value, char *text, size_t size)
{
    struct line line = { .text = text, .size = size };

    if (size == 0)
        return text;
    text[0] = '\0';
    add_value(&line, value);
    if (line.full && size > sizeof "...") {
        text[size - sizeof "..."] = '\0';
        utf8_trim(text);
        memcpy(text + strlen(text), "...", sizeof "...");
    } else if (line.full) {
        utf8_trim(text);
    }
    return text;
}
