/* A Kerberos realm for one test: MIT's KDC on loopback with accounts of its own, in a folder of its own. The process's
 * KRB5_CONFIG leads to it.
 *
 *     if (!realm_start())
 *         return realm_absent();      (in main: there is no KDC on this machine)
 *     realm_add("scanner@EXAMPLE.TEST", "secret");
 *     realm_stop(); */
#ifndef REALM_H
#define REALM_H

#include <stdbool.h>

#define REALM "EXAMPLE.TEST"
#define REALM_SERVICE "HTTP/localhost@" REALM
#define REALM_SKIPPED 77

/* False: krb5-kdc is not installed. The service's key is in realm_keytab. */
bool realm_start(void);
void realm_stop(void);

/* What main returns where there is none: skipped, or failed where CI=true. */
int realm_absent(void);

void realm_add(const char *principal, const char *password);

/* A command of kadmin.local, which must succeed. */
void realm_admin(const char *command);

/* Paths beneath the realm's folder; they live until the next call. The keytab's key is the account's as it is. */
const char *realm_keytab(void);
const char *realm_keytab_of(const char *principal);
const char *realm_cache_of(const char *principal, const char *password); /* by kinit */
const char *realm_path(const char *name);

/* The KDC goes, and comes again at the same place. */
void realm_silence(void);
void realm_wake(void);

#endif
