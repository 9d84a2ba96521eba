/* WS-Management with one Windows computer (WinRM): one connection, one handshake, the calls that muster makes.
 * Blocking; replies stream through wsman_read.
 *
 * Transport: HTTPS, verified as http.h says; or HTTP with every message sealed by the security context (Negotiate or
 * Kerberos). Nothing readable ever goes over plain HTTP, and there is no falling back from one to the other.
 *
 * Limits by generation (MS-WSMV 2.2.4.10, product notes): begins with 153,600 bytes an envelope and 20 items a pull,
 * and goes up to 512,000 and 1,000 when Identify tells of WinRM 2.0 or later; a fault that names a limit makes it
 * smaller again. A quota fault is waited for and tried again within the deadline. */
#ifndef WSMAN_H
#define WSMAN_H

#include "err.h"
#include "http.h"
#include "negotiate.h"
#include "wsman_read.h"
#include "wsman_request.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum wsman_auth {
    WSMAN_KERBEROS = 1,
    WSMAN_NTLM,
    WSMAN_NEGOTIATE,   /* Kerberos where a ticket can be had, else NTLM; decided before anything is sent */
    WSMAN_BASIC,       /* over TLS only */
    WSMAN_CERTIFICATE, /* of the client, over TLS */
};

/* Texts must live as long as the session. */
struct wsman_settings {
    const char *host;
    int port; /* 0: 5986 with tls, 5985 without; 80 and 443 only where they are asked for */
    bool tls;
    enum wsman_auth auth;
    const char *user, *password, *keytab, *cache; /* negotiate.h */
    const char *certificate, *key;                /* files, for WSMAN_CERTIFICATE */
    const char *service_host;                     /* of the service principal; NULL: host */
    struct http_settings http;                    /* url is made here; ca_file, fingerprint, proxy, left_ms are taken */
};

struct wsman;

struct wsman *wsman_create(const struct wsman_settings *settings, struct err *err);
void wsman_destroy(struct wsman *wsman);

/* Needs no login on most computers; tells the generation. Called by the first query where it was not. */
bool wsman_identify(struct wsman *wsman, const struct wsman_reply **reply, struct err *err);

/* Every instance that a query brings, pull after pull until the end of the sequence; abandoned ones are released.
 * False: class denied (401, or access denied where fault->number is 0x80041003 or 5: see wsman_fault), unreachable,
 * timeout, protocol; after a fault wsman_fault tells it. */
bool wsman_query(struct wsman *wsman, const char *space, const char *wql, const struct wsman_taker *taker,
                 struct err *err);

bool wsman_invoke(struct wsman *wsman, const char *space, const char *class, const char *method,
                  const struct wsman_selector *keys, size_t key_count, const struct wsman_selector *parameters,
                  size_t parameter_count, const struct wsman_taker *taker, struct err *err);

/* Of the last call; is false where that did not end in a fault. */
const struct wsman_fault *wsman_fault(const struct wsman *wsman);

/* What a failure means for the part of a scan that made the call. */
enum wsman_meaning {
    WSMAN_FATAL = 1, /* the scan cannot go on: connection, login, deadline */
    WSMAN_ABSENT,    /* no such namespace or class: the role is not there */
    WSMAN_REFUSED,   /* access denied to this class alone */
    WSMAN_BROKEN,    /* anything else that concerns this call alone */
};
enum wsman_meaning wsman_meaning(const struct wsman *wsman);

/* How many HTTP requests were made since the handshake ended. */
size_t wsman_requests(const struct wsman *wsman);

#endif
