#include "xml_plain.h"

#include <stdbool.h>
#include <string.h>

/* Not a carriage return, which XML reads as a line feed; not "]", of which "]]>" may be; not markup. */
static bool is_plain(unsigned char byte)
{
    return byte == '\t' || byte == '\n' || (byte >= ' ' && byte < 0x7F && byte != '<' && byte != '&' && byte != ']');
}

/* The length of a reference, and what it stands for; 0: it is none of the five, or not whole. */
static size_t read_reference(const char *bytes, size_t size, char *character)
{
    static const struct {
        const char *text;
        size_t length;
        char character;
    } references[] = {
        { "&lt;", 4, '<' }, { "&gt;", 4, '>' }, { "&quot;", 6, '"' }, { "&amp;", 5, '&' }, { "&apos;", 6, '\'' },
    };

    for (size_t i = 0; i < sizeof references / sizeof references[0]; i++) {
        if (size >= references[i].length && memcmp(bytes, references[i].text, references[i].length) == 0) {
            *character = references[i].character;
            return references[i].length;
        }
    }
    return 0;
}

void xml_plain_read(struct xml_plain *plain, const char *bytes, size_t size)
{
    size_t at = 0, length = 0, lines = 0;

    while (at < size && length < XML_PLAIN_ROOM) {
        size_t taken = 1;

        if (is_plain((unsigned char)bytes[at]))
            plain->text[length] = bytes[at];
        else if (bytes[at] != '&' || (taken = read_reference(bytes + at, size - at, &plain->text[length])) == 0)
            break;
        lines += bytes[at] == '\n';
        length++;
        at += taken;
    }
    plain->taken = at;
    plain->length = length;
    plain->lines = lines;
}
