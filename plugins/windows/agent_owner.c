#include "agent_owner.h"

#include "str.h"
#include "xml.h"

#include <stdint.h>
#include <string.h>
#include <strings.h>

#define MAX_NAME 255

/* AuthorizedMachines lies somewhere beneath the root, and the names in it: MachineName. */
struct reading {
    size_t depth, machines, name; /* where the element stands that is open; 0: none */
    struct str text;
    struct arena *arena;
    const char *owner;
};

static bool open_element(void *context, const struct xml_name *name, const struct xml_attribute *attributes,
                         size_t count, struct err *err)
{
    struct reading *reading = context;

    (void)attributes;
    (void)count;
    (void)err;
    reading->depth++;
    if (reading->machines == 0 && strcmp(name->local, "AuthorizedMachines") == 0) {
        reading->machines = reading->depth;
    } else if (reading->machines != 0 && reading->name == 0 && strcmp(name->local, "MachineName") == 0) {
        reading->name = reading->depth;
        str_clear(&reading->text);
    }
    return true;
}

static bool keep_owner(struct reading *reading, struct err *err)
{
    const char *text = str_text(&reading->text);
    size_t blank = strspn(text, " \t\r\n"), length = strcspn(text + blank, " \t\r\n");
    const char *name = arena_bytes(reading->arena, text + blank, length);

    if (length == 0 || (reading->owner != NULL && strcasecmp(reading->owner, name) == 0))
        return true;
    if (reading->owner != NULL)
        return err_set(err, ERR_PROTOCOL, "the agent's configuration names several backup servers");
    reading->owner = name;
    return true;
}

static bool close_element(void *context, struct err *err)
{
    struct reading *reading = context;
    bool good = true;

    if (reading->name == reading->depth) {
        good = keep_owner(reading, err);
        reading->name = 0;
    }
    if (reading->machines == reading->depth)
        reading->machines = 0;
    reading->depth--;
    return good;
}

static bool take_text(void *context, const char *bytes, size_t size, struct err *err)
{
    struct reading *reading = context;

    if (reading->name == 0)
        return true;
    if (size > MAX_NAME - reading->text.length)
        return err_set(err, ERR_PROTOCOL, "the agent's configuration has a name of more than %d bytes", MAX_NAME);
    str_add_bytes(&reading->text, bytes, size);
    return true;
}

/* --------------------------------------------------------------------------------------------------- UTF-16 ---- */

static void add_code(struct str *out, uint32_t code)
{
    if (code < 0x80) {
        str_add_char(out, (char)code);
        return;
    }
    if (code < 0x800) {
        str_add_char(out, (char)(0xC0 | code >> 6));
    } else {
        if (code < 0x10000) {
            str_add_char(out, (char)(0xE0 | code >> 12));
        } else {
            str_add_char(out, (char)(0xF0 | code >> 18));
            str_add_char(out, (char)(0x80 | (code >> 12 & 0x3F)));
        }
        str_add_char(out, (char)(0x80 | (code >> 6 & 0x3F)));
    }
    str_add_char(out, (char)(0x80 | (code & 0x3F)));
}

/* Little endian; ends at a NUL. False: a half of a pair, or of a character. */
static bool to_utf8(struct str *out, const unsigned char *bytes, size_t size)
{
    size_t at = size >= 2 && bytes[0] == 0xFF && bytes[1] == 0xFE ? 2 : 0;

    for (; at + 1 < size; at += 2) {
        uint32_t code = (uint32_t)bytes[at] | (uint32_t)bytes[at + 1] << 8, low;

        if (code == 0)
            return true;
        if (code >= 0xD800 && code < 0xE000) {
            low = at + 3 < size ? (uint32_t)bytes[at + 2] | (uint32_t)bytes[at + 3] << 8 : 0;
            if (code >= 0xDC00 || low < 0xDC00 || low > 0xDFFF)
                return false;
            code = 0x10000 + ((code - 0xD800) << 10) + (low - 0xDC00);
            at += 2;
        }
        add_code(out, code);
    }
    return at == size;
}

static bool read_text(struct reading *reading, const char *text, size_t size, struct err *err)
{
    static const struct xml_events events = { open_element, close_element, take_text };
    struct xml *xml = xml_create(&events, reading);
    bool good = xml_feed(xml, text, size, err) && xml_end(xml, err);

    xml_destroy(xml);
    return good;
}

/* The declaration says utf-16, which is no longer true. */
static size_t skip_declaration(const char *text)
{
    const char *end = strncmp(text, "<?xml", 5) == 0 ? strstr(text, "?>") : NULL;

    return end == NULL ? 0 : (size_t)(end + 2 - text);
}

bool agent_owner_read(const unsigned char *bytes, size_t size, struct arena *arena, const char **owner, struct err *err)
{
    struct reading reading = { .arena = arena };
    struct str text = STR_EMPTY;
    size_t from;
    bool good;

    *owner = NULL;
    if (size > AGENT_OWNER_MAX)
        return err_set(err, ERR_PROTOCOL, "the agent's configuration has more than %u bytes", AGENT_OWNER_MAX);
    if (to_utf8(&text, bytes, size)) {
        from = skip_declaration(str_text(&text));
        good = read_text(&reading, str_text(&text) + from, text.length - from, err);
    } else {
        good = err_set(err, ERR_PROTOCOL, "the agent's configuration is not UTF-16");
    }
    if (good)
        *owner = reading.owner;
    str_finish(&reading.text);
    str_finish(&text);
    return good;
}
