#include "xml.h"

#include "mem.h"
#include "text.h"

#include <expat.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define SEPARATOR '\n' /* between namespace and local name; expat refuses namespaces that hold it */
#define SLICE 16384    /* bytes handed to expat at a time */

/* A namespace that came, for the next time that it comes: nearly all names of a document share one. */
struct space {
    char text[XML_MAX_NAME + 1];
    size_t size;
};

struct xml {
    XML_Parser parser;
    struct xml_events events;
    void *context;
    size_t depth;
    size_t memory;                               /* bytes that expat has of us */
    size_t begun;                                /* bytes of the first two that were seen */
    size_t waiting;                              /* bytes since the last event: expat holds a tag until it is whole */
    struct err *err;                             /* of the call that is under way */
    bool over;                                   /* it has failed */
    struct space spaces[XML_MAX_ATTRIBUTES + 1]; /* of the element, and of its attributes by their places */
    struct xml_attribute attributes[XML_MAX_ATTRIBUTES];
};

static void stop(struct xml *xml)
{
    xml->over = true;
    XML_StopParser(xml->parser, XML_FALSE);
}

/* For a rule of ours that is broken; false. */
static bool refuse(struct xml *xml, const char *format, ...) __attribute__((format(printf, 2, 3)));

static bool refuse(struct xml *xml, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    err_vset(xml->err, ERR_PROTOCOL, format, args);
    va_end(args);
    stop(xml);
    return err_add(xml->err, "XML, line %lu", (unsigned long)XML_GetCurrentLineNumber(xml->parser));
}

/* Whether expat's name is one of the namespace that came last; else it is that now, where it is short enough. */
static bool is_known(struct space *space, const char *whole)
{
    const char *separator;

    if (space->size > 0 && strncmp(whole, space->text, space->size) == 0 && whole[space->size] == SEPARATOR)
        return true;
    separator = strrchr(whole, SEPARATOR);
    space->size = separator != NULL ? (size_t)(separator - whole) : 0;
    if (space->size > XML_MAX_NAME)
        return false;
    memcpy(space->text, whole, space->size);
    space->text[space->size] = '\0';
    return true;
}

/* Takes expat's "namespace SEPARATOR local" apart; the local name stays where expat has it. */
static bool split(struct xml *xml, size_t place, const char *whole, struct xml_name *name)
{
    struct space *space = &xml->spaces[place];
    bool known = is_known(space, whole);
    const char *local = whole + space->size + (whole[space->size] == SEPARATOR);

    if (!known || strlen(local) > XML_MAX_NAME - space->size) {
        space->size = 0;
        return refuse(xml, "a name of %zu bytes, more than %d", strlen(whole) - (strchr(whole, SEPARATOR) != NULL),
                      XML_MAX_NAME);
    }
    *name = (struct xml_name){ .space = space->text, .local = local };
    return true;
}

static bool take_attribute(struct xml *xml, size_t index, const char *name, const char *value)
{
    struct xml_attribute *attribute = &xml->attributes[index];

    if (strlen(value) > XML_MAX_VALUE)
        return refuse(xml, "an attribute's value of %zu bytes, more than %d", strlen(value), XML_MAX_VALUE);
    attribute->value = value;
    return split(xml, index + 1, name, &attribute->name);
}

static bool take_attributes(struct xml *xml, const char **pairs, size_t *count)
{
    for (*count = 0; pairs[2 * *count] != NULL; ++*count) {
        if (*count == XML_MAX_ATTRIBUTES)
            return refuse(xml, "an element of more than %d attributes", XML_MAX_ATTRIBUTES);
        if (!take_attribute(xml, *count, pairs[2 * *count], pairs[2 * *count + 1]))
            return false;
    }
    return true;
}

/* A parser that was stopped still ends what it is at: an empty element's end, for one. */
static void on_open(void *context, const XML_Char *whole, const XML_Char **pairs)
{
    struct xml *xml = context;
    struct xml_name name;
    size_t count;

    xml->waiting = 0;
    if (xml->over)
        return;
    if (++xml->depth > XML_MAX_DEPTH)
        refuse(xml, "elements nested deeper than %d", XML_MAX_DEPTH);
    else if (split(xml, 0, whole, &name) && take_attributes(xml, pairs, &count) &&
             !xml->events.open(xml->context, &name, xml->attributes, count, xml->err))
        stop(xml);
}

static void on_close(void *context, const XML_Char *whole)
{
    struct xml *xml = context;

    (void)whole;
    xml->waiting = 0;
    if (xml->over)
        return;
    xml->depth--;
    if (!xml->events.close(xml->context, xml->err))
        stop(xml);
}

static void on_text(void *context, const XML_Char *bytes, int size)
{
    struct xml *xml = context;

    xml->waiting = 0;
    if (!xml->over && !xml->events.text(xml->context, bytes, (size_t)size, xml->err))
        stop(xml);
}

static void on_doctype(void *context, const XML_Char *name, const XML_Char *system, const XML_Char *public, int inside)
{
    (void)name, (void)system, (void)public, (void)inside;
    refuse(context, "a DOCTYPE, which no reply of this protocol has");
}

static void on_declaration(void *context, const XML_Char *version, const XML_Char *encoding, int standalone)
{
    struct xml *xml = context;
    char quote[TEXT_QUOTE_SIZE];

    (void)version, (void)standalone;
    if (encoding != NULL && strcasecmp(encoding, "UTF-8") != 0 && strcasecmp(encoding, "US-ASCII") != 0)
        refuse(xml, "its encoding is %s; only UTF-8 is read", text_quote(quote, encoding));
}

