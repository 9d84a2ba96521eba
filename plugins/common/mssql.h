/* A session with one instance of SQL Server, through ODBC (unixODBC, by default FreeTDS's driver): one login, encrypted
 * and verified, statements that only read, rows as text. Blocking. The connection is the first deadline's: after a
 * timeout it is closed for good.
 *
 * Two connections are made. The first only shakes hands (tds_tls.h): the certificate is verified there, by OpenSSL, as
 * the settings say; on the second the driver takes that very certificate and no other, or there is no login. The second
 * goes through this process (mssql_relay.h), which lets it come about only where everything is to be encrypted. A
 * driver that finds the certificate expired refuses it though a fingerprint was given: it looks at the dates.
 *
 * The driver never sees host\instance, only an address and a port of ours; its settings are files in memory
 * (mssql_source.h, mssql_place.h): pinned TDS version, encryption required, TLS 1.0 only where it is asked for. What
 * the environment says to FreeTDS, ODBC and GnuTLS is cleared first, so no other thread may read it meanwhile. User and
 * password are handed over as arguments, quoted nowhere. Clear text never.
 *
 * One login: what is refused is not tried again. */
#ifndef MSSQL_H
#define MSSQL_H

#include "err.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define MSSQL_MAX_COLUMNS 32
#define MSSQL_MAX_VALUE 65536  /* bytes of a value in UTF-8; a longer one is cut, and told as such */
#define MSSQL_MAX_ROWS 200000  /* of one statement; more ends it with class protocol */
#define MSSQL_MAX_RESULTS 1000 /* of one statement, those without columns among them */

enum mssql_auth {
    MSSQL_SQL = 1,  /* a login of the instance itself: username and password */
    MSSQL_NTLM,     /* DOMAIN\user and password */
    MSSQL_KERBEROS, /* user@REALM and password, else keytab, else cache (kerberos.h); service MSSQLSvc/host:port */
};

/* Texts must live as long as the session. */
struct mssql_settings {
    const char *driver;  /* name in odbcinst.ini, never a path; NULL: FreeTDS's */
    const char *host;    /* that the certificate and the service principal have */
    const char *address; /* numeric: where to connect; NULL: that of host which answers */
    int port;
    int major; /* of the instance's build, by PRELOGIN: pins the TDS version (7.3 for 2008, else 7.4); 0: 7.4 */
    enum mssql_auth auth;
    const char *user, *password, *keytab, *cache;
    const char *ca_file;     /* NULL: the system's CAs */
    const char *fingerprint; /* SHA-256 of the certificate: then it alone decides */
    bool tls_1_0;            /* TLS 1.0 and 1.1 are allowed */
    bool strict;             /* TLS before anything else (TDS 8.0), as sql_scout.h finds; FreeTDS: from 1.5 on */
    const char *database;    /* NULL: the login's default */
    int64_t login_ms, query_ms;
    int64_t (*left_ms)(void *context); /* until everything must be over; NULL: there is no end */
    void *context;
};

/* Once in a process, before it forks: reads the system's CAs and krb5.conf, loads the driver manager and, where it is
 * there, FreeTDS's driver, so that no run has to. Leaves no thread and no descriptor, makes no connection. False: class
 * system. */
bool mssql_prepare(struct err *err);

/* Whether the settings make sense, with a login or without any; no network. False: class config, naming the option. */
bool mssql_check(const struct mssql_settings *settings, struct err *err);

struct mssql;

/* Connects and logs in. NULL: class denied (18456, 18486 to 18488, 18470, 18452: the credential), unreachable, timeout,
 * protocol (TLS, TDS), unsupported (the database is not there or not open to the login: 4060, 4064, 916), config (no
 * such driver). The driver's own words are kept, never the connection string. */
struct mssql *mssql_open(const struct mssql_settings *settings, struct err *err);
void mssql_close(struct mssql *mssql);

/* One row: texts in UTF-8 without what is none, NULL for NULL; they live until this returns. cut: bit n is set where
 * value n was longer than MSSQL_MAX_VALUE. False, with err filled, ends the statement. */
struct mssql_row {
    const char *values[MSSQL_MAX_COLUMNS];
    size_t count;
    uint32_t cut;
};

struct mssql_taker {
    bool (*take)(void *context, const struct mssql_row *row, struct err *err);
    void *context;
};

/* One statement a batch, each column with an alias, read by its place. Every result set that it brings is read; rows
 * come from the first that has columns; where none has, that is class protocol, for whoever asks nothing gets none.
 * False: class denied never; unsupported (the object or column is not there: 207, 208; a right lacks: 229, 262, 297,
 * 300, 371, 916: see mssql_number), timeout and unreachable (the session is over), protocol. */
bool mssql_query(struct mssql *mssql, const char *statement, const struct mssql_taker *taker, struct err *err);

/* SQL Server's number of the last error; 0 where there was none. */
int mssql_number(const struct mssql *mssql);

/* Whether the last failure was a right that lacks; then the other statements go on. */
bool mssql_lacks_right(const struct mssql *mssql);

/* Whether the session can still be used. */
bool mssql_alive(const struct mssql *mssql);

/* The version of TLS that the instance agreed to, such as TLSv1.2, and how the login was made: "SQL", "NTLM" or
 * "Kerberos". */
const char *mssql_tls(const struct mssql *mssql);
const char *mssql_login_word(const struct mssql *mssql);

#endif
