#include "wql.h"

#include <string.h>

static bool is_fit(const char *text)
{
    if (strnlen(text, WQL_MAX_TEXT + 1) > WQL_MAX_TEXT)
        return false;
    for (; *text != '\0'; text++) {
        if ((unsigned char)*text < ' ' || *text == '\x7f')
            return false;
    }
    return true;
}

bool wql_add_text(struct str *query, const char *text)
{
    if (!is_fit(text))
        return false;
    str_add_char(query, '\'');
    for (; *text != '\0'; text++) {
        if (strchr("\\'\"", *text) != NULL)
            str_add_char(query, '\\');
        str_add_char(query, *text);
    }
    str_add_char(query, '\'');
    return true;
}
