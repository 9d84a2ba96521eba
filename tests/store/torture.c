#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "torture.h"

#include "faults.h"
#include "points.h"
#include "shelf.h"
#include "str.h"
#include "whole.h"

#include <sqlite3.h>
#include <stdio.h>

#define MOST_POINTS 12 /* of a kind, in a sample */

static const struct fault kinds[] = {
    { .calls = FAULT_WRITE },
    { .calls = FAULT_WRITE, .torn = true },
    { .calls = FAULT_WRITE, .code = SQLITE_FULL },
    { .calls = FAULT_SYNC },
    { .calls = FAULT_OPEN | FAULT_TRUNCATE },
    { .calls = FAULT_READ },
    { .calls = FAULT_WRITE | FAULT_SYNC | FAULT_TRUNCATE, .torn = true, .lasting = true },
    { .calls = FAULT_WRITE | FAULT_SYNC, .code = SQLITE_FULL, .lasting = true },
};

struct run {
    const struct torture *torture;
    struct shelf *shelf;
    struct str prepared;    /* the file */
    uint64_t before, after; /* digests */
    const struct fault *fault;
};

static void restore(struct run *run)
{
    static const char *const endings[] = { "-wal", "-shm", "-journal" };

    for (size_t i = 0; i < sizeof endings / sizeof *endings; i++)
        remove(shelf_beside(run->shelf, endings[i]));
    shelf_write_file(run->shelf->path, run->prepared.bytes, run->prepared.length);
}

static bool operate(struct run *run)
{
    return run->torture->operation(run->shelf->store, run->torture->context, &run->shelf->err);
}

static void assert_sound(const struct run *run)
{
    if (run->torture->whole)
        whole_assert(run->shelf->path);
    else
        shelf_assert_sound(run->shelf->path);
}

/* What is there, which must be one of two; whether it is what was there before. */
static bool is_before(struct run *run, bool succeeded)
{
    uint64_t digest;

    assert_sound(run);
    digest = shelf_digest(run->shelf->path);
    if (digest != run->after && (succeeded || digest != run->before))
        fail_msg("call %u of kind %#x (torn %d, lasting %d): %s", run->fault->at, run->fault->calls, run->fault->torn,
                 run->fault->lasting, succeeded ? "it said that it succeeded, and has not" : "half of it is done");
    return digest == run->before && run->before != run->after;
}

static void repeat(struct run *run)
{
    if (!operate(run))
        fail_msg("call %u of kind %#x failed; repeated: %s", run->fault->at, run->fault->calls, run->shelf->err.text);
    assert_int_equal(store_trouble(run->shelf->store), STORE_FINE);
    assert_false(is_before(run, true));
}

/* Whether the fault struck. */
static bool attempt(struct run *run)
{
    bool succeeded, struck;

    restore(run);
    shelf_store(run->shelf);
    faults_set(run->fault);
    succeeded = operate(run);
    struck = faults_struck();
    if (!struck)
        assert_true(succeeded);
    if (!succeeded)
        assert_int_equal(store_trouble(run->shelf->store), STORE_TRANSIENT);
    /* The dead write nothing any more, and the living go on. */
    if (!run->fault->lasting) {
        faults_set(NULL);
        if (is_before(run, succeeded))
            repeat(run);
    }
    shelf_leave(run->shelf);
    faults_set(NULL);
    shelf_store(run->shelf);
    if (is_before(run, run->fault->lasting && succeeded))
        repeat(run);
    shelf_leave(run->shelf);
    return struck;
}

static void prepare(struct run *run)
{
    shelf_store(run->shelf);
    run->torture->prepare(run->shelf->store, run->torture->context);
    shelf_leave(run->shelf);
    shelf_read_file(run->shelf->path, &run->prepared);
    run->before = shelf_digest(run->shelf->path);
    shelf_store(run->shelf);
    if (!operate(run))
        fail_msg("undisturbed, the operation fails: %s", run->shelf->err.text);
    shelf_leave(run->shelf);
    run->after = shelf_digest(run->shelf->path);
    assert_true(run->before != run->after);
    assert_sound(run);
    if (run->torture->proof != NULL && shelf_number(run->shelf, run->torture->proof) != 1)
        fail_msg("undisturbed, it gives %s: %s", shelf_rows(run->shelf, run->torture->proof), run->torture->proof);
}

/* How many of these calls the operation makes. */
static unsigned count_calls(struct run *run, unsigned calls)
{
    unsigned count;

    restore(run);
    shelf_store(run->shelf);
    faults_set(&(struct fault){ .calls = calls });
    if (!operate(run))
        fail_msg("undisturbed, the operation fails: %s", run->shelf->err.text);
    count = faults_count();
    faults_set(NULL);
    shelf_leave(run->shelf);
    return count;
}

/* How many calls there are of this kind: each, or each of a sample, fails in turn, and the one after the last does not
 * come. */
static unsigned attempt_all(struct run *run, const struct fault *kind)
{
    struct fault fault = *kind;
    unsigned total = count_calls(run, kind->calls);
    struct points points = points_of(total, MOST_POINTS, 0);

    run->fault = &fault;
    while (points_next(&points, &fault.at))
        assert_true(attempt(run));
    fault.at = total + 1;
    assert_false(attempt(run));
    run->fault = NULL;
    return total;
}

void torture_run(const struct torture *torture, unsigned least)
{
    void *state;
    struct run run = { .torture = torture };
    unsigned count = 0;

    faults_install();
    assert_int_equal(shelf_open(&state), 0);
    run.shelf = state;
    prepare(&run);
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        count += attempt_all(&run, &kinds[i]);
    str_finish(&run.prepared);
    shelf_close(&state);
    faults_remove();
    if (count < least)
        fail_msg("only %u calls are there to fail, of at least %u", count, least);
}
