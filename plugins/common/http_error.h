/* How a transfer of libcurl ended, as a sentence with its class: what failed, curl's own words, what to do. Pure. */
#ifndef HTTP_ERROR_H
#define HTTP_ERROR_H

#include "err.h"
#include "tls.h"

struct http_ending {
    int code;           /* CURLcode */
    const char *text;   /* what curl says of it */
    const char *server; /* host:port */
    const char *proxy;  /* NULL: none */
    long proxy_status;  /* what the proxy answered to CONNECT; 0: nothing */
    const struct tls *tls;
};

/* Always returns false. */
bool http_error(const struct http_ending *ending, struct err *err);

#endif
