#include "migration.h"

#include "log.h"
#include "place.h"
#include "schema.h"
#include "sql.h"
#include "str.h"

#include <errno.h>
#include <fcntl.h>
#include <sqlite3.h>
#include <stdio.h>
#include <unistd.h>

/* How many copies of one version are kept beside a database before an administrator has to look. */
enum { COPIES = 9 };

const struct migration migration_schema = { schema_step, SCHEMA_VERSION };

bool migration_accepts(const struct migration *migration, const char *path, unsigned application, unsigned version,
                       struct err *err)
{
    if (application != SCHEMA_APPLICATION || version == 0)
        return err_set(err, ERR_CONFIG, "database %s belongs to another program; name another file, or move it away",
                       path);
    if (version > (unsigned)migration->count)
        return err_set(err, ERR_CONFIG,
                       "database %s was written by a newer musterd (schema %u; this one knows up to %d); run that one, "
                       "or restore the copy that it made of the older database",
                       path, version, migration->count);
    return true;
}

/* The steps after version, and the number of the last. Inside a transaction. */
static bool climb(const struct migration *migration, struct sql *sql, int version, struct err *err)
{
    char pragma[64];

    for (int i = version + 1; i <= migration->count; i++) {
        if (!sql_run(sql, migration->step(i), err))
            return err_add(err, "schema %d", i);
    }
    snprintf(pragma, sizeof pragma, "PRAGMA user_version = %d", migration->count);
    return sql_run(sql, pragma, err);
}

static bool end(struct sql *sql, bool good, struct err *err)
{
    if (good && sql_run(sql, "COMMIT", err))
        return true;
    sql_cancel(sql);
    return false;
}

bool migration_begin(const struct migration *migration, struct sql *sql, struct err *err)
{
    char identify[64];

    snprintf(identify, sizeof identify, "PRAGMA application_id = %d", SCHEMA_APPLICATION);
    /* Pages are given back from the end of the file only where this was said before the first table. It writes, and so
     * belongs into the transaction; BEGIN IMMEDIATE would be too early for it. */
    if (!sql_run(sql, "PRAGMA page_size = 4096; BEGIN; PRAGMA auto_vacuum = INCREMENTAL", err)) {
        sql_cancel(sql);
        return false;
    }
    return end(sql, sql_run(sql, identify, err) && climb(migration, sql, 0, err), err);
}

/* The first name for a copy that is free. */
static bool choose_name(const struct place *place, int version, struct str *name, struct err *err)
{
    for (int i = 1; i <= COPIES; i++) {
        str_clear(name);
        str_format(name, "%s-%d.backup", place->path, version);
        if (i > 1)
            str_format(name, ".%d", i);
        if (faccessat(AT_FDCWD, str_text(name), F_OK, AT_SYMLINK_NOFOLLOW) != 0)
            return errno == ENOENT || err_system(err, "%s cannot be looked at", str_text(name));
    }
    return err_set(err, ERR_CONFIG,
                   "there are %d copies %s-%d.backup* already; move those away that are needed no more", COPIES,
                   place->path, version);
}

static bool copy_pages(struct sql *from, struct sql *to, struct err *err)
{
    sqlite3_backup *backup = sqlite3_backup_init(to->handle, "main", from->handle, "main");
    int code = backup == NULL ? sqlite3_errcode(to->handle) : sqlite3_backup_step(backup, -1);

    sqlite3_backup_finish(backup);
    if (code != SQLITE_DONE)
        return sql_failed(to, code, err);
    /* So that the copy is one file, and can be read where nothing may be written. */
    return sql_run(to, "PRAGMA journal_mode = DELETE", err);
}

static bool copy(struct sql *sql, const struct place *place, const char *path, struct err *err)
{
    struct sql to;
    bool good;

    if (unlink(path) != 0 && errno != ENOENT)
        return err_system(err, "%s, left by an attempt that was cut off, cannot be removed", path);
    if (!place_create(place, path, err) || !sql_open(&to, path, SQLITE_OPEN_READWRITE, err))
        return false;
    good = copy_pages(sql, &to, err);
    sql_close(&to);
    return good;
}

static bool change(const struct migration *migration, struct sql *sql, int version, struct err *err)
{
    return sql_run(sql, "BEGIN IMMEDIATE", err) && end(sql, climb(migration, sql, version, err), err);
}

static bool copy_and_change(const struct migration *migration, const struct place *place, struct sql *sql, int version,
                            const char *name, struct err *err)
{
    struct str fresh = STR_EMPTY;
    bool good;

    str_format(&fresh, "%s.new", name);
    good = (copy(sql, place, str_text(&fresh), err) || err_add(err, "the copy before the change")) &&
           change(migration, sql, version, err);
    if (!good) {
        unlink(str_text(&fresh));
    } else if (renameat2(AT_FDCWD, str_text(&fresh), AT_FDCWD, name, RENAME_NOREPLACE) == 0) {
        log_info("database %s: schema %d became %d; the former one is kept as %s", place->path, version,
                 migration->count, name);
    } else {
        log_warning("database %s: schema %d became %d; the former one is kept as %s, for it cannot be renamed",
                    place->path, version, migration->count, str_text(&fresh));
    }
    str_finish(&fresh);
    return good;
}

bool migration_run(const struct migration *migration, const struct place *place, struct sql *sql, struct err *err)
{
    struct str name = STR_EMPTY;
    int64_t version;
    bool good;

    if (!sql_number(sql, "PRAGMA user_version", &version, err))
        return false;
    if (version == migration->count)
        return true;
    good = (choose_name(place, (int)version, &name, err) &&
            copy_and_change(migration, place, sql, (int)version, str_text(&name), err)) ||
           err_add(err, "database %s stays at schema %d, for it cannot be brought to %d", place->path, (int)version,
                   migration->count);
    str_finish(&name);
    return good;
}
