#include "pattern.h"

#include <string.h>

static unsigned char lower(char byte)
{
    return byte >= 'A' && byte <= 'Z' ? (unsigned char)(byte + ('a' - 'A')) : (unsigned char)byte;
}

/* Bytes of the character that begins there: one, and the bytes of UTF-8 that continue it. */
static size_t character(const char *text, size_t size)
{
    size_t length = 1;

    if ((unsigned char)*text < 0xC0)
        return 1;
    while (length < size && length < 4 && ((unsigned char)text[length] & 0xC0) == 0x80)
        length++;
    return length;
}

/* A later star gives more freedom than an earlier one, so only the last is ever tried again. */
bool pattern_fits_bytes(const char *pattern, const char *text, size_t size)
{
    const char *end = text + size, *star = NULL, *again = NULL;

    while (text < end) {
        if (*pattern == '*') {
            star = ++pattern;
            again = text;
        } else if (*pattern == '?') {
            pattern++;
            text += character(text, (size_t)(end - text));
        } else if (*pattern != '\0' && lower(*pattern) == lower(*text)) {
            pattern++;
            text++;
        } else if (star != NULL) {
            again += character(again, (size_t)(end - again));
            pattern = star;
            text = again;
        } else {
            return false;
        }
    }
    return pattern[strspn(pattern, "*")] == '\0';
}

bool pattern_fits(const char *pattern, const char *text)
{
    return pattern_fits_bytes(pattern, text, strlen(text));
}
