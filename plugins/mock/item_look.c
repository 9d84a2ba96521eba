#include "item_look.h"

#include <stdio.h>
#include <string.h>

const char *item_look_list(const struct item *item, const char *attribute, const char *between)
{
    static char text[4096];
    const struct value *value = item_get(item, attribute);
    size_t at = 0;

    if (value == NULL || value->type != VALUE_LIST)
        return NULL;
    text[0] = '\0';
    for (size_t i = 0; i < value->list.count && at < sizeof text; i++)
        at += (size_t)snprintf(text + at, sizeof text - at, "%s%s", i > 0 ? between : "", value->list.texts[i]);
    return text;
}

int item_look_truth(const struct item *item, const char *attribute)
{
    const struct value *value = item_get(item, attribute);

    return value == NULL || value->type != VALUE_BOOL ? -1 : value->truth;
}

/* A prefix that ends in a dot means all that begin so. */
static bool covers(const char *prefix, const char *attribute)
{
    size_t length = strlen(prefix);

    return strcmp(prefix, attribute) == 0 ||
           (length > 0 && prefix[length - 1] == '.' && strncmp(prefix, attribute, length) == 0);
}

const char *item_look_unread(const struct item *item, const char *attribute)
{
    for (size_t i = 0; i < item->unread_count; i++) {
        if (covers(item->unread[i].prefix, attribute))
            return item->unread[i].why;
    }
    return NULL;
}
