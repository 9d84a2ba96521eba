/* Texts as XML, for requests. Pure. What XML cannot hold (control characters, invalid UTF-8) becomes U+FFFD. */
#ifndef XML_WRITE_H
#define XML_WRITE_H

#include "str.h"

/* For an element's content or an attribute's value in either quotes. */
void xml_escape(struct str *out, const char *text);

/* <name>text</name>; names are the program's own. */
void xml_open(struct str *out, const char *name);
void xml_close(struct str *out, const char *name);
void xml_element(struct str *out, const char *name, const char *text);

#endif
