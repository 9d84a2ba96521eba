#include "text.h"

#include "str.h"
#include "utf8.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#define ELLIPSIS "\xE2\x80\xA6"
#define REPLACEMENT "\xEF\xBF\xBD"

struct range {
    uint32_t first, last;
};

/* Every table of ranges is in ascending order. */
static bool is_in(const struct range *ranges, size_t count, uint32_t code)
{
    size_t low = 0;

    while (low < count) {
        size_t middle = low + (count - low) / 2;

        if (code < ranges[middle].first)
            count = middle;
        else if (code > ranges[middle].last)
            low = middle + 1;
        else
            return true;
    }
    return false;
}

#define IS_IN(ranges, code) is_in(ranges, sizeof(ranges) / sizeof(ranges)[0], code)

static bool is_control(uint32_t code)
{
    return code < 0x20 || (code >= 0x7F && code <= 0x9F);
}

/* What turns the direction of the text around it. */
static bool turns_direction(uint32_t code)
{
    return (code >= 0x202A && code <= 0x202E) || (code >= 0x2066 && code <= 0x2069);
}

/* What a terminal does not show, breaks the line at, or reorders its neighbours by. */
static const struct range unseen[] = {
    { 0x00AD, 0x00AD }, { 0x061C, 0x061C }, { 0x180E, 0x180E }, { 0x200B, 0x200F },   { 0x2028, 0x202E },
    { 0x2060, 0x206F }, { 0xFEFF, 0xFEFF }, { 0xFFF9, 0xFFFB }, { 0xE0000, 0xE007F },
};

/* Whether utf8_decode's answer is about invalid bytes, and not a replacement character that stands there. */
static bool is_invalid(uint32_t code, size_t length)
{
    return code == 0xFFFD && length == 1;
}

/* Appends one character as it is, or U+FFFD where no document can hold it; returns how long it was. */
static size_t add_storable(struct str *out, const char *text)
{
    size_t length;
    uint32_t code = utf8_decode(text, &length);
    bool blank = code == '\t' || code == '\n' || code == '\r';

    if (is_invalid(code, length) || (is_control(code) && !blank) || turns_direction(code))
        str_add(out, REPLACEMENT);
    else
        str_add_bytes(out, text, length);
    return length;
}

static size_t digits(const char *text)
{
    return strspn(text, "0123456789");
}

static bool is_signed_number(const char *text)
{
    size_t whole, fraction;

    if (*text != '+' && *text != '-')
        return false;
    whole = digits(++text);
    text += whole;
    if (whole == 0 || *text != '.')
        return whole > 0 && *text == '\0';
    fraction = digits(++text);
    return fraction > 0 && text[fraction] == '\0';
}

/* The last four are the full-width forms of = + - @, which some spreadsheets take for the plain ones. */
static bool looks_like_formula(const char *text)
{
    static const char *const starts[] = {
        "=", "+", "-", "@", "\t", "\r", "\n", "\xEF\xBC\x9D", "\xEF\xBC\x8B", "\xEF\xBC\x8D", "\xEF\xBC\xA0"
    };

    text += strspn(text, " ");
    for (size_t i = 0; i < sizeof starts / sizeof starts[0]; i++) {
        if (strncmp(text, starts[i], strlen(starts[i])) == 0)
            return !is_signed_number(text);
    }
    return false;
}

/* Most of what is written: as it is, at once. */
static size_t plain_length(const char *text)
{
    size_t length = 0;

    while (text[length] >= ' ' && text[length] < 0x7F && text[length] != '"')
        length++;
    return length;
}

void text_csv(struct str *out, const char *text)
{
    bool quoted = strpbrk(text, "\",\r\n") != NULL;

    if (quoted)
        str_add_char(out, '"');
    if (looks_like_formula(text))
        str_add_char(out, '\'');
    while (*text != '\0') {
        size_t plain = plain_length(text);

        str_add_bytes(out, text, plain);
        text += plain;
        if (*text == '"')
            str_add_char(out, '"');
        if (*text != '\0')
            text += add_storable(out, text);
    }
    if (quoted)
        str_add_char(out, '"');
}

static void add_escape(struct str *out, uint32_t code)
{
    static const char named[] = { ['\t'] = 't', ['\n'] = 'n', ['\r'] = 'r' };

    if (code < sizeof named && named[code] != '\0')
        str_format(out, "\\%c", named[code]);
    else if (code < 0x80)
        str_format(out, "\\x%02X", code);
    else if (code < 0x10000)
        str_format(out, "\\u%04X", code);
    else
        str_format(out, "\\U%08X", code);
}

