/* A database in a folder of its own, targets, and scans of them: what the tests of commits share.
 *
 *     world_add_vm(world, "vm-1", "web", "host-a");
 *     assert_true(world_scan(world, target, COMPLETE));
 *     assert_string_equal(world_news(world), "vm-1 appeared {}\n");
 *
 * Time stands still but for a minute before each scan, which takes a second. */
#ifndef WORLD_H
#define WORLD_H

#include "arena.h"
#include "batch.h"
#include "commit.h"
#include "err.h"
#include "judging.h"
#include "sql.h"
#include "store.h"
#include "str.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct test_world {
    char folder[64], path[96];
    struct store *store;
    struct sql sql; /* looks on, and writes what the configuration would */
    struct arena arena;
    struct batch batch;                        /* of the next scan */
    int64_t now;                               /* the end of the last scan */
    const struct basis *basis;                 /* by which scans are judged; NULL: they are not */
    bool quiet;                                /* the targets are in maintenance */
    const struct schedule_state *schedule;     /* of the targets from the next run on; NULL: not said */
    const struct credential_state *credential; /* of "scan", from the next refusal on; NULL: not said */
    struct commit commit;
    struct commit_result result;
    struct err err;
    struct str news;
    int64_t told; /* the last entry of the history that world_news gave */
};

/* For cmocka: *state is the world. */
int world_open(void **state);
int world_close(void **state);

/* A target of a scope, made where there is none of that name. */
int64_t world_target(struct test_world *world, const char *name, const char *scope);

/* Runs statements; a failure fails the test. */
void world_run(struct test_world *world, const char *text);

/* The first number or text that a statement gives; the text is good until the world's end. */
int64_t world_number(struct test_world *world, const char *text);
const char *world_text(struct test_world *world, const char *text);

/* An item that is to be filled, and its way into the next scan. */
struct item *world_item(struct test_world *world, const char *kind, const char *key);
void world_add(struct test_world *world, struct item *item);

/* A virtual machine; host (the key of a hyperv_host) may be NULL. */
void world_add_vm(struct test_world *world, const char *key, const char *name, const char *host);

/* So many items of a kind, whose keys are the kind, '-' and the numbers from first on. */
void world_add_many(struct test_world *world, const char *kind, size_t first, size_t count);

void world_add_gone(struct test_world *world, const char *kind, const char *key);
void world_add_gone_by(struct test_world *world, const char *kind, const char *attribute, const char *value);

/* Commits what was added as one scan, and starts the next one's batch. False: see err. */
bool world_scan(struct test_world *world, int64_t target, enum completeness completeness);

/* The same with this start and end, both after 1970. */
bool world_scan_at(struct test_world *world, int64_t target, enum completeness completeness, int64_t start,
                   int64_t end);

bool world_fail(struct test_world *world, int64_t target, enum err_class class, const char *message);
/* The same of a good scan whose credential was refused: what was added is committed, and the message with it. */
bool world_refused(struct test_world *world, int64_t target, const char *message);
bool world_accept(struct test_world *world, int64_t target);

/* "KEY WHAT DETAIL" of each entry of the history since the last call, a line each; not those about assets. */
const char *world_news(struct test_world *world);

/* From now on, counts the rows that are written, target and credential left out. */
void world_count_writes(struct test_world *world);
int64_t world_writes(struct test_world *world);

#endif
