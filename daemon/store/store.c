#include "store.h"

#include "lock.h"
#include "mem.h"
#include "place.h"
#include "sql.h"
#include "store_inside.h"
#include "str.h"

#include <sqlite3.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
    BUSY_MS = 5000,            /* how long another program's lock is waited for */
    VALUE_MAX = 64 << 20,      /* bytes of one value or row */
    CHECK_WHOLE_MAX = 4 << 20, /* bytes of a database that is checked whole when it is opened: about 10 ms */
};

struct store {
    struct sql sql; /* without a handle until it is open */
    struct place place;
    int lock;
    bool busy; /* a transaction is under way */
    _Atomic(enum store_trouble) trouble;
};

/* Settings of the connection, none of which writes. The cache is small, for the daemon is idle most of the time and
 * the system caches the file too. Foreign keys are checked by tests, not at every write. */
static const char settings[] = "PRAGMA synchronous = FULL;"
                               "PRAGMA foreign_keys = OFF;"
                               "PRAGMA cache_size = " STORE_CACHE ";"
                               "PRAGMA mmap_size = 0;"
                               "PRAGMA temp_store = MEMORY;"
                               "PRAGMA cell_size_check = ON;"
                               "PRAGMA wal_autocheckpoint = 1000;"
                               "PRAGMA journal_size_limit = 16777216;";

static const struct {
    int option, on;
} switches[] = {
    { SQLITE_DBCONFIG_DEFENSIVE, 1 },        { SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0 },
    { SQLITE_DBCONFIG_ENABLE_TRIGGER, 0 },   { SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 0 },
    { SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1 }, /* until the database was found to be ours */
};

static bool set_switch(struct sql *sql, int option, int on, struct err *err)
{
    int code = sqlite3_db_config(sql->handle, option, on, NULL);

    return code == SQLITE_OK || sql_failed(sql, code, err);
}

static bool configure(struct sql *sql, struct err *err)
{
    for (size_t i = 0; i < sizeof switches / sizeof *switches; i++) {
        if (!set_switch(sql, switches[i].option, switches[i].on, err))
            return false;
    }
    sqlite3_limit(sql->handle, SQLITE_LIMIT_LENGTH, VALUE_MAX);
    sqlite3_limit(sql->handle, SQLITE_LIMIT_ATTACHED, 0);
    sqlite3_busy_timeout(sql->handle, BUSY_MS);
    return sql_run(sql, settings, err);
}

/* Readers can open a database in WAL only while PATH-wal is there, or where they may make it. */
static bool keep_wal(struct sql *sql, struct err *err)
{
    int on = 1;
    int code = sqlite3_file_control(sql->handle, "main", SQLITE_FCNTL_PERSIST_WAL, &on);

    return code == SQLITE_OK || sql_failed(sql, code, err);
}

static bool damaged(struct sql *sql, const char *why, struct err *err)
{
    sql->failure = SQLITE_CORRUPT;
    return err_set(err, ERR_SYSTEM,
                   "database %s is damaged: %s; restore it from a backup; muster leaves the damaged file as it is",
                   sql->path, why);
}

/* The pragma gives what it finds as text, and "ok" where that is nothing. A page that could not be read, for want of
 * memory say, is not a damaged one: the text then ends with SQLite's code. */
static bool found(struct sql *sql, const char *what, struct err *err)
{
    static const char word[] = "error code=";
    const char *place = strstr(what, word);
    int code = place == NULL ? SQLITE_CORRUPT : (int)strtol(place + sizeof word - 1, NULL, 10);

    if (strcmp(what, "ok") == 0)
        return true;
    return (code & 0xff) == SQLITE_CORRUPT ? damaged(sql, what, err) : sql_failed(sql, code, err);
}

