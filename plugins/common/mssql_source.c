#include "mssql_source.h"

#include "hash.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define SECTION "muster"
#define DRIVER "FreeTDS" /* as Debian's tdsodbc names itself in odbcinst.ini */
#define SQL_2008 10      /* its major version, also 2008 R2's */

/* By its name or path; each other driver is taken for Microsoft's. */
static bool is_freetds(const char *driver)
{
    return driver == NULL || strcasestr(driver, "tds") != NULL;
}

static void add(struct str *out, const char *key, const char *value)
{
    str_format(out, "%s = %s\n", key, value);
}

static const char *yes(bool truth)
{
    return truth ? "yes" : "no";
}

/* TDS 7.4 is of 2012; what an older server is offered it would agree down from, but not each does so well. */
void mssql_source_freetds(const struct mssql_source *source, struct str *out)
{
    const struct mssql_settings *settings = source->settings;

    str_add(out, "[" SECTION "]\n");
    add(out, "host", source->address);
    str_format(out, "port = %d\n", source->port);
    add(out, "tds version", settings->major > 0 && settings->major <= SQL_2008 ? "7.3" : "7.4");
    add(out, "encryption", settings->strict ? "strict" : "require");
    add(out, "ca file", source->certificate);
    add(out, "check certificate hostname", "no");
    add(out, "enable tls v1", yes(settings->tls_1_0));
    add(out, "client charset", "UTF-8");
    str_format(out, "text size = %d\n", 4 * MSSQL_MAX_VALUE);
    add(out, "read-only intent", "yes");
    add(out, "use ntlmv2", "yes");
}

static void add_freetds(struct str *out)
{
    add(out, "Servername", SECTION);
}

static void add_microsoft(const struct mssql_source *source, struct str *out)
{
    const struct mssql_settings *settings = source->settings;

    str_format(out, "Server = tcp:%s,%d\n", source->address, source->port);
    add(out, "Encrypt", settings->strict ? "strict" : "yes");
    add(out, "TrustServerCertificate", "no");
    add(out, "HostnameInCertificate", settings->host);
    if (settings->ca_file != NULL || settings->fingerprint != NULL)
        add(out, "ServerCertificate", source->certificate);
    add(out, "ApplicationIntent", "ReadOnly");
    add(out, "ConnectRetryCount", "0");
}

void mssql_source_odbc(const struct mssql_source *source, struct str *out, char name[MSSQL_SOURCE_NAME])
{
    const struct mssql_settings *settings = source->settings;
    struct str entries = STR_EMPTY;

    add(&entries, "Driver", settings->driver != NULL ? settings->driver : DRIVER);
    if (is_freetds(settings->driver))
        add_freetds(&entries);
    else
        add_microsoft(source, &entries);
    if (settings->auth == MSSQL_KERBEROS)
        add(&entries, "Trusted_Connection", "Yes");
    if (source->service != NULL)
        add(&entries, "ServerSPN", source->service);
    if (settings->database != NULL)
        add(&entries, "Database", settings->database);
    snprintf(name, MSSQL_SOURCE_NAME, SECTION "-%016" PRIx64,
             hash64(&hash_stable_key, str_text(&entries), entries.length));
    str_format(out, "[%s]\n%s", name, str_text(&entries));
    str_finish(&entries);
}