/* Blanks, comments and instructions outside of all that the others take. */
static void on_other(void *context, const XML_Char *bytes, int size)
{
    (void)bytes, (void)size;
    ((struct xml *)context)->waiting = 0;
}

/* Expat's memory is counted, so that a document cannot fill it: each name that it sees is remembered to the end. Its
 * functions are told of no context: whose parser is at work stands in a variable of the thread. */
static _Thread_local struct xml *at_work;

/* Before each block: its size, in what keeps the alignment. */
union block {
    size_t size;
    max_align_t align;
};

static bool has_room(size_t old, size_t size)
{
    return size <= XML_MAX_MEMORY && at_work->memory - old <= XML_MAX_MEMORY - size;
}

static void *resize(void *memory, size_t size)
{
    union block *block = memory == NULL ? NULL : (union block *)memory - 1;
    size_t old = block == NULL ? 0 : block->size;

    if (!has_room(old, size))
        return NULL;
    block = mem_grow(block, 1, sizeof *block + size);
    block->size = size;
    at_work->memory += size - old;
    return block + 1;
}

static void *allocate(size_t size)
{
    return resize(NULL, size);
}

static void release(void *memory)
{
    union block *block = memory == NULL ? NULL : (union block *)memory - 1;

    if (block == NULL)
        return;
    at_work->memory -= block->size;
    free(block);
}

static const XML_Memory_Handling_Suite counted = { allocate, resize, release };

static void listen(struct xml *xml)
{
    XML_SetUserData(xml->parser, xml);
    XML_SetElementHandler(xml->parser, on_open, on_close);
    XML_SetCharacterDataHandler(xml->parser, on_text);
    XML_SetStartDoctypeDeclHandler(xml->parser, on_doctype);
    XML_SetXmlDeclHandler(xml->parser, on_declaration);
    XML_SetDefaultHandler(xml->parser, on_other);
}

struct xml *xml_create(const struct xml_events *events, void *context)
{
    static const XML_Char separator[] = { SEPARATOR, '\0' };
    struct xml *xml = mem_new(1, sizeof *xml), *before = at_work;

    at_work = xml;
    xml->parser = XML_ParserCreate_MM("UTF-8", &counted, separator);
    at_work = before;
    if (xml->parser == NULL)
        mem_exhausted(sizeof *xml);
    xml->events = *events;
    xml->context = context;
    listen(xml);
    return xml;
}

void xml_restart(struct xml *xml)
{
    struct xml *before = at_work;

    at_work = xml;
    XML_ParserReset(xml->parser, "UTF-8");
    at_work = before;
    listen(xml);
    xml->depth = xml->begun = xml->waiting = 0;
    xml->over = false;
}

void xml_destroy(struct xml *xml)
{
    struct xml *before = at_work;

    if (xml == NULL)
        return;
    at_work = xml;
    XML_ParserFree(xml->parser);
    at_work = before;
    free(xml);
}

static bool parse(struct xml *xml, const char *bytes, int size, bool last, struct err *err)
{
    struct xml *before = at_work;
    enum XML_Status status;
    enum XML_Error error;

    at_work = xml;
    xml->err = err;
    status = XML_Parse(xml->parser, bytes, size, last);
    xml->err = NULL;
    at_work = before;
    if (xml->over)
        return false;
    if (status == XML_STATUS_OK)
        return true;
    xml->over = true;
    error = XML_GetErrorCode(xml->parser);
    return err_set(err, ERR_PROTOCOL, "XML, line %lu: %s", (unsigned long)XML_GetCurrentLineNumber(xml->parser),
                   error == XML_ERROR_NO_MEMORY ? "it has too many different names" : XML_ErrorString(error));
}

static bool over(struct err *err)
{
    return err_set(err, ERR_BUG, "XML is read on after it has failed");
}

/* Expat takes two such bytes for UTF-16, whatever it was told. */
static bool is_utf16(struct xml *xml, const char *bytes, size_t size)
{
    for (; size > 0 && xml->begun < 2; size--, bytes++, xml->begun++) {
        if (*bytes == '\0' || *bytes == '\xfe' || *bytes == '\xff')
            return true;
    }
    return false;
}

bool xml_feed(struct xml *xml, const char *bytes, size_t size, struct err *err)
{
    if (xml->over)
        return over(err);
    if (is_utf16(xml, bytes, size)) {
        xml->over = true;
        return err_set(err, ERR_PROTOCOL, "XML, line 1: what begins here is not UTF-8");
    }
    while (size > 0) {
        size_t part = size < SLICE ? size : SLICE;

        xml->waiting += part;
        if (!parse(xml, bytes, (int)part, false, err))
            return false;
        if (xml->waiting > XML_MAX_TAG) {
            xml->over = true;
            return err_set(err, ERR_PROTOCOL, "XML, line %lu: a tag or comment of more than %d bytes",
                           (unsigned long)XML_GetCurrentLineNumber(xml->parser), XML_MAX_TAG);
        }
        bytes += part;
        size -= part;
    }
    return true;
}

bool xml_end(struct xml *xml, struct err *err)
{
    if (xml->over)
        return over(err);
    if (!parse(xml, "", 0, true, err))
        return false;
    xml->over = true;
    return true;
}
