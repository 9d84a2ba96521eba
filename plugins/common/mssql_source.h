/* What an ODBC driver is told of an instance: an odbc.ini with one data source, and for FreeTDS's driver a freetds.conf
 * with one section. Pure. No secret and nothing from outside is in it: user and password go to the driver beside it, so
 * there is nothing to quote; other texts mssql_check has looked at. (FreeTDS 1.3 ends a value in braces at its first
 * "};", doubled or not.) */
#ifndef MSSQL_SOURCE_H
#define MSSQL_SOURCE_H

#include "mssql.h"
#include "str.h"

#define MSSQL_SOURCE_NAME 40

struct mssql_source {
    const struct mssql_settings *settings;
    const char *address;     /* numeric, where the driver connects to */
    int port;                /* there */
    const char *certificate; /* path of the PEM of the only certificate that the server may show */
    const char *service;     /* its principal, for Kerberos; else NULL */
};

/* For odbc.ini; name becomes that of the data source: another one for other content, as the driver manager remembers
 * what it has read. */
void mssql_source_odbc(const struct mssql_source *source, struct str *out, char name[MSSQL_SOURCE_NAME]);

/* For freetds.conf. */
void mssql_source_freetds(const struct mssql_source *source, struct str *out);

#endif
