/* Texts of XML Schema's simple types, as values. Pure. */
#ifndef XSD_H
#define XSD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define XSD_INSTANCE "http://www.w3.org/2001/XMLSchema-instance" /* the namespace of type and nil */

/* The text without the blanks around it, its length in *length; NULL where it is NULL, or has blanks inside. */
const char *xsd_bare(const char *text, size_t *length);

/* Whole numbers and truths (true, false, 1, 0); blanks around are allowed. False: NULL, or not one. */
bool xsd_int(const char *text, int64_t *number);
bool xsd_bool(const char *text, bool *truth);

/* As some servers write them: TRUE, False. */
bool xsd_bool_any_case(const char *text, bool *truth);

#endif
