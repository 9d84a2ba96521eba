#include "property.h"

#include "entity_name.h"
#include "text.h"

#include <ctype.h>
#include <string.h>

/* Whether the one path is the other, or what it lies in. */
static bool covers(const char *outer, const char *path)
{
    size_t length = strlen(outer);

    return strncmp(outer, path, length) == 0 && (path[length] == '\0' || path[length] == '.');
}

const char *property_fault(const struct vim_object *object, const char *path)
{
    for (size_t i = 0; i < object->missing_count; i++)
        if (covers(object->missing[i].path, path))
            return object->missing[i].fault;
    return NULL;
}

bool property_refused(struct muster_item *item, const struct vim_object *object, const char *path,
                      const char *attribute)
{
    const char *fault = property_fault(object, path);

    if (fault != NULL)
        muster_unread(item, attribute, "the server did not give %s: %.100s", path, fault);
    return fault != NULL;
}

const char *property_text(const struct vim_object *object, const char *path)
{
    const char *text = vim_text(vim_property(object, path), "");

    return text == NULL || text[0] == '\0' ? NULL : text;
}

static bool is_digit(char character)
{
    return isxdigit((unsigned char)character) != 0;
}

static char lower(char character)
{
    return (char)tolower((unsigned char)character);
}

bool property_uuid(const char *text, char uuid[PROPERTY_UUID_SIZE])
{
    static const char form[] = "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx";

    for (size_t i = 0; i < sizeof form; i++) {
        if (form[i] == 'x' ? !is_digit(text[i]) : text[i] != form[i])
            return false;
        uuid[i] = lower(text[i]);
    }
    return true;
}

/* ----------------------------------------------------------------------------------------------------- forms ---- */

/* Each sets the attribute; false: the text is not of this form. */
typedef bool set_form(struct muster_item *item, const char *attribute, const struct vim_value *value);

static bool set_text(struct muster_item *item, const char *attribute, const struct vim_value *value)
{
    muster_set(item, attribute, value->text);
    return true;
}

static bool set_name(struct muster_item *item, const char *attribute, const struct vim_value *value)
{
    struct str name = STR_EMPTY;

    entity_name_plain(&name, value->text);
    muster_set(item, attribute, str_text(&name));
    str_finish(&name);
    return true;
}

static bool set_uuid(struct muster_item *item, const char *attribute, const struct vim_value *value)
{
    char uuid[PROPERTY_UUID_SIZE];

    if (!property_uuid(value->text, uuid))
        return false;
    muster_set(item, attribute, uuid);
    return true;
}

static bool set_number(struct muster_item *item, const char *attribute, const struct vim_value *value)
{
    int64_t number;

    if (!vim_int(value, "", &number) || number < 0)
        return false;
    muster_set_int(item, attribute, number);
    return true;
}

static bool set_megabytes(struct muster_item *item, const char *attribute, const struct vim_value *value)
{
    int64_t number;

    if (!vim_int(value, "", &number) || number < 0 || number > INT64_MAX >> 20)
        return false;
    muster_set_int(item, attribute, number << 20);
    return true;
}

static bool set_truth(struct muster_item *item, const char *attribute, const struct vim_value *value)
{
    bool truth;

    if (!vim_bool(value, "", &truth))
        return false;
    muster_set_bool(item, attribute, truth);
    return true;
}

static const struct {
    set_form *set;
    const char *what;
} forms[] = {
    [PROPERTY_TEXT] = { set_text, "a text" },
    [PROPERTY_NAME] = { set_name, "a name" },
    [PROPERTY_UUID] = { set_uuid, "a UUID" },
    [PROPERTY_NUMBER] = { set_number, "a number of things" },
    [PROPERTY_MEGABYTES] = { set_megabytes, "a number of megabytes" },
    [PROPERTY_TRUTH] = { set_truth, "true or false" },
};

/* ----------------------------------------------------------------------------------------------------- rules ---- */

static void write_one(struct muster_item *item, const struct vim_object *object, const struct property_rule *rule,
                      const char *absent)
{
    const struct vim_value *value = vim_property(object, rule->path);
    char quote[TEXT_QUOTE_SIZE];

    if (value != NULL && value->text[0] != '\0') {
        if (!forms[rule->form].set(item, rule->attribute, value))
            muster_unread(item, rule->attribute, "%s is '%s', not %s", rule->path, text_quote(quote, value->text),
                          forms[rule->form].what);
    } else if (!property_refused(item, object, rule->path, rule->attribute) && absent != NULL) {
        muster_unread(item, rule->attribute, "%s", absent);
    }
}

void property_write(struct muster_item *item, const struct vim_object *object, const struct property_rule *rules,
                    size_t count, const char *absent)
{
    for (size_t i = 0; i < count; i++)
        write_one(item, object, &rules[i], absent);
}
