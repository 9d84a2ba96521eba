/* The Kerberos realm of one test (tests/peers/kdc.py), with accounts of its own. The process's KRB5_CONFIG leads to it,
 * and its acceptor has the service's key.
 *
 *     realm_start();
 *     realm_add("scanner@EXAMPLE.TEST", "secret");
 *     realm_stop(); */
#ifndef REALM_H
#define REALM_H

void realm_start(void);
void realm_stop(void);

void realm_add(const char *principal, const char *password);

/* A command of kadmin.local, which must succeed. */
void realm_admin(const char *command);

/* How often a wrong password was tried for the account since the last good one. */
int realm_failures(const char *principal);

/* Paths beneath the realm's folder; they live until the next call. The keytab's key is the account's as it is. */
const char *realm_keytab(void); /* of the service */
const char *realm_keytab_of(const char *principal);
const char *realm_cache_of(const char *principal, const char *password);
const char *realm_path(const char *name);

/* The KDC goes, and comes again at the same place. */
void realm_silence(void);
void realm_wake(void);

#endif
