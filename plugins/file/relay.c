#include "relay.h"

#include "str.h"

static void set(struct muster_item *out, const struct attribute *attribute)
{
    const struct value *value = &attribute->value;

    switch (value->type) {
    case VALUE_TEXT: muster_set(out, attribute->name, value->text); break;
    case VALUE_INT: muster_set_int(out, attribute->name, value->number); break;
    case VALUE_BOOL: muster_set_bool(out, attribute->name, value->truth); break;
    case VALUE_LIST: muster_set_list(out, attribute->name, value->list.texts, value->list.count); break;
    }
}

static void link_to(struct muster_item *out, const struct link *link)
{
    if (link->key != NULL)
        muster_link(out, link->relation, link->kind, link->key);
    else
        muster_link_by(out, link->relation, link->kind, link->attribute, link->value);
}

void relay_item(struct relay *relay, const struct item *item)
{
    struct muster_item *out = muster_item(relay->m, item->kind, item->key);

    for (size_t i = 0; i < item->attribute_count; i++)
        set(out, &item->attributes[i]);
    for (size_t i = 0; i < item->link_count; i++)
        link_to(out, &item->links[i]);
    for (size_t i = 0; i < item->unread_count; i++)
        muster_unread(out, item->unread[i].prefix, "%s", item->unread[i].why);
    muster_emit(out);
}

void relay_miss(struct relay *relay, const char *kind, const char *key, const char *format, ...)
{
    struct str text = STR_EMPTY;
    va_list args;

    va_start(args, format);
    str_vformat(&text, format, args);
    va_end(args);
    muster_warn(relay->m, kind, key, "%s: %s", relay->file, str_text(&text));
    str_finish(&text);
    relay->missed = true;
}
