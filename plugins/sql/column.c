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

bool column_guid(const struct mssql_row *row, size_t column, char guid[COLUMN_GUID_SIZE])
{
    const char *text = column_text(row, column);

    if (text == NULL || strlen(text) != COLUMN_GUID_SIZE - 1)
        return false;
    for (size_t i = 0; i < COLUMN_GUID_SIZE - 1; i++) {
        bool dash = i == 8 || i == 13 || i == 18 || i == 23;

        if (dash ? text[i] != '-' : !isxdigit((unsigned char)text[i]))
            return false;
        guid[i] = (char)tolower((unsigned char)text[i]);
    }
    guid[COLUMN_GUID_SIZE - 1] = '\0';
    return true;
}
