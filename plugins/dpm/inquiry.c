#include "inquiry.h"

#include "str.h"
#include "xml.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

struct reading {
    const char *wanted; /* a name; NULL: any, with a path in it */
    inquiry_found *found;
    void *context;
    struct str text; /* of the element that was opened last */
    bool inside;     /* that one counts */
    bool too_long;
};

bool inquiry_is_path(const char *text)
{
    size_t length = strnlen(text, INQUIRY_MAX_PATH + 1);

    if (length < 2 || length > INQUIRY_MAX_PATH)
        return false;
    if (isalpha((unsigned char)text[0]) && text[1] == ':')
        return text[2] == '\\' || text[2] == '\0';
    return text[0] == '\\' && text[1] == '\\' && isalnum((unsigned char)text[2]) && strchr(text + 2, '\\') != NULL;
}

static void tell(struct reading *reading, const char *name, const char *text)
{
    if (reading->wanted != NULL ? strcasecmp(name, reading->wanted) == 0 : inquiry_is_path(text))
        reading->found(reading->context, text);
}

static bool open_element(void *context, const struct xml_name *name, const struct xml_attribute *attributes,
                         size_t count, struct err *err)
{
    struct reading *reading = context;

    (void)err;
    str_clear(&reading->text);
    reading->too_long = false;
    reading->inside = reading->wanted == NULL || strcasecmp(name->local, reading->wanted) == 0;
    for (size_t i = 0; i < count; i++)
        tell(reading, attributes[i].name.local, attributes[i].value);
    return true;
}

static bool close_element(void *context, struct err *err)
{
    struct reading *reading = context;

    (void)err;
    if (reading->inside && !reading->too_long && reading->text.length > 0)
        tell(reading, reading->wanted == NULL ? "" : reading->wanted, str_text(&reading->text));
    reading->inside = false;
    return true;
}

static bool take_text(void *context, const char *bytes, size_t size, struct err *err)
{
    struct reading *reading = context;

    (void)err;
    if (size > INQUIRY_MAX_PATH - reading->text.length)
        reading->too_long = true;
    else
        str_add_bytes(&reading->text, bytes, size);
    return true;
}

/* The declaration says utf-16, which is no longer true. */
static const char *skip_declaration(const char *text)
{
    const char *end;

    text += strspn(text, " \t\r\n");
    end = strncmp(text, "<?xml", 5) == 0 ? strstr(text, "?>") : NULL;
    return end == NULL ? text : end + 2;
}

static bool read_all(const char *text, struct reading *reading, struct err *err)
{
    static const struct xml_events events = { open_element, close_element, take_text };
    struct xml *xml = xml_create(&events, reading);
    bool good;

    text = skip_declaration(text);
    good = xml_feed(xml, text, strlen(text), err) && xml_end(xml, err);
    xml_destroy(xml);
    str_finish(&reading->text);
    return good;
}

bool inquiry_paths(const char *xml, inquiry_found *found, void *context, struct err *err)
{
    struct reading reading = { .found = found, .context = context };

    return read_all(xml, &reading, err);
}

bool inquiry_identifier(const char *xml, inquiry_found *found, void *context, struct err *err)
{
    struct reading reading = { .wanted = "VMMIdentifier", .found = found, .context = context };

    return read_all(xml, &reading, err);
}
