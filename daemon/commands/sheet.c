#include "sheet.h"

#include "text.h"

#include <stdarg.h>
#include <string.h>

#define LEAST 20 /* no text is broken narrower */

static void add_blanks(struct str *out, size_t count)
{
    while (count-- > 0)
        str_add_char(out, ' ');
}

/* The text in lines; the first one begins where out ends, in the column `at`. */
static void add_wrapped(struct sheet *sheet, const char *text, size_t at, enum tone tone)
{
    size_t columns = sheet->style->columns;
    size_t left = columns > at + LEAST ? columns - at : LEAST;

    do {
        size_t bytes = columns == 0 ? strlen(text) : text_break(text, left);

        str_add(sheet->out, style_begin(sheet->style, tone));
        str_add_bytes(sheet->out, text, bytes);
        str_format(sheet->out, "%s\n", style_end(sheet->style, tone));
        text += bytes;
        text += strspn(text, " ");
        add_blanks(sheet->out, *text == '\0' ? 0 : at);
    } while (*text != '\0');
}

/* Returns how many columns it takes, with the blanks behind. */
static size_t add_word(struct str *out, const char *word)
{
    struct str shown = STR_EMPTY;
    size_t width, blanks;

    text_line(&shown, word);
    width = text_width(str_text(&shown));
    blanks = width < SHEET_WORD ? SHEET_WORD - width : 1;
    str_add(out, str_text(&shown));
    add_blanks(out, blanks);
    str_finish(&shown);
    return width + blanks;
}

void sheet_line(struct sheet *sheet, size_t indent, const char *word, enum tone tone, const char *format, ...)
{
    struct str raw = STR_EMPTY, shown = STR_EMPTY;
    size_t at = indent;
    va_list args;

    va_start(args, format);
    str_vformat(&raw, format, args);
    va_end(args);
    text_line(&shown, str_text(&raw));
    add_blanks(sheet->out, indent);
    if (word != NULL)
        at += add_word(sheet->out, word);
    add_wrapped(sheet, str_text(&shown), at, tone);
    str_finish(&raw);
    str_finish(&shown);
}

void sheet_some(struct sheet *sheet, size_t indent, const char *word, enum tone tone, const char *text)
{
    if (text != NULL && text[0] != '\0')
        sheet_line(sheet, indent, word, tone, "%s", text);
}

void sheet_list(struct sheet *sheet, size_t indent, const char *word, const char *const *texts, size_t count)
{
    struct str list = STR_EMPTY;

    for (size_t i = 0; i < count; i++)
        str_format(&list, "%s%s", i == 0 ? "" : ", ", texts[i]);
    sheet_some(sheet, indent, word, TONE_PLAIN, str_text(&list));
    str_finish(&list);
}

void sheet_gap(struct sheet *sheet)
{
    str_add_char(sheet->out, '\n');
}
