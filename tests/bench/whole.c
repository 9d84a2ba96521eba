/* Scans from order to commit, beside the least that could be called the same: a fork, a pipe, and plain SQL. */
#include "bench.h"

#include "goods.h"
#include "hall.h"
#include "json.h"
#include "sql.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define ROUNDS 5
#define SCANS 200        /* in a round, each of another target */
#define ITEMS 128        /* of a scan; 64 KiB in the stream */
#define BYTES (64 << 10) /* that the skeleton's child sends */
#define SIDE_BY_SIDE 2   /* as many as there are processors to hope for */

static struct err err;

static void must(bool good)
{
    if (!good)
        bench_fail("the skeleton: %s", err.text);
}

/* -------------------------------------------------------------------------------------------------------- ours ---- */

static double ours_round(struct hall *hall)
{
    double begun = bench_now();

    for (int64_t target = 1; target <= SCANS; target++) {
        hall_until(hall, SIDE_BY_SIDE - 1);
        hall_scan(hall, target, ITEMS);
    }
    hall_until(hall, 0);
    return SCANS / (bench_now() - begun);
}

/* ------------------------------------------------------------------------------------------------ the skeleton ---- */

/* What the parent knows of a target's items before it has looked at a byte: that is in its favour. */
struct known {
    const char *key, *facts;
    struct hash128 hash;
};

static void open_plain(struct sql *sql, const char *folder)
{
    char path[64];

    snprintf(path, sizeof path, "%s/plain.db", folder);
    must(sql_open(sql, path, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, &err));
    must(sql_run(sql,
                 "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;"
                 "CREATE TABLE target (id INTEGER PRIMARY KEY, ended_at INTEGER);"
                 "CREATE TABLE item (id INTEGER PRIMARY KEY, target INTEGER, key TEXT, hash BLOB, facts TEXT,"
                 " UNIQUE (target, key));",
                 &err));
}

static void know(struct known known[ITEMS], const struct batch *batch, struct arena *arena)
{
    struct str facts = STR_EMPTY;

    for (size_t i = 0; i < ITEMS; i++) {
        struct item item;

        must(batch_read(&batch->items.items[i], arena, &item, &err));
        str_clear(&facts);
        json_add_item(&facts, &item);
        known[i] = (struct known){ batch->items.items[i].key, arena_text(arena, str_text(&facts)),
                                   batch->items.items[i].content };
    }
    str_finish(&facts);
}

static void upsert(struct sql *sql, int64_t target, const struct known *known)
{
    struct sql_query query;

    sql_query(&query, sql,
              "INSERT INTO item (target, key, hash, facts) VALUES (?1, ?2, ?3, ?4) ON CONFLICT (target, key) DO UPDATE"
              " SET hash = excluded.hash, facts = excluded.facts WHERE hash <> excluded.hash");
    sql_bind_int(&query, 1, target);
    sql_bind_text(&query, 2, known->key);
    sql_bind_bytes(&query, 3, &known->hash, sizeof known->hash);
    sql_bind_text(&query, 4, known->facts);
    must(sql_done(&query, &err));
}

static void store_plain(struct sql *sql, int64_t target, const struct known known[ITEMS])
{
    static int64_t now;
    struct sql_query query;

    must(sql_run(sql, "BEGIN IMMEDIATE", &err));
    for (size_t i = 0; i < ITEMS; i++)
        upsert(sql, target, &known[i]);
    sql_query(&query, sql, "INSERT OR REPLACE INTO target VALUES (?1, ?2)");
    sql_bind_int(&query, 1, target);
    sql_bind_int(&query, 2, ++now);
    must(sql_done(&query, &err));
    must(sql_run(sql, "COMMIT", &err));
}

struct child {
    pid_t pid;
    int from;
};

static struct child begin_child(void)
{
    static char bytes[BYTES];
    struct child child;
    int ends[2];

    if (pipe2(ends, O_CLOEXEC) != 0 || (child.pid = fork()) < 0)
        bench_fail("the skeleton: no child");
    if (child.pid == 0) {
        size_t sent = 0;
        ssize_t size;

        while (sent < BYTES && (size = write(ends[1], bytes + sent, BYTES - sent)) > 0)
            sent += (size_t)size;
        _exit(sent == BYTES ? EXIT_SUCCESS : EXIT_FAILURE);
    }
    close(ends[1]);
    child.from = ends[0];
    return child;
}

static void end_child(struct child child)
{
    static char bytes[BYTES];
    int status;

    while (read(child.from, bytes, sizeof bytes) > 0)
        ;
    close(child.from);
    if (waitpid(child.pid, &status, 0) != child.pid || status != 0)
        bench_fail("the skeleton: a child failed");
}

static double skeleton_round(struct sql *sql, const struct known known[ITEMS])
{
    double begun = bench_now();
    struct child next = begin_child();

    for (int64_t target = 1; target <= SCANS; target++) {
        struct child child = next;

        if (target < SCANS)
            next = begin_child();
        end_child(child);
        store_plain(sql, target, known);
    }
    return SCANS / (bench_now() - begun);
}

/* ------------------------------------------------------------------------------------------------------ rounds ---- */

static void report(double ours[ROUNDS], double skeleton[ROUNDS])
{
    struct row row = { .what = "scans of 64 KiB, from order to commit", .unit = "a second", .kind = BAR_AT_LEAST };

    row.measured = bench_median(ours, ROUNDS);
    row.bar = 0.6 * bench_median(skeleton, ROUNDS);
    snprintf(row.compared, sizeof row.compared, "0.6 of a fork, a pipe and plain SQL: %.0f a second (best %.0f, %.0f)",
             skeleton[ROUNDS / 2], ours[ROUNDS - 1], skeleton[ROUNDS - 1]);
    bench_row(&row);
}

void bench_whole(void)
{
    double ours[ROUNDS], skeleton[ROUNDS];
    struct known known[ITEMS];
    struct batch batch;
    struct arena arena;
    struct hall hall;
    struct sql sql;

    hall_open(&hall, SCANS);
    arena_init(&arena, ARENA_PLAIN);
    goods_fill(&batch, ITEMS, 0);
    know(known, &batch, &arena);
    open_plain(&sql, hall.folder);
    ours_round(&hall); /* the first brings everything, the others nothing new */
    skeleton_round(&sql, known);
    for (int round = 0; round < ROUNDS; round++) {
        ours[round] = ours_round(&hall);
        skeleton[round] = skeleton_round(&sql, known);
    }
    report(ours, skeleton);
    sql_close(&sql);
    batch_finish(&batch);
    arena_finish(&arena);
    hall_close(&hall);
}
