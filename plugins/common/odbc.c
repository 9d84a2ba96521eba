#include "odbc.h"

#include "mem.h"
#include "mssql_text.h"
#include "text.h"
#include "utf8.h"

#include <sql.h>
#include <sqlext.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

_Static_assert(sizeof(SQLWCHAR) == sizeof(uint16_t), "unixODBC with SQLWCHAR of 16 bits");

#define MAX_UNITS (ODBC_MAX_VALUE + 2) /* of UTF-16, each a byte of UTF-8 at least; one more than fits, and a NUL */

struct odbc {
    SQLHENV environment;
    SQLHDBC connection;
    SQLHSTMT statement;
    bool connected;
    SQLWCHAR *units; /* a value as it comes; untouched memory costs nothing */
};

/* ---------------------------------------------------------------------------------------------------- words ---- */

/* What is told in front of each message, by everything that handed it on: [vendor][driver][server]. */
static const char *behind_prefixes(const char *text)
{
    const char *end;

    while (text[0] == '[' && (end = strchr(text, ']')) != NULL)
        text = end + 1;
    return text + strspn(text, " ");
}

static void add_record(struct odbc_words *words, const SQLWCHAR *state, SQLINTEGER number, const SQLWCHAR *units,
                       size_t count)
{
    struct odbc_record *record = &words->records[words->count++];
    struct str text = STR_EMPTY, line = STR_EMPTY;

    *record = (struct odbc_record){ .number = (int)number };
    for (size_t i = 0; i < 5 && state[i] > ' ' && state[i] < 0x7F; i++)
        record->state[i] = (char)state[i];
    mssql_text_read(&text, units, count, ODBC_MAX_TEXT - 1);
    text_line(&line, behind_prefixes(str_text(&text)));
    strncat(record->text, str_text(&line), ODBC_MAX_TEXT - 1);
    utf8_trim(record->text);
    str_finish(&text);
    str_finish(&line);
}

static void collect(SQLSMALLINT kind, SQLHANDLE handle, struct odbc_words *words)
{
    SQLWCHAR state[6] = { 0 }, text[ODBC_MAX_TEXT];
    SQLINTEGER number = 0;
    SQLSMALLINT length = 0;

    while (words->count < ODBC_MAX_RECORDS &&
           SQL_SUCCEEDED(SQLGetDiagRecW(kind, handle, (SQLSMALLINT)(words->count + 1), state, &number, text,
                                        ODBC_MAX_TEXT, &length)))
        add_record(words, state, number, text,
                   length < 0 ? 0 : (size_t)(length < ODBC_MAX_TEXT ? length : ODBC_MAX_TEXT - 1));
}

/* Always false. */
static bool failed(SQLSMALLINT kind, SQLHANDLE handle, struct odbc_words *words)
{
    words->count = 0;
    collect(kind, handle, words);
    return false;
}

/* ----------------------------------------------------------------------------------------------- connection ---- */

static SQLPOINTER number(int value)
{
    return (SQLPOINTER)(intptr_t)value; /* NOLINT(performance-no-int-to-ptr): as ODBC has it */
}

struct odbc *odbc_create(void)
{
    struct odbc *odbc = mem_new(1, sizeof *odbc);

    if (!SQL_SUCCEEDED(SQLAllocHandle(SQL_HANDLE_ENV, SQL_NULL_HANDLE, &odbc->environment)))
        mem_exhausted(sizeof *odbc);
    SQLSetEnvAttr(odbc->environment, SQL_ATTR_ODBC_VERSION, number(SQL_OV_ODBC3), 0);
    if (!SQL_SUCCEEDED(SQLAllocHandle(SQL_HANDLE_DBC, odbc->environment, &odbc->connection)))
        mem_exhausted(sizeof *odbc);
    odbc->units = mem_grow(NULL, MAX_UNITS, sizeof *odbc->units);
    return odbc;
}

void odbc_destroy(struct odbc *odbc)
{
    if (odbc == NULL)
        return;
    odbc_finish(odbc);
    if (odbc->connected)
        SQLDisconnect(odbc->connection);
    SQLFreeHandle(SQL_HANDLE_DBC, odbc->connection);
    SQLFreeHandle(SQL_HANDLE_ENV, odbc->environment);
    free(odbc->units);
    free(odbc);
}

