#include "str.h"

#include "mem.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void str_finish(struct str *str)
{
    free(str->bytes);
    *str = STR_EMPTY;
}

void str_clear(struct str *str)
{
    str->length = 0;
    if (str->bytes != NULL)
        str->bytes[0] = '\0';
}

char *str_room(struct str *str, size_t extra)
{
    size_t capacity = str->capacity == 0 ? 64 : str->capacity;

    if (extra > SIZE_MAX / 4 || str->length > SIZE_MAX / 4)
        mem_exhausted(extra);
    while (capacity < str->length + extra + 1)
        capacity *= 2;
    if (capacity != str->capacity) {
        str->bytes = mem_grow(str->bytes, capacity, 1);
        str->capacity = capacity;
        str->bytes[str->length] = '\0';
    }
    return str->bytes + str->length;
}

void str_add_bytes(struct str *str, const void *bytes, size_t size)
{
    char *room = str_room(str, size);

    if (size > 0)
        memcpy(room, bytes, size);
    room[size] = '\0';
    str->length += size;
}

void str_add(struct str *str, const char *text)
{
    str_add_bytes(str, text, strlen(text));
}

void str_add_char(struct str *str, char character)
{
    str_add_bytes(str, &character, 1);
}

void str_vformat(struct str *str, const char *format, va_list args)
{
    va_list again;
    int length;

    va_copy(again, args);
    length = vsnprintf(NULL, 0, format, args);
    if (length > 0) {
        char *room = str_room(str, (size_t)length);
        vsnprintf(room, (size_t)length + 1, format, again);
        str->length += (size_t)length;
    }
    va_end(again);
}

void str_format(struct str *str, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    str_vformat(str, format, args);
    va_end(args);
}

const char *str_text(const struct str *str)
{
    return str->bytes == NULL ? "" : str->bytes;
}
