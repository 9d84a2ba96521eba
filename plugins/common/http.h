/* HTTPS to one server, by libcurl (or HTTP, for what is sealed by itself): each reply is a stream into a sink, within
 * limits; nothing of it is kept.
 *
 *     struct http *http = http_create(&settings, &err);
 *     struct http_reply reply;
 *     const struct http_request request = { "/sdk", headers, body, size };
 *     if (http_send(http, &request, &sink, &reply, &err)) ...
 *     http_destroy(http);
 *
 * The server's certificate is always verified: by the system's CAs, by a file of CAs, or by the one certificate whose
 * SHA-256 fingerprint is given; there is no way around it. Redirects are refused (the error says where to), so a
 * credential goes to the configured server only. Compressed replies are not asked for, and refused. The environment's
 * proxies are not looked at. A connection is kept and used again; a request is sent once, also where the connection
 * breaks before its reply. Any thread may use a struct http, one at a time. */
#ifndef HTTP_H
#define HTTP_H

#include "err.h"
#include "str.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define HTTP_MAX_HEADER 65536    /* bytes of all headers of a reply */
#define HTTP_FINGERPRINT_SIZE 96 /* SHA-256 as AA:BB:..., with its NUL */
#define HTTP_MAX_END_POINT 64    /* bytes of what http_end_point writes */
#define HTTP_MAX_COOKIES 16384   /* bytes of what http_cookies writes */

struct http;

/* Is told each header line of a reply before its body: the name in any case, the value's bytes until it returns. A
 * name of NULL: a reply begins, what was told before (by a 100 Continue) does not count. */
struct http_watch {
    void (*take)(void *context, const char *name, const char *value, size_t size);
    void *context;
};

/* Texts and context must live as long as the struct http. */
struct http_settings {
    const char *url;         /* https://host[:port]; what follows the port is ignored */
    bool sealed;             /* allows http:// too: the caller vouches that whatever it sends is sealed */
    const char *certificate; /* NULL, or the client's own, a file in PEM with its chain */
    const char *key;         /* its private key, a file in PEM without a password; NULL: in the same file */
    const char *ca_file;     /* NULL: the system's CAs */
    const char *fingerprint; /* NULL, or SHA-256 of the server's certificate in hex, colons allowed: it alone decides,
                              * neither chain nor name nor dates */
    const char *proxy;       /* NULL: none; http://host:port otherwise, by CONNECT, without a login */
    uint64_t max_reply;      /* bytes of one reply's body; more ends it with class protocol */
    struct http_watch watch; /* take NULL: nobody watches */
    /* Until everything must be over; looked at during each transfer. NULL: there is no end. */
    int64_t (*left_ms)(void *context);
    void *context;
};

struct http_reply {
    int status;           /* of HTTP, such as 200 */
    char type[128];       /* Content-Type without parameters, in lower case; "" where there is none */
    char whole_type[256]; /* Content-Type as it came; "" where it is longer, too */
    bool fresh;           /* a connection was made for it */
    int64_t date_ms;      /* the server's Date, in ms since 1970; 0 where it told none */
    char fingerprint[HTTP_FINGERPRINT_SIZE]; /* of the certificate that was seen last; "" where it came to none */
    char tls[16];                            /* the version agreed to then, such as TLSv1.3 */
};

/* Takes a part of the body. False, with err filled, ends the transfer, and http_send fails with that. */
struct http_sink {
    bool (*take)(void *context, const char *bytes, size_t size, struct err *err);
    void *context;
    /* Asked about once a second, from before the reply begins: false, with err filled, ends it likewise. NULL: it is
     * wanted. */
    bool (*wanted)(void *context, struct err *err);
};

/* Once in a process, before it forks: initialises curl and loads the system's CAs, which takes 30 ms that no request
 * then has to spend. Leaves no thread and no descriptor. */
bool http_prepare(struct err *err);

/* Whether a fingerprint, and an address, can be understood; no network. */
bool http_check(const struct http_settings *settings, struct err *err);

struct http *http_create(const struct http_settings *settings, struct err *err);
void http_destroy(struct http *http);

struct http_request {
    const char *path;           /* on the server, such as "/sdk" */
    const char *const *headers; /* further lines, NULL at their end; NULL: none */
    const void *body;           /* of a POST; NULL: it is a GET */
    size_t size;
};

/* Sends a request. True: a whole reply came, of whatever status; its body went to the sink. False: why, in words that
 * name the server: class unreachable (name, route, port, a connection that broke, a proxy's refusal), timeout (the
 * deadline, 30 s to connect, a server that drips: see pace.h), protocol (TLS, HTTP, limits; for a certificate: the
 * library's reason, and the fingerprint that was seen), or the sink's. reply is filled as far as the exchange came. */
bool http_send(struct http *http, const struct http_request *request, const struct http_sink *sink,
               struct http_reply *reply, struct err *err);

/* Adds whose the certificate is that was seen last, who signed it, for which names, until when, and its fingerprint, in
 * one line that begins with a blank. Nothing where none was seen. */
void http_certificate(const struct http *http, struct str *out);

/* The next request makes a connection of its own, and closes the one before: what was agreed on it is of no use. */
void http_renew(struct http *http);

/* tls-server-end-point (RFC 5929) of the certificate that was seen last: the hash that a channel binding holds. The
 * number of bytes; 0 where no certificate was seen, or its signature has no hash that the RFC knows. */
size_t http_end_point(const struct http *http, unsigned char hash[HTTP_MAX_END_POINT]);

/* The cookies that the server has set, in a form for http_set_cookies, at most HTTP_MAX_COOKIES bytes with the NUL: a
 * secret. False where they are longer. */
bool http_cookies(struct http *http, char *buffer, size_t size);

/* Takes these in place of those that there are; "" forgets them. False: it is not of that form, and some may be
 * missing. */
bool http_set_cookies(struct http *http, const char *cookies);

#endif
