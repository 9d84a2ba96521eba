#include "reply_dump.h"

#include "json.h"
#include "wsman_read.h"

#include <inttypes.h>

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
    if (out->bytes[out->length - 1] != '[')
        str_add_char(out, ',');
}

static void add_property(struct str *out, const struct cim_property *property)
{
    add_comma(out);
    str_add_char(out, '[');
    add_text(out, property->name);
    str_add(out, ",[");
    for (size_t i = 0; i < property->count; i++) {
        add_comma(out);
        add_text(out, property->texts[i]);
    }
    str_add(out, "]]");
}

static bool add_instance(void *context, const struct cim_instance *instance, struct err *err)
{
    struct str *out = context;

    (void)err;
    str_add(out, "{\"class\":");
    add_text(out, instance->class);
    str_add(out, ",\"properties\":[");
    for (size_t i = 0; i < instance->count; i++)
        add_property(out, &instance->properties[i]);
    str_add(out, "]}\n");
    return true;
}

static void add_fault(struct str *out, const struct wsman_fault *fault)
{
    if (!fault->is) {
        add_text(out, NULL);
        return;
    }
    str_add_char(out, '[');
    add_text(out, fault->code);
    str_add_char(out, ',');
    add_text(out, fault->subcode);
    str_add_char(out, ',');
    add_text(out, fault->detail);
    str_format(out, ",%" PRIu32 ",", fault->number);
    add_text(out, fault->text);
    str_add_char(out, ']');
}

static void add_around(struct str *out, const struct wsman_reply *reply)
{
    static const char *const kinds[] = {
        [WSMAN_REPLY_EMPTY] = "empty", [WSMAN_REPLY_IDENTIFY] = "Identify", [WSMAN_REPLY_ENUMERATE] = "Enumerate",
        [WSMAN_REPLY_PULL] = "Pull",   [WSMAN_REPLY_RELEASE] = "Release",   [WSMAN_REPLY_ANSWER] = "answer",
        [WSMAN_REPLY_FAULT] = "Fault",
    };

    str_format(out, "{\"kind\":\"%s\",\"context\":", kinds[reply->kind]);
    add_text(out, reply->context);
    str_format(out, ",\"ended\":%s,\"instances\":%zu,\"vendor\":", reply->ended ? "true" : "false", reply->instances);
    add_text(out, reply->vendor);
    str_add(out, ",\"version\":");
    add_text(out, reply->version);
    str_add(out, ",\"protocol\":");
    add_text(out, reply->protocol);
    str_add(out, ",\"fault\":");
    add_fault(out, &reply->fault);
    str_add(out, "}\n");
}

static bool feed(struct wsman_reader *reader, const char *bytes, size_t size, const struct reply_parts *parts,
                 struct err *err)
{
    while (size > 0) {
        size_t part = parts == NULL ? size : parts->next(parts->context);

        if (part > size)
            part = size;
        if (!wsman_reader_feed(reader, bytes, part, err))
            return false;
        bytes += part;
        size -= part;
    }
    return wsman_reader_end(reader, err);
}

bool reply_dump(struct str *out, const char *bytes, size_t size, const struct reply_parts *parts, struct err *err)
{
    struct wsman_taker taker = { .take = add_instance, .context = out };
    struct wsman_reader *reader = wsman_reader_create(&taker);
    bool good = feed(reader, bytes, size, parts, err);

    if (good)
        add_around(out, wsman_reader_reply(reader));
    else
        str_format(out, "{\"error\":\"%s\"}\n", err_class_word(err->class));
    wsman_reader_destroy(reader);
    return good;
}