/* The trace, which an odbcinst.ini may switch on, would write the password into a file. */
static void set_attributes(struct odbc *odbc, const struct odbc_login *login)
{
    SQLSetConnectAttrW(odbc->connection, SQL_ATTR_TRACE, number(SQL_OPT_TRACE_OFF), 0);
    if (login->login_s > 0)
        SQLSetConnectAttrW(odbc->connection, SQL_ATTR_LOGIN_TIMEOUT, number(login->login_s), 0);
}

bool odbc_connect(struct odbc *odbc, const struct odbc_login *login, struct odbc_words *words)
{
    const char *texts[] = { login->source, login->user != NULL ? login->user : "",
                            login->password != NULL ? login->password : "" };
    SQLWCHAR *wide[3];
    size_t counts[3];

    set_attributes(odbc, login);
    for (size_t i = 0; i < 3; i++)
        wide[i] = mssql_text_write(texts[i], &counts[i]);
    odbc->connected = SQL_SUCCEEDED(SQLConnectW(odbc->connection, wide[0], (SQLSMALLINT)counts[0], wide[1],
                                                (SQLSMALLINT)counts[1], wide[2], (SQLSMALLINT)counts[2]));
    for (size_t i = 0; i < 3; i++) {
        explicit_bzero(wide[i], counts[i] * sizeof *wide[i]);
        free(wide[i]);
    }
    return odbc->connected || failed(SQL_HANDLE_DBC, odbc->connection, words);
}

/* ------------------------------------------------------------------------------------------------ statement ---- */

static enum odbc_step step_of(struct odbc *odbc, SQLRETURN code, struct odbc_words *words)
{
    if (SQL_SUCCEEDED(code))
        return ODBC_GOOD;
    if (code == SQL_NO_DATA)
        return ODBC_END;
    failed(SQL_HANDLE_STMT, odbc->statement, words);
    return ODBC_FAILED;
}

enum odbc_step odbc_execute(struct odbc *odbc, const char *statement, struct odbc_words *words)
{
    size_t count;
    SQLWCHAR *wide;
    enum odbc_step step;

    odbc_finish(odbc);
    if (!SQL_SUCCEEDED(SQLAllocHandle(SQL_HANDLE_STMT, odbc->connection, &odbc->statement))) {
        odbc->statement = SQL_NULL_HSTMT;
        failed(SQL_HANDLE_DBC, odbc->connection, words);
        return ODBC_FAILED;
    }
    wide = mssql_text_write(statement, &count);
    step = step_of(odbc, SQLExecDirectW(odbc->statement, wide, (SQLINTEGER)count), words);
    free(wide);
    return step;
}

int odbc_columns(struct odbc *odbc)
{
    SQLSMALLINT columns = 0;

    return SQL_SUCCEEDED(SQLNumResultCols(odbc->statement, &columns)) ? columns : 0;
}

enum odbc_step odbc_fetch(struct odbc *odbc, struct odbc_words *words)
{
    return step_of(odbc, SQLFetch(odbc->statement), words);
}

/* What is left of a longer value is not asked for. */
bool odbc_value(struct odbc *odbc, int column, struct str *out, bool *null, bool *cut, struct odbc_words *words)
{
    const SQLLEN most = (MAX_UNITS - 1) * (SQLLEN)sizeof(SQLWCHAR);
    SQLLEN size = 0;
    SQLRETURN code = SQLGetData(odbc->statement, (SQLUSMALLINT)column, SQL_C_WCHAR, odbc->units,
                                MAX_UNITS * (SQLLEN)sizeof(SQLWCHAR), &size);

    *null = *cut = false;
    if (!SQL_SUCCEEDED(code))
        return failed(SQL_HANDLE_STMT, odbc->statement, words);
    *null = size == SQL_NULL_DATA;
    if (*null)
        return true;
    if (size < 0 || size > most)
        size = most;
    *cut = !mssql_text_read(out, odbc->units, (size_t)size / sizeof(SQLWCHAR), ODBC_MAX_VALUE);
    return true;
}

enum odbc_step odbc_more(struct odbc *odbc, struct odbc_words *words)
{
    return step_of(odbc, SQLMoreResults(odbc->statement), words);
}

void odbc_finish(struct odbc *odbc)
{
    if (odbc->statement != SQL_NULL_HSTMT)
        SQLFreeHandle(SQL_HANDLE_STMT, odbc->statement);
    odbc->statement = SQL_NULL_HSTMT;
}
