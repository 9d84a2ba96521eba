#include "dump.h"

#include "json.h"
#include "vim_read.h"

/* NULL as null. */
static void add_text(struct str *out, const char *text)
{
    if (text == NULL)
        str_add(out, "null");
    else
        json_add_text(out, text);
}

static void add_comma(struct str *out)
{
    char last = out->bytes[out->length - 1];

    if (last != '[' && last != '{')
        str_add_char(out, ',');
}

static void add_texts(struct str *out, const char *const *texts, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        add_comma(out);
        add_text(out, texts[i]);
    }
}

/* The value and its siblings. As deep as XML may be. */
static void add_trees(struct str *out, const struct vim_value *value)
{
    str_add_char(out, '[');
    for (; value != NULL; value = value->next) {
        const char *const texts[] = { value->name, value->type, value->ref_type, value->text };

        add_comma(out);
        str_add_char(out, '[');
        add_texts(out, texts, 4);
        str_add_char(out, ',');
        add_trees(out, value->first);
        str_add_char(out, ']');
    }
    str_add_char(out, ']');
}

static void add_property(struct str *out, const struct vim_property *property)
{
    add_comma(out);
    str_add_char(out, '[');
    add_text(out, property->path);
    str_add_char(out, ',');
    if (property->value == NULL)
        add_text(out, NULL);
    else
        add_trees(out, property->value);
    str_add_char(out, ']');
}

static bool add_object(void *context, const struct vim_object *object, struct err *err)
{
    static const char *const kinds[] = { [VIM_ENTER] = "enter", [VIM_MODIFY] = "modify", [VIM_LEAVE] = "leave" };
    struct str *out = context;

    (void)err;
    str_format(out, "{\"kind\":\"%s\",\"type\":", kinds[object->kind]);
    add_text(out, object->type);
    str_add(out, ",\"moref\":");
    add_text(out, object->moref);
    str_add(out, ",\"properties\":[");
    for (size_t i = 0; i < object->property_count; i++)
        add_property(out, &object->properties[i]);
    str_add(out, "],\"missing\":[");
    for (size_t i = 0; i < object->missing_count; i++) {
        const char *const texts[] = { object->missing[i].path, object->missing[i].fault };

        add_comma(out);
        str_add_char(out, '[');
        add_texts(out, texts, 2);
        str_add_char(out, ']');
    }
    str_add(out, "]}\n");
    return true;
}

static void add_fault(struct str *out, const struct vim_fault *fault)
{
    const char *const texts[] = { fault->type, fault->text };

    if (!fault->is) {
        add_text(out, NULL);
        return;
    }
    str_add_char(out, '[');
    add_texts(out, texts, 2);
    str_add_char(out, ',');
    add_trees(out, fault->detail);
    str_add_char(out, ']');
}

static void add_around(struct str *out, const struct vim_reply *reply)
{
    str_add(out, "{\"method\":");
    add_text(out, reply->method);
    str_add(out, ",\"token\":");
    add_text(out, reply->token);
    str_add(out, ",\"version\":");
    add_text(out, reply->version);
    str_format(out, ",\"truncated\":%s,\"absent\":", reply->truncated ? "true" : "false");
    add_text(out, reply->absent);
    str_format(out, ",\"objects\":%zu,\"fault\":", reply->objects);
    add_fault(out, &reply->fault);
    str_add(out, ",\"result\":");
    add_trees(out, reply->result);
    str_add(out, "}\n");
}

static bool feed(struct vim_reader *reader, const char *bytes, size_t size, const struct dump_parts *parts,
                 struct err *err)
{
    while (size > 0) {
        size_t part = parts == NULL ? size : parts->next(parts->context);

        if (part > size)
            part = size;
        if (!vim_reader_feed(reader, bytes, part, err))
            return false;
        bytes += part;
        size -= part;
    }
    return vim_reader_end(reader, err);
}

bool dump_reply(struct str *out, const char *bytes, size_t size, const struct dump_parts *parts,
                bool (*keep)(const char *name, const char *type), struct err *err)
{
    struct vim_taker taker = { .take = add_object, .context = out };
    struct vim_reader *reader = vim_reader_create(&taker, keep);
    bool good = feed(reader, bytes, size, parts, err);

    if (good)
        add_around(out, vim_reader_reply(reader));
    else
        str_format(out, "{\"error\":\"%s\"}\n", err_class_word(err->class));
    vim_reader_destroy(reader);
    return good;
}
