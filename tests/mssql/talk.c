#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "talk.h"

#include "confine.h"
#include "sqlpeer.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#define HOST "localhost"
#define PATIENCE_MS 20000
#define NOBODY 65534
#define TALK_ODD_JSON " a}};UID=sa;PWD={\\u00e4\\u20ac\\ud83d\\ude00'%s "

struct talk talk;

static struct peer *peer;

static const char fleet[] = "{\"logins\": {\"scan\": \"right\", \"odd\": \"" TALK_ODD_JSON
                            "\"}, \"hosts\": [{\"name\": \"" HOST "\", \"instances\": ["
                            "{\"name\": \"MSSQLSERVER\", \"version\": \"2019\"},"
                            "{\"name\": \"OLD\", \"version\": \"2008 RTM\", \"tls\": \"1.0\"},"
                            "{\"name\": \"PLAIN\", \"version\": \"2014\", \"encryption\": \"not_supported\"},"
                            "{\"name\": \"STRICT\", \"version\": \"2022\", \"encryption\": \"strict\"},"
                            "{\"name\": \"EXPIRED\", \"version\": \"2016\", \"certificate\": \"expired\"},"
                            "{\"name\": \"MISNAMED\", \"version\": \"2016\", \"certificate\": \"misnamed\"},"
                            "{\"name\": \"STRANGE\", \"version\": \"2016\", \"certificate\": \"stranger\"},"
                            "{\"name\": \"SELF\", \"version\": \"2016\", \"certificate\": \"selfsigned\"}]}]}";

void talks_begin(const char *option, const char *value)
{
    struct err err;

    peer = sqlpeer_begin("--browser-port", "0", "--fleet", fleet, option, value, NULL);
    if (!mssql_prepare(&err))
        fail_msg("%s", err.text);
}

void talks_end(void)
{
    mssql_close(talk.mssql);
    talk.mssql = NULL;
    str_finish(&talk.rows);
    peer_stop(peer);
}

struct peer *talks_peer(void)
{
    return peer;
}

/* ------------------------------------------------------------------------------------------------ one session ---- */

/* It is asked before the certificate is looked at, and before the driver comes. */
static int64_t left_ms(void *context)
{
    (void)context;
    if (++talk.looks == 2 && talk.looked != NULL)
        talk.looked();
    return talk.left_ms;
}

int talk_port(const char *instance)
{
    return sqlpeer_port(peer, HOST, instance);
}

void talk_with(const char *instance)
{
    struct str rows = talk.rows;

    mssql_close(talk.mssql);
    peer_tell(peer, "trick " HOST " honest");
    peer_tell(peer, "reset");
    talk = (struct talk){
        .settings = {
            .host = HOST,
            .address = "127.0.0.1",
            .port = talk_port(instance),
            .auth = MSSQL_SQL,
            .user = "scan",
            .password = "right",
            .ca_file = peer_fact(peer, "ca_file"),
            .login_ms = PATIENCE_MS,
            .query_ms = PATIENCE_MS,
            .left_ms = left_ms,
            .context = &talk,
        },
        .rows = rows,
        .left_ms = INT64_MAX,
    };
}

bool talk_tries(void)
{
    talk.mssql = mssql_open(&talk.settings, &talk.err);
    return talk.mssql != NULL;
}

void talk_opens(void)
{
    if (!talk_tries())
        fail_msg("%s: %s", err_class_word(talk.err.class), talk.err.text);
}

static void assert_error(enum err_class class, const char *words)
{
    if (talk.err.class != class || strstr(talk.err.text, words) == NULL)
        fail_msg("%s: %s", err_class_word(talk.err.class), talk.err.text);
}

void talk_refused(enum err_class class, const char *words)
{
    assert_false(talk_tries());
    assert_error(class, words);
}

static bool take(void *context, const struct mssql_row *row, struct err *err)
{
    (void)context;
    if (++talk.row_count == talk.refuse_at)
        return err_set(err, ERR_BUG, "the taker does not want it");
    for (size_t i = 0; i < row->count; i++)
        str_format(&talk.rows, "[%s]%s", row->values[i] != NULL ? row->values[i] : "\\N",
                   (row->cut >> i & 1) != 0 ? "..." : "");
    str_add_char(&talk.rows, '\n');
    return true;
}

bool talk_asks(const char *statement)
{
    const struct mssql_taker taker = { take, NULL };

    str_clear(&talk.rows);
    talk.row_count = 0;
    return mssql_query(talk.mssql, statement, &taker, &talk.err);
}

void talk_brings(const char *statement, const char *rows)
{
    if (!talk_asks(statement))
        fail_msg("%s: %s", err_class_word(talk.err.class), talk.err.text);
    assert_string_equal(str_text(&talk.rows), rows);
}

void talk_fails(const char *statement, enum err_class class, const char *words)
{
    assert_false(talk_asks(statement));
    assert_error(class, words);
}

/* ------------------------------------------------------------------------------------------------- the peer ---- */

void talk_trick(const char *instance, const char *trick)
{
    peer_tell(peer, "trick " HOST "/%s %s", instance, trick);
}

void talk_set(const char *instance, const char *setting, const char *value)
{
    peer_tell(peer, "set " HOST "/%s %s %s", instance, setting, value);
}

int64_t talk_count(const char *instance, const char *what)
{
    if (instance != NULL)
        peer_tell(peer, "count " HOST "/%s", instance);
    else
        peer_tell(peer, "count");
    return peer_number(peer, what);
}

/* --------------------------------------------------------------------------------------------------- confined ---- */

static int run_confined(bool unprivileged)
{
    struct mssql *mssql;
    struct err err = ERR_EMPTY;

    if (unprivileged && setresuid(NOBODY, NOBODY, NOBODY) != 0)
        return 2;
    if (prctl(PR_SET_DUMPABLE, 0) != 0 || prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0)
        return 3;
    if ((landlock_there() && !landlock_apply(NULL, 0, &err)) || (seccomp_there() && !seccomp_apply(&err)))
        return 4;
    mssql = mssql_open(&talk.settings, &err);
    if (mssql == NULL) {
        fprintf(stderr, "%s\n", err.text);
        return 5;
    }
    mssql_close(mssql);
    return 0;
}

int talk_confined(bool unprivileged)
{
    pid_t child = fork();
    int status;

    assert_true(child >= 0);
    if (child == 0)
        _exit(run_confined(unprivileged));
    assert_int_equal(waitpid(child, &status, 0), child);
    return status;
}
