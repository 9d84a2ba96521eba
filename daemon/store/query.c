#include "query.h"

#include "clock.h"
#include "mem.h"
#include "reading.h"
#include "schema.h"
#include "vec.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define BUSY_MS 5000
#define STEPS_BETWEEN_LOOKS 20000 /* of SQLite's machine: well under a millisecond */

static int is_over(void *context)
{
    const struct query *query = context;

    return clock_mono_ms(&clock_system) > query->deadline;
}

static bool check_file(const char *path, struct err *err)
{
    struct stat status;

    if (stat(path, &status) != 0)
        return err_system(err,
                          errno == ENOENT ? "there is no database %s: start musterd, which makes it, or name "
                                            "another with --database"
                                          : "database %s",
                          path);
    return S_ISREG(status.st_mode) ||
           err_set(err, ERR_SYSTEM, "database %s is no regular file: name another with --database", path);
}

static bool check_schema(struct query *query, const char *path, struct err *err)
{
    int64_t application = 0, version = 0;

    if (!sql_number(&query->sql, "PRAGMA application_id", &application, err) ||
        !sql_number(&query->sql, "PRAGMA user_version", &version, err))
        return false;
    if (application == 0 && version == 0)
        return err_set(err, ERR_SYSTEM,
                       "database %s: nothing of muster is in it; start musterd, which fills it, or "
                       "name another with --database",
                       path);
    if (application != SCHEMA_APPLICATION)
        return err_set(err, ERR_SYSTEM, "database %s belongs to another program: name another with --database", path);
    if (version > SCHEMA_VERSION)
        return err_set(err, ERR_SYSTEM,
                       "database %s was written by a newer muster (schema %lld, this one reads %d): use its command",
                       path, (long long)version, SCHEMA_VERSION);
    return version == SCHEMA_VERSION ||
           err_set(err, ERR_SYSTEM,
                   "database %s was written by an older muster (schema %lld, this one reads %d): start the new musterd "
                   "once, which brings it up to date",
                   path, (long long)version, SCHEMA_VERSION);
}

/* SQLite says only that it could not open the file where it may not read it, or its log beside it. */
static bool explain_open(const char *path, struct err *err)
{
    if (strstr(err->text, "unable to open") == NULL)
        return false;
    return err_set(
        err, ERR_SYSTEM,
        "database %s cannot be opened: it and the files %s-wal and %s-shm must be readable for you; join the "
        "group `readers` of the configuration, or ask as the user that musterd runs as",
        path, path, path);
}

struct query *query_open(const char *path, struct err *err)
{
    struct query *query;
    struct err own;

    if (err == NULL)
        err = &own;
    if (!check_file(path, err))
        return NULL;
    query = mem_new(1, sizeof *query);
    arena_init(&query->texts, ARENA_PLAIN);
    if (!sql_open(&query->sql, path, SQLITE_OPEN_READONLY, err)) {
        explain_open(path, err);
        arena_finish(&query->texts);
        free(query);
        return NULL;
    }
    query->deadline = clock_mono_ms(&clock_system) + QUERY_MAX_MS;
    sqlite3_busy_timeout(query->sql.handle, BUSY_MS);
    sqlite3_progress_handler(query->sql.handle, STEPS_BETWEEN_LOOKS, is_over, query);
    sqlite3_db_config(query->sql.handle, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
    if (check_schema(query, path, err))
        return query;
    explain_open(path, err);
    query_close(query);
    return NULL;
}

void query_close(struct query *query)
{
    if (query == NULL)
        return;
    sql_close(&query->sql);
    arena_finish(&query->texts);
    free(query);
}

bool reading_run(struct query *query, struct arena *arena, reading_work *work, void *context, struct err *err)
{
    bool good;

    query->arena = arena;
    query->deadline = clock_mono_ms(&clock_system) + QUERY_MAX_MS;
    good = sql_run(&query->sql, "BEGIN", err) && work(query, context, err);
    if (!good && is_over(query))
        err_set(err, ERR_SYSTEM,
                "database %s: the answer took longer than %d s and was given up; ask for less, or when "
                "the machine is less busy",
                query->sql.path, QUERY_MAX_MS / 1000);
    /* Ends also what was given up; there is nothing to lose in a transaction that only reads. */
    query->deadline = INT64_MAX;
    sql_run(&query->sql, "ROLLBACK", NULL);
    return good;
}

const char *reading_text(struct query *query, struct sql_query *rows, int column)
{
    const char *text = sql_text(rows, column);

    return text == NULL ? NULL : arena_text(query->arena, text);
}

bool reading_texts(struct query *query, struct sql_query *rows, struct query_texts *texts, struct err *err)
{
    vec(const char *) list = VEC_EMPTY;

    while (sql_row(rows)) {
        const char *text = reading_text(query, rows, 0);

        vec_push(&list, text == NULL ? "" : text);
    }
    *texts = (struct query_texts){ NULL, list.count };
    if (list.count > 0)
        texts->texts = arena_bytes(query->arena, list.items, list.count * sizeof *list.items);
    vec_finish(&list);
    return sql_done(rows, err);
}

bool reading_json_texts(struct query *query, const char *json, struct query_texts *texts, struct err *err)
{
    struct sql_query rows;

    sql_query(&rows, &query->sql, "SELECT atom FROM json_each(?1)");
    sql_bind_text(&rows, 1, json);
    return reading_texts(query, &rows, texts, err);
}

bool reading_late(int64_t seen_at, int64_t most_ms, int64_t now)
{
    return seen_at == 0 || now - seen_at > most_ms;
}

const char *reading_like(struct query *query, const char *text, bool wild)
{
    char *pattern = arena_alloc(query->arena, 2 * strlen(text) + 1);
    char *to = pattern;

    for (; *text != '\0'; text++) {
        char next = *text;

        if (wild && next == '*')
            next = '%';
        else if (wild && next == '?')
            next = '_';
        else if (strchr("%_\\", next) != NULL)
            *to++ = '\\';
        *to++ = next;
    }
    return pattern;
}
