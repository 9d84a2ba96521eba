/* WS-Management with one Windows computer (WinRM): one connection, one handshake, the calls that muster makes.
 * Blocking; replies stream through wsman_read.
 *
 * Transport: HTTPS, verified as http.h says; or HTTP with every message sealed by the security context (Negotiate or
 * Kerberos). Nothing readable ever goes over plain HTTP, and there is no falling back from one to the other.
 *
 * One login: what is refused (401) is not tried again. A connection that is lost between two calls is made anew, with a
 * login anew, for a call that the server cannot have begun; all calls only read.
 *
 * Limits by generation (wsman_limits.h): begins with 153,600 bytes an envelope and 20 items a pull, and goes up to what
 * the generation takes that Identify tells; a fault that names a limit makes it smaller again. A quota fault is waited
 * for and tried again within the deadline. */
#ifndef WSMAN_H
#define WSMAN_H

#include "err.h"
#include "http.h"
#include "negotiate.h"
#include "str.h"
#include "wsman_fault.h"
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
    struct http_settings http; /* ca_file, fingerprint, proxy, left_ms and context are taken; the rest is made here */
    void (*pause)(void *context, int64_t ms); /* waits, with http's context; NULL: as long as it says */
};

struct wsman;

/* Whether the settings make sense; no network. False: class config, naming the option. */
bool wsman_check(const struct wsman_settings *settings, struct err *err);

/* Connects at the first call. */
struct wsman *wsman_create(const struct wsman_settings *settings, struct err *err);
void wsman_destroy(struct wsman *wsman);

/* Asks without a login, for what the server offers (as "Negotiate, Kerberos"): for doctors. The text lives until the
 * next call. */
bool wsman_offers(struct wsman *wsman, const char **schemes, struct err *err);

/* The login alone; every other call does it where it has not been done. */
bool wsman_login(struct wsman *wsman, struct err *err);

/* How the login was made: "Kerberos", "NTLM", "Basic" or "certificate", "" before it; and why it is not Kerberos where
 * that was to be tried first, else "". */
const char *wsman_login_word(const struct wsman *wsman);
const char *wsman_login_reason(const struct wsman *wsman);

/* What the last reply told of the connection: its certificate, TLS version and date. */
const struct http_reply *wsman_connection(const struct wsman *wsman);

/* Adds whose certificate was seen last, as http_certificate does. */
void wsman_certificate(const struct wsman *wsman, struct str *out);

/* Tells the generation. Called by the first query where it was not. The reply lives until the next call. */
bool wsman_identify(struct wsman *wsman, const struct wsman_reply **reply, struct err *err);

/* Every instance that a query brings, pull after pull until the end of the sequence; abandoned ones are released.
 * False: class denied (401, or access denied where fault->number is 0x80041003 or 5: see wsman_fault), unreachable,
 * timeout, protocol; after a fault wsman_fault tells it. */
bool wsman_query(struct wsman *wsman, const char *space, const char *wql, const struct wsman_taker *taker,
                 struct err *err);

/* One instance by its keys. False: as a query; where there is none of them, or no such class, the meaning is
 * WSMAN_ABSENT. */
bool wsman_get(struct wsman *wsman, const struct wsman_object *object, const struct wsman_taker *taker,
               struct err *err);

/* A method of a class or an instance; its output is told as one instance. */
bool wsman_invoke(struct wsman *wsman, const struct wsman_method *method, const struct wsman_taker *taker,
                  struct err *err);

/* Of the last call; is false where that did not end in a fault. */
const struct wsman_fault *wsman_fault(const struct wsman *wsman);

/* What the last call's failure means (wsman_fault.h). */
enum wsman_meaning wsman_meaning(const struct wsman *wsman);

/* How many HTTP requests were made since the handshake ended. */
size_t wsman_requests(const struct wsman *wsman);

#endif
