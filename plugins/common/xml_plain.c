#include "xml_plain.h"

#include <stdbool.h>
#include <string.h>

/* Not a carriage return, which XML reads as a line feed; not "]", of which "]]>" may be; not markup. */
static const bool is_plain[256] = {
    ['\t'] = true, [' ' ... '%'] = true, ['\'' ... ';'] = true, ['=' ... '\\'] = true, ['^' ... '~'] = true,
};

/* The length of a reference, and what it stands for; 0: it is none of the five, or not whole. */
static size_t read_reference(const char *bytes, size_t size, char *character)
{
    static const struct {
        const char *text;
        size_t length;
        char character;
    } references[] = {
        { "&quot;", 6, '"' }, { "&lt;", 4, '<' }, { "&gt;", 4, '>' }, { "&amp;", 5, '&' }, { "&apos;", 6, '\'' },
    };

    for (size_t i = 0; i < sizeof references / sizeof references[0]; i++) {
        if (size >= references[i].length && memcmp(bytes, references[i].text, references[i].length) == 0) {
            *character = references[i].character;
            return references[i].length;
        }
    }
    return 0;
}

/* A line feed counts, and is text. */
static size_t read_other(struct xml_plain *plain, const char *bytes, size_t size)
{
    if (bytes[0] == '&')
        return read_reference(bytes, size, &plain->text[plain->length]);
    if (bytes[0] != '\n')
        return 0;
    plain->text[plain->length] = '\n';
    plain->lines++;
    return 1;
}

static size_t count_plain(const char *bytes, size_t limit)
{
    size_t count = 0;

    while (count < limit && is_plain[(unsigned char)bytes[count]])
        count++;
    return count;
}

void xml_plain_read(struct xml_plain *plain, const char *bytes, size_t size)
{
    plain->taken = plain->length = plain->lines = 0;
    for (;;) {
        size_t left = size - plain->taken, room = XML_PLAIN_ROOM - plain->length;
        size_t count = count_plain(bytes + plain->taken, left < room ? left : room);

        memcpy(plain->text + plain->length, bytes + plain->taken, count);
        plain->taken += count;
        plain->length += count;
        if (count == left || count == room)
            return;
        count = read_other(plain, bytes + plain->taken, left - count);
        if (count == 0)
            return;
        plain->taken += count;
        plain->length++;
    }
}
