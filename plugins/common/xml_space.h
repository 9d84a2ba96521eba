/* The namespaces that are declared where a document is read at, and names in them (Namespaces in XML 1.0). Pure.
 *
 * Each element, once its depth is known: xml_space_declare for each of its attributes, then xml_space_resolve for its
 * name and its other attributes; xml_space_leave when it closes. */
#ifndef XML_SPACE_H
#define XML_SPACE_H

#include "err.h"
#include "str.h"
#include "xml.h"

#include <stdbool.h>
#include <stddef.h>

struct xml_space {
    struct {
        size_t depth;       /* of the element that declares it */
        size_t prefix, uri; /* where in texts; "" is the prefix of names without one */
    } declared[XML_MAX_SPACES];
    size_t count;
    struct str texts;
};

void xml_space_init(struct xml_space *space);
void xml_space_finish(struct xml_space *space);

/* Whether an attribute of that name is a declaration. */
bool xml_space_is_declaration(const char *name);

/* Notes one. False: it is not allowed, or one too many. */
bool xml_space_declare(struct xml_space *space, size_t depth, const char *name, const char *uri, struct err *err);

/* Forgets what elements of that depth have declared. */
void xml_space_leave(struct xml_space *space, size_t depth);

/* What a name means, of an element or an attribute: one without a prefix is in no namespace there. name lives until the
 * next declaration, and as long as the text. False: its prefix is not declared, or it is no name. */
bool xml_space_resolve(const struct xml_space *space, const char *text, bool attribute, struct xml_name *name,
                       struct err *err);

#endif
