#include "xml_space.h"

#include <string.h>

#define XMLNS "xmlns"
#define XML_URI "http://www.w3.org/XML/1998/namespace"
#define XMLNS_URI "http://www.w3.org/2000/xmlns/"

void xml_space_init(struct xml_space *space)
{
    space->count = 0;
    space->texts = STR_EMPTY;
}

void xml_space_finish(struct xml_space *space)
{
    str_finish(&space->texts);
}

bool xml_space_is_declaration(const char *name)
{
    const size_t length = sizeof XMLNS - 1;

    return strncmp(name, XMLNS, length) == 0 && (name[length] == '\0' || name[length] == ':');
}

/* What stands behind a colon; expat has seen to the rest. */
static bool is_local(const char *text)
{
    return text[0] != '\0' && strchr("-.0123456789", text[0]) == NULL && strchr(text, ':') == NULL;
}

/* What the recommendation keeps for itself. */
static const char *why_not(const char *prefix, const char *uri)
{
    const bool xml = strcmp(prefix, "xml") == 0;

    if (strcmp(prefix, XMLNS) == 0 || strcmp(uri, XMLNS_URI) == 0)
        return "reserved prefix (xmlns) must not be declared or undeclared";
    if (xml != (strcmp(uri, XML_URI) == 0))
        return xml ? "reserved prefix (xml) must not be undeclared or bound to another namespace name"
                   : "prefix must not be bound to one of the reserved namespace names";
    return prefix[0] != '\0' && uri[0] == '\0' ? "must not undeclare prefix" : NULL;
}

static size_t remember(struct xml_space *space, const char *text)
{
    const size_t at = space->texts.length;

    str_add_bytes(&space->texts, text, strlen(text) + 1);
    return at;
}

bool xml_space_declare(struct xml_space *space, size_t depth, const char *name, const char *uri, struct err *err)
{
    const char *prefix = name + sizeof XMLNS - 1, *why;

    if (*prefix == ':' && !is_local(++prefix))
        return err_set(err, ERR_PROTOCOL, "not well-formed (invalid token)");
    why = why_not(prefix, uri);
    if (why != NULL)
        return err_set(err, ERR_PROTOCOL, "%s", why);
    if (space->count == XML_MAX_SPACES)
        return err_set(err, ERR_PROTOCOL, "more than %d namespaces at once", XML_MAX_SPACES);
    space->declared[space->count].depth = depth;
    space->declared[space->count].prefix = remember(space, prefix);
    space->declared[space->count].uri = remember(space, uri);
    space->count++;
    return true;
}

void xml_space_leave(struct xml_space *space, size_t depth)
{
    while (space->count > 0 && space->declared[space->count - 1].depth == depth)
        space->texts.length = space->declared[--space->count].prefix;
}

/* NULL: it is not declared. */
static const char *find(const struct xml_space *space, const char *prefix, size_t length)
{
    for (size_t i = space->count; i > 0; i--) {
        const char *declared = space->texts.bytes + space->declared[i - 1].prefix;

        if (strncmp(declared, prefix, length) == 0 && declared[length] == '\0')
            return space->texts.bytes + space->declared[i - 1].uri;
    }
    if (length == 0)
        return "";
    return length == 3 && memcmp(prefix, "xml", 3) == 0 ? XML_URI : NULL;
}

bool xml_space_resolve(const struct xml_space *space, const char *text, bool attribute, struct xml_name *name,
                       struct err *err)
{
    const char *colon = strchr(text, ':');

    *name = (struct xml_name){ .space = "", .local = colon == NULL ? text : colon + 1 };
    if (colon == NULL && attribute)
        return true;
    if (colon == text || (colon != NULL && !is_local(colon + 1)))
        return err_set(err, ERR_PROTOCOL, "not well-formed (invalid token)");
    name->space = find(space, text, colon == NULL ? 0 : (size_t)(colon - text));
    return name->space != NULL || err_set(err, ERR_PROTOCOL, "unbound prefix");
}
