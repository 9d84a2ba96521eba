#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "world.h"

#include "mem.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define EPOCH INT64_C(1700000000000)

static void start_batch(struct test_world *world)
{
    batch_init(&world->batch);
}

/* The tests count and break writes by triggers, which a store need not allow. */
static bool allow_triggers(struct sql *sql, void *context, struct err *err)
{
    (void)context;
    (void)err;
    return sqlite3_db_config(sql->handle, SQLITE_DBCONFIG_ENABLE_TRIGGER, 1, NULL) == SQLITE_OK;
}

int world_open(void **state)
{
    struct test_world *world = mem_new(1, sizeof *world);
    struct store_options options;

    strcpy(world->folder, "/tmp/muster-store-XXXXXX");
    assert_non_null(mkdtemp(world->folder));
    snprintf(world->path, sizeof world->path, "%s/muster.db", world->folder);
    options = (struct store_options){ .path = world->path };
    world->store = store_open(&options, &world->err);
    if (world->store == NULL)
        fail_msg("%s", world->err.text);
    assert_true(store_transaction(world->store, allow_triggers, NULL, &world->err));
    assert_true(sql_open(&world->sql, world->path, SQLITE_OPEN_READWRITE, &world->err));
    arena_init(&world->arena, ARENA_PLAIN);
    start_batch(world);
    world->now = EPOCH;
    *state = world;
    return 0;
}

static void remove_folder(const char *folder)
{
    DIR *entries = opendir(folder);
    struct dirent *entry;

    while ((entry = readdir(entries)) != NULL)
        unlinkat(dirfd(entries), entry->d_name, 0);
    closedir(entries);
    rmdir(folder);
}

int world_close(void **state)
{
    struct test_world *world = *state;

    batch_finish(&world->batch);
    sql_close(&world->sql);
    store_close(world->store);
    arena_finish(&world->arena);
    str_finish(&world->news);
    remove_folder(world->folder);
    free(world);
    return 0;
}

void world_run(struct test_world *world, const char *text)
{
    if (!sql_run(&world->sql, text, &world->err))
        fail_msg("%s", world->err.text);
}

/* By itself: sql_query keeps what it has prepared under a text that must live on, and a test may make up its text. */
static sqlite3_stmt *ask(struct test_world *world, const char *text)
{
    sqlite3_stmt *statement = NULL;

    if (sqlite3_prepare_v2(world->sql.handle, text, -1, &statement, NULL) != SQLITE_OK)
        fail_msg("%s: %s", text, sqlite3_errmsg(world->sql.handle));
    if (sqlite3_step(statement) == SQLITE_ROW)
        return statement;
    sqlite3_finalize(statement);
    return NULL;
}

int64_t world_number(struct test_world *world, const char *text)
{
    sqlite3_stmt *statement = ask(world, text);
    int64_t number = statement == NULL ? 0 : sqlite3_column_int64(statement, 0);

    sqlite3_finalize(statement);
    return number;
}

const char *world_text(struct test_world *world, const char *text)
{
    sqlite3_stmt *statement = ask(world, text);
    const char *found = NULL;

    if (statement != NULL && sqlite3_column_type(statement, 0) != SQLITE_NULL)
        found = arena_text(&world->arena, (const char *)sqlite3_column_text(statement, 0));
    sqlite3_finalize(statement);
    return found;
}

int64_t world_target(struct test_world *world, const char *name, const char *scope)
{
    char *text = arena_format(&world->arena,
                              "INSERT OR IGNORE INTO scope (name) VALUES ('%s');"
                              "INSERT OR IGNORE INTO target (name, plugin, scope, every_ms)"
                              " SELECT '%s', 'file', id, 60000 FROM scope WHERE name = '%s'",
                              scope, name, scope);

    world_run(world, text);
    return world_number(world, arena_format(&world->arena, "SELECT id FROM target WHERE name = '%s'", name));
}

/* ------------------------------------------------------------------------------------------------------- items ---- */

struct item *world_item(struct test_world *world, const char *kind, const char *key)
{
    struct item *item = arena_alloc(&world->arena, sizeof *item);

    item_init(item, &world->arena, kind, key);
    return item;
}

void world_add(struct test_world *world, struct item *item)
{
    batch_add_item(&world->batch, item, item_hash(item));
}

void world_add_vm(struct test_world *world, const char *key, const char *name, const char *host)
{
    struct item *vm = world_item(world, "vm", key);

    assert_true(item_set_text(vm, "id.name", name, &world->err));
    if (host != NULL)
        assert_true(item_link(vm, &(struct link){ "runs_on", "hyperv_host", host, NULL, NULL }, &world->err));
    world_add(world, vm);
}

