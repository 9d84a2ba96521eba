#include "sqlpeer.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

int sqlpeer_absent(void)
{
    if (access("/usr/bin/python3", X_OK) == 0 && access("/usr/bin/openssl", X_OK) == 0)
        return 0;
    return peer_absent("no SQL Server peer: python3 or openssl is not installed");
}

/* By which tdsodbc makes itself known. */
static bool has_driver(void)
{
    FILE *file = fopen("/etc/odbcinst.ini", "re");
    char line[256];
    bool found = false;

    while (file != NULL && !found && fgets(line, sizeof line, file) != NULL)
        found = strncmp(line, "[FreeTDS]", 9) == 0;
    if (file != NULL)
        fclose(file);
    return found;
}

int sqlpeer_login_absent(void)
{
    if (sqlpeer_absent() != 0)
        return sqlpeer_absent();
    return peer_absent(has_driver() ? NULL : "no ODBC driver for SQL Server: tdsodbc is not installed");
}

int sqlpeer_domain_absent(void)
{
    if (access("/usr/lib/python3/dist-packages/gssapi", F_OK) == 0 &&
        access("/etc/gss/mech.d/mech.ntlmssp.conf", F_OK) == 0)
        return 0;
    return peer_absent("no logins of a domain: python3-gssapi or gss-ntlmssp is not installed");
}

struct peer *sqlpeer_begin(const char *option, ...)
{
    struct peer *peer;
    va_list args;

    va_start(args, option);
    peer = peer_vbegin("sqlpeer", SQLPEER, option, args);
    va_end(args);
    return peer;
}

int sqlpeer_port(struct peer *peer, const char *host, const char *instance)
{
    if (instance == NULL) {
        peer_tell(peer, "where\t%s", host);
        return (int)peer_number(peer, "browser");
    }
    peer_tell(peer, "where\t%s/%s", host, instance);
    return (int)peer_number(peer, "port");
}

int64_t sqlpeer_count(struct peer *peer, const char *path)
{
    peer_tell(peer, "count");
    return peer_number(peer, path);
}
