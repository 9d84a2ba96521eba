/* From settings to a session: the instance's certificate first, then a ticket, then the driver. */
#include "mssql_place.h"
#include "mssql_session.h"
#include "mssql_source.h"
#include "probe.h"
#include "text.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SERVICE "MSSQLSvc"
#define MAX_SERVICE 300 /* of host:port */

static const char *const words[] = { [MSSQL_SQL] = "SQL", [MSSQL_NTLM] = "NTLM", [MSSQL_KERBEROS] = "Kerberos" };

const char *mssql_login_word(const struct mssql *mssql)
{
    return words[mssql->settings.auth];
}

/* --------------------------------------------------------------------------------------------- before a login ---- */

static bool find_address(struct mssql *mssql, struct err *err)
{
    const struct mssql_settings *settings = &mssql->settings;
    struct probe probe = { 0 };

    if (settings->address != NULL) {
        str_add(&mssql->address, settings->address);
        return true;
    }
    snprintf(probe.host, sizeof probe.host, "%s", settings->host);
    snprintf(probe.port, sizeof probe.port, "%d", settings->port);
    return probe_route(&probe, mssql_patience(mssql, settings->login_ms), &mssql->address, err);
}

/* What is seen here is what the driver must find again; and who is silent here never gets a driver to wait for it. */
static bool see_certificate(struct mssql *mssql, struct err *err)
{
    const struct mssql_settings *settings = &mssql->settings;
    const struct tds_tls_settings wanted = {
        .address = str_text(&mssql->address),
        .port = settings->port,
        .name = settings->host,
        .ca_file = settings->ca_file,
        .fingerprint = settings->fingerprint,
        .tls_1_0 = settings->tls_1_0,
        .strict = settings->strict,
        .timeout_ms = mssql_patience(mssql, settings->login_ms),
    };

    return tds_tls_look(&mssql->tls, &wanted, err);
}

/* ---------------------------------------------------------------------------------------------------- kerberos ---- */

static bool ask_for_ticket(struct mssql *mssql, const char *host, struct err *err)
{
    const struct mssql_settings *settings = &mssql->settings;
    const struct kerberos_settings wanted = {
        .user = settings->user,
        .password = settings->password,
        .keytab = settings->keytab,
        .cache = settings->cache,
        .service = SERVICE,
        .host = host,
    };
    bool tried;

    mssql->kerberos = kerberos_create(&wanted, &tried, err);
    return mssql->kerberos != NULL;
}

/* An instance registers MSSQLSvc/host:port; the default one MSSQLSvc/host, too, which is all that some have by hand. */
static bool obtain_ticket(struct mssql *mssql, struct err *err)
{
    const struct mssql_settings *settings = &mssql->settings;
    char host[MAX_SERVICE];
    struct err second;

    if (settings->auth != MSSQL_KERBEROS)
        return true;
    snprintf(host, sizeof host, "%s:%d", settings->host, settings->port);
    if (ask_for_ticket(mssql, host, err))
        return true;
    if (err->class == ERR_UNSUPPORTED && ask_for_ticket(mssql, settings->host, &second))
        return true;
    if (err->class == ERR_UNSUPPORTED)
        err_set(err, ERR_UNSUPPORTED,
                "the KDC knows no " SERVICE
                "/%s: let host be the name that the computer has in its domain, or, where the "
                "instance could not register itself: setspn -S " SERVICE "/%s ACCOUNT, the account being its service's",
                host, host);
    return false;
}

/* ----------------------------------------------------------------------------------------------------- driver ---- */

struct files {
    struct mssql_file certificate, freetds, odbc;
};

