#include "mssql_options.h"

#include <string.h>

/* In the order of enum mssql_auth. */
const char *const mssql_options_auth[] = { "sql", "ntlm", "kerberos", NULL };

static int64_t left_ms(void *context)
{
    return muster_left_ms(context);
}

static enum mssql_auth auth_of(const char *word)
{
    for (int i = 0; mssql_options_auth[i] != NULL; i++) {
        if (strcmp(mssql_options_auth[i], word) == 0)
            return (enum mssql_auth)(i + 1);
    }
    return MSSQL_SQL;
}

static void read_scout(struct sql_scout_settings *scout, struct muster *m)
{
    *scout = (struct sql_scout_settings){
        .host = muster_text(m, "host"),
        .address = muster_text(m, "address"),
        .instance = muster_text(m, "instance"),
        .port = (int)muster_int(m, "port"),
        .browser_ms = muster_duration_ms(m, "browser_timeout"),
        .port_ms = muster_duration_ms(m, "connect_timeout"),
        .left_ms = left_ms,
        .context = m,
    };
}

void mssql_options_read(struct mssql_settings *settings, struct sql_scout_settings *scout, struct muster *m)
{
    *settings = (struct mssql_settings){
        .driver = muster_text(m, "driver"),
        .host = muster_text(m, "host"),
        .address = muster_text(m, "address"),
        .auth = auth_of(muster_choice(m, "auth")),
        .user = muster_text(m, "username"),
        .password = muster_secret(m, "password", NULL),
        .keytab = muster_path(m, "keytab"),
        .cache = muster_path(m, "cache"),
        .ca_file = muster_path(m, "ca_file"),
        .fingerprint = muster_text(m, "fingerprint"),
        .tls_1_0 = muster_bool(m, "allow_tls_1_0"),
        .login_ms = muster_duration_ms(m, "connect_timeout"),
        .query_ms = muster_duration_ms(m, "query_timeout"),
        .left_ms = left_ms,
        .context = m,
    };
    read_scout(scout, m);
}

bool mssql_options_login(const struct mssql_settings *settings)
{
    return settings->user != NULL || settings->keytab != NULL || settings->cache != NULL;
}

/* The failure classes of err.h are numbered as those of the ABI; the last is of this machine's making. */
int mssql_options_fail(struct muster *m, const struct err *err)
{
    return muster_fail(m, err->class <= ERR_CONFIG ? (int)err->class : MUSTER_UNREACHABLE, "%s", err->text);
}