bool text_is_unseen(uint32_t code)
{
    return is_control(code) || IS_IN(unseen, code);
}

/* Appends one character as text_line shows it; returns how long it was. */
static size_t add_shown(struct str *out, const char *text)
{
    size_t length;
    uint32_t code = utf8_decode(text, &length);

    if (is_invalid(code, length))
        str_format(out, "\\x%02X", (unsigned)(unsigned char)*text);
    else if (text_is_unseen(code))
        add_escape(out, code);
    else
        str_add_bytes(out, text, length);
    return length;
}

void text_line(struct str *out, const char *text)
{
    while (*text != '\0')
        text += add_shown(out, text);
}

static const char *html_entity(char character)
{
    switch (character) {
    case '&': return "&amp;";
    case '<': return "&lt;";
    case '>': return "&gt;";
    case '"': return "&quot;";
    case '\'': return "&#39;";
    default: return NULL;
    }
}

/* Code points that are no characters, for ever: no document may hold them. */
static bool is_noncharacter(uint32_t code)
{
    return (code & 0xFFFE) == 0xFFFE || (code >= 0xFDD0 && code <= 0xFDEF);
}

static size_t add_marked_up(struct str *out, const char *text)
{
    const char *entity = html_entity(*text);
    size_t length;
    uint32_t code;

    if (entity != NULL) {
        str_add(out, entity);
        return 1;
    }
    code = utf8_decode(text, &length);
    if (!is_noncharacter(code))
        return add_shown(out, text);
    add_escape(out, code);
    return length;
}

static bool is_plain(char character)
{
    return character >= ' ' && character <= '~' && html_entity(character) == NULL;
}

void text_html(struct str *out, const char *text)
{
    while (*text != '\0') {
        size_t plain = 0;

        while (is_plain(text[plain]))
            plain++;
        str_add_bytes(out, text, plain);
        text += plain;
        if (*text != '\0')
            text += add_marked_up(out, text);
    }
}

/* Scripts' combining marks that names are really written with, and variation selectors. */
static const struct range combining[] = {
    { 0x0300, 0x036F }, { 0x0483, 0x0489 }, { 0x0591, 0x05BD }, { 0x05BF, 0x05BF },   { 0x05C1, 0x05C2 },
    { 0x05C4, 0x05C5 }, { 0x05C7, 0x05C7 }, { 0x0610, 0x061A }, { 0x064B, 0x065F },   { 0x0670, 0x0670 },
    { 0x06D6, 0x06DC }, { 0x06DF, 0x06E4 }, { 0x06E7, 0x06E8 }, { 0x06EA, 0x06ED },   { 0x0900, 0x0902 },
    { 0x093C, 0x093C }, { 0x0941, 0x0948 }, { 0x094D, 0x094D }, { 0x0E31, 0x0E31 },   { 0x0E34, 0x0E3A },
    { 0x0E47, 0x0E4E }, { 0x1AB0, 0x1AFF }, { 0x1DC0, 0x1DFF }, { 0x20D0, 0x20FF },   { 0x302A, 0x302D },
    { 0x3099, 0x309A }, { 0xFE00, 0xFE0F }, { 0xFE20, 0xFE2F }, { 0xE0100, 0xE01EF },
};

/* East Asian wide and full-width characters, and emoji. */
static const struct range wide[] = {
    { 0x1100, 0x115F },   { 0x231A, 0x231B },   { 0x2329, 0x232A },   { 0x23E9, 0x23EC },   { 0x2614, 0x2615 },
    { 0x2648, 0x2653 },   { 0x26A1, 0x26A1 },   { 0x26D4, 0x26D4 },   { 0x2705, 0x2705 },   { 0x274C, 0x274C },
    { 0x2753, 0x2755 },   { 0x2757, 0x2757 },   { 0x2B50, 0x2B50 },   { 0x2B55, 0x2B55 },   { 0x2E80, 0x303E },
    { 0x3041, 0x33FF },   { 0x3400, 0x4DBF },   { 0x4E00, 0x9FFF },   { 0xA000, 0xA4CF },   { 0xA960, 0xA97F },
    { 0xAC00, 0xD7A3 },   { 0xF900, 0xFAFF },   { 0xFE30, 0xFE6F },   { 0xFF00, 0xFF60 },   { 0xFFE0, 0xFFE6 },
    { 0x1F300, 0x1F64F }, { 0x1F680, 0x1F6FF }, { 0x1F900, 0x1FAFF }, { 0x20000, 0x3FFFD },
};

static size_t width(uint32_t code)
{
    if (code < 0x300)
        return 1;
    if (IS_IN(combining, code))
        return 0;
    return IS_IN(wide, code) ? 2 : 1;
}

