/* One security context with one server by GSSAPI, for HTTP's scheme Negotiate: Kerberos in SPNEGO (RFC 4178), or NTLM
 * as it is (MS-NLMP), which is what Windows's own clients send there; its handshake, and the sealing of messages
 * (MS-WSMV 2.2.9.1.1). A context belongs to one connection: after a broken one a new
 * context begins. NTLM's key stream runs on with each message, so one request is in flight at a time, in order.
 *
 *     struct negotiate *negotiate = negotiate_create(&settings, &err);
 *     while (negotiate_step(negotiate, in, in_size, &out, &done, &err) && !done) ...exchange out for in...
 */
#ifndef NEGOTIATE_H
#define NEGOTIATE_H

#include "err.h"
#include "str.h"

#include <stdbool.h>
#include <stddef.h>

#define NEGOTIATE_MAX_TOKEN 65536 /* bytes of one token either way */

enum negotiate_mechanism {
    NEGOTIATE_KERBEROS = 1,
    NEGOTIATE_NTLM,
    NEGOTIATE_EITHER, /* Kerberos where a ticket can be had, else NTLM; never both: where the KDC looked at the password
                       * and refused it, NTLM does not try it again */
};

/* Texts must live as long as the context. Kerberos: with a password (user@REALM), else from a keytab, else from a
 * credential cache. NTLM: DOMAIN\user or user, and a password. */
struct negotiate_settings {
    enum negotiate_mechanism mechanism;
    const char *service;                          /* NULL: HTTP */
    const char *host;                             /* name of the server as its service principal has it */
    const char *user, *password, *keytab, *cache; /* each may be NULL */
    const void *binding; /* hash of the server's certificate (tls-server-end-point, RFC 5929); NULL without TLS */
    size_t binding_size;
};

struct negotiate;

/* Once in a process, before it forks: loads the mechanisms. */
bool negotiate_prepare(struct err *err);

/* Acquires the credential, and for Kerberos a ticket: NULL with class denied (a refused password or principal),
 * unreachable (no KDC answers), config (a keytab or cache that cannot be read, no NTLM on this machine), unsupported
 * (the KDC does not know the service); the library's own words are kept, with what to do. Nothing has gone to the
 * server. */
struct negotiate *negotiate_create(const struct negotiate_settings *settings, struct err *err);
void negotiate_destroy(struct negotiate *negotiate);

/* What it came to: Kerberos or NTLM; and where either would do, why it is not Kerberos, else "". */
enum negotiate_mechanism negotiate_mechanism(const struct negotiate *negotiate);
const char *negotiate_reason(const struct negotiate *negotiate);

/* The next step of the handshake: in is the server's token, of size 0 at first; out is what to send, empty where
 * nothing is left to say. done: the context stands, and the server has proved who it is as far as the mechanism can. */
bool negotiate_step(struct negotiate *negotiate, const void *in, size_t in_size, struct str *out, bool *done,
                    struct err *err);

/* Seals a message: header is what goes before the data (the signature or token header). Appends. */
bool negotiate_wrap(struct negotiate *negotiate, const void *plain, size_t size, struct str *header, struct str *data,
                    struct err *err);

struct negotiate_message {
    const char *bytes;
    size_t size;
};

/* Opens one: false, class protocol, where it was altered, replayed or is out of order. header and data may lie one
 * behind the other, which saves a copy; data may be overwritten, and what was in it then lies there. That lives as long
 * as data, and until the next call, or negotiate_let_go. */
bool negotiate_unwrap(struct negotiate *negotiate, const void *header, size_t header_size, void *data, size_t data_size,
                      struct negotiate_message *message, struct err *err);

/* Gives back the memory of the message that was opened last: it may be half a megabyte. */
void negotiate_let_go(struct negotiate *negotiate);

/* Whether what it agreed to can seal (confidentiality and integrity). */
bool negotiate_seals(const struct negotiate *negotiate);

#endif
