/* What mssql.c and mssql_login.c share of a session. */
#ifndef MSSQL_SESSION_H
#define MSSQL_SESSION_H

#include "kerberos.h"
#include "mssql.h"
#include "mssql_error.h"
#include "mssql_relay.h"
#include "odbc.h"
#include "tds_tls.h"

struct mssql {
    struct mssql_settings settings;
    struct str address; /* numeric, that is connected to */
    struct tds_tls tls;
    struct kerberos *kerberos;
    struct odbc *odbc;
    struct mssql_relay *relay;
    struct odbc_words words; /* of the driver's last failure */
    struct mssql_meaning meaning;
    bool over;
    int64_t spare_ms; /* that the statement may still take */
    int64_t since;    /* when the call of the driver began */
};

/* How long may be waited now: at most ms, and not beyond what is left of all. */
int64_t mssql_patience(const struct mssql *mssql, int64_t ms);

/* Makes the connections and logs in. False: as mssql_open; what was made until then is mssql_close's. */
bool mssql_login(struct mssql *mssql, struct err *err);

#endif