static bool check_whole(struct sql *sql, struct err *err)
{
    struct sql_query query;
    bool good = true;

    sql_query(&query, sql, "PRAGMA quick_check(1)");
    if (sql_row(&query))
        good = found(sql, sql_text(&query, 0), err);
    return sql_done(&query, good ? err : NULL) && good;
}

/* A large database is looked at only where each of its tables begins, for nobody wants to wait for the whole. */
static bool check_tables(struct sql *sql, struct err *err)
{
    struct sql_query query;
    bool good = true;

    sql_query(&query, sql, "SELECT name FROM sqlite_schema WHERE type = 'table' AND rootpage > 0");
    while (good && sql_row(&query)) {
        char *text = sqlite3_mprintf("SELECT * FROM \"%w\" LIMIT 1", sql_text(&query, 0));

        if (text == NULL)
            mem_exhausted(0);
        good = sql_run(sql, text, err);
        sqlite3_free(text);
    }
    return sql_done(&query, good ? err : NULL) && good;
}

static bool check(struct sql *sql, struct err *err)
{
    struct stat status;
    bool small = stat(sql->path, &status) == 0 && status.st_size <= CHECK_WHOLE_MAX;

    return small ? check_whole(sql, err) : check_tables(sql, err);
}

static bool use_wal(struct sql *sql, struct err *err)
{
    struct sql_query query;
    bool good;

    sql_query(&query, sql, "PRAGMA journal_mode = WAL");
    good = sql_row(&query) && strcmp(sql_text(&query, 0), "wal") == 0;
    if (!sql_done(&query, err))
        return false;
    if (!good)
        return err_set(err, ERR_SYSTEM,
                       "database %s cannot be kept in WAL; its file system must be a local one with shared memory",
                       sql->path);
    return keep_wal(sql, err);
}

/* The file's own header said nothing against it; what SQLite makes of file and PATH-wal together has the last word. */
static bool identify(struct sql *sql, const struct migration *migration, struct err *err)
{
    int64_t pages, application, version;

    if (!sql_number(sql, "PRAGMA page_count", &pages, err))
        return false;
    if (pages == 0)
        return migration_begin(migration, sql, err);
    return sql_number(sql, "PRAGMA application_id", &application, err) &&
           sql_number(sql, "PRAGMA user_version", &version, err) &&
           migration_accepts(migration, sql->path, (unsigned)application, (unsigned)version, err);
}

/* Refuses what is not ours before SQLite sees it. */
static bool look(const struct place *place, const struct migration *migration, struct err *err)
{
    struct place_header header;

    if (access(place->path, F_OK) != 0 && !place_create(place, place->path, err))
        return false;
    if (!place_look(place, &header, err))
        return false;
    if (header.content == PLACE_FOREIGN)
        return err_set(err, ERR_CONFIG, "%s is no database (or a damaged one); name another file, or move it away",
                       place->path);
    return header.content == PLACE_UNDECIDED ||
           migration_accepts(migration, place->path, header.application, header.version, err);
}

static bool lock(struct store *store, struct err *err)
{
    struct str path = STR_EMPTY;
    bool good;

    str_format(&path, "%s-lock", store->place.path);
    good = lock_take(str_text(&path), &store->lock, err);
    str_finish(&path);
    return good;
}

static bool connect(struct store *store, const struct migration *migration, struct err *err)
{
    struct sql *sql = &store->sql;

    if (!sql_open(sql, store->place.path, SQLITE_OPEN_READWRITE, err) || !configure(sql, err))
        return false;
    /* SQLite is content with reading where it may not write. */
    if (sqlite3_db_readonly(sql->handle, "main") != 0)
        return sql_failed(sql, SQLITE_READONLY, err);
    return identify(sql, migration, err) && check(sql, err) &&
           set_switch(sql, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 0, err) && use_wal(sql, err) &&
           migration_run(migration, &store->place, sql, err) && place_share(&store->place, err);
}

struct store *store_open_as(const struct store_options *options, const struct migration *migration, struct err *err)
{
    struct store *store = mem_new(1, sizeof *store);