static bool write_files(const struct mssql *mssql, struct files *files, char name[MSSQL_SOURCE_NAME], struct err *err)
{
    struct mssql_source source = { .settings = &mssql->settings,
                                   .address = MSSQL_RELAY_ADDRESS,
                                   .port = mssql_relay_port(mssql->relay) };
    struct str freetds = STR_EMPTY, odbc = STR_EMPTY;
    bool good = mssql_file_write(&files->certificate, &mssql->tls.certificate, err);

    source.certificate = files->certificate.path;
    source.service = mssql->kerberos != NULL ? kerberos_service(mssql->kerberos) : NULL;
    mssql_source_freetds(&source, &freetds);
    mssql_source_odbc(&source, &odbc, name);
    good = good && mssql_file_write(&files->freetds, &freetds, err) && mssql_file_write(&files->odbc, &odbc, err);
    str_finish(&freetds);
    str_finish(&odbc);
    return good;
}

/* The driver's own idea of a user is whoever the tickets are of. */
static bool connect_driver(struct mssql *mssql, const char *name, int64_t patience, struct err *err)
{
    const struct mssql_settings *settings = &mssql->settings;
    bool ticket = mssql->kerberos != NULL;
    const struct odbc_login login = {
        .source = name,
        .user = ticket ? NULL : settings->user,
        .password = ticket ? NULL : settings->password,
        .login_s = (int)((patience + 999) / 1000),
    };
    bool good;

    mssql_relay_begin(mssql->relay, patience);
    good = odbc_connect(mssql->odbc, &login, &mssql->words);
    if (mssql_relay_end(mssql->relay))
        return err_set(err, ERR_TIMEOUT, "the login took longer than %" PRId64 " ms", patience);
    if (!good && mssql_relay_failed(mssql->relay, err))
        return false;
    return good || mssql_error(&mssql->words, true, &mssql->meaning, err);
}

static bool name_login(const struct mssql *mssql, struct err *err)
{
    const struct mssql_settings *settings = &mssql->settings;
    const char *user = settings->user != NULL ? settings->user : "the account of keytab or cache";
    char quote[TEXT_QUOTE_SIZE];

    if (err->class == ERR_CONFIG && settings->driver != NULL)
        err_add(err, "ODBC driver %s", text_quote(quote, settings->driver));
    return err_add(err, "port %d of %s, login of %s by %s", settings->port, settings->host, text_quote(quote, user),
                   mssql_login_word(mssql));
}

/* Beyond the login nothing of the files is read. */
static bool use_driver(struct mssql *mssql, struct err *err)
{
    struct files files = { MSSQL_FILE_NONE, MSSQL_FILE_NONE, MSSQL_FILE_NONE };
    int64_t patience = mssql_patience(mssql, mssql->settings.login_ms);
    char name[MSSQL_SOURCE_NAME];
    bool good = write_files(mssql, &files, name, err);

    if (good) {
        mssql_place_set(files.odbc.path, files.freetds.path);
        if (mssql->kerberos != NULL)
            setenv("KRB5CCNAME", kerberos_cache(mssql->kerberos), 1);
        good = connect_driver(mssql, name, patience, err) || name_login(mssql, err);
        unsetenv("KRB5CCNAME");
        mssql_place_clear();
    }
    mssql_file_finish(&files.certificate);
    mssql_file_finish(&files.freetds);
    mssql_file_finish(&files.odbc);
    return good;
}

bool mssql_login(struct mssql *mssql, struct err *err)
{
    const struct mssql_settings *settings = &mssql->settings;

    if (settings->user == NULL && settings->keytab == NULL && settings->cache == NULL)
        return err_set(err, ERR_CONFIG, "username: no account is given to log in with");
    if (!mssql_check(settings, err)) /* not all of them need be an administrator's: a server names its databases */
        return false;
    if (!find_address(mssql, err) || !see_certificate(mssql, err) || !obtain_ticket(mssql, err))
        return false;
    mssql->relay = mssql_relay_create(str_text(&mssql->address), settings->port, settings->strict, err);
    if (mssql->relay == NULL)
        return false;
    mssql->odbc = odbc_create();
    return use_driver(mssql, err);
}
