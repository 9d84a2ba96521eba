#include "column.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

const char *column_text(const struct mssql_row *row, size_t column)
{
    return column < row->count ? row->values[column] : NULL;
}

bool column_int(const struct mssql_row *row, size_t column, int64_t *number)
{
    const char *text = column_text(row, column);
    char *end;
    long long value;

    if (text == NULL || (!isdigit((unsigned char)text[0]) && text[0] != '-'))
        return false;
    errno = 0;
    value = strtoll(text, &end, 10);
    if (end == text || *end != '\0' || errno != 0)
        return false;
    *number = value;
    return true;
}

bool column_bool(const struct mssql_row *row, size_t column, bool *truth)
{
    int64_t number;

    if (!column_int(row, column, &number) || number < 0 || number > 1)
        return false;
    *truth = number == 1;
    return true;
}

static bool is_guid(const char *text)
{
    static const char form[] = "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx";

    _Static_assert(sizeof form == COLUMN_GUID_SIZE, "a GUID and its NUL");
    if (strlen(text) != sizeof form - 1)
        return false;
    for (size_t i = 0; form[i] != '\0'; i++) {
        if (form[i] == '-' ? text[i] != '-' : !isxdigit((unsigned char)text[i]))
            return false;
    }
    return true;
}

bool column_guid(const struct mssql_row *row, size_t column, char guid[COLUMN_GUID_SIZE])
{
    const char *text = column_text(row, column);

    if (text == NULL || !is_guid(text))
        return false;
    for (size_t i = 0; i < COLUMN_GUID_SIZE; i++)
        guid[i] = (char)tolower((unsigned char)text[i]);
    return true;
}
