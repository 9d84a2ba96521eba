/* Asks one instance of SQL Server, and prints what it answers, by hand:
 *
 *     mssql_ask host=127.0.0.1 port=1433 auth=sql username=scan password=right ca_file=ca.pem 'SELECT 1 AS one'
 *
 * With times=100 it logs in and asks so often, each time in a process of its own as scans do, and tells what that costs
 * in place of the answers: worth something in a release build. */
#include "mssql.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

static int times; /* 0: once, and print */

static const char *const auths[] = { NULL, "sql", "ntlm", "kerberos" };

static enum mssql_auth auth_of(const char *word)
{
    for (int i = 1; i < 4; i++) {
        if (strcmp(auths[i], word) == 0)
            return (enum mssql_auth)i;
    }
    return MSSQL_SQL;
}

static void take_word(struct mssql_settings *settings, const char *name, const char *value)
{
    const struct {
        const char *name;
        const char **text;
    } texts[] = {
        { "host", &settings->host },         { "address", &settings->address },
        { "driver", &settings->driver },     { "username", &settings->user },
        { "password", &settings->password }, { "keytab", &settings->keytab },
        { "cache", &settings->cache },       { "ca_file", &settings->ca_file },
        { "database", &settings->database }, { "fingerprint", &settings->fingerprint },
    };

    const struct {
        const char *name;
        int *number;
    } numbers[] = { { "port", &settings->port }, { "major", &settings->major }, { "times", &times } };

    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        if (strcmp(name, texts[i].name) == 0)
            *texts[i].text = value;
    }
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++) {
        if (strcmp(name, numbers[i].name) == 0)
            *numbers[i].number = (int)strtol(value, NULL, 10);
    }
    if (strcmp(name, "tls_1_0") == 0)
        settings->tls_1_0 = strcmp(value, "true") == 0;
    if (strcmp(name, "strict") == 0)
        settings->strict = strcmp(value, "true") == 0;
    if (strcmp(name, "auth") == 0)
        settings->auth = auth_of(value);
}

static bool print(void *context, const struct mssql_row *row, struct err *err)
{
    (void)context, (void)err;
    for (size_t i = 0; i < row->count; i++)
        printf("%s[%s]%s", i > 0 ? " " : "", row->values[i] != NULL ? row->values[i] : "\\N",
               (row->cut >> i & 1) != 0 ? "..." : "");
    printf("\n");
    return true;
}

static bool count(void *context, const struct mssql_row *row, struct err *err)
{
    (void)row, (void)err;
    ++*(size_t *)context;
    return true;
}

static bool ask(const struct mssql_settings *settings, char **statements, const struct mssql_taker *taker)
{
    struct err err;
    struct mssql *mssql = mssql_open(settings, &err);
    bool good = mssql != NULL;

    for (; good && *statements != NULL; statements++)
        good = mssql_query(mssql, *statements, taker, &err);
    if (!good)
        fprintf(stderr, "%s: %s%s\n", err_class_word(err.class), err.text,
                mssql != NULL && mssql_lacks_right(mssql) ? " (a right lacks)" : "");
    if (mssql != NULL && taker->take == print)
        printf("%s, login by %s\n", mssql_tls(mssql), mssql_login_word(mssql));
    mssql_close(mssql);
    return good;
}

static double cpu_ms(const struct rusage *usage)
{
    return (double)(usage->ru_utime.tv_sec + usage->ru_stime.tv_sec) * 1e3 +
           (double)(usage->ru_utime.tv_usec + usage->ru_stime.tv_usec) / 1e3;
}

/* Memory is what the process has in all at most; of that it shares with its host whatever it does not change. */
static int measure(const struct mssql_settings *settings, char **statements)
{
    struct rusage before, after;
    size_t rows = 0;
    int bad = 0;

    getrusage(RUSAGE_CHILDREN, &before);
    for (int i = 0; i < times; i++) {
        const struct mssql_taker taker = { count, &rows };
        pid_t child = fork();
        int status = 0;

        if (child == 0)
            _exit(ask(settings, statements, &taker) ? 0 : 1);
        waitpid(child, &status, 0);
        bad += status != 0;
    }
    getrusage(RUSAGE_CHILDREN, &after);
    printf("%d times: %.2f ms of CPU each, %ld KiB at most, %d failed\n", times,
           (cpu_ms(&after) - cpu_ms(&before)) / times, after.ru_maxrss, bad);
    return bad > 0;
}

int main(int argc, char **argv)
{
    struct mssql_settings settings = { .auth = MSSQL_SQL, .port = 1433, .login_ms = 15000, .query_ms = 60000 };
    const struct mssql_taker taker = { print, NULL };
    struct err err;
    int i = 1;

    for (; i < argc && strchr(argv[i], '=') != NULL && strchr(argv[i], ' ') == NULL; i++) {
        char *value = strchr(argv[i], '=');

        *value = '\0';
        take_word(&settings, argv[i], value + 1);
    }
    if (settings.host == NULL) {
        fprintf(
            stderr,
            "usage: mssql_ask host=NAME [port=N] [auth=sql|ntlm|kerberos] username=U password=P ... STATEMENT...\n");
        return 64;
    }
    if (!mssql_prepare(&err) || !mssql_check(&settings, &err)) {
        fprintf(stderr, "%s: %s\n", err_class_word(err.class), err.text);
        return 1;
    }
    return times > 0 ? measure(&settings, argv + i) : ask(&settings, argv + i, &taker) ? 0 : 1;
}
