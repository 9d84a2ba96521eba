/* Replies of the vSphere API (SOAP 1.1, namespace urn:vim25) as they stream in: objects with their properties, one at a
 * time, and what stands around them. Pure: bytes in, calls out. Memory does not grow with the reply: an object is
 * forgotten when the call that brought it returns.
 *
 * What is read, by method (vSphere Web Services API, data objects of PropertyCollector):
 *     RetrievePropertiesEx, ContinueRetrievePropertiesEx    RetrieveResult { token, objects }
 *     WaitForUpdatesEx                                      UpdateSet { version, filterSet { objectSet }, truncated }
 *     any other                                             its returnval as a tree
 * and the Fault of any. Types are told by the attribute type of the namespace XMLSchema-instance, whatever its prefix;
 * the other attribute type, without a namespace, is that of a managed object reference. What is not known is passed
 * over. An error inside of an object names it. */
#ifndef VIM_READ_H
#define VIM_READ_H

#include "arena.h"
#include "err.h"
#include "vim_value.h"

#include <stdbool.h>
#include <stddef.h>

#define VIM_MAX_TEXT (1U << 20)   /* bytes of one element's text */
#define VIM_MAX_OBJECT (8U << 20) /* bytes of memory of one object, or of a whole other result */
#define VIM_MAX_PROPERTIES 256    /* of one object */
#define VIM_MAX_REFERENCE 1024    /* bytes of a managed object reference, a token or a version: opaque texts */

enum vim_kind {
    VIM_ENTER = 1, /* is there: of a RetrieveResult, or new to a filter */
    VIM_MODIFY,    /* changed: the properties are those that changed */
    VIM_LEAVE,     /* left the filter: it has no properties */
};

struct vim_property {
    const char *path;              /* such as "runtime.host" */
    const struct vim_value *value; /* NULL: unset now (op remove, or assign without val) */
};

/* A property that the server did not give, and why. */
struct vim_missing {
    const char *path;
    const char *fault; /* the fault's type, as that of struct vim_fault */
};

struct vim_object {
    enum vim_kind kind;
    const char *type; /* such as VirtualMachine */
    const char *moref;
    const struct vim_property *properties;
    size_t property_count;
    const struct vim_missing *missing;
    size_t missing_count;
};

/* The property's value, NULL where it is unset or did not come; the last one where it came twice. */
const struct vim_value *vim_property(const struct vim_object *object, const char *path);

struct vim_fault {
    bool is;          /* there was one */
    const char *type; /* of its detail, without the ending Fault, such as InvalidLogin; "" where it has none */
    const char *text; /* faultstring; "" where it is empty */
    const struct vim_value *detail; /* what stands in its detail, such as InvalidLoginFault; NULL where it has none */
};

/* What stands around the objects; lives as long as the reader. */
struct vim_reply {
    const struct vim_value *result; /* the returnval of other methods; NULL where there is none; several are siblings */
    const char *method;             /* the body's element, such as LoginResponse; Fault where it is one */
    const char *token;              /* of a RetrieveResult that goes on; NULL at its end */
    const char *version;            /* of an UpdateSet; NULL where nothing has changed */
    bool truncated;                 /* of an UpdateSet: more is there */
    const char *absent;             /* of an UpdateSet: the fault's type ("" where it has none) of an object that a
                                       filter begins at and that is not there any more; NULL where all are */
    size_t objects;                 /* how many were told */
    struct vim_fault fault;
};

/* Takes an object; false, with err filled, ends the reading. */
struct vim_taker {
    bool (*take)(void *context, const struct vim_object *object, struct err *err);
    void *context;
};

struct vim_reader;

/* taker NULL: objects are counted only. keep, where it is not NULL, says whether an element inside a property's value
 * is of use, by its name and xsi:type without prefix; one that is not is passed over with all beneath it. */
struct vim_reader *vim_reader_create(const struct vim_taker *taker, bool (*keep)(const char *name, const char *type));
void vim_reader_destroy(struct vim_reader *reader);

/* The next bytes. False: class protocol (not XML, not SOAP, a limit), or what taker said. */
bool vim_reader_feed(struct vim_reader *reader, const char *bytes, size_t size, struct err *err);

/* That was all. True also where the reply is a fault: see reply->fault. */
bool vim_reader_end(struct vim_reader *reader, struct err *err);

const struct vim_reply *vim_reader_reply(const struct vim_reader *reader);

#endif
