/* Replies of WS-Management (DSP0226; MS-WSMV 3.1.4) as they stream in: instances, one at a time, and what stands around
 * them. Pure. Namespaces are resolved, prefixes never matched; what is unknown is passed over.
 *
 * Read are the replies of Identify, Enumerate and Pull (with w:Items and n:Items), Get, Invoke, Release, and the Fault
 * of any (SOAP 1.2). An instance is an element of any class's namespace, or w:XmlFragment; where it comes with an
 * endpoint reference (w:Item), that is passed over. A property's value is its text, or that of the one cim:Datetime
 * (Date, Time, Interval, CIM_DateTime) in it, or of the VmID in an instance in it (MSCluster_Property); the same name
 * once more is the next element of an array. */
#ifndef WSMAN_READ_H
#define WSMAN_READ_H

#include "cim.h"
#include "err.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define WSMAN_MAX_TEXT (1U << 20)     /* bytes of one value */
#define WSMAN_MAX_INSTANCE (4U << 20) /* bytes of memory of one instance, and of all that stands around them */
#define WSMAN_MAX_PROPERTIES 1024
#define WSMAN_MAX_CONTEXT                                                                                              \
    4096                       /* bytes of an enumeration context, which is opaque; of a word of a fault or Identify   \
                                */
#define WSMAN_MAX_REASON 65536 /* bytes of one message of a fault */

/* Texts are "" where none came. */
struct wsman_fault {
    bool is;
    const char *code, *subcode; /* local names, such as Receiver and InvalidEnumerationContext */
    const char *detail;         /* last part of a FaultDetail's URI, such as MaxEnvelopeSizeExceeded */
    uint32_t number;            /* of the innermost WSManFault, or of MSFT_WmiError, such as 0x8004100E; 0: none told */
    const char *text;           /* the innermost message, else the reason; in the server's language */
};

enum wsman_reply_kind {
    WSMAN_REPLY_EMPTY, /* as that of a Release may be */
    WSMAN_REPLY_IDENTIFY,
    WSMAN_REPLY_ENUMERATE,
    WSMAN_REPLY_PULL,
    WSMAN_REPLY_RELEASE,
    WSMAN_REPLY_ANSWER, /* of a Get or an Invoke */
    WSMAN_REPLY_FAULT,
};

/* Lives as long as the reader. */
struct wsman_reply {
    enum wsman_reply_kind kind;
    const char *context; /* of an enumeration, for the next Pull; NULL at its end. A PullResponse need not repeat it
                          * (WS-Enumeration 3.2): NULL and not ended means that the former one goes on */
    bool ended;          /* EndOfSequence */
    size_t instances;
    const char *vendor, *version, *protocol; /* of Identify: ProductVendor, ProductVersion, ProtocolVersion; or NULL */
    struct wsman_fault fault;
};

/* Takes an instance, which lives until it returns; false, with err filled, ends the reading. */
struct wsman_taker {
    bool (*take)(void *context, const struct cim_instance *instance, struct err *err);
    void *context;
};

struct wsman_reader;

/* taker NULL: instances are counted only. An Invoke's output and a Get's answer are told as one instance. */
struct wsman_reader *wsman_reader_create(const struct wsman_taker *taker);
void wsman_reader_destroy(struct wsman_reader *reader);

/* The next bytes. False: class protocol (not XML, not SOAP 1.2, a limit), or what taker said. */
bool wsman_reader_feed(struct wsman_reader *reader, const char *bytes, size_t size, struct err *err);

/* That was all. True also where the reply is a fault: see reply->fault. */
bool wsman_reader_end(struct wsman_reader *reader, struct err *err);

const struct wsman_reply *wsman_reader_reply(const struct wsman_reader *reader);

#endif
