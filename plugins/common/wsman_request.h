/* Requests of WS-Management as SOAP 1.2 envelopes (DSP0226, MS-WSMV 3.1.4). Pure; everything escaped. */
#ifndef WSMAN_REQUEST_H
#define WSMAN_REQUEST_H

#include "str.h"

#include <stddef.h>
#include <stdint.h>

/* What each request tells; texts are the caller's. */
struct wsman_header {
    const char *to;         /* http://host:5985/wsman */
    const char *message_id; /* a UUID without uuid: */
    uint32_t max_envelope;  /* bytes */
    uint32_t timeout_ms;
};

void wsman_request_identify(struct str *out);

/* WQL over a namespace such as root/cimv2; elements: how many items the first answer may bring at most. */
void wsman_request_enumerate(struct str *out, const struct wsman_header *header, const char *space, const char *wql,
                             uint32_t elements);
void wsman_request_pull(struct str *out, const struct wsman_header *header, const char *space, const char *context,
                        uint32_t elements);
void wsman_request_release(struct str *out, const struct wsman_header *header, const char *space, const char *context);

struct wsman_selector {
    const char *name, *value;
};

void wsman_request_get(struct str *out, const struct wsman_header *header, const char *space, const char *class,
                       const struct wsman_selector *keys, size_t count);

/* The parameters are written in the order given, which must be that of the class's MOF. */
void wsman_request_invoke(struct str *out, const struct wsman_header *header, const char *space, const char *class,
                          const char *method, const struct wsman_selector *keys, size_t key_count,
                          const struct wsman_selector *parameters, size_t parameter_count);

#endif
