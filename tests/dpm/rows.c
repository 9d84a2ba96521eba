#include "rows.h"

#include "item_look.h"

#include <stdarg.h>
#include <string.h>

const char rows_nil[] = "";

void rows_take(struct holdings *holdings, enum section_id id, ...)
{
    const char *values[SECTION_MAX_COLUMNS], *value;
    size_t count = 0;
    va_list args;

    va_start(args, id);
    while (count < SECTION_MAX_COLUMNS && (value = va_arg(args, const char *)) != NULL)
        values[count++] = value == rows_nil ? NULL : value;
    va_end(args);
    holdings_take(holdings, id, values, count);
}

void rows_read_all(struct holdings *holdings)
{
    for (size_t id = 0; id < SECTION_COUNT; id++)
        holdings_done(holdings, (enum section_id)id);
}

const char *rows_text(const struct item *item, const char *attribute)
{
    const char *text = item_text(item, attribute);

    return text == NULL ? "" : text;
}

const char *rows_unread(const struct item *item, const char *attribute)
{
    return item_look_unread(item, attribute);
}

const char *rows_protects(const struct item *item)
{
    const char *text = "";

    for (size_t i = 0; i < item->link_count; i++) {
        const struct link *link = &item->links[i];

        if (strcmp(link->relation, "protects") == 0)
            text = arena_format(item->arena, "%s%s%s %s %s", text, text[0] == '\0' ? "" : "; ", link->kind,
                                link->attribute, link->value);
    }
    return text;
}

const char *rows_list(const struct item *item, const char *attribute)
{
    const struct value *value = item_get(item, attribute);
    const char *text = "";

    for (size_t i = 0; value != NULL && value->type == VALUE_LIST && i < value->list.count; i++)
        text = arena_format(item->arena, "%s%s%s", text, i == 0 ? "" : "; ", value->list.texts[i]);
    return text;
}
