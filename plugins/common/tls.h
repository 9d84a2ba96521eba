/* Whom a TLS connection trusts, by OpenSSL: the system's CAs, those of a file, or one certificate by its fingerprint.
 * And what the server showed last, for people.
 *
 *     struct tls *tls = tls_create(ca_file, fingerprint, &err);
 *     tls_attach(tls, ssl_ctx);      (of each connection to be made)
 *     ... on failure: tls_describe(tls, &words)
 *     tls_destroy(tls);
 *
 * With CAs, the chain and the dates are verified here, the host's name by who makes the connection. With a fingerprint
 * it alone decides: neither the chain, nor the name, nor the dates of the certificate count. */
#ifndef TLS_H
#define TLS_H

#include "err.h"
#include "str.h"

#include <stdbool.h>
#include <stddef.h>

#define TLS_FINGERPRINT_SIZE 96 /* SHA-256 as AA:BB:..., with its NUL */
#define TLS_MAX_END_POINT 64

struct tls;

/* Reads the system's CAs, for all that tls_create makes from now on; the second call does nothing. A system without
 * any is no error here: it is told where a certificate is refused. */
void tls_prepare(void);

/* Whether it is a SHA-256 fingerprint: 64 hex digits, with colons or without. False: class config. */
bool tls_check_fingerprint(const char *fingerprint, struct err *err);

/* fingerprint NULL: by CAs; ca_file NULL too: by the system's. False: the file cannot be read, or holds no certificate
 * (class config). */
struct tls *tls_create(const char *ca_file, const char *fingerprint, struct err *err);
void tls_destroy(struct tls *tls);

/* Puts the rules into a connection's SSL_CTX, which must not outlive the struct tls. */
void tls_attach(struct tls *tls, void *ssl_ctx);

/* SHA-256 of the certificate that a server showed last, and the version agreed to then; "" before there was one. */
const char *tls_fingerprint(const struct tls *tls);
const char *tls_version(const struct tls *tls);

/* tls-server-end-point (RFC 5929, 4.1) of that certificate: its hash by its signature's own hash algorithm, by SHA-256
 * in place of MD5 and SHA-1. The number of bytes, at most TLS_MAX_END_POINT; 0 where there is none. */
size_t tls_end_point(const struct tls *tls, unsigned char hash[TLS_MAX_END_POINT]);

/* Adds of whom the certificate is that was shown last, by whom, for which names, until when, and its fingerprint, in
 * one line that begins with a blank. Nothing where none was shown. */
void tls_describe(const struct tls *tls, struct str *out);

/* Adds that certificate in PEM; nothing where none was shown. */
void tls_pem(const struct tls *tls, struct str *out);

/* What to do about a certificate that is refused. */
const char *tls_remedy(const struct tls *tls);

#endif
