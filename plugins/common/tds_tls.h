/* TLS as an instance of SQL Server offers it, without a login: PRELOGIN that asks for encryption, and the handshake
 * that follows inside of TDS packets of type 0x12 (MS-TDS 2.2.6.5, 3.2.5.1). For the fingerprint, for sql.tls and for
 * the doctor; then the connection is closed. The login is the ODBC driver's (mssql.h). */
#ifndef TDS_TLS_H
#define TDS_TLS_H

#include "err.h"
#include "str.h"
#include "tls.h"

#include <stdbool.h>
#include <stdint.h>

struct tds_tls_settings {
    const char *address; /* numeric */
    int port;
    const char *name;        /* that the certificate must have; not asked with a fingerprint */
    const char *ca_file;     /* NULL: the system's CAs */
    const char *fingerprint; /* tls.h */
    bool tls_1_0;            /* TLS 1.0 and 1.1 are allowed, too */
    bool strict;             /* TLS first (TDS 8.0), with ALPN tds/8.0 */
    int64_t timeout_ms;
};

struct tds_tls {
    char version[16];                       /* agreed to, such as TLSv1.2 */
    char fingerprint[TLS_FINGERPRINT_SIZE]; /* of the certificate that was shown */
    struct str certificate;                 /* in PEM: what the driver then has to find again */
    struct str words;                       /* tls_describe */
};

/* Shakes hands. False: unreachable, timeout, protocol (a certificate that is not trusted, a version that is not
 * allowed: with what was shown, and what to do); what was seen so far is in *tls. tds_tls_finish is wanted in any case.
 */
bool tds_tls_look(struct tds_tls *tls, const struct tds_tls_settings *settings, struct err *err);
void tds_tls_finish(struct tds_tls *tls);

#endif
