/* Requests of WS-Management as SOAP 1.2 envelopes (DSP0226, MS-WSMV 3.1.4). Pure; each appends one whole envelope.
 * Texts are escaped, as xml_write.h says; names of classes, methods, parameters and namespaces are the program's own.
 * Messages of faults are asked for in English. */
#ifndef WSMAN_REQUEST_H
#define WSMAN_REQUEST_H

#include "str.h"

#include <stddef.h>
#include <stdint.h>

/* What each request tells; texts are the caller's. */
struct wsman_header {
    const char *to;         /* http://host:5985/wsman */
    const char *message_id; /* a UUID without uuid: */
    uint32_t max_envelope;  /* bytes of the reply; Windows takes 8,192 to what it is configured to */
    uint32_t timeout_ms;
};

void wsman_request_identify(struct str *out);

/* WQL over a namespace such as root/cimv2; elements, at least 1: how many items an answer may bring at most. The first
 * items come with the first answer (OptimizeEnumeration). */
void wsman_request_enumerate(struct str *out, const struct wsman_header *header, const char *space, const char *wql,
                             uint32_t elements);
void wsman_request_pull(struct str *out, const struct wsman_header *header, const char *space, const char *context,
                        uint32_t elements);
void wsman_request_release(struct str *out, const struct wsman_header *header, const char *space, const char *context);

struct wsman_selector {
    const char *name, *value; /* of a parameter: NULL is nil */
};

/* keys may be none: of a class with one instance, or of a static method. */

/* An instance of a class. */
struct wsman_object {
    const char *space, *class;
    const struct wsman_selector *keys;
    size_t key_count;
};

void wsman_request_get(struct str *out, const struct wsman_header *header, const struct wsman_object *object);

/* A method of a class, or of the instance with these keys. The parameters are written in the order given, which must be
 * that of the class's MOF; an array is its name once more for each element. */
struct wsman_method {
    const char *space, *class, *name;
    const struct wsman_selector *keys;
    size_t key_count;
    const struct wsman_selector *parameters;
    size_t parameter_count;
};

void wsman_request_invoke(struct str *out, const struct wsman_header *header, const struct wsman_method *method);

#endif
