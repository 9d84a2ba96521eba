/* Replies of WS-Management (DSP0226; MS-WSMV 3.1.4) as they stream in: instances, one at a time, and what stands around
 * them. Pure. Namespaces are resolved, prefixes never matched; what is unknown is passed over.
 *
 * Read are the replies of Identify, Enumerate and Pull (with w:Items and n:Items), Get, Invoke, Release, and the Fault
 * of any (SOAP 1.2). */
#ifndef WSMAN_READ_H
#define WSMAN_READ_H

#include "cim.h"
#include "err.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define WSMAN_MAX_TEXT (1U << 20)     /* bytes of one value */
#define WSMAN_MAX_INSTANCE (4U << 20) /* bytes of memory of one instance */
#define WSMAN_MAX_PROPERTIES 1024
#define WSMAN_MAX_CONTEXT 4096 /* bytes of an enumeration context: opaque */

struct wsman_fault {
    bool is;
    const char *code, *subcode; /* local names, such as Receiver and InvalidEnumerationContext; "" for none */
    uint32_t number;            /* of the innermost WSManFault, such as 0x8004100E; 0: none told */
    const char *text;           /* the innermost message, else the reason; in the server's language */
};

/* Lives as long as the reader. */
struct wsman_reply {
    const char *context; /* of an enumeration that goes on; NULL: it is at its end */
    bool ended;          /* EndOfSequence */
    size_t instances;
    const char *vendor, *version, *protocol; /* of Identify: ProductVendor, ProductVersion, ProtocolVersion */
    struct wsman_fault fault;
};

struct wsman_taker {
    bool (*take)(void *context, const struct cim_instance *instance, struct err *err);
    void *context;
};

struct wsman_reader;

/* taker NULL: instances are counted only. An Invoke's output and a Get's answer are told as one instance. */
struct wsman_reader *wsman_reader_create(const struct wsman_taker *taker);
void wsman_reader_destroy(struct wsman_reader *reader);
bool wsman_reader_feed(struct wsman_reader *reader, const char *bytes, size_t size, struct err *err);
bool wsman_reader_end(struct wsman_reader *reader, struct err *err);
const struct wsman_reply *wsman_reader_reply(const struct wsman_reader *reader);

#endif
