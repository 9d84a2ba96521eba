#include "utf8.h"

#include "str.h"

#include <string.h>

#define REPLACEMENT "\xEF\xBF\xBD"

/* Per lead byte: the sequence's length, and the range its second byte must lie in (RFC 3629, section 4). */
struct lead {
    unsigned char first, last, length, low, high;
};

static const struct lead leads[] = {
    { 0x01, 0x7F, 1, 0, 0 },       { 0xC2, 0xDF, 2, 0x80, 0xBF }, { 0xE0, 0xE0, 3, 0xA0, 0xBF },
    { 0xE1, 0xEC, 3, 0x80, 0xBF }, { 0xED, 0xED, 3, 0x80, 0x9F }, { 0xEE, 0xEF, 3, 0x80, 0xBF },
    { 0xF0, 0xF0, 4, 0x90, 0xBF }, { 0xF1, 0xF3, 4, 0x80, 0xBF }, { 0xF4, 0xF4, 4, 0x80, 0x8F },
};

static const struct lead *find_lead(unsigned char byte)
{
    for (size_t i = 0; i < sizeof leads / sizeof leads[0]; i++) {
        if (byte >= leads[i].first && byte <= leads[i].last)
            return &leads[i];
    }
    return NULL;
}

/* The length of the character at the start of the text, 0 where there is none. */
static size_t character(const unsigned char *text, size_t size)
{
    const struct lead *lead = find_lead(text[0]);

    if (lead == NULL || lead->length > size)
        return 0;
    if (lead->length > 1 && (text[1] < lead->low || text[1] > lead->high))
        return 0;
    for (size_t i = 2; i < lead->length; i++) {
        if (text[i] < 0x80 || text[i] > 0xBF)
            return 0;
    }
    return lead->length;
}

/* How many bytes at the start are ASCII other than NUL, in steps of a word: a byte above 0x7F has its top bit set, and
 * taking 1 from a NUL sets it. */
static size_t ascii_words(const unsigned char *bytes, size_t size)
{
    const uint64_t ones = 0x0101010101010101, tops = 0x8080808080808080;
    uint64_t word;
    size_t at = 0;

    for (; size - at >= sizeof word; at += sizeof word) {
        memcpy(&word, bytes + at, sizeof word);
        if (((word | (word - ones)) & tops) != 0)
            break;
    }
    return at;
}

size_t utf8_valid_prefix(const char *text, size_t size)
{
    const unsigned char *bytes = (const unsigned char *)text;
    size_t at = ascii_words(bytes, size);

    while (at < size) {
        size_t length;

        if (bytes[at] - 1U < 0x7F) {
            at++;
            continue;
        }
        length = character(bytes + at, size - at);
        if (length == 0)
            break;
        at += length;
    }
    return at;
}

bool utf8_valid(const char *text, size_t size)
{
    return utf8_valid_prefix(text, size) == size;
}

void utf8_clean(struct str *out, const char *text, size_t size)
{
    while (size > 0) {
        size_t good = utf8_valid_prefix(text, size);

        str_add_bytes(out, text, good);
        text += good;
        size -= good;
        if (size > 0) {
            str_add(out, REPLACEMENT);
            text++;
            size--;
        }
    }
}

void utf8_trim(char *text)
{
    size_t size = strlen(text);
    size_t start = size;

    for (size_t back = 1; back <= 3 && back <= size; back++) {
        unsigned char byte = (unsigned char)text[size - back];

        if (byte >= 0xC0) {
            start = size - back;
            break;
        }
        if (byte < 0x80)
            return;
    }
    if (start < size && character((const unsigned char *)text + start, size - start) != size - start)
        text[start] = '\0';
}

uint32_t utf8_decode(const char *text, size_t *length)
{
    static const unsigned char masks[] = { 0, 0x7F, 0x1F, 0x0F, 0x07 };
    const unsigned char *bytes = (const unsigned char *)text;
    size_t count = character(bytes, strnlen(text, 4));
    uint32_t code;

    *length = count == 0 ? 1 : count;
    if (count == 0)
        return 0xFFFD;
    code = bytes[0] & masks[count];
    for (size_t i = 1; i < count; i++)
        code = code << 6 | (bytes[i] & 0x3FU);
    return code;
}
