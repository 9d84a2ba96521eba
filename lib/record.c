#include "record.h"

static void put_value(struct frame_writer *writer, const struct value *value)
{
    frame_put_number(writer, (uint64_t)value->type);
    switch (value->type) {
    case VALUE_TEXT: frame_put_text(writer, value->text); break;
    case VALUE_INT: frame_put_int(writer, value->number); break;
    case VALUE_BOOL: frame_put_number(writer, value->truth); break;
    case VALUE_LIST:
        frame_put_number(writer, value->list.count);
        for (size_t i = 0; i < value->list.count; i++)
            frame_put_text(writer, value->list.texts[i]);
        break;
    }
}

void record_put(struct frame_writer *writer, const struct item *item)
{
    frame_put_text(writer, item->kind);
    frame_put_text(writer, item->key);
    frame_put_number(writer, item->attribute_count);
    for (size_t i = 0; i < item->attribute_count; i++) {
        frame_put_text(writer, item->attributes[i].name);
        put_value(writer, &item->attributes[i].value);
    }
    frame_put_number(writer, item->link_count);
    for (size_t i = 0; i < item->link_count; i++) {
        const struct link *link = &item->links[i];

        frame_put_text(writer, link->relation);
        frame_put_text(writer, link->kind);
        frame_put_text(writer, link->key);
        frame_put_text(writer, link->attribute);
        frame_put_text(writer, link->value);
    }
    frame_put_number(writer, item->unread_count);
    for (size_t i = 0; i < item->unread_count; i++) {
        frame_put_text(writer, item->unread[i].prefix);
        frame_put_text(writer, item->unread[i].why);
    }
}

static void get_list(struct frame_reader *reader, struct value *value, struct arena *arena)
{
    size_t count = frame_get_number(reader);
    const char **texts;

    if (count > ITEM_MAX_LIST) {
        frame_misfit(reader, "a list is longer than its limit");
        return;
    }
    texts = arena_alloc(arena, (count + 1) * sizeof *texts);
    for (size_t i = 0; i < count; i++)
        texts[i] = frame_get_text(reader, ITEM_MAX_TEXT);
    value->list.texts = texts;
    value->list.count = count;
}

static bool get_truth(struct frame_reader *reader)
{
    uint64_t number = frame_get_number(reader);

    if (number > 1)
        frame_misfit(reader, "a bool is neither 0 nor 1");
    return number == 1;
}

static struct value get_value(struct frame_reader *reader, struct arena *arena)
{
    struct value value = { 0 };
    uint64_t type = frame_get_number(reader);

    switch (type) {
    case VALUE_TEXT: value.text = frame_get_text(reader, ITEM_MAX_TEXT); break;
    case VALUE_INT: value.number = frame_get_int(reader); break;
    case VALUE_BOOL: value.truth = get_truth(reader); break;
    case VALUE_LIST: get_list(reader, &value, arena); break;
    default: frame_misfit(reader, "an attribute has a type that there is not"); break;
    }
    value.type = (enum value_type)type;
    return value;
}

static void get_attributes(struct frame_reader *reader, struct item *item, struct arena *arena)
{
    size_t count = frame_get_number(reader);

    for (size_t i = 0; i < count && reader->misfit == NULL; i++) {
        const char *name = frame_get_text(reader, ITEM_MAX_NAME);
        struct value value = get_value(reader, arena);

        if (reader->misfit == NULL && !item_set(item, name, &value, NULL))
            frame_misfit(reader, "an attribute breaks a limit");
        else if (item->attribute_count != i + 1)
            frame_misfit(reader, "an attribute is there twice");
    }
}

static void get_links(struct frame_reader *reader, struct item *item)
{
    size_t count = frame_get_number(reader);

    for (size_t i = 0; i < count && reader->misfit == NULL; i++) {
        struct link link = { .relation = frame_get_text(reader, ITEM_MAX_NAME) };

        link.kind = frame_get_text(reader, ITEM_MAX_NAME);
        link.key = frame_get_maybe_text(reader, ITEM_MAX_KEY);
        link.attribute = frame_get_maybe_text(reader, ITEM_MAX_NAME);
        link.value = frame_get_maybe_text(reader, ITEM_MAX_TEXT);
        if (reader->misfit == NULL && !item_link(item, &link, NULL))
            frame_misfit(reader, "a link breaks a limit");
    }
}

static void get_unread(struct frame_reader *reader, struct item *item)
{
    size_t count = frame_get_number(reader);

    for (size_t i = 0; i < count && reader->misfit == NULL; i++) {
        const char *prefix = frame_get_text(reader, ITEM_MAX_NAME);
        const char *why = frame_get_text(reader, ITEM_MAX_WHY);

        if (reader->misfit == NULL && !item_unread(item, prefix, why, NULL))
            frame_misfit(reader, "an unread section breaks a limit");
        else if (item->unread_count != i + 1)
            frame_misfit(reader, "an unread section is there twice");
    }
}

void record_get(struct frame_reader *reader, struct item *item, struct arena *arena)
{
    const char *kind = frame_get_text(reader, ITEM_MAX_NAME);
    const char *key = frame_get_text(reader, ITEM_MAX_KEY);

    item_init(item, arena, kind, key);
    if (reader->misfit == NULL && !item_check(item, NULL))
        frame_misfit(reader, "an item's kind or key is not what it must be");
    get_attributes(reader, item, arena);
    get_links(reader, item);
    get_unread(reader, item);
}
