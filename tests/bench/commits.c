/* What the one transaction of a scan costs, beside plain SQLite doing the least that could be called the same. */
#include "bench.h"

#include "batch.h"
#include "commit.h"
#include "goods.h"
#include "json.h"
#include "map.h"
#include "mem.h"
#include "sql.h"
#include "store.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define ROUNDS 5
#define MANY 100000
#define SOME 10000
#define GROWN 20 /* commits that change something, by which the history has grown */

static char folder[] = "/tmp/muster-bench-XXXXXX";
static struct err err;

static void must(bool good)
{
    if (!good)
        bench_fail("commits: %s", err.text);
}

static const char *path_of(const char *name)
{
    static char paths[2][sizeof folder + 32];
    static int turn;
    char *path = paths[turn = !turn];

    snprintf(path, sizeof paths[0], "%s/%s", folder, name);
    return path;
}

/* -------------------------------------------------------------------------------------------------------- ours ---- */

static struct store *open_store(const char *path)
{
    const struct store_options options = { .path = path };
    struct store *store = store_open(&options, &err);
    struct sql sql;

    must(store != NULL);
    must(sql_open(&sql, path, SQLITE_OPEN_READWRITE, &err));
    must(sql_run(&sql,
                 "INSERT INTO scope (name) VALUES ('vc'); INSERT INTO target (name, plugin, scope, every_ms)"
                 " VALUES ('vc', 'vmware', 1, 3600000)",
                 &err));
    sql_close(&sql);
    return store;
}

static double commit_as(struct store *store, const struct batch *batch, enum completeness completeness)
{
    static int64_t now = INT64_C(1700000000000);
    const struct commit commit = {
        .target = 1,
        .good = true,
        .completeness = completeness,
        .batch = batch,
        .items = batch->items.count,
        .started_at = now += 60000,
        .ended_at = now += 1000,
    };
    struct commit_result result;
    double begun = bench_now();

    must(commit_run(store, &commit, &result, &err));
    return (bench_now() - begun) * 1e3;
}

static double commit_once(struct store *store, const struct batch *batch)
{
    return commit_as(store, batch, COMPLETE);
}

/* ---------------------------------------------------------------------------------------------- plain SQLite ---- */

static void open_plain(struct sql *sql, const char *path)
{
    must(sql_open(sql, path, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, &err));
    must(sql_run(sql,
                 "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;"
                 "CREATE TABLE item (id INTEGER PRIMARY KEY, kind TEXT, key TEXT, hash BLOB, facts TEXT,"
                 " UNIQUE (kind, key));",
                 &err));
}

/* What both ways have at hand before they begin, as ours has its batch. */
struct plain {
    struct hash128 hash;
    const char *kind, *key, *facts;
};

static struct plain *plain_items(const struct batch *batch, struct arena *arena)
{
    struct plain *plain = mem_new(batch->items.count, sizeof *plain);
    struct str facts = STR_EMPTY;
    struct arena scratch;
    struct item item;

    arena_init(&scratch, ARENA_PLAIN);
    for (size_t i = 0; i < batch->items.count; i++) {
        const struct batch_item *kept = &batch->items.items[i];

        arena_reset(&scratch);
        str_clear(&facts);
        must(batch_read(kept, &scratch, &item, &err));
        json_add_item(&facts, &item);
        plain[i] = (struct plain){ kept->content, kept->kind, kept->key, arena_text(arena, str_text(&facts)) };
    }
    arena_finish(&scratch);
    str_finish(&facts);
    return plain;
}

static void upsert(struct sql *sql, const struct plain *item)
{
    struct sql_query query;

    sql_query(&query, sql,
              "INSERT INTO item (kind, key, hash, facts) VALUES (?1, ?2, ?3, ?4) ON CONFLICT (kind, key) DO UPDATE SET"
              " hash = excluded.hash, facts = excluded.facts WHERE hash <> excluded.hash");
    sql_bind_text(&query, 1, item->kind);
    sql_bind_text(&query, 2, item->key);
    sql_bind_bytes(&query, 3, &item->hash, sizeof item->hash);
    sql_bind_text(&query, 4, item->facts);
    must(sql_done(&query, &err));
}

