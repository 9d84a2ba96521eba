#include "item.h"

#include "str.h"

#include <endian.h>
#include <string.h>

/* The encoding that is hashed. Frozen: hashes are stored for years, and another encoding would make every item of
 * every fleet look changed once. Numbers are little-endian; "text" is its length as 4 bytes, then its bytes.
 *
 *     content:   'C'  count4 attribute...  count4 link...  count4 unread...
 *     attribute: name text, then 1 value text | 2 value as 8 bytes, two's complement | 3 value as a byte 0 or 1 |
 *                4 count4 text...
 *     link:      relation text, kind text, then 1 key text | 2 attribute text, value text
 *     unread:    prefix text, why text
 *     identity:  'I'  kind text, key text */
static void put_number(struct str *out, uint64_t number, size_t size)
{
    number = htole64(number);
    str_add_bytes(out, &number, size);
}

static void put_text(struct str *out, const char *text)
{
    size_t size = strlen(text);
    uint32_t length = htole32((uint32_t)size);
    char *room = str_room(out, sizeof length + size);

    memcpy(room, &length, sizeof length);
    memcpy(room + sizeof length, text, size + 1);
    out->length += sizeof length + size;
}

static void put_value(struct str *out, const struct value *value)
{
    put_number(out, (uint64_t)value->type, 1);
    if (value->type == VALUE_TEXT)
        put_text(out, value->text);
    if (value->type == VALUE_INT)
        put_number(out, (uint64_t)value->number, 8);
    if (value->type == VALUE_BOOL)
        put_number(out, value->truth ? 1 : 0, 1);
    if (value->type != VALUE_LIST)
        return;
    put_number(out, value->list.count, 4);
    for (size_t i = 0; i < value->list.count; i++)
        put_text(out, value->list.texts[i]);
}

static void put_link(struct str *out, const struct link *link)
{
    put_text(out, link->relation);
    put_text(out, link->kind);
    put_number(out, link->key != NULL ? 1 : 2, 1);
    if (link->key != NULL) {
        put_text(out, link->key);
        return;
    }
    put_text(out, link->attribute);
    put_text(out, link->value);
}

static void put_content(struct str *out, const struct item *item)
{
    str_add_char(out, 'C');
    put_number(out, item->attribute_count, 4);
    for (size_t i = 0; i < item->attribute_count; i++) {
        put_text(out, item->attributes[i].name);
        put_value(out, &item->attributes[i].value);
    }
    put_number(out, item->link_count, 4);
    for (size_t i = 0; i < item->link_count; i++)
        put_link(out, &item->links[i]);
    put_number(out, item->unread_count, 4);
    for (size_t i = 0; i < item->unread_count; i++) {
        put_text(out, item->unread[i].prefix);
        put_text(out, item->unread[i].why);
    }
}

static struct hash128 hash_str(struct str *str)
{
    struct hash128 hash = hash128(&hash_stable_key, str->bytes, str->length);

    str_finish(str);
    return hash;
}

struct hash128 item_hash(struct item *item)
{
    struct str content = STR_EMPTY;

    item_sort(item);
    str_room(&content, item->bytes);
    put_content(&content, item);
    return hash_str(&content);
}

struct hash128 item_identity(const char *kind, const char *key)
{
    struct str identity = STR_EMPTY;

    str_add_char(&identity, 'I');
    put_text(&identity, kind);
    put_text(&identity, key);
    return hash_str(&identity);
}
