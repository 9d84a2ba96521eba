#include "mssql_text.h"

#include "mem.h"
#include "utf8.h"

#include <string.h>

#define REPLACEMENT 0xFFFD

static bool is_high(uint16_t unit)
{
    return unit >= 0xD800 && unit <= 0xDBFF;
}

static bool is_low(uint16_t unit)
{
    return unit >= 0xDC00 && unit <= 0xDFFF;
}

/* The character at units, of which count are there, and how many units it takes. */
static uint32_t decode(const uint16_t *units, size_t count, size_t *taken)
{
    *taken = 1;
    if (units[0] == 0 || is_low(units[0]))
        return REPLACEMENT;
    if (!is_high(units[0]))
        return units[0];
    if (count < 2 || !is_low(units[1]))
        return REPLACEMENT;
    *taken = 2;
    return 0x10000 + ((uint32_t)(units[0] - 0xD800) << 10) + (uint32_t)(units[1] - 0xDC00);
}

static size_t encode(uint32_t code, char bytes[4])
{
    static const unsigned char leads[] = { 0, 0, 0xC0, 0xE0, 0xF0 };
    size_t length = code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;

    for (size_t i = length; i > 1; i--, code >>= 6)
        bytes[i - 1] = (char)(0x80 | (code & 0x3F));
    bytes[0] = (char)(leads[length] | code);
    return length;
}

bool mssql_text_read(struct str *out, const uint16_t *units, size_t count, size_t max)
{
    size_t begin = out->length;

    for (size_t at = 0, taken; at < count; at += taken) {
        char bytes[4];
        size_t length = encode(decode(units + at, count - at, &taken), bytes);

        if (length > max - (out->length - begin))
            return false;
        str_add_bytes(out, bytes, length);
    }
    return true;
}

uint16_t *mssql_text_write(const char *text, size_t *count)
{
    uint16_t *units = mem_new(strlen(text) + 1, sizeof *units);
    size_t length;

    *count = 0;
    for (; *text != '\0'; text += length) {
        uint32_t code = utf8_decode(text, &length);

        if (code >= 0x10000) {
            units[(*count)++] = (uint16_t)(0xD800 + ((code - 0x10000) >> 10));
            code = 0xDC00 + ((code - 0x10000) & 0x3FF);
        }
        units[(*count)++] = (uint16_t)code;
    }
    return units;
}