/* How many bytes of the text fit into so many columns; *used is how many columns they take. */
static size_t fitting(const char *text, size_t columns, size_t *used)
{
    size_t at = 0;

    *used = 0;
    while (text[at] != '\0') {
        size_t length;
        size_t more = width(utf8_decode(text + at, &length));

        if (more > columns - *used)
            break;
        *used += more;
        at += length;
    }
    return at;
}

size_t text_width(const char *text)
{
    size_t used;

    fitting(text, SIZE_MAX, &used);
    return used;
}

size_t text_break(const char *text, size_t columns)
{
    size_t used, length, bytes = fitting(text, columns, &used), blank = bytes;

    if (text[bytes] == '\0')
        return bytes;
    while (blank > 0 && text[blank] != ' ')
        blank--;
    while (blank > 0 && text[blank - 1] == ' ')
        blank--;
    if (blank > 0)
        return blank;
    utf8_decode(text, &length);
    return bytes > 0 ? bytes : length;
}

void text_fit(struct str *out, const char *text, size_t columns)
{
    struct str line = STR_EMPTY;
    size_t used, bytes;

    text_line(&line, text);
    bytes = fitting(str_text(&line), columns, &used);
    if (bytes < line.length && columns > 0) {
        bytes = fitting(str_text(&line), columns - 1, &used);
        str_add_bytes(out, line.bytes, bytes);
        str_add(out, ELLIPSIS);
        used++;
    } else {
        str_add_bytes(out, line.bytes, bytes);
    }
    for (; used < columns; used++)
        str_add_char(out, ' ');
    str_finish(&line);
}

const char *text_quote(char buffer[TEXT_QUOTE_SIZE], const char *text)
{
    char start[TEXT_QUOTE_SIZE + 1];
    struct str line = STR_EMPTY;

    /* One byte more than fits is enough to know that it does not. */
    start[0] = '\0';
    strncat(start, text, TEXT_QUOTE_SIZE);
    text_line(&line, start);
    if (line.length >= TEXT_QUOTE_SIZE) {
        line.length = TEXT_QUOTE_SIZE - sizeof ELLIPSIS;
        line.bytes[line.length] = '\0';
        utf8_trim(line.bytes);
        line.length = strlen(line.bytes);
        str_add(&line, ELLIPSIS);
    }
    memcpy(buffer, str_text(&line), line.length + 1);
    str_finish(&line);
    return buffer;
}

enum { NEAREST_MAX = 64 };

static int lower(char character)
{
    return character >= 'A' && character <= 'Z' ? character - 'A' + 'a' : character;
}

static size_t smaller(size_t a, size_t b)
{
    return a < b ? a : b;
}

/* Edits (a character changed, added, left out, or swapped with its neighbour) from a to b, letter case aside. Both are
 * at most NEAREST_MAX long. */
static size_t distance(const char *a, size_t a_length, const char *b, size_t b_length)
{
    size_t rows[3][NEAREST_MAX + 1];

    for (size_t j = 0; j <= b_length; j++)
        rows[0][j] = j;
    for (size_t i = 1; i <= a_length; i++) {
        size_t *row = rows[i % 3];
        const size_t *above = rows[(i + 2) % 3];
        const size_t *two_above = rows[(i + 1) % 3];

        row[0] = i;
        for (size_t j = 1; j <= b_length; j++) {
            bool same = lower(a[i - 1]) == lower(b[j - 1]);

            row[j] = smaller(above[j - 1] + !same, smaller(above[j], row[j - 1]) + 1);
            if (i > 1 && j > 1 && lower(a[i - 1]) == lower(b[j - 2]) && lower(a[i - 2]) == lower(b[j - 1]))
                row[j] = smaller(row[j], two_above[j - 2] + 1);
        }
    }
    return rows[a_length % 3][b_length];
}

const char *text_nearest(const char *name, const char *const *candidates, size_t count)
{
    size_t length = strnlen(name, NEAREST_MAX + 1);
    const char *nearest = NULL;
    size_t best = 2 + length / 5; /* one more than may be */

    if (length > NEAREST_MAX)
        return NULL;
    for (size_t i = 0; i < count; i++) {
        size_t other = strnlen(candidates[i], NEAREST_MAX + 1);
        size_t edits;

        if (other > NEAREST_MAX)
            continue;
        edits = distance(name, length, candidates[i], other);
        /* Where everything differs, nothing is near. */
        if (edits < best && edits < smaller(length, other)) {
            best = edits;
            nearest = candidates[i];
        }
    }
    return nearest;
}
