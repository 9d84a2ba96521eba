#include "xml_plain.h"

#include <stdbool.h>
#include <string.h>

/* Not a carriage return, which XML reads as a line feed; not "]", of which "]]>" may be; not markup. */
static const bool is_plain[256] = {
    ['\t'] = true, [' ' ... '%'] = true, ['\'' ... ';'] = true, ['=' ... '\\'] = true, ['^' ... '~'] = true,
};

struct reference {
    size_t length;
    const char *text;
    char character;
};

/* By the letter that it begins with, and of the two with one letter, by the next. */
static const struct reference *find_reference(const char *bytes, size_t size)
{
    static const struct reference quote = { 6, "&quot;", '"' }, less = { 4, "&lt;", '<' },
                                  more = { 4, "&gt;", '>' }, and = { 5, "&amp;", '&' },
                                  apostrophe = { 6, "&apos;", '\'' };

    switch (size < 4 ? '\0' : bytes[1]) {
    case 'q': return &quote;
    case 'l': return &less;
    case 'g': return &more;
    case 'a': return bytes[2] == 'm' ? &and : &apostrophe;
    default: return NULL;
    }
}

/* The length of a reference, and what it stands for; 0: it is none of the five, or not whole. */
static size_t read_reference(const char *bytes, size_t size, char *character)
{
    const struct reference *reference = find_reference(bytes, size);

    if (reference == NULL || size < reference->length || memcmp(bytes, reference->text, reference->length) != 0)
        return 0;
    *character = reference->character;
    return reference->length;
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
