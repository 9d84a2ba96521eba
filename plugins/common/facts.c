#include "facts.h"

#include "utf8.h"

#include <stdlib.h>
#include <string.h>

/* What could not be recorded: why, in the words of item.h. */
static void refuse(struct item *item, const char *name, bool done, const struct err *err)
{
    if (!done)
        facts_unread(item, name, err->text);
}

void facts_text(struct item *item, const char *name, const char *text)
{
    struct err err;

    if (text != NULL)
        refuse(item, name, item_set_text(item, name, text, &err), &err);
}

void facts_int(struct item *item, const char *name, int64_t number)
{
    struct err err;

    refuse(item, name, item_set_int(item, name, number, &err), &err);
}

void facts_bool(struct item *item, const char *name, bool truth)
{
    struct err err;

    refuse(item, name, item_set_bool(item, name, truth, &err), &err);
}

static int compare(const void *one, const void *other)
{
    return strcmp(*(const char *const *)one, *(const char *const *)other);
}

void facts_set(struct item *item, const char *name, const char **texts, size_t count)
{
    struct err err;
    size_t kept = 0;

    if (count > 0)
        qsort(texts, count, sizeof *texts, compare);
    for (size_t i = 0; i < count; i++) {
        if (kept == 0 || strcmp(texts[kept - 1], texts[i]) != 0)
            texts[kept++] = texts[i];
    }
    refuse(item, name, item_set_list(item, name, texts, kept, &err), &err);
}

void facts_link(struct item *item, const char *relation, const char *kind, const char *key)
{
    struct err err;

    if (key != NULL)
        item_link(item, &(struct link){ .relation = relation, .kind = kind, .key = key }, &err);
}

void facts_link_by(struct item *item, const char *relation, const char *kind, const char *attribute, const char *value)
{
    struct err err;

    if (value != NULL)
        item_link(item, &(struct link){ .relation = relation, .kind = kind, .attribute = attribute, .value = value },
                  &err);
}

void facts_unread(struct item *item, const char *prefix, const char *why)
{
    struct err err;

    if (item_unread(item, prefix, why, &err))
        return;
    item_unread(item, prefix, "the reason is too long, or no text, to be recorded", &err);
}

const char *facts_get(const struct item *item, const char *name)
{
    return item_text(item, name);
}

bool facts_number(const struct item *item, const char *name, int64_t *number)
{
    const struct value *value = item_get(item, name);

    if (value == NULL || value->type != VALUE_INT)
        return false;
    *number = value->number;
    return true;
}

static void send(struct muster_item *to, const struct attribute *attribute)
{
    const struct value *value = &attribute->value;

    switch (value->type) {
    case VALUE_TEXT: muster_set(to, attribute->name, value->text); break;
    case VALUE_INT: muster_set_int(to, attribute->name, value->number); break;
    case VALUE_BOOL: muster_set_bool(to, attribute->name, value->truth); break;
    case VALUE_LIST: muster_set_list(to, attribute->name, value->list.texts, value->list.count); break;
    }
}

static void tie(struct muster_item *to, const struct link *link)
{
    if (link->key != NULL)
        muster_link(to, link->relation, link->kind, link->key);
    else
        muster_link_by(to, link->relation, link->kind, link->attribute, link->value);
}

void facts_emit(struct muster *m, const struct item *item)
{
    struct muster_item *to = muster_item(m, item->kind, item->key);

    for (size_t i = 0; i < item->attribute_count; i++)
        send(to, &item->attributes[i]);
    for (size_t i = 0; i < item->link_count; i++)
        tie(to, &item->links[i]);
    for (size_t i = 0; i < item->unread_count; i++)
        muster_unread(to, item->unread[i].prefix, "%s", item->unread[i].why);
    muster_emit(to);
}
