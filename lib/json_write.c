/* The writing half of json.h: straight into a string, without the JSON library. */
#include "json.h"

#include "text.h"
#include "utf8.h"

#include <inttypes.h>
#include <string.h>

static void add_escape(struct str *out, uint32_t code)
{
    static const char letters[] = "\"\"\\\\\bb\ff\nn\rr\tt";

    for (size_t i = 0; letters[i] != '\0'; i += 2) {
        if ((unsigned char)letters[i] == code) {
            str_add_char(out, '\\');
            str_add_char(out, letters[i + 1]);
            return;
        }
    }
    if (code < 0x10000)
        str_format(out, "\\u%04x", code);
    else
        str_format(out, "\\u%04x\\u%04x", 0xD7C0 + (code >> 10), 0xDC00 + (code & 0x3FF));
}

static bool is_plain(char byte)
{
    return byte >= ' ' && byte != '"' && byte != '\\' && byte != 0x7F;
}

/* JSON may hold more characters as they are than a terminal should be shown, and --once prints to terminals. */
static void add_valid(struct str *out, const char *text)
{
    const char *plain = text;
    size_t length;

    str_add_char(out, '"');
    while (*text != '\0') {
        uint32_t code;

        if (is_plain(*text)) {
            text++;
            continue;
        }
        code = utf8_decode(text, &length);
        if (text_is_unseen(code) || code == '"' || code == '\\') {
            str_add_bytes(out, plain, (size_t)(text - plain));
            add_escape(out, code);
            plain = text + length;
        }
        text += length;
    }
    str_add_bytes(out, plain, (size_t)(text - plain));
    str_add_char(out, '"');
}

void json_add_text(struct str *out, const char *text)
{
    size_t size = strlen(text);
    struct str clean = STR_EMPTY;

    if (utf8_valid(text, size)) {
        add_valid(out, text);
        return;
    }
    utf8_clean(&clean, text, size);
    add_valid(out, str_text(&clean));
    str_finish(&clean);
}

void json_add_name(struct str *out, const char *name)
{
    if (out->bytes[out->length - 1] != '{')
        str_add_char(out, ',');
    json_add_text(out, name);
    str_add_char(out, ':');
}

static void add_member(struct str *out, const char *name, const char *text)
{
    json_add_name(out, name);
    json_add_text(out, text);
}

static void add_list(struct str *out, const struct value *value)
{
    str_add_char(out, '[');
    for (size_t i = 0; i < value->list.count; i++) {
        if (i > 0)
            str_add_char(out, ',');
        json_add_text(out, value->list.texts[i]);
    }
    str_add_char(out, ']');
}

void json_add_value(struct str *out, const struct value *value)
{
    switch (value->type) {
    case VALUE_TEXT: json_add_text(out, value->text); break;
    case VALUE_INT: str_format(out, "%" PRId64, value->number); break;
    case VALUE_BOOL: str_add(out, value->truth ? "true" : "false"); break;
    case VALUE_LIST: add_list(out, value); break;
    }
}

void json_add_facts(struct str *out, const struct item *item)
{
    str_add_char(out, '{');
    for (size_t i = 0; i < item->attribute_count; i++) {
        json_add_name(out, item->attributes[i].name);
        json_add_value(out, &item->attributes[i].value);
    }
    str_add_char(out, '}');
}

void json_add_link(struct str *out, const struct link *link)
{
    str_add_char(out, '{');
    add_member(out, "relation", link->relation);
    add_member(out, "kind", link->kind);
    if (link->key != NULL) {
        add_member(out, "key", link->key);
    } else {
        json_add_name(out, "by");
        str_add_char(out, '{');
        add_member(out, link->attribute, link->value);
        str_add_char(out, '}');
    }
    str_add_char(out, '}');
}

static void add_links(struct str *out, const struct item *item)
{
    json_add_name(out, "links");
    for (size_t i = 0; i < item->link_count; i++) {
        str_add_char(out, i == 0 ? '[' : ',');
        json_add_link(out, &item->links[i]);
    }
    str_add_char(out, ']');
}

static void add_unread(struct str *out, const struct item *item)
{
    json_add_name(out, "unread");
    for (size_t i = 0; i < item->unread_count; i++) {
        str_add(out, i == 0 ? "[{" : ",{");
        add_member(out, "attributes", item->unread[i].prefix);
        add_member(out, "why", item->unread[i].why);
        str_add_char(out, '}');
    }
    str_add_char(out, ']');
}

void json_add_item(struct str *out, const struct item *item)
{
    str_add_char(out, '{');
    add_member(out, "kind", item->kind);
    add_member(out, "key", item->key);
    if (item->attribute_count > 0) {
        json_add_name(out, "attributes");
        json_add_facts(out, item);
    }
    if (item->link_count > 0)
        add_links(out, item);
    if (item->unread_count > 0)
        add_unread(out, item);
    str_add(out, "}\n");
}

static void add_maybe(struct str *out, const char *name, const char *text)
{
    if (text != NULL)
        add_member(out, name, text);
}

static void add_count(struct str *out, const char *name, int64_t count)
{
    if (count < 0)
        return;
    json_add_name(out, name);
    str_format(out, "%" PRId64, count);
}

static void add_offer(struct str *out, const struct json_line *line)
{
    add_member(out, "plugin", line->plugin);
    add_member(out, "host", line->host);
    add_count(out, "port", line->port);
    add_member(out, "evidence", line->evidence);
}

static void add_members(struct str *out, const struct json_line *line)
{
    if (line->type == JSON_OFFER)
        add_offer(out, line);
    if (line->type == JSON_GONE || line->type == JSON_GONE_BY || line->type == JSON_WARNING) {
        add_maybe(out, "kind", line->kind);
        add_maybe(out, "key", line->key);
    }
    if (line->type == JSON_GONE_BY) {
        add_member(out, "attribute", line->attribute);
        add_member(out, "value", line->value);
    }
    if (line->type == JSON_END) {
        add_member(out, "completeness", line->completeness);
        add_count(out, "items", line->items);
    }
    if (line->type == JSON_FAIL)
        add_member(out, "class", line->failure_class);
    if (line->type == JSON_WARNING || line->type == JSON_FAIL || line->type == JSON_REFUSED)
        add_member(out, "text", line->text);
}

void json_add_line(struct str *out, const struct json_line *line)
{
    static const char *const names[] = {
        [JSON_GONE] = "gone", [JSON_OFFER] = "offer",     [JSON_WARNING] = "warning", [JSON_END] = "end",
        [JSON_FAIL] = "fail", [JSON_GONE_BY] = "gone_by", [JSON_REFUSED] = "refused",
    };

    if (line->type == JSON_ITEM) {
        json_add_item(out, &line->item);
        return;
    }
    str_format(out, "{\"%s\":{", names[line->type]);
    add_members(out, line);
    str_add(out, "}}\n");
}
