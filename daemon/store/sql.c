#include "sql.h"

#include "mem.h"

#include <stdlib.h>
#include <string.h>

/* What to do, by SQLite's extended code, else by its primary one. */
static const struct {
    int code;
    const char *advice;
} advice[] = {
    { SQLITE_READONLY_DBMOVED,
      "somebody moved or removed the file while it was open; put it back and restart musterd" },
    { SQLITE_IOERR_LOCK, "its file system must be a local one, on which files can be locked" },
    { SQLITE_FULL, "free some space on its file system" },
    { SQLITE_READONLY, "make the file and its folder writable for the user that muster runs as" },
    { SQLITE_CANTOPEN, "look whether its folder exists and may be written" },
    { SQLITE_BUSY, "another program holds the database locked; end it" },
    { SQLITE_IOERR, "look at the disk and its file system" },
    { SQLITE_CORRUPT, "restore it from a backup; muster leaves the damaged file as it is" },
    { SQLITE_NOTADB, "it is no database, or a damaged one; restore it from a backup, or name another file" },
};

static const char *find_advice(int code)
{
    for (size_t i = 0; i < sizeof advice / sizeof *advice; i++) {
        if (advice[i].code == code || advice[i].code == (code & 0xff))
            return advice[i].advice;
    }
    return NULL;
}

bool sql_failed(struct sql *sql, int code, struct err *err)
{
    /* What SQLite remembers may be of another call, or of none. */
    bool remembered = sql->handle != NULL && (sqlite3_errcode(sql->handle) & 0xff) == (code & 0xff);
    const char *text = remembered ? sqlite3_errmsg(sql->handle) : sqlite3_errstr(code);
    const char *advised = find_advice(code);

    if ((code & 0xff) == SQLITE_NOMEM || code == SQLITE_IOERR_NOMEM)
        mem_exhausted(0);
    sql->failure = code;
    return err_set(err, ERR_SYSTEM, "database %s: %s%s%s", sql->path, text, advised == NULL ? "" : "; ",
                   advised == NULL ? "" : advised);
}

bool sql_open(struct sql *sql, const char *path, int flags, struct err *err)
{
    int code;

    *sql = (struct sql){ .path = mem_text(path) };
    code = sqlite3_open_v2(path, &sql->handle, flags | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE, NULL);
    if (code == SQLITE_OK)
        return true;
    sql_failed(sql, code, err);
    sql_close(sql);
    return false;
}

void sql_close(struct sql *sql)
{
    const struct map_entry *entry;
    size_t at = 0;

    while ((entry = map_next(&sql->statements, &at)) != NULL)
        sqlite3_finalize(entry->value);
    map_finish(&sql->statements);
    sqlite3_close(sql->handle);
    free(sql->path);
    *sql = (struct sql){ 0 };
}

bool sql_run(struct sql *sql, const char *text, struct err *err)
{
    int code = sqlite3_exec(sql->handle, text, NULL, NULL, NULL);

    return code == SQLITE_OK || sql_failed(sql, code, err);
}

void sql_reset(struct sql *sql)
{
    sqlite3_stmt *statement = NULL;

    while ((statement = sqlite3_next_stmt(sql->handle, statement)) != NULL) {
        sqlite3_reset(statement);
        sqlite3_clear_bindings(statement);
    }
}

void sql_cancel(struct sql *sql)
{
    int failure = sql->failure;

    sql_reset(sql);
    /* SQLite itself has ended it where the disk is full, say. */
    if (!sqlite3_get_autocommit(sql->handle))
        sql_run(sql, "ROLLBACK", NULL);
    sql->failure = failure;
}

bool sql_number(struct sql *sql, const char *text, int64_t *number, struct err *err)
{
    struct sql_query query;

    sql_query(&query, sql, text);
    *number = sql_row(&query) ? sql_int(&query, 0) : 0;
    return sql_done(&query, err);
}

static void note(struct sql_query *query, int code)
{
    if (query->code == SQLITE_OK && code != SQLITE_OK)
        query->code = code;
}

_Static_assert(SQL_LATELY == 256, "lately_of takes eight bits");

static sqlite3_stmt **lately_of(struct sql *sql, const char *text)
{
    return &sql->lately[((uint64_t)(uintptr_t)text * UINT64_C(0x9e3779b97f4a7c15)) >> 56];
}

static sqlite3_stmt *find_statement(struct sql *sql, const char *text)
{
    sqlite3_stmt **lately = lately_of(sql, text);

    if (*lately == NULL || strcmp(sqlite3_sql(*lately), text) != 0)
        *lately = map_get(&sql->statements, text);
    return *lately;
}

void sql_query(struct sql_query *query, struct sql *sql, const char *text)
{
    *query = (struct sql_query){ .sql = sql, .statement = find_statement(sql, text) };
    if (query->statement != NULL)
        return;
    note(query, sqlite3_prepare_v3(sql->handle, text, -1, SQLITE_PREPARE_PERSISTENT, &query->statement, NULL));
    if (query->statement != NULL)
        map_put(&sql->statements, text, query->statement);
}

void sql_bind_int(struct sql_query *query, int position, int64_t number)
{
    if (query->statement != NULL)
        note(query, sqlite3_bind_int64(query->statement, position, number));
}

void sql_bind_text(struct sql_query *query, int position, const char *text)
{
    if (query->statement != NULL)
        note(query, sqlite3_bind_text(query->statement, position, text, -1, SQLITE_STATIC));
}

void sql_bind_bytes(struct sql_query *query, int position, const void *bytes, size_t size)
{
    if (query->statement != NULL)
        note(query, sqlite3_bind_blob64(query->statement, position, bytes, size, SQLITE_STATIC));
}

void sql_bind_null(struct sql_query *query, int position)
{
    if (query->statement != NULL)
        note(query, sqlite3_bind_null(query->statement, position));
}

void sql_bind_number(struct sql_query *query, int position, int64_t number)
{
    if (number == 0)
        sql_bind_null(query, position);
    else
        sql_bind_int(query, position, number);
}

bool sql_row(struct sql_query *query)
{
    int code;

    if (query->code != SQLITE_OK)
        return false;
    code = sqlite3_step(query->statement);
    if (code == SQLITE_ROW)
        return true;
    query->code = code;
    return false;
}

int64_t sql_int(struct sql_query *query, int column)
{
    return sqlite3_column_int64(query->statement, column);
}

/* What is there and cannot be had is not to be taken for NULL. */
static void insist_on_memory(const struct sql_query *query, const void *value)
{
    if (value == NULL && sqlite3_errcode(query->sql->handle) == SQLITE_NOMEM)
        mem_exhausted(0);
}

const char *sql_text(struct sql_query *query, int column)
{
    const unsigned char *text = sqlite3_column_text(query->statement, column);

    insist_on_memory(query, text);
    return (const char *)text;
}

const void *sql_bytes(struct sql_query *query, int column, size_t *size)
{
    const void *bytes = sqlite3_column_blob(query->statement, column);

    insist_on_memory(query, bytes);
    *size = (size_t)sqlite3_column_bytes(query->statement, column);
    return bytes;
}

bool sql_is_null(struct sql_query *query, int column)
{
    return sqlite3_column_type(query->statement, column) == SQLITE_NULL;
}

bool sql_done(struct sql_query *query, struct err *err)
{
    bool good;

    while (query->code == SQLITE_OK)
        (void)sql_row(query);
    good = query->code == SQLITE_DONE || sql_failed(query->sql, query->code, err);
    if (query->statement != NULL) {
        sqlite3_reset(query->statement);
        sqlite3_clear_bindings(query->statement);
    }
    return good;
}
