/* One allocation of musterd gets nothing, or none from some moment on, whatever the moment: the daemon may end, by
 * abort or with a failure, but neither hangs nor leaves anything by half; the next pass makes everything right. */
#include "rig.h"

#include "points.h"
#include "str.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define TARGETS 3
#define ITEMS 12
#define MOST_POINTS 60   /* of each test, in a sample */
#define MANY_POINTS 1000 /* where all would take hours */
#define ABORTED (1000 + SIGABRT)
#define CRASHED (1000 + SIGSEGV)
#define EXITED 2 /* by the lexer of libconfig, which says why */

/* What must be the same in the end as without any failure. */
static const char *const measures[] = {
    "SELECT count(*) FROM item",
    "SELECT count(*) FROM item WHERE gone_at IS NULL",
    "SELECT sum(length(facts)) FROM item",
    "SELECT min(json_extract(facts, '$.version')) FROM item WHERE kind = 'machine'",
    "SELECT count(*) FROM (SELECT DISTINCT scope, kind, key FROM item)",
    "SELECT count(DISTINCT asset) FROM item",
    "SELECT count(*) FROM asset WHERE merged_into IS NULL",
    "SELECT count(*) FROM sighting",
    "SELECT count(*) FROM link",
    "SELECT count(*) FROM relation",
    "SELECT count(*) FROM claim",
    "SELECT count(*) FROM warning",
    "SELECT count(*) FROM target WHERE configured = 1 AND result = 'complete' AND attempts = 0",
    "SELECT count(*) FROM history WHERE what = 'appeared'",
    "SELECT count(*) FROM history WHERE what = 'changed'",
    "SELECT count(*) FROM history WHERE what IN ('gone', 'returned', 'moved', 'retired')",
};
#define MEASURES (sizeof measures / sizeof *measures)

struct trial {
    struct rig rig;
    int version; /* of the files, in the pass that is disturbed */
    long long expected[MEASURES];
    unsigned total;   /* allocations of an undisturbed pass */
    unsigned reading; /* of them, at most so many until the configuration has been read */
    unsigned aborted, failed, good;
};

/* ------------------------------------------------------------------------------------------------- the fleet ---- */

/* Target 0 sees virtual machines, target 1 the same from inside, target 2 nothing of theirs. */
static void add_items(struct str *text, int target, int version)
{
    static const char *const kinds[TARGETS] = { "vm", "machine", "machine" };

    for (int i = 0; i < ITEMS; i++)
        str_format(text,
                   "{\"kind\":\"%s\",\"key\":\"t%d-%d\",\"attributes\":{\"id.name\":\"N%d\",\"id.uuid\":"
                   "\"4c4c4544-0042-4a10-80%02d-%012d\",\"version\":%d},\"links\":[{\"relation\":\"runs_on\",\"kind\":"
                   "\"hyperv_host\",\"key\":\"host\"}]}\n",
                   kinds[target], target, i, i, target / 2, i, version);
    str_add(text, "{\"kind\":\"hyperv_host\",\"key\":\"host\",\"attributes\":{\"id.name\":\"H\"}}\n"
                  "{\"warning\":{\"kind\":\"vm\",\"key\":\"none\",\"text\":\"it could not be read\"}}\n"
                  "{\"end\":{\"completeness\":\"complete\"}}\n");
}

static void write_fleet(struct rig *rig, int version)
{
    for (int target = 0; target < TARGETS; target++) {
        struct str text = STR_EMPTY;
        char name[16];

        add_items(&text, target, version);
        snprintf(name, sizeof name, "%d.jsonl", target);
        rig_write(rig, name, "%s", str_text(&text));
        str_finish(&text);
    }
}

static void configure(struct rig *rig, const char *more)
{
    rig_configure(rig,
                  "targets = (\n"
                  " { name = \"t0\"; plugin = \"file\"; options = { path = \"0.jsonl\"; }; tags = [ \"a\" ]; },\n"
                  " { name = \"t1\"; plugin = \"file\"; options = { path = \"1.jsonl\"; }; },\n"
                  " { name = \"t2\"; plugin = \"file\"; options = { path = \"2.jsonl\"; }; } );\n"
                  "%s\n",
                  more);
}

static void forget_database(struct rig *rig)
{
    static const char *const names[] = { "", "-wal", "-shm", "-lock", "-key" };
    char path[256];

    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        snprintf(path, sizeof path, "%s/muster.db%s", rig->folder, names[i]);
        remove(path);
    }
}

/* ---------------------------------------------------------------------------------------------------- passes ---- */

static void clean_pass(struct rig *rig)
{
    rig_spawn(rig, "--once");
    assert_int_equal(rig_wait(rig), 0);
    rig_assert_alone();
}

/* Back to where the pass that is disturbed begins: no database at all, or that of a pass over the former files. */
static void go_back(struct trial *trial)
{
    forget_database(&trial->rig);
    for (int version = 0; version < trial->version; version++) {
        write_fleet(&trial->rig, version);
        clean_pass(&trial->rig);
    }
    write_fleet(&trial->rig, trial->version);
}

