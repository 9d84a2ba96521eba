/* Patterns as people write them in a configuration: * is any text, also none, and ? is one character. All else is
 * itself, without regard to case (ASCII). There is no escape. */
#ifndef PATTERN_H
#define PATTERN_H

#include <stdbool.h>
#include <stddef.h>

/* Whether the whole text fits. In time of the two lengths multiplied at worst; what is no UTF-8 counts byte by byte. */
bool pattern_fits(const char *pattern, const char *text);

/* The same for the first size bytes of text. */
bool pattern_fits_bytes(const char *pattern, const char *text, size_t size);

#endif
