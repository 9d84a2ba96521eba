/* UTF-8 as RFC 3629 defines it: no overlong forms, no surrogates, nothing above U+10FFFF. */
#ifndef UTF8_H
#define UTF8_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct str;

/* How many bytes of the text are valid from its start on: size when all are. */
size_t utf8_valid_prefix(const char *text, size_t size);

/* Whether all size bytes are valid UTF-8 without a NUL among them. */
bool utf8_valid(const char *text, size_t size);

/* Appends the text, each byte that does not fit (and each NUL) replaced by U+FFFD. */
void utf8_clean(struct str *out, const char *text, size_t size);

/* Takes an unfinished character off the end of a C string that was cut at a size. */
void utf8_trim(char *text);

/* The code point at text, and its length in bytes in *length; U+FFFD and 1 where the bytes are invalid.
 * text must be NUL-terminated and not at its end. */
uint32_t utf8_decode(const char *text, size_t *length);

#endif
