/* Certificates for servers of a test, made when they are wanted: no file of the tree can expire. What fails ends the
 * test. */
#ifndef FAR_CERTIFICATE_H
#define FAR_CERTIFICATE_H

#include <openssl/x509.h>

struct far_certificate {
    X509 *certificate;
    EVP_PKEY *key;
};

/* Valid from a day ago for so many days; alternatives as OpenSSL writes them ("DNS:a,IP:127.0.0.1"), NULL: a CA. issuer
 * NULL: it signs itself. */
void far_certificate_make(struct far_certificate *made, const char *name, const char *alternatives, int days,
                          const struct far_certificate *issuer);
void far_certificate_finish(struct far_certificate *made);

/* Its SHA-256 as AA:BB:..., of 96 bytes; and itself, as a file of PEM. */
void far_certificate_print(const struct far_certificate *made, char text[96]);
void far_certificate_write(const struct far_certificate *made, const char *path);

#endif