static double upsert_all(struct sql *sql, const struct plain *items, size_t count)
{
    double begun = bench_now();

    must(sql_run(sql, "BEGIN IMMEDIATE", &err));
    for (size_t i = 0; i < count; i++)
        upsert(sql, &items[i]);
    must(sql_run(sql, "COMMIT", &err));
    return (bench_now() - begun) * 1e3;
}

static void load_hashes(struct sql *sql, struct map *known, struct arena *arena)
{
    struct sql_query query;
    size_t size;

    sql_query(&query, sql, "SELECT key, hash FROM item");
    while (sql_row(&query)) {
        const void *hash = sql_bytes(&query, 1, &size);

        map_put(known, arena_text(arena, sql_text(&query, 0)), arena_bytes(arena, hash, size));
    }
    must(sql_done(&query, &err));
}

static double compare_all(struct sql *sql, const struct plain *items, size_t count)
{
    double begun = bench_now();
    struct map known = MAP_EMPTY;
    struct arena arena;

    arena_init(&arena, ARENA_PLAIN);
    must(sql_run(sql, "BEGIN IMMEDIATE", &err));
    load_hashes(sql, &known, &arena);
    for (size_t i = 0; i < count; i++) {
        const void *hash = map_get(&known, items[i].key);

        if (hash == NULL || memcmp(hash, &items[i].hash, sizeof items[i].hash) != 0)
            upsert(sql, &items[i]);
    }
    must(sql_run(sql, "COMMIT", &err));
    map_finish(&known);
    arena_finish(&arena);
    return (bench_now() - begun) * 1e3;
}

/* ------------------------------------------------------------------------------------------------------ rounds ---- */

static void unchanged_rows(void)
{
    struct row first = { .what = "first commit of 100,000 items", .unit = "ms" };
    struct row again = { .what = "commit of 100,000 unchanged items", .unit = "ms", .kind = BAR_AT_MOST };
    double ours[ROUNDS], upserts[ROUNDS], compares[ROUNDS], by_upsert, by_compare;
    struct store *store = open_store(path_of("many.db"));
    struct plain *items;
    struct batch batch;
    struct arena arena;
    struct sql sql;

    arena_init(&arena, ARENA_PLAIN);
    goods_fill(&batch, MANY, 0);
    items = plain_items(&batch, &arena);
    open_plain(&sql, path_of("plain.db"));
    first.measured = commit_once(store, &batch);
    snprintf(first.compared, sizeof first.compared, "plain inserts: %.0f ms", upsert_all(&sql, items, MANY));
    for (int round = 0; round < ROUNDS; round++) {
        ours[round] = commit_once(store, &batch);
        upserts[round] = upsert_all(&sql, items, MANY);
        compares[round] = compare_all(&sql, items, MANY);
    }
    by_upsert = bench_median(upserts, ROUNDS);
    by_compare = bench_median(compares, ROUNDS);
    again.measured = bench_median(ours, ROUNDS);
    again.bar = by_upsert < by_compare ? by_upsert : by_compare;
    snprintf(again.compared, sizeof again.compared, "guarded upsert %.1f ms, load and compare %.1f ms", by_upsert,
             by_compare);
    bench_row(&first);
    bench_row(&again);
    sql_close(&sql);
    store_close(store);
    free(items);
    batch_finish(&batch);
    arena_finish(&arena);
}

/* Bytes of a database's log after what work did. */
static double log_size(const char *path)
{
    char log[128];
    struct stat status;

    snprintf(log, sizeof log, "%s-wal", path);
    return stat(log, &status) == 0 ? (double)status.st_size : 0;
}

static void empty_log(const char *path)
{
    struct sql sql;

    must(sql_open(&sql, path, SQLITE_OPEN_READWRITE, &err));
    must(sql_run(&sql, "PRAGMA wal_checkpoint(TRUNCATE)", &err));
    sql_close(&sql);
}

struct changed {
    double ms, log;
};

static struct changed change_ours(struct store *store, const char *path, unsigned edition)
{
    struct changed changed;
    struct batch batch;

