#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "shelf.h"

#include "hash.h"
#include "sql.h"
#include "store_inside.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static struct shelf shelf_only;
static struct str rows_text;

int shelf_open(void **state)
{
    struct shelf *shelf = &shelf_only;

    *shelf = (struct shelf){ .folder = "/tmp/test_shelf_XXXXXX" };
    umask(022);
    if (mkdtemp(shelf->folder) == NULL || chmod(shelf->folder, 0755) != 0)
        return -1;
    snprintf(shelf->path, sizeof shelf->path, "%.31s/muster.db", shelf->folder);
    *state = shelf;
    return 0;
}

int shelf_close(void **state)
{
    struct shelf *shelf = *state;
    DIR *folder;
    struct dirent *entry;

    shelf_leave(shelf);
    folder = opendir(shelf->folder);
    if (folder == NULL)
        return -1;
    while ((entry = readdir(folder)) != NULL)
        unlinkat(dirfd(folder), entry->d_name, 0);
    closedir(folder);
    str_finish(&rows_text);
    return rmdir(shelf->folder);
}

const char *shelf_beside(struct shelf *shelf, const char *ending)
{
    snprintf(shelf->beside, sizeof shelf->beside, "%s%s", shelf->path, ending);
    return shelf->beside;
}

struct sql *shelf_store(struct shelf *shelf)
{
    shelf->store = store_open(&(struct store_options){ .path = shelf->path }, &shelf->err);
    if (shelf->store == NULL)
        fail_msg("%s", shelf->err.text);
    return store_sql(shelf->store);
}

void shelf_refuses(struct shelf *shelf, const char *const *words)
{
    shelf->store = store_open(&(struct store_options){ .path = shelf->path }, &shelf->err);
    if (shelf->store != NULL)
        fail_msg("opened, though it had to be refused: %s", words[0]);
    for (; *words != NULL; words++) {
        if (strstr(shelf->err.text, *words) == NULL)
            fail_msg("no \"%s\" in: %s", *words, shelf->err.text);
    }
}

void shelf_leave(struct shelf *shelf)
{
    store_close(shelf->store);
    shelf->store = NULL;
}

static void open_own(struct sql *sql, const char *path)
{
    struct err err;

    if (!sql_open(sql, path, SQLITE_OPEN_READWRITE, &err))
        fail_msg("%s", err.text);
    /* So that looking on changes nothing. */
    sqlite3_db_config(sql->handle, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
}

void shelf_run(struct shelf *shelf, const char *text)
{
    struct sql sql;

    open_own(&sql, shelf->path);
    if (!sql_run(&sql, text, &shelf->err))
        fail_msg("%s", shelf->err.text);
    sql_close(&sql);
}

static void add_rows(struct sql *sql, const char *text, struct str *out)
{
    struct sql_query query;
    struct err err;

    sql_query(&query, sql, text);
    while (sql_row(&query)) {
        str_add(out, out->length == 0 ? "" : " ");
        for (int i = 0; i < sqlite3_column_count(query.statement); i++) {
            const char *value = sql_is_null(&query, i) ? "-" : sql_text(&query, i);
            int size = sqlite3_column_bytes(query.statement, i);

            str_add(out, i == 0 ? "" : "|");
            str_add_bytes(out, value, sql_is_null(&query, i) ? 1 : (size_t)size);
        }
    }
    if (!sql_done(&query, &err))
        fail_msg("%s: %s", text, err.text);
}

const char *shelf_rows(struct shelf *shelf, const char *text)
{
    struct sql sql;

    str_clear(&rows_text);
    open_own(&sql, shelf->path);
    add_rows(&sql, text, &rows_text);
    sql_close(&sql);
    return str_text(&rows_text);
}

int64_t shelf_number(struct shelf *shelf, const char *text)
{
    return strtoll(shelf_rows(shelf, text), NULL, 10);
}

static void add_table(struct sql *sql, const char *table, struct str *out)
{
    char *text = sqlite3_mprintf("SELECT * FROM \"%w\"", table);

    str_add(out, table);
    add_rows(sql, text, out);
    /* The statement goes before its text, which is its key. */
    sqlite3_finalize(map_remove(&sql->statements, text));
    sqlite3_free(text);
}

uint64_t shelf_digest(const char *path)
{
    struct str all = STR_EMPTY;
    struct sql sql;
    struct sql_query query;
    uint64_t digest;

    open_own(&sql, path);
    sql_query(&query, &sql, "SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name");
    while (sql_row(&query))
        add_table(&sql, sql_text(&query, 0), &all);
    assert_true(sql_done(&query, NULL));
    sql_close(&sql);
    digest = hash64(&hash_stable_key, str_text(&all), all.length);
    str_finish(&all);
    return digest;
}

void shelf_assert_sound(const char *path)
{
    struct str found = STR_EMPTY;
    struct sql sql;

    open_own(&sql, path);
    add_rows(&sql, "PRAGMA integrity_check", &found);
    add_rows(&sql, "PRAGMA foreign_key_check", &found);
    sql_close(&sql);
    assert_string_equal(str_text(&found), "ok");
    str_finish(&found);
}

void shelf_write_file(const char *path, const void *bytes, size_t size)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0640);

    assert_true(fd >= 0);
    assert_int_equal(write(fd, bytes, size), size);
    close(fd);
}

void shelf_read_file(const char *path, struct str *bytes)
{
    int fd = open(path, O_RDONLY);
    ssize_t got;

    assert_true(fd >= 0);
    str_clear(bytes);
    while ((got = read(fd, str_room(bytes, 65536), 65536)) > 0) {
        bytes->length += (size_t)got;
        bytes->bytes[bytes->length] = '\0';
    }
    assert_int_equal(got, 0);
    close(fd);
}

bool shelf_has(const char *path)
{
    struct stat status;

    return lstat(path, &status) == 0;
}
