#include "row.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

const char *row_text(const struct mssql_row *row, size_t column)
{
    return column < row->count ? row->values[column] : NULL;
}

bool row_int(const struct mssql_row *row, size_t column, int64_t *number)
{
    const char *text = row_text(row, column);
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

bool row_bool(const struct mssql_row *row, size_t column, bool *truth)
{
    int64_t number;

    if (!row_int(row, column, &number) || number < 0 || number > 1)
        return false;
    *truth = number == 1;
    return true;
}

bool row_guid(const struct mssql_row *row, size_t column, char guid[ROW_GUID_SIZE])
{
    const char *text = row_text(row, column);

    if (text == NULL || strlen(text) != ROW_GUID_SIZE - 1)
        return false;
    for (size_t i = 0; i < ROW_GUID_SIZE - 1; i++) {
        bool dash = i == 8 || i == 13 || i == 18 || i == 23;

        if (dash ? text[i] != '-' : !isxdigit((unsigned char)text[i]))
            return false;
        guid[i] = (char)tolower((unsigned char)text[i]);
    }
    guid[ROW_GUID_SIZE - 1] = '\0';
    return true;
}
