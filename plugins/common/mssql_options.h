/* The options that plugins for SQL Server have in common, as rows of their tables, and the settings that come of them.
 *
 *     static const struct muster_option options[] = { MSSQL_OPTIONS, { 0 } }; */
#ifndef MSSQL_OPTIONS_H
#define MSSQL_OPTIONS_H

#include "err.h"
#include "mssql.h"
#include "muster_plugin.h"
#include "sql_scout.h"

extern const char *const mssql_options_auth[];

/* clang-format off */
#define MSSQL_OPTIONS                                                                                                  \
    { .name = "host", .type = MUSTER_TEXT, .required = 1,                                                              \
      .help = "name of the computer, or of a failover cluster instance, as its certificate has it; or its address" },  \
    { .name = "address", .type = MUSTER_TEXT,                                                                          \
      .help = "numeric address to connect to, where DNS has none for host, or another one" },                          \
    { .name = "instance", .type = MUSTER_TEXT,                                                                         \
      .help = "only this instance; unset: each that SQL Server Browser names, and the one at port 1433" },             \
    { .name = "port", .type = MUSTER_INT, .min = 1, .max = 65535,                                                      \
      .help = "port of the instance; unset: SQL Server Browser is asked, and 1433 is looked at" },                     \
    { .name = "auth", .type = MUSTER_CHOICE, .fallback = "sql", .choices = mssql_options_auth,                         \
      .help = "how to log in: sql (a login of the instance), ntlm (DOMAIN\\user) or kerberos (user@REALM)" },          \
    { .name = "username", .type = MUSTER_TEXT,                                                                         \
      .help = "as auth wants it; unset, and no keytab or cache: no login, only what is told without one" },            \
    { .name = "password", .type = MUSTER_SECRET, .help = "its password" },                                             \
    { .name = "keytab", .type = MUSTER_PATH, .help = "keytab of the account, in place of a password (Kerberos)" },     \
    { .name = "cache", .type = MUSTER_PATH, .help = "credential cache, a file (Kerberos)" },                           \
    { .name = "ca_file", .type = MUSTER_PATH,                                                                          \
      .help = "file of CA certificates (PEM) to trust instead of the system's" },                                      \
    { .name = "fingerprint", .type = MUSTER_TEXT,                                                                      \
      .help = "SHA-256 of the server's certificate; then it alone decides, whoever signed it" },                       \
    { .name = "allow_tls_1_0", .type = MUSTER_BOOL, .fallback = "false",                                               \
      .help = "true: also TLS 1.0 and 1.1, which is all that a SQL Server without updates has; it is reported" },      \
    { .name = "driver", .type = MUSTER_TEXT, .fallback = "FreeTDS",                                                    \
      .help = "ODBC driver, by its name in odbcinst.ini" },                                                            \
    { .name = "browser_timeout", .type = MUSTER_DURATION, .fallback = "2s", .min = 50, .max = 60000,                   \
      .help = "how long SQL Server Browser may take" },                                                                \
    { .name = "connect_timeout", .type = MUSTER_DURATION, .fallback = "15s", .min = 50, .max = 600000,                 \
      .help = "how long a port, a handshake and a login may take, each" },                                             \
    { .name = "query_timeout", .type = MUSTER_DURATION, .fallback = "60s", .min = 50, .max = 3600000,                  \
      .help = "how long a statement may take" }
/* clang-format on */

/* Texts are the run's. What depends on the instance (port, major) is left empty. */
void mssql_options_read(struct mssql_settings *settings, struct sql_scout_settings *scout, struct muster *m);

/* Whether there is anything to log in with. */
bool mssql_options_login(const struct mssql_settings *settings);

/* Fails the run with it; always -1. */
int mssql_options_fail(struct muster *m, const struct err *err);

#endif