    goods_fill(&batch, SOME, edition);
    empty_log(path);
    changed.ms = commit_once(store, &batch);
    changed.log = log_size(path);
    batch_finish(&batch);
    return changed;
}

static struct changed change_plain(struct sql *sql, const char *path, unsigned edition)
{
    struct changed changed;
    struct plain *items;
    struct batch batch;
    struct arena arena;

    arena_init(&arena, ARENA_PLAIN);
    goods_fill(&batch, SOME, edition);
    items = plain_items(&batch, &arena);
    empty_log(path);
    changed.ms = upsert_all(sql, items, SOME);
    changed.log = log_size(path);
    free(items);
    batch_finish(&batch);
    arena_finish(&arena);
    return changed;
}

static void log_row(const char *what, const struct changed *ours, const struct changed *plain)
{
    struct row row = { .what = what, .unit = "KiB", .kind = BAR_AT_MOST };

    row.measured = ours->log / 1024;
    row.bar = 2 * plain->log / 1024;
    snprintf(row.compared, sizeof row.compared, "twice that of the guarded upsert, %.0f KiB", plain->log / 1024);
    bench_row(&row);
}

static void time_row(double ours[ROUNDS], double plain[ROUNDS])
{
    struct row row = { .what = "commit of 10,000 items, 1 % changed", .unit = "ms", .kind = BAR_AT_MOST, .bar = 50 };

    row.measured = bench_median(ours, ROUNDS);
    snprintf(row.compared, sizeof row.compared, "guarded upsert %.1f ms", bench_median(plain, ROUNDS));
    bench_row(&row);
}

static void changed_rows(void)
{
    char path[64], plain_path[64];
    double ms[ROUNDS], plain_ms[ROUNDS];
    struct changed ours, plain;
    struct store *store;
    struct sql sql;

    snprintf(path, sizeof path, "%s/some.db", folder);
    snprintf(plain_path, sizeof plain_path, "%s/plain-some.db", folder);
    store = open_store(path);
    open_plain(&sql, plain_path);
    for (unsigned round = 0; round <= ROUNDS + GROWN; round++) {
        ours = change_ours(store, path, round);
        plain = change_plain(&sql, plain_path, round);
        if (round >= 1 && round <= ROUNDS) {
            ms[round - 1] = ours.ms;
            plain_ms[round - 1] = plain.ms;
        }
        if (round == ROUNDS) {
            time_row(ms, plain_ms);
            log_row("its write-ahead log", &ours, &plain);
        }
    }
    log_row("the same after 20 more of them", &ours, &plain);
    sql_close(&sql);
    store_close(store);
}

/* A delta in which a hundred that no former one named are gone; or none is. */
static double commit_leaves(struct store *store, int round, int leaves)
{
    struct batch batch;
    double ms;

    batch_init(&batch);
    for (int i = 0; i < leaves; i++) {
        char name[48];

        snprintf(name, sizeof name, "vm%06u.corp.example", (unsigned)(round * leaves + i));
        batch_add_gone_by(&batch, &(struct message_gone_by){ "vm", "id.name", name });
    }
    ms = commit_as(store, &batch, DELTA);
    batch_finish(&batch);
    return ms;
}

static void leaves_row(void)
{
    struct row row = { .what = "delta: 100 of 10,000 items gone by a fact", .unit = "ms", .kind = BAR_AT_MOST };
    struct store *store = open_store(path_of("leaves.db"));
    double named[ROUNDS], empty[ROUNDS];
    struct batch batch;

    goods_fill(&batch, SOME, 0);
    commit_once(store, &batch);
    for (int round = 0; round < ROUNDS; round++) {
        named[round] = commit_leaves(store, round, 100);
        empty[round] = commit_leaves(store, round, 0);
    }
    row.measured = bench_median(named, ROUNDS);
    row.bar = 50;
    snprintf(row.compared, sizeof row.compared, "a delta of nothing %.1f ms", bench_median(empty, ROUNDS));
    bench_row(&row);
    store_close(store);
    batch_finish(&batch);
}

void bench_commits(void)
{
    if (mkdtemp(folder) == NULL)
        bench_fail("no folder for databases");
    unchanged_rows();
    changed_rows();
    leaves_row();
    bench_remove(folder);
}
