#include "xml.h"

#include "mem.h"
#include "text.h"
#include "xml_plain.h"
#include "xml_space.h"

#include <expat.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define SLICE 16384 /* bytes handed to expat at a time */

struct xml {
    XML_Parser parser;
    struct xml_events events;
    void *context;
    size_t depth;
    size_t memory;    /* bytes that expat has of us */
    size_t begun;     /* bytes of the first two that were seen */
    size_t waiting;   /* bytes since the last event: expat holds a tag until it is whole */
    size_t lines;     /* of the text that expat was not shown */
    XML_Index fed;    /* bytes that it was shown */
    XML_Index behind; /* of these, up to the end of the last tag */
    struct err *err;  /* of the call that is under way */
    bool over;        /* it has failed */
    struct xml_space space;
    struct xml_attribute attributes[XML_MAX_ATTRIBUTES];
};

static void stop(struct xml *xml)
{
    xml->over = true;
    XML_StopParser(xml->parser, XML_FALSE);
}

static unsigned long line(const struct xml *xml)
{
    return (unsigned long)(XML_GetCurrentLineNumber(xml->parser) + xml->lines);
}

/* Says of an error where it is; false. */
static bool fail(struct xml *xml)
{
    stop(xml);
    return err_add(xml->err, "XML, line %lu", line(xml));
}

/* For a rule of ours that is broken; false. */
static bool refuse(struct xml *xml, const char *format, ...) __attribute__((format(printf, 2, 3)));

static bool refuse(struct xml *xml, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    err_vset(xml->err, ERR_PROTOCOL, format, args);
    va_end(args);
    return fail(xml);
}

static bool resolve(struct xml *xml, const char *text, bool attribute, struct xml_name *name)
{
    size_t size;

    if (!xml_space_resolve(&xml->space, text, attribute, name, xml->err))
        return fail(xml);
    size = strlen(name->local) + strlen(name->space);
    return size <= XML_MAX_NAME || refuse(xml, "a name of %zu bytes, more than %d", size, XML_MAX_NAME);
}

static bool declare(struct xml *xml, const char *const *pair)
{
    size_t size = strlen(pair[0]) + strlen(pair[1]);

    if (size > XML_MAX_VALUE)
        return refuse(xml, "a namespace of %zu bytes, more than %d", size, XML_MAX_VALUE);
    return xml_space_declare(&xml->space, xml->depth, pair[0], pair[1], xml->err) || fail(xml);
}

/* They hold for the whole tag, wherever they stand in it. */
static bool declare_all(struct xml *xml, const char *const *pairs)
{
    for (; pairs[0] != NULL; pairs += 2)
        if (xml_space_is_declaration(pairs[0]) && !declare(xml, pairs))
            return false;
    return true;
}

/* Two prefixes may stand for one namespace. */
static bool is_unique(struct xml *xml, size_t count)
{
    const struct xml_name *name = &xml->attributes[count].name;

    for (size_t i = 0; name->space[0] != '\0' && i < count; i++)
        if (strcmp(name->local, xml->attributes[i].name.local) == 0 &&
            strcmp(name->space, xml->attributes[i].name.space) == 0)
            return refuse(xml, "duplicate attribute");
    return true;
}

static bool take_attribute(struct xml *xml, size_t count, const char *const *pair)
{
    if (count == XML_MAX_ATTRIBUTES)
        return refuse(xml, "an element of more than %d attributes", XML_MAX_ATTRIBUTES);
    if (strlen(pair[1]) > XML_MAX_VALUE)
        return refuse(xml, "an attribute's value of %zu bytes, more than %d", strlen(pair[1]), XML_MAX_VALUE);
    xml->attributes[count].value = pair[1];
    return resolve(xml, pair[0], true, &xml->attributes[count].name) && is_unique(xml, count);
}

static bool take_attributes(struct xml *xml, const char *const *pairs, size_t *count)
{
    for (*count = 0; pairs[0] != NULL; pairs += 2) {
        if (xml_space_is_declaration(pairs[0]))
            continue;
        if (!take_attribute(xml, *count, pairs))
            return false;
        ++*count;
    }
    return true;
}

static bool take_tag(struct xml *xml, const char *whole, const char *const *pairs)
{
    struct xml_name name;
    size_t count;

    if (!declare_all(xml, pairs) || !resolve(xml, whole, false, &name) || !take_attributes(xml, pairs, &count))
        return false;
    if (!xml->events.open(xml->context, &name, xml->attributes, count, xml->err))
        stop(xml);
    return true;
}

static void note_tag(struct xml *xml)
{
    xml->waiting = 0;
    xml->behind = XML_GetCurrentByteIndex(xml->parser) + XML_GetCurrentByteCount(xml->parser);
}

