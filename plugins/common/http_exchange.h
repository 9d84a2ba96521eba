/* One request's reply as it comes in: libcurl's callbacks, with the limits that http.h promises. */
#ifndef HTTP_EXCHANGE_H
#define HTTP_EXCHANGE_H

#include "err.h"
#include "http.h"
#include "pace.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct http_exchange {
    void *curl;         /* the easy handle */
    const char *server; /* host:port */
    const struct http_settings *settings;
    const struct http_sink *sink;
    struct http_reply *reply;
    struct err *err;

    unsigned requests; /* how often it was to be sent: the second time it is not */
    bool told;         /* err says why this ends, or the sink did */
    bool head_whole;   /* the empty line after the headers came: curl does not insist on it */
    size_t header_bytes;
    uint64_t body_bytes;
    struct pace pace;
    char location[256]; /* where a redirect leads to, cut */
};

/* Time until everything must be over; INT64_MAX where there is no end. */
int64_t http_exchange_left_ms(const struct http_exchange *exchange);

/* Sets the callbacks; the exchange must stay until the transfer has ended. */
void http_exchange_attach(struct http_exchange *exchange);

#endif
