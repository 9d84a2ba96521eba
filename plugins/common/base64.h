/* Base 64 (RFC 4648, 4), as headers of HTTP carry tokens. Pure. */
#ifndef BASE64_H
#define BASE64_H

#include "str.h"

#include <stdbool.h>
#include <stddef.h>

/* Appends the text of these bytes. */
void base64_write(struct str *out, const void *bytes, size_t size);

/* Appends the bytes of a text. False, with nothing appended, for what is no whole base 64: other characters, padding
 * that lacks or is too much. */
bool base64_read(struct str *out, const char *text, size_t size);

#endif
