/* Text for people that is no table: lines with a word in front, indented, broken at blanks to fit the terminal.
 *
 *     struct sheet sheet = { &view->text, &view->call->style };
 *     sheet_line(&sheet, 2, "why", TONE_BAD, "%s", reason);
 *     sheet_line(&sheet, 0, NULL, TONE_PLAIN, "%s", "without a word");
 *
 * What is printed is made fit for a terminal: names from the fleet may be given as they are. */
#ifndef SHEET_H
#define SHEET_H

#include "str.h"
#include "table.h"

#include <stddef.h>

#define SHEET_WORD 10 /* columns that the word in front is padded to */

struct sheet {
    struct str *out; /* the lines; the caller's */
    const struct style *style;
};

/* word NULL: the text stands at the indent. tone: of the text. */
void sheet_line(struct sheet *sheet, size_t indent, const char *word, enum tone tone, const char *format, ...)
    __attribute__((format(printf, 5, 6)));

/* The same, where the text is neither NULL nor "". */
void sheet_some(struct sheet *sheet, size_t indent, const char *word, enum tone tone, const char *text);

/* A list with commas, where it is not empty. */
void sheet_list(struct sheet *sheet, size_t indent, const char *word, const char *const *texts, size_t count);

void sheet_gap(struct sheet *sheet);

#endif
