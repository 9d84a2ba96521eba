/* A growing byte string, always followed by a NUL.
 *
 *     struct str line = STR_EMPTY;
 *     str_format(&line, "%s: %d", name, count);
 *     puts(str_text(&line));
 *     str_finish(&line);
 *
 * Allocation never fails (see mem.h); whoever fills a str from outside caps it first. */
#ifndef STR_H
#define STR_H

#include <stdarg.h>
#include <stddef.h>

struct str {
    char *bytes;
    size_t length;
    size_t capacity;
};

#define STR_EMPTY ((struct str){ 0 })

void str_finish(struct str *str);

/* Forgets the content and keeps the memory. */
void str_clear(struct str *str);

/* Makes room for extra more bytes and a NUL, and returns where they go. The caller raises str->length and writes the
 * NUL behind what it wrote. */
char *str_room(struct str *str, size_t extra);

/* What is added must not lie in the str itself. */
void str_add_bytes(struct str *str, const void *bytes, size_t size);
void str_add(struct str *str, const char *text);
void str_add_char(struct str *str, char character);
void str_format(struct str *str, const char *format, ...) __attribute__((format(printf, 2, 3)));
void str_vformat(struct str *str, const char *format, va_list args) __attribute__((format(printf, 2, 0)));

/* The content as a C string, "" when nothing was added; valid until the next change. */
const char *str_text(const struct str *str);

#endif
