/* A stream of XML as events, by expat: namespaces resolved, limits kept, nothing remembered of it.
 *
 *     struct xml *xml = xml_create(&events, context);
 *     while (...) good = xml_feed(xml, bytes, size, &err);
 *     good = good && xml_end(xml, &err);
 *     xml_destroy(xml);
 *
 * What a target sends is hostile: a DOCTYPE is refused (and with it every entity but the five of XML), as are more
 * nesting, attributes, longer or more different names than the limits below allow, and what is not UTF-8. Errors name
 * the line. Comments and processing instructions are passed over. */
#ifndef XML_H
#define XML_H

#include "err.h"

#include <stdbool.h>
#include <stddef.h>

#define XML_MAX_DEPTH 64          /* 32 snapshots above each other stand 40 deep in a reply of vSphere */
#define XML_MAX_ATTRIBUTES 16     /* of one element; declarations of namespaces are none */
#define XML_MAX_SPACES 64         /* namespaces declared where it is read at, with those of the elements around */
#define XML_MAX_NAME 512          /* bytes of a namespace and a local name together */
#define XML_MAX_VALUE 4096        /* bytes of one attribute's value */
#define XML_MAX_TAG 131072        /* bytes of a whole tag or comment: what must be held until it is complete */
#define XML_MAX_MEMORY (4U << 20) /* bytes that reading takes: all names of a document are remembered to its end */

struct xml;

/* Names live as long as the event. */
struct xml_name {
    const char *space; /* the namespace; "" for none */
    const char *local;
};

struct xml_attribute {
    struct xml_name name;
    const char *value;
};

/* Each returns false, with err filled, to end the reading. */
struct xml_events {
    bool (*open)(void *context, const struct xml_name *name, const struct xml_attribute *attributes, size_t count,
                 struct err *err);
    bool (*close)(void *context, struct err *err);                                /* of what was opened last */
    bool (*text)(void *context, const char *bytes, size_t size, struct err *err); /* may come in parts */
};

struct xml *xml_create(const struct xml_events *events, void *context);
void xml_destroy(struct xml *xml);

/* Another document begins, whatever became of the former: cheaper than another struct xml. Not from within an event. */
void xml_restart(struct xml *xml);

/* The next bytes. False: class protocol, or what an event said; then nothing may be fed any more. */
bool xml_feed(struct xml *xml, const char *bytes, size_t size, struct err *err);

/* That was all: false where the document is not complete. */
bool xml_end(struct xml *xml, struct err *err);

#endif
