#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "session.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define PYTHON "/usr/bin/python3"
#define HOST "localhost"
#define PATIENCE_MS 20000
#define SESSION_ODD_JSON " a}};UID=sa;PWD={\\u00e4\\u20ac\\ud83d\\ude00'%s "

struct session session;

static struct peer *peer;

static const char fleet[] =
    "{\"logins\": {\"scan\": \"right\", \"odd\": \"" SESSION_ODD_JSON "\"}, \"hosts\": [{\"name\": \"" HOST "\", \"instances\": ["
    "{\"name\": \"MSSQLSERVER\", \"version\": \"2019\"},"
    "{\"name\": \"OLD\", \"version\": \"2008 RTM\", \"tls\": \"1.0\"},"
    "{\"name\": \"PLAIN\", \"version\": \"2014\", \"encryption\": \"not_supported\"},"
    "{\"name\": \"STRICT\", \"version\": \"2022\", \"encryption\": \"strict\"},"
    "{\"name\": \"EXPIRED\", \"version\": \"2016\", \"certificate\": \"expired\"},"
    "{\"name\": \"MISNAMED\", \"version\": \"2016\", \"certificate\": \"misnamed\"},"
    "{\"name\": \"STRANGE\", \"version\": \"2016\", \"certificate\": \"stranger\"},"
    "{\"name\": \"SELF\", \"version\": \"2016\", \"certificate\": \"selfsigned\"}]}]}";

int sessions_absent(void)
{
    bool python = access("/usr/lib/python3/dist-packages/gssapi", F_OK) == 0;
    bool driver = access("/etc/odbcinst.ini", R_OK) == 0;

    return peer_absent(python && driver ? NULL : "no SQL Server peer: python3-gssapi or tdsodbc is not installed");
}

void sessions_begin(const char *option, const char *value)
{
    const char *words[] = { PYTHON, "-B", SQLPEER, "--browser-port", "0", "--fleet", fleet, option, value, NULL };
    struct err err;

    peer = peer_start("sqlpeer", words, &err);
    if (peer == NULL || !mssql_prepare(&err))
        fail_msg("%s", err.text);
}

void sessions_end(void)
{
    mssql_close(session.mssql);
    session.mssql = NULL;
    str_finish(&session.rows);
    peer_stop(peer);
}

struct peer *sessions_peer(void)
{
    return peer;
}

/* ------------------------------------------------------------------------------------------------ one session ---- */

/* It is asked before the certificate is looked at, and before the driver comes. */
static int64_t left_ms(void *context)
{
    (void)context;
    if (++session.looks == 2 && session.looked != NULL)
        session.looked();
    return session.left_ms;
}

int session_port(const char *instance)
{
    char path[128];

    snprintf(path, sizeof path, "hosts." HOST ".instances.%s", instance);
    return (int)peer_fact_number(peer, path);
}

void session_with(const char *instance)
{
    struct str rows = session.rows;

    mssql_close(session.mssql);
    peer_tell(peer, "trick " HOST " honest");
    peer_tell(peer, "reset");
    session = (struct session){
        .settings = {
            .host = HOST,
            .address = "127.0.0.1",
            .port = session_port(instance),
            .auth = MSSQL_SQL,
            .user = "scan",
            .password = "right",
            .ca_file = peer_fact(peer, "ca_file"),
            .login_ms = PATIENCE_MS,
            .query_ms = PATIENCE_MS,
            .left_ms = left_ms,
            .context = &session,
        },
        .rows = rows,
        .left_ms = INT64_MAX,
    };
}

bool session_tries(void)
{
    if (!mssql_check(&session.settings, &session.err))
        fail_msg("%s", session.err.text);
    session.mssql = mssql_open(&session.settings, &session.err);
    return session.mssql != NULL;
}

void session_opens(void)
{
    if (!session_tries())
        fail_msg("%s: %s", err_class_word(session.err.class), session.err.text);
}

static void assert_error(enum err_class class, const char *words)
{
    if (session.err.class != class || strstr(session.err.text, words) == NULL)
        fail_msg("%s: %s", err_class_word(session.err.class), session.err.text);
}

void session_refused(enum err_class class, const char *words)
{
    assert_false(session_tries());
    assert_error(class, words);
}

static bool take(void *context, const struct mssql_row *row, struct err *err)
{
    (void)context;
    if (++session.row_count == session.refuse_at)
        return err_set(err, ERR_BUG, "the taker does not want it");
    for (size_t i = 0; i < row->count; i++)
        str_format(&session.rows, "[%s]%s", row->values[i] != NULL ? row->values[i] : "\\N",
                   (row->cut >> i & 1) != 0 ? "..." : "");
    str_add_char(&session.rows, '\n');
    return true;
}

bool session_asks(const char *statement)
{
    const struct mssql_taker taker = { take, NULL };

    str_clear(&session.rows);
    session.row_count = 0;
    return mssql_query(session.mssql, statement, &taker, &session.err);
}

void session_brings(const char *statement, const char *rows)
{
    if (!session_asks(statement))
        fail_msg("%s: %s", err_class_word(session.err.class), session.err.text);
    assert_string_equal(str_text(&session.rows), rows);
}

void session_fails(const char *statement, enum err_class class, const char *words)
{
    assert_false(session_asks(statement));
    assert_error(class, words);
}

/* ------------------------------------------------------------------------------------------------- the peer ---- */

void session_trick(const char *instance, const char *trick)
{
    peer_tell(peer, "trick " HOST "/%s %s", instance, trick);
}

void session_set(const char *instance, const char *setting, const char *value)
{
    peer_tell(peer, "set " HOST "/%s %s %s", instance, setting, value);
}

int64_t session_count(const char *instance, const char *what)
{
    if (instance != NULL)
        peer_tell(peer, "count " HOST "/%s", instance);
    else
        peer_tell(peer, "count");
    return peer_number(peer, what);
}
