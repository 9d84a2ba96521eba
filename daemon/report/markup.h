/* Markup (HTML, SVG, XML) written to a file, and the one place where texts become part of it.
 *
 *     struct markup markup;
 *     markup_init(&markup, out);
 *     markup_put(&markup, "<td title=\"%s\">%'" PRId64 "</td>", name, count);
 *     if (!markup_finish(&markup, &err)) ...
 *
 * The format is the only markup and always a literal. What it takes is text: %s is escaped by text_html, for element
 * content and for attribute values in double quotes; NULL is no text. Numbers are %d, %zu and PRId64; with ' in front
 * they are grouped for people (12,345). There is nothing else. */
#ifndef MARKUP_H
#define MARKUP_H

#include "err.h"
#include "outlet.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>

struct markup {
    struct outlet outlet;
};

/* The file stays its owner's. */
void markup_init(struct markup *markup, FILE *out);

void markup_put(struct markup *markup, const char *format, ...) __attribute__((format(printf, 2, 3)));
void markup_vput(struct markup *markup, const char *format, va_list args) __attribute__((format(printf, 2, 0)));

/* Adds everything that the file from has, from its beginning, as it is: markup that was written to it before. */
void markup_append(struct markup *markup, FILE *from);

/* Writes the rest and gives the memory back. False with the system's own text where any write failed. */
bool markup_finish(struct markup *markup, struct err *err);

#endif
