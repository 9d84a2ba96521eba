/* Kerberos tickets in this process's memory, by MIT's library: a login with a password or a keytab, or what a
 * credential cache holds, and the ticket for one service. Nothing is written, and of the environment only krb5.conf's
 * place (KRB5_CONFIG) counts.
 *
 * Done by hand and not by GSSAPI, which tells apart neither a wrong password from a locked account, nor a KDC that is
 * silent from a service that it does not know. */
#ifndef KERBEROS_H
#define KERBEROS_H

#include "err.h"

#include <stdbool.h>

/* The first of password, keytab and cache that is not NULL is used. user is user@REALM, whose realm is told in upper
 * case as Active Directory has it; without one it is of the default realm. NULL: the first of the keytab, the cache's
 * own. */
struct kerberos_settings {
    const char *user, *password, *keytab, *cache;
    const char *service, *host; /* such as HTTP and web.corp.example; never what DNS makes of it */
};

struct kerberos;

/* Once in a process, before it forks: reads krb5.conf, wherever KRB5_CONFIG has it, for all that may not read it later.
 * One that cannot be read is told of by kerberos_create. */
void kerberos_prepare(void);

/* False: class denied (the KDC refused password or account; *tried: it had looked at the password, so that no other
 * way may try it again), unreachable (no KDC answers), config (keytab, cache or krb5.conf), unsupported (the KDC does
 * not know the service), protocol (clocks too far apart, anything else). The library's words are kept. */
struct kerberos *kerberos_create(const struct kerberos_settings *settings, bool *tried, struct err *err);
void kerberos_destroy(struct kerberos *kerberos); /* the tickets go with it */

/* The name of the cache in memory that holds them. */
const char *kerberos_cache(const struct kerberos *kerberos);

/* The service's principal, as the ticket has it. */
const char *kerberos_service(const struct kerberos *kerberos);

#endif
