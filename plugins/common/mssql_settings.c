/* mssql_check: whether settings make sense. */
#include "mssql.h"
#include "text.h"
#include "tls.h"

#include <netdb.h>
#include <string.h>
#include <sys/socket.h>

#define MAX_HOST 255
#define MAX_DRIVER 255 /* unixODBC copies it into a buffer without looking */
#define MAX_LOGIN 128  /* characters of a name or a password in LOGIN7 (MS-TDS 2.2.6.4) */

/* What an ini file would take for something else. */
static bool is_plain(const char *text)
{
    return text[0] != '\0' && strpbrk(text, "[]{};#=\"") == NULL && text[0] != ' ' && text[strlen(text) - 1] != ' ';
}

static bool has_controls(const char *text)
{
    for (; *text != '\0'; text++) {
        if ((unsigned char)*text < ' ' || *text == 0x7F)
            return true;
    }
    return false;
}

static bool check_text(const char *option, const char *text, size_t most, bool plain, struct err *err)
{
    char quote[TEXT_QUOTE_SIZE];

    if (text == NULL)
        return true;
    if (has_controls(text) || (plain && !is_plain(text)))
        return err_set(err, ERR_CONFIG, "%s: %s holds a character that it can not have", option,
                       text_quote(quote, text));
    if (strlen(text) > most)
        return err_set(err, ERR_CONFIG, "%s: %s is longer than %zu bytes", option, text_quote(quote, text), most);
    return true;
}

/* The library is what odbcinst.ini says: that is the system's, and nobody looks at whose a file elsewhere is. */
static bool check_driver(const char *driver, struct err *err)
{
    char quote[TEXT_QUOTE_SIZE];

    if (driver == NULL || strchr(driver, '/') == NULL)
        return true;
    return err_set(err, ERR_CONFIG, "driver: %s is a path; give the name that it has in odbcinst.ini (odbcinst -q -d)",
                   text_quote(quote, driver));
}

static bool check_texts(const struct mssql_settings *settings, struct err *err)
{
    const size_t most = (size_t)4 * MAX_LOGIN;

    if (!check_text("host", settings->host, MAX_HOST, true, err) ||
        !check_text("driver", settings->driver, MAX_DRIVER, true, err) || !check_driver(settings->driver, err) ||
        !check_text("username", settings->user, most, false, err) ||
        !check_text("database", settings->database, most, true, err))
        return false;
    if (settings->password != NULL && strlen(settings->password) > most)
        return err_set(err, ERR_CONFIG, "password: it is longer than %zu bytes", most);
    return true;
}

static bool check_by_password(const struct mssql_settings *settings, const char *how, struct err *err)
{
    if (settings->user == NULL || settings->user[0] == '\0')
        return err_set(err, ERR_CONFIG, "username: it is needed for a login by %s", how);
    if (settings->password == NULL || settings->password[0] == '\0')
        return err_set(err, ERR_CONFIG, "password: it is needed for a login by %s", how);
    if (settings->keytab != NULL || settings->cache != NULL)
        return err_set(err, ERR_CONFIG, "%s: it is for auth = \"kerberos\" only",
                       settings->keytab != NULL ? "keytab" : "cache");
    return true;
}

/* Without a domain FreeTDS would take the account for a login of the instance, and the other way round. */
static bool check_domain(const struct mssql_settings *settings, struct err *err)
{
    const char *slash = strchr(settings->user, '\\');
    char quote[TEXT_QUOTE_SIZE];

    if (settings->auth == MSSQL_NTLM && (slash == NULL || slash == settings->user || slash[1] == '\0'))
        return err_set(err, ERR_CONFIG, "username: %s is not DOMAIN\\user, as auth = \"ntlm\" wants it",
                       text_quote(quote, settings->user));
    if (settings->auth == MSSQL_SQL && slash != NULL)
        return err_set(err, ERR_CONFIG,
                       "username: %s is an account of a domain: give auth = \"ntlm\", or \"kerberos\" and user@REALM",
                       text_quote(quote, settings->user));
    return true;
}

/* DOMAIN\user would be taken for a principal of that name, which costs an attempt that the KDC refuses. */
static bool check_kerberos(const struct mssql_settings *settings, struct err *err)
{
    char quote[TEXT_QUOTE_SIZE];

    if (settings->password == NULL && settings->keytab == NULL && settings->cache == NULL)
        return err_set(err, ERR_CONFIG, "auth = \"kerberos\" needs a password, a keytab or a cache");
    if (settings->password != NULL && (settings->user == NULL || settings->user[0] == '\0'))
        return err_set(err, ERR_CONFIG, "username: it is needed with a password");
    if (settings->user != NULL && strchr(settings->user, '\\') != NULL)
        return err_set(err, ERR_CONFIG, "username: %s is not user@REALM, as auth = \"kerberos\" wants it",
                       text_quote(quote, settings->user));
    return true;
}

/* What is told without a login needs none. */
static bool check_login(const struct mssql_settings *settings, struct err *err)
{
    if (settings->user == NULL && settings->password == NULL && settings->keytab == NULL && settings->cache == NULL)
        return true;
    switch (settings->auth) {
    case MSSQL_KERBEROS: return check_kerberos(settings, err);
    case MSSQL_NTLM: return check_by_password(settings, "NTLM", err) && check_domain(settings, err);
    default: return check_by_password(settings, "SQL Server itself", err) && check_domain(settings, err);
    }
}

static bool check_address(const char *address, struct err *err)
{
    const struct addrinfo numeric = { .ai_flags = AI_NUMERICHOST };
    char quote[TEXT_QUOTE_SIZE];
    struct addrinfo *found;

    if (address == NULL)
        return true;
    if (getaddrinfo(address, NULL, &numeric, &found) != 0)
        return err_set(err, ERR_CONFIG, "address: %s is no address of IPv4 or IPv6; a name goes into host",
                       text_quote(quote, address));
    freeaddrinfo(found);
    return true;
}

bool mssql_check(const struct mssql_settings *settings, struct err *err)
{
    if (settings->host == NULL || settings->host[0] == '\0')
        return err_set(err, ERR_CONFIG, "host: it is needed");
    if (!check_texts(settings, err) || !check_address(settings->address, err) || !check_login(settings, err))
        return false;
    return settings->fingerprint == NULL || tls_check_fingerprint(settings->fingerprint, err);
}
