/* Text between two tags of an XML document, where it is plain: printable ASCII, tabs, line feeds and references to the
 * five entities that XML has of itself. Pure. A parser that takes each reference for a piece of its own needs many
 * times as long for what is full of them, as XML inside XML is. */
#ifndef XML_PLAIN_H
#define XML_PLAIN_H

#include <stddef.h>

#define XML_PLAIN_ROOM 4096 /* bytes that one call decodes at most */

struct xml_plain {
    size_t taken;  /* bytes of the document that were read: 0 where it goes on with anything else */
    size_t length; /* bytes of text */
    size_t lines;  /* line feeds among them */
    char text[XML_PLAIN_ROOM];
};

/* Decodes what stands at the start of these bytes. What may mean something else than itself, a right bracket for one,
 * is not taken; nor is a reference that is cut off, or one that is not of the five. */
void xml_plain_read(struct xml_plain *plain, const char *bytes, size_t size);

#endif