    store->lock = -1;
    if (place_find(&store->place, options->path, options->readers, err) && lock(store, err) &&
        look(&store->place, migration, err) && connect(store, migration, err))
        return store;
    store_close(store);
    return NULL;
}

struct store *store_open(const struct store_options *options, struct err *err)
{
    return store_open_as(options, &migration_schema, err);
}

void store_close(struct store *store)
{
    if (store == NULL)
        return;
    if (store->sql.handle != NULL && store_trouble(store) == STORE_DAMAGED)
        set_switch(&store->sql, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
    sql_close(&store->sql);
    if (store->lock >= 0)
        close(store->lock);
    place_finish(&store->place);
    free(store);
}

struct sql *store_sql(struct store *store)
{
    return &store->sql;
}

enum store_trouble store_trouble(const struct store *store)
{
    return atomic_load(&store->trouble);
}

/* By SQLite's primary code; every other is a mistake in a statement, and says nothing about the database. */
static const struct {
    int code;
    enum store_trouble trouble;
} troubles[] = {
    { SQLITE_CORRUPT, STORE_DAMAGED }, { SQLITE_NOTADB, STORE_DAMAGED },     { SQLITE_FULL, STORE_TRANSIENT },
    { SQLITE_BUSY, STORE_TRANSIENT },  { SQLITE_LOCKED, STORE_TRANSIENT },   { SQLITE_READONLY, STORE_TRANSIENT },
    { SQLITE_IOERR, STORE_TRANSIENT }, { SQLITE_CANTOPEN, STORE_TRANSIENT }, { SQLITE_PROTOCOL, STORE_TRANSIENT },
    { SQLITE_PERM, STORE_TRANSIENT },
};

static enum store_trouble trouble_of(int code)
{
    for (size_t i = 0; i < sizeof troubles / sizeof *troubles; i++) {
        if (troubles[i].code == (code & 0xff))
            return troubles[i].trouble;
    }
    return STORE_FINE;
}

/* A file that was taken away can still be written to, by nobody's leave and to nobody's use. */
static bool is_there(struct store *store, struct err *err)
{
    int moved = 0;

    sqlite3_file_control(store->sql.handle, "main", SQLITE_FCNTL_HAS_MOVED, &moved);
    return moved == 0 || sql_failed(&store->sql, SQLITE_READONLY_DBMOVED, err);
}

static bool run(struct store *store, bool (*work)(struct sql *sql, void *context, struct err *err), void *context,
                struct err *err)
{
    struct sql *sql = &store->sql;

    if (!is_there(store, err) || !sql_run(sql, "BEGIN IMMEDIATE", err) || !work(sql, context, err))
        return false;
    /* Whatever work made of it: nothing is built on what was read from a damaged file. */
    if (trouble_of(sql->failure) == STORE_DAMAGED)
        return sql_failed(sql, sql->failure, err);
    sql_reset(sql);
    return sql_run(sql, "COMMIT", err);
}

bool store_transaction(struct store *store, bool (*work)(struct sql *sql, void *context, struct err *err),
                       void *context, struct err *err)
{
    enum store_trouble trouble;
    bool good;

    if (store->busy)
        return err_set(err, ERR_BUG, "a transaction was begun inside of another");
    if (store_trouble(store) == STORE_DAMAGED)
        return err_set(err, ERR_SYSTEM,
                       "database %s is damaged: nothing more is written to it; restore it from a backup and restart "
                       "musterd",
                       store->sql.path);
    store->busy = true;
    store->sql.failure = SQLITE_OK;
    good = run(store, work, context, err);
    if (!good)
        sql_cancel(&store->sql);
    trouble = trouble_of(store->sql.failure);
    if (good || trouble != STORE_FINE)
        atomic_store(&store->trouble, good ? STORE_FINE : trouble);
    store->busy = false;
    return good;
}
