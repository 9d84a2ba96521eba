#include "base64.h"

#include <stdint.h>
#include <string.h>

static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

void base64_write(struct str *out, const void *bytes, size_t size)
{
    const unsigned char *at = bytes;

    for (size_t i = 0; i < size; i += 3) {
        size_t left = size - i;
        uint32_t group = (uint32_t)at[i] << 16 | (left > 1 ? (uint32_t)at[i + 1] << 8 : 0) | (left > 2 ? at[i + 2] : 0);
        char text[4] = { digits[group >> 18], digits[group >> 12 & 63], '=', '=' };

        if (left > 1)
            text[2] = digits[group >> 6 & 63];
        if (left > 2)
            text[3] = digits[group & 63];
        str_add_bytes(out, text, sizeof text);
    }
}

/* The value of a digit; -1 of what is none. */
static int value_of(char character)
{
    const char *at = character != '\0' ? strchr(digits, character) : NULL;

    return at != NULL ? (int)(at - digits) : -1;
}

/* One group of which count digits count. */
static bool read_group(struct str *out, const char *text, size_t count)
{
    uint32_t group = 0;

    for (size_t i = 0; i < 4; i++) {
        int value = i < count ? value_of(text[i]) : 0;

        if (value < 0)
            return false;
        group = group << 6 | (uint32_t)value;
    }
    for (size_t i = 0; i + 1 < count; i++)
        str_add_char(out, (char)(group >> (16 - 8 * i) & 255));
    return true;
}

bool base64_read(struct str *out, const char *text, size_t size)
{
    size_t before = out->length, padding = 0;
    bool good = size % 4 == 0;

    while (good && padding < 2 && padding < size && text[size - 1 - padding] == '=')
        padding++;
    for (size_t i = 0; good && i < size; i += 4)
        good = read_group(out, text + i, i + 4 == size ? 4 - padding : 4);
    if (!good && out->bytes != NULL) {
        out->length = before;
        out->bytes[before] = '\0';
    }
    return good;
}