void world_add_many(struct test_world *world, const char *kind, size_t first, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        char key[64];
        struct item *item;

        snprintf(key, sizeof key, "%s-%zu", kind, first + i);
        item = world_item(world, kind, key);
        assert_true(item_set_text(item, "id.name", key, &world->err));
        world_add(world, item);
    }
}

void world_add_gone(struct test_world *world, const char *kind, const char *key)
{
    batch_add_gone(&world->batch, &(struct message_gone){ kind, key });
}

void world_add_gone_by(struct test_world *world, const char *kind, const char *attribute, const char *value)
{
    batch_add_gone_by(&world->batch, &(struct message_gone_by){ kind, attribute, value });
}

/* ------------------------------------------------------------------------------------------------------- scans ---- */

static bool commit(struct test_world *world)
{
    bool good;

    world->commit.quiet = world->quiet;
    world->commit.state = world->schedule;
    good = commit_run(world->store, &world->commit, &world->result, &world->err);
    batch_finish(&world->batch);
    start_batch(world);
    return good;
}

bool world_scan_at(struct test_world *world, int64_t target, enum completeness completeness, int64_t start, int64_t end)
{
    world->now = end;
    world->commit = (struct commit){
        .target = target,
        .good = true,
        .completeness = completeness,
        .batch = &world->batch,
        .started_at = start,
        .ended_at = end,
        .items = world->batch.items.count,
        .warnings = world->batch.warnings.count,
        .basis = world->basis,
    };
    return commit(world);
}

bool world_scan(struct test_world *world, int64_t target, enum completeness completeness)
{
    return world_scan_at(world, target, completeness, world->now + 60000, world->now + 61000);
}

bool world_fail(struct test_world *world, int64_t target, enum err_class class, const char *message)
{
    world->now += 61000;
    world->commit = (struct commit){
        .target = target,
        .class = class,
        .message = message,
        .started_at = world->now - 1000,
        .ended_at = world->now,
    };
    return commit(world);
}

bool world_refused(struct test_world *world, int64_t target, const char *message)
{
    world->now += 61000;
    world->commit = (struct commit){
        .target = target,
        .good = true,
        .completeness = PARTIAL,
        .class = ERR_DENIED,
        .message = message,
        .batch = &world->batch,
        .started_at = world->now - 1000,
        .ended_at = world->now,
        .items = world->batch.items.count,
        .basis = world->basis,
        .credential = world->credential == NULL ? NULL : "scan",
        .credential_state = world->credential,
    };
    return commit(world);
}

bool world_accept(struct test_world *world, int64_t target)
{
    static const struct actor by = { 1000, "uid 1000" };

    world->now += 1000;
    return commit_accept(world->store, target, &by, world->now, &world->result, &world->err);
}

/* ------------------------------------------------------------------------------------------------- what became ---- */

const char *world_news(struct test_world *world)
{
    struct sql_query query;

    str_clear(&world->news);
    sql_query(&query, &world->sql,
              "SELECT h.id, i.key, h.what, h.detail FROM history h JOIN item i ON i.id = h.item WHERE h.id > ?1 AND"
              " h.what IN ('appeared', 'changed', 'moved', 'gone', 'returned') ORDER BY h.id");
    sql_bind_int(&query, 1, world->told);
    while (sql_row(&query)) {
        world->told = sql_int(&query, 0);
        str_format(&world->news, "%s %s %s\n", sql_text(&query, 1), sql_text(&query, 2), sql_text(&query, 3));
    }
    assert_true(sql_done(&query, &world->err));
    return str_text(&world->news);
}

void world_count_writes(struct test_world *world)
{
    static const char *const tables[] = { "journal",   "warning", "offer",      "asset",   "item",  "sighting",
                                          "link",      "unread",  "claim",      "history", "basis", "reasoning",
                                          "judgement", "guard",   "guard_past", "action",  "meta" };
    static const char *const verbs[] = { "INSERT", "UPDATE", "DELETE" };

    world_run(world, "CREATE TABLE IF NOT EXISTS written (name TEXT)");
    for (size_t i = 0; i < sizeof tables / sizeof *tables; i++) {
        for (size_t j = 0; j < sizeof verbs / sizeof *verbs; j++)
            world_run(world, arena_format(&world->arena,
                                          "CREATE TRIGGER IF NOT EXISTS t_%zu_%zu AFTER %s ON %s BEGIN"
                                          " INSERT INTO written VALUES ('%s'); END",
                                          i, j, verbs[j], tables[i], tables[i]));
    }
    world_run(world, "DELETE FROM written");
}

int64_t world_writes(struct test_world *world)
{
    return world_number(world, "SELECT count(*) FROM written");
}
