#include "xml_write.h"

#include "utf8.h"

#include <stdbool.h>
#include <stdint.h>

/* What XML cannot hold in any way (XML 1.0, Char), and what was no UTF-8. */
static bool is_no_character(uint32_t code)
{
    return (code < 0x20 && code != '\t' && code != '\n' && code != '\r') || (code >= 0xfffd && code <= 0xffff);
}

/* What stands for a character; NULL where it stands for itself. */
static const char *escape_of(uint32_t code)
{
    static const char *const escapes[] = {
        ['&'] = "&amp;",
        ['<'] = "&lt;",
        ['>'] = "&gt;",
        ['"'] = "&quot;",
        ['\''] = "&apos;",
        /* A reader takes a bare one for the end of a line, or for a blank. */
        ['\t'] = "&#9;",
        ['\n'] = "&#10;",
        ['\r'] = "&#13;",
    };

    if (is_no_character(code))
        return "\xef\xbf\xbd";
    return code < sizeof escapes / sizeof *escapes ? escapes[code] : NULL;
}

void xml_escape(struct str *out, const char *text)
{
    size_t length;

    for (; *text != '\0'; text += length) {
        uint32_t code = utf8_decode(text, &length);
        const char *escape = escape_of(code);

        if (escape != NULL)
            str_add(out, escape);
        else
            str_add_bytes(out, text, length);
    }
}

void xml_open(struct str *out, const char *name)
{
    str_add_char(out, '<');
    str_add(out, name);
    str_add_char(out, '>');
}

void xml_close(struct str *out, const char *name)
{
    str_add(out, "</");
    str_add(out, name);
    str_add_char(out, '>');
}

void xml_element(struct str *out, const char *name, const char *text)
{
    xml_open(out, name);
    xml_escape(out, text);
    xml_close(out, name);
}