/* A parser that was stopped still ends what it is at: an empty element's end, for one. */
static void on_open(void *context, const XML_Char *whole, const XML_Char **pairs)
{
    struct xml *xml = context;

    note_tag(xml);
    if (xml->over)
        return;
    if (++xml->depth > XML_MAX_DEPTH)
        refuse(xml, "elements nested deeper than %d", XML_MAX_DEPTH);
    else
        take_tag(xml, whole, (const char *const *)pairs);
}

static void on_close(void *context, const XML_Char *whole)
{
    struct xml *xml = context;

    (void)whole;
    note_tag(xml);
    if (xml->over)
        return;
    xml_space_leave(&xml->space, xml->depth);
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

/* Passed over, but its name is one that may have no prefix. */
static void on_instruction(void *context, const XML_Char *name, const XML_Char *bytes)
{
    struct xml *xml = context;

    (void)bytes;
    xml->waiting = 0;
    if (!xml->over && strchr(name, ':') != NULL)
        refuse(xml, "not well-formed (invalid token)");
}

/* Blanks and comments outside of all that the others take. */
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
    XML_SetProcessingInstructionHandler(xml->parser, on_instruction);
    XML_SetDefaultHandler(xml->parser, on_other);
}

struct xml *xml_create(const struct xml_events *events, void *context)
{
    struct xml *xml = mem_new(1, sizeof *xml), *before = at_work;

    at_work = xml;
    xml->parser = XML_ParserCreate_MM("UTF-8", &counted, NULL);
    at_work = before;
    if (xml->parser == NULL)
        mem_exhausted(sizeof *xml);
    xml_space_init(&xml->space);
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
    xml_space_finish(&xml->space);
    xml_space_init(&xml->space);
    xml->depth = xml->begun = xml->waiting = xml->lines = 0;
    xml->fed = xml->behind = 0;
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
    xml_space_finish(&xml->space);
    free(xml);
}

static bool parse(struct xml *xml, const char *bytes, int size, bool last, struct err *err)
{
    struct xml *before = at_work;
    enum XML_Status status;
    enum XML_Error error;

    at_work = xml;
    xml->err = err;
    xml->fed += size;
    status = XML_Parse(xml->parser, bytes, size, last);
    xml->err = NULL;
    at_work = before;
    if (xml->over)
        return false;
    if (status == XML_STATUS_OK)
        return true;
    xml->over = true;
    error = XML_GetErrorCode(xml->parser);
    return err_set(err, ERR_PROTOCOL, "XML, line %lu: %s", line(xml),
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

/* Whether expat holds nothing, and the last of what it was shown was a tag within the document: text, where there is
 * any, begins here, as expat itself says. */
static bool is_behind_tag(const struct xml *xml)
{
    return xml->depth > 0 && xml->behind == xml->fed;
}

/* Takes plain text past expat, which is slow with references. How much that was: 0 where there is none. */
static size_t take_plain(struct xml *xml, const char *bytes, size_t size, struct err *err)
{
    struct xml_plain plain;
    size_t taken = 0;

    do {
        xml_plain_read(&plain, bytes + taken, size - taken);
        taken += plain.taken;
        xml->lines += plain.lines;
        if (plain.length > 0 && !xml->events.text(xml->context, plain.text, plain.length, err))
            xml->over = true;
    } while (plain.length == XML_PLAIN_ROOM && !xml->over);
    return taken;
}

/* How much expat is shown next: up to the tag before the next reference, or behind the one that follows it. What it
 * holds, a comment for one, it reads from its start with each part: that is not cut small. */
static size_t next_part(const struct xml *xml, const char *bytes, size_t size)
{
    size_t part = size < SLICE ? size : SLICE;
    const char *reference = memchr(bytes, '&', part), *tag;

    if (reference == NULL || xml->waiting > 0)
        return part;
    tag = memrchr(bytes, '>', (size_t)(reference - bytes));
    if (tag == NULL)
        tag = memchr(reference, '>', part - (size_t)(reference - bytes));
    return tag == NULL ? part : (size_t)(tag - bytes) + 1;
}

static bool show(struct xml *xml, const char *bytes, size_t size, struct err *err)
{
    xml->waiting += size;
    if (!parse(xml, bytes, (int)size, false, err))
        return false;
    if (xml->waiting <= XML_MAX_TAG)
        return true;
    xml->over = true;
    return err_set(err, ERR_PROTOCOL, "XML, line %lu: a tag or comment of more than %d bytes", line(xml), XML_MAX_TAG);
}

bool xml_feed(struct xml *xml, const char *bytes, size_t size, struct err *err)
{
    if (xml->over)
        return over(err);
    if (is_utf16(xml, bytes, size)) {
        xml->over = true;
        return err_set(err, ERR_PROTOCOL, "XML, line 1: what begins here is not UTF-8");
    }
    while (size > 0 && !xml->over) {
        size_t part = is_behind_tag(xml) ? take_plain(xml, bytes, size, err) : 0;

        if (part == 0) {
            part = next_part(xml, bytes, size);
            if (!show(xml, bytes, part, err))
                return false;
        }
        bytes += part;
        size -= part;
    }
    return !xml->over;
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