static unsigned preloaded_run(struct rig *rig, const char *mode, const char *variable, const char *value)
{
    int status;

    rig_write(rig, "log", "%s", "");
    rig->preload = NOMEMORY;
    setenv(variable, value, 1);
    rig_spawn(rig, mode);
    unsetenv(variable);
    rig->preload = NULL;
    status = rig_wait(rig);
    rig_assert_alone();
    return (unsigned)status;
}

static unsigned count_allocations(struct trial *trial, const char *mode, int status)
{
    char path[256];
    char *text;
    unsigned total;

    snprintf(path, sizeof path, "%s/count", trial->rig.folder);
    assert_int_equal(preloaded_run(&trial->rig, mode, "NOMEMORY_COUNT", path), status);
    text = rig_read(&trial->rig, "count");
    total = (unsigned)strtoul(text, NULL, 10);
    free(text);
    return total;
}

static void measure(struct trial *trial)
{
    /* The configuration by itself, and what is read after it: nothing more is looked at where there is no target. */
    configure(&trial->rig, "this_is_no_key = 1;");
    trial->reading = count_allocations(trial, "--once", 78);
    rig_configure(&trial->rig, "%s", "");
    trial->reading += count_allocations(trial, "--check-config", 0);
    configure(&trial->rig, "");
    go_back(trial);
    trial->total = count_allocations(trial, "--once", 0);
    assert_true(trial->total > 1000 && trial->reading < trial->total);
    for (size_t i = 0; i < MEASURES; i++)
        trial->expected[i] = rig_number(&trial->rig, "%s", measures[i]);
}

static bool has_database(struct rig *rig)
{
    char *text = rig_read(rig, "muster.db");
    bool has = text[0] != '\0';

    free(text);
    return has;
}

/* Each target's scan is there wholly, or not at all. */
static void assert_no_half_scan(struct rig *rig)
{
    assert_int_equal(rig_number(rig,
                                "SELECT count(*) FROM (SELECT s.target FROM sighting s JOIN item i ON i.id = s.item"
                                " GROUP BY s.target HAVING count(*) <> %d OR"
                                " count(DISTINCT json_extract(i.facts, '$.version')) <> 1)",
                                ITEMS + 1),
                     0);
}

static void assert_right(struct trial *trial, unsigned at)
{
    for (size_t i = 0; i < MEASURES; i++) {
        long long number = rig_number(&trial->rig, "%s", measures[i]);

        if (number != trial->expected[i])
            fail_msg("allocation %u of %u failed, and then: %s gives %lld, not %lld", at, trial->total, measures[i],
                     number, trial->expected[i]);
    }
}

/* Whether a process may end so. libconfig does not look at what it gets and runs into nothing, before anything else was
 * begun; all else aborts, or fails with a sentence about memory. */
static bool may_end_so(const struct trial *trial, unsigned at, unsigned status, const char *log)
{
    if (status == 0 || status == ABORTED)
        return true;
    if (at <= trial->reading && status == CRASHED)
        return true;
    return (status == 1 || status == 78 || (at <= trial->reading && status == EXITED)) && strstr(log, "memory") != NULL;
}

static void count_end(struct trial *trial, unsigned at, unsigned status)
{
    char *log = rig_read(&trial->rig, "log");

    if (!may_end_so(trial, at, status, log))
        fail_msg("allocation %u of %u failed, and musterd ended with %u: %s", at, trial->total, status, log);
    free(log);
    *(status == 0 ? &trial->good : status >= 1000 ? &trial->aborted : &trial->failed) += 1;
}

static void attempt(struct trial *trial, unsigned at, bool lasting)
{
    char text[16];
    unsigned status;

    go_back(trial);
    snprintf(text, sizeof text, "%u", at);
    if (lasting)
        setenv("NOMEMORY_LASTING", "1", 1);
    status = preloaded_run(&trial->rig, "--once", "NOMEMORY_AT", text);
    unsetenv("NOMEMORY_LASTING");
    count_end(trial, at, status);
    if (has_database(&trial->rig)) {
        rig_assert_whole(&trial->rig);
        assert_no_half_scan(&trial->rig);
    }
    if (status == 0)
        assert_right(trial, at);
    clean_pass(&trial->rig);
    rig_assert_whole(&trial->rig);
    assert_right(trial, at);
}

static void try_all(int version)
{
    struct trial trial = { .version = version };
    struct points points;
    unsigned at;

    rig_begin(&trial.rig);
    measure(&trial);
    points = points_of(trial.total, MOST_POINTS, MANY_POINTS);
    while (points_next(&points, &at))
        attempt(&trial, at, points_random(2) == 1);
    print_message("%u allocations, %u to read the configuration; %u passes were aborted, %u failed, %u went well\n",
                  trial.total, trial.reading, trial.aborted, trial.failed, trial.good);
    assert_true(trial.aborted > 0);
    rig_end(&trial.rig);
}

static void the_first_pass_leaves_nothing_by_half_whichever_allocation_fails(void **state)
{
    (void)state;
    try_all(0);
}

static void a_pass_that_changes_everything_leaves_nothing_by_half_whichever_allocation_fails(void **state)
{
    (void)state;
    try_all(1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_first_pass_leaves_nothing_by_half_whichever_allocation_fails),
        cmocka_unit_test(a_pass_that_changes_everything_leaves_nothing_by_half_whichever_allocation_fails),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
