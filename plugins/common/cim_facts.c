#include "cim_facts.h"

#include "text.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#define UUID_LENGTH (CIM_UUID_SIZE - 1)

/* The hexadecimal digit in lower case; NUL where it is none. */
static char digit(char character)
{
    static const char digits[] = "0123456789abcdefABCDEF";
    const char *found = character == '\0' ? NULL : strchr(digits, character);

    if (found == NULL)
        return '\0';
    if (found - digits >= 16)
        found -= 6;
    return *found;
}

/* The text between braces, or the whole; NULL where it has not the length. */
static const char *without_braces(const char *text)
{
    size_t length = strnlen(text, UUID_LENGTH + 3);

    if (length == UUID_LENGTH + 2 && text[0] == '{' && text[length - 1] == '}')
        return text + 1;
    return length == UUID_LENGTH ? text : NULL;
}

static bool is_dash_at(size_t index)
{
    return index == 8 || index == 13 || index == 18 || index == 23;
}

bool cim_uuid(const char *text, char uuid[CIM_UUID_SIZE])
{
    text = without_braces(text);
    if (text == NULL)
        return false;
    for (size_t i = 0; i < UUID_LENGTH; i++) {
        uuid[i] = digit(text[i]);
        if (is_dash_at(i))
            uuid[i] = '-';
        if (uuid[i] == '\0' || (is_dash_at(i) && text[i] != '-'))
            return false;
    }
    uuid[UUID_LENGTH] = '\0';
    return true;
}

bool cim_mac(const char *text, char mac[CIM_MAC_SIZE])
{
    size_t at = 0;

    for (; *text != '\0' && at < CIM_MAC_SIZE - 1; text++) {
        if (at % 3 == 2)
            mac[at++] = ':';
        mac[at] = digit(*text);
        if (mac[at] != '\0')
            at++;
        else if (*text != ':' && *text != '-')
            return false;
    }
    mac[at] = '\0';
    return at == CIM_MAC_SIZE - 1 && *text == '\0';
}

/* ------------------------------------------------------------------------------------------------------ forms ---- */

/* A copy in the item's memory, without the blanks around it; NULL where nothing is left. */
static char *trimmed(struct item *item, const char *text)
{
    size_t length;

    while (isspace((unsigned char)*text))
        text++;
    length = strlen(text);
    while (length > 0 && isspace((unsigned char)text[length - 1]))
        length--;
    return length == 0 ? NULL : arena_bytes(item->arena, text, length);
}

static bool set_text(struct item *item, const struct cim_instance *instance, const struct cim_rule *rule)
{
    facts_text(item, rule->attribute, trimmed(item, cim_text(instance, rule->property)));
    return true;
}

static bool set_upper(struct item *item, const struct cim_instance *instance, const struct cim_rule *rule)
{
    char *text = trimmed(item, cim_text(instance, rule->property));

    for (char *at = text; at != NULL && *at != '\0'; at++)
        *at = (char)toupper((unsigned char)*at);
    facts_text(item, rule->attribute, text);
    return true;
}

static bool set_uuid(struct item *item, const struct cim_instance *instance, const struct cim_rule *rule)
{
    char uuid[CIM_UUID_SIZE];

    if (!cim_uuid(cim_text(instance, rule->property), uuid))
        return false;
    facts_text(item, rule->attribute, uuid);
    return true;
}

static bool set_number(struct item *item, const struct cim_instance *instance, const struct cim_rule *rule)
{
    int64_t number;

    if (!cim_int(instance, rule->property, &number) || number < 0)
        return false;
    facts_int(item, rule->attribute, number);
    return true;
}

static bool set_truth(struct item *item, const struct cim_instance *instance, const struct cim_rule *rule)
{
    bool truth;

    if (!cim_bool(instance, rule->property, &truth))
        return false;
    facts_bool(item, rule->attribute, truth);
    return true;
}

static const struct {
    bool (*set)(struct item *item, const struct cim_instance *instance, const struct cim_rule *rule);
    const char *what;
} forms[] = {
    [CIM_FACT_TEXT] = { set_text, "a text" },          [CIM_FACT_UPPER] = { set_upper, "a text" },
    [CIM_FACT_UUID] = { set_uuid, "a UUID" },          [CIM_FACT_NUMBER] = { set_number, "a number that can be" },
    [CIM_FACT_TRUTH] = { set_truth, "true or false" },
};

void cim_facts(struct item *item, const struct cim_instance *instance, const struct cim_rule *rules, size_t count)
{
    char quote[TEXT_QUOTE_SIZE], why[TEXT_QUOTE_SIZE + 100];

    for (size_t i = 0; i < count; i++) {
        const char *text = cim_text(instance, rules[i].property);

        if (text == NULL || text[0] == '\0' || forms[rules[i].form].set(item, instance, &rules[i]))
            continue;
        snprintf(why, sizeof why, "%s is '%s', not %s", rules[i].property, text_quote(quote, text),
                 forms[rules[i].form].what);
        facts_unread(item, rules[i].attribute, why);
    }
}
