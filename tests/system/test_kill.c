/* kill -9 at any moment: of a pass that was asked for, of one single pass, of a start, of a reload that retires a
 * target, of retention, of the very first start. Whatever the moment, the database is whole, no scan is there by half,
 * what was acknowledged is there, and a held credential, a quarantined target and removals that wait are remembered.
 * MUSTER_KILLS says how many times (100). */
#include "rig.h"

#include "clock.h"
#include "gate.h"
#include "points.h"
#include "state.h"
#include "store.h"
#include "str.h"
#include "unit.h"

#include <poll.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#define TARGETS 8 /* the last one comes and goes */
#define ITEMS 120
#define EMPTIED 40      /* items of a target that suddenly sees one */
#define FORGET_ROWS 200 /* of one step of retention */

struct trial {
    struct rig rig;
    struct gate gate;
    int version;   /* of the fleet's files */
    bool last_one; /* whether the last target is configured */
    pid_t asking;  /* a command that waits for an answer; 0: none */
    int acknowledged;
};

/* ------------------------------------------------------------------------------------------------- the fleet ---- */

/* Each version of a target's file has other facts in every item, so that every pass writes. */
static void write_file(struct rig *rig, const char *name, int items, int version)
{
    struct str text = STR_EMPTY;
    char file[32];

    for (int i = 0; i < items; i++)
        str_format(&text,
                   "{\"kind\":\"machine\",\"key\":\"%s-%d\",\"attributes\":{\"id.name\":\"%s-%d\",\"version\":%d}}\n",
                   name, i, name, i, version);
    str_add(&text, "{\"end\":{\"completeness\":\"complete\"}}\n");
    snprintf(file, sizeof file, "%s.jsonl", name);
    rig_write(rig, file, "%s", str_text(&text));
    str_finish(&text);
}

static void write_fleet(struct trial *trial)
{
    trial->version++;
    for (int i = 0; i < TARGETS; i++) {
        char name[32];

        snprintf(name, sizeof name, "t%d", i);
        write_file(&trial->rig, name, ITEMS, trial->version);
    }
}

static void configure(struct trial *trial)
{
    struct str text = STR_EMPTY;

    for (int i = 0; i < TARGETS - (trial->last_one ? 0 : 1); i++)
        str_format(&text, " { name = \"t%d\"; plugin = \"file\"; options = { path = \"t%d.jsonl\"; }; },\n", i, i);
    rig_configure(&trial->rig,
                  "credentials = ( { name = \"scan\"; username = \"u\"; password_file = \"word\"; } );\n"
                  "targets = (\n%s"
                  " { name = \"emptied\"; plugin = \"file\"; options = { path = \"emptied.jsonl\"; }; },\n"
                  " { name = \"guarded\"; plugin = \"login\"; credential = \"scan\";\n"
                  "   options = { host = \"127.0.0.1\"; port = \"%u\"; }; },\n"
                  " { name = \"poison\"; plugin = \"segfault\"; } );\n",
                  str_text(&text), trial->gate.port);
    str_finish(&text);
}

/* A credential that was denied, a target in quarantine, removals that wait. */
static void bring_about_holds(struct trial *trial)
{
    struct rig *rig = &trial->rig;

    rig_start(rig);
    assert_int_equal(rig_muster(rig, "scan", "emptied", NULL), 0);
    write_file(rig, "emptied", 1, 0);
    assert_int_equal(rig_muster(rig, "scan", "emptied", NULL), 0);
    assert_int_equal(rig_muster(rig, "scan", "guarded", NULL), 1);
    for (int i = 0; i < 3; i++)
        assert_int_equal(rig_muster(rig, "scan", "poison", NULL), 1);
    rig_stop(rig);
}

static void begin(struct trial *trial)
{
    *trial = (struct trial){ .last_one = true };
    gate_open(&trial->gate, "right");
    rig_begin(&trial->rig);
    rig_set_password(&trial->rig, "wrong");
    write_fleet(trial);
    write_file(&trial->rig, "emptied", EMPTIED, 0);
    configure(trial);
}

static void end(struct trial *trial)
{
    rig_end(&trial->rig);
    gate_close(&trial->gate);
}

/* ------------------------------------------------------------------------------------------------- the moments ---- */

static void ask(struct trial *trial, const char *verb, const char *const *names)
{
    trial->asking = rig_fork();
    if (trial->asking == 0)
        _exit(names == NULL ? rig_muster(&trial->rig, verb, NULL)
                            : rig_muster(&trial->rig, verb, names[0], names[1], names[2], names[3], names[4], names[5],
                                         names[6], NULL));
}

/* True where the answer was that all is done. */
static bool answered(struct trial *trial)
{
    pid_t asking = trial->asking;

    trial->asking = 0;
    return asking != 0 && rig_end_of(asking) == 0;
}

static void begin_asked_pass(struct trial *trial)
{
    static const char *const names[TARGETS - 1] = { "t0", "t1", "t2", "t3", "t4", "t5", "t6" };

    write_fleet(trial);
    rig_start(&trial->rig);
    ask(trial, "scan", names);
}

static void begin_single_pass(struct trial *trial)
{
    write_fleet(trial);
    rig_spawn(&trial->rig, "--once");
}

static void begin_start(struct trial *trial)
{
    rig_spawn(&trial->rig, NULL);
}

static void begin_reload(struct trial *trial)
{
    rig_start(&trial->rig);
    trial->last_one = !trial->last_one;
    configure(trial);
    ask(trial, "reload", NULL);
}

static void forget_all(const char *folder)
{
    struct store *store;
    struct err err;
    char path[96];
    bool more = true, good = true;

    snprintf(path, sizeof path, "%s/muster.db", folder);
    store = store_open(&(struct store_options){ .path = path }, &err);
    while (store != NULL && good && more)
        good = state_forget(store, clock_wall_ms(&clock_system), FORGET_ROWS, &more, &err);
    store_close(store);
    _exit(store != NULL && good ? 0 : 1);
}

/* The daemon begins to forget a minute after its start: here is what its worker does then, in a process of its own. */
static void begin_retention(struct trial *trial)
{
    trial->rig.daemon = rig_fork();
    if (trial->rig.daemon == 0)
        forget_all(trial->rig.folder);
}

static void finish_asked(struct trial *trial)
{
    assert_true(answered(trial));
    rig_stop(&trial->rig);
}

static void finish_single_pass(struct trial *trial)
{
    assert_int_equal(rig_wait(&trial->rig), 1); /* of poison and guarded */
}

static void finish_start(struct trial *trial)
{
    rig_await(&trial->rig, "READY=1");
    rig_stop(&trial->rig);
}

static void finish_retention(struct trial *trial)
{
    assert_int_equal(rig_wait(&trial->rig), 0);
}

struct moment {
    const char *what;
    void (*begin)(struct trial *trial);
    void (*finish)(struct trial *trial); /* what begin began comes to its end */
};

static const struct moment moments[] = {
    { "a pass that was asked for", begin_asked_pass, finish_asked },
    { "a single pass", begin_single_pass, finish_single_pass },
    { "a start", begin_start, finish_start },
    { "a reload", begin_reload, finish_asked },
    { "retention", begin_retention, finish_retention },
};
#define MOMENTS (sizeof moments / sizeof *moments)

static uint64_t now_us(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000000 + (uint64_t)now.tv_nsec / 1000;
}

/* How long it takes when nobody disturbs it, and a little more. */
static unsigned measure(struct trial *trial, const struct moment *moment)
{
    uint64_t begun;

    moment->begin(trial);
    begun = now_us();
    moment->finish(trial);
    rig_assert_alone();
    return (unsigned)((now_us() - begun) * 9 / 8 + 1);
}

/* The moment of the kill is what is random here. */
static void kill_within(struct rig *rig, unsigned span_us)
{
    unsigned delay_us = points_random(span_us);
    struct timespec wait = { delay_us / 1000000, (long)(delay_us % 1000000) * 1000 };

    ppoll(NULL, 0, &wait, NULL);
    rig_kill(rig);
}

/* --------------------------------------------------------------------------------------------- what must hold ---- */

/* All items of a target are of one version: a scan, and a retirement, is there wholly or not at all. */
static void assert_nothing_by_half(struct trial *trial)
{
    assert_int_equal(rig_number(&trial->rig,
                                "SELECT count(*) FROM (SELECT s.name FROM item i JOIN scope s ON s.id = i.scope"
                                " WHERE s.name LIKE 't_' AND i.gone_at IS NULL GROUP BY s.name HAVING count(*) <> %d OR"
                                " count(DISTINCT json_extract(i.facts, '$.version')) <> 1)",
                                ITEMS),
                     0);
}

static void assert_holds(struct trial *trial)
{
    struct rig *rig = &trial->rig;

    assert_int_equal(rig_number(rig, "SELECT attempts FROM credential WHERE state = 'held' AND retry_at > 0"), 1);
    assert_int_equal(trial->gate.refused, 1);
    assert_int_equal(rig_number(rig, "SELECT quarantined FROM target WHERE name = 'poison' AND deaths >= 3"), 1);
    assert_int_equal(rig_number(rig, "SELECT held_count FROM target WHERE name = 'emptied'"), EMPTIED - 1);
    assert_int_equal(rig_number(rig, "SELECT count(*) FROM item i JOIN scope s ON s.id = i.scope"
                                     " WHERE s.name = 'emptied' AND gone_at IS NULL"),
                     EMPTIED);
}

static void assert_version(struct trial *trial)
{
    assert_int_equal(rig_number(&trial->rig, "SELECT min(json_extract(facts, '$.version')) FROM item i"
                                             " JOIN scope s ON s.id = i.scope WHERE s.name BETWEEN 't0' AND 't6'"),
                     trial->version);
}

static void assert_last_one(struct trial *trial)
{
    assert_int_equal(rig_number(&trial->rig, "SELECT configured FROM target WHERE name = 't%d'", TARGETS - 1),
                     trial->last_one);
}

static int rounds(void)
{
    const char *text = getenv("MUSTER_KILLS");
    int64_t number = 100;

    assert_true(text == NULL || int_parse(text, &number, NULL));
    return (int)number;
}

static void one_round(struct trial *trial, const struct moment *moment, unsigned span_us)
{
    bool scans = moment->begin == begin_asked_pass, good;

    moment->begin(trial);
    kill_within(&trial->rig, span_us);
    good = answered(trial);
    rig_assert_alone();
    trial->acknowledged += good ? 1 : 0;
    if (good && scans)
        assert_version(trial);
    else if (good)
        assert_last_one(trial);
    rig_assert_whole(&trial->rig);
    assert_nothing_by_half(trial);
    assert_holds(trial);
}

/* A start and a pass as if nothing had been. */
static void assert_all_is_well(struct trial *trial)
{
    begin_asked_pass(trial);
    finish_asked(trial);
    assert_version(trial);
    assert_holds(trial);
    rig_assert_whole(&trial->rig);
}

static void nothing_is_lost_and_nothing_by_half_after_a_kill_at_any_moment(void **state)
{
    struct trial trial;
    unsigned spans[MOMENTS];

    (void)state;
    begin(&trial);
    bring_about_holds(&trial);
    assert_holds(&trial);
    for (size_t i = 0; i < MOMENTS; i++)
        spans[i] = measure(&trial, &moments[i]);
    for (int i = 0; i < rounds(); i++)
        one_round(&trial, &moments[(size_t)i % MOMENTS], spans[(size_t)i % MOMENTS]);
    for (size_t i = 0; i < MOMENTS; i++)
        print_message("%s: killed within %u ms\n", moments[i].what, spans[i] / 1000);
    print_message("%d of %d were answered before the kill\n", trial.acknowledged, rounds());
    assert_all_is_well(&trial);
    end(&trial);
}

/* ------------------------------------------------------------------------------------------- the first start ---- */

static void remove_database(struct rig *rig)
{
    static const char *const names[] = { "muster.db-wal", "muster.db-shm", "muster.db-lock", "muster.db-key" };
    char path[128];

    snprintf(path, sizeof path, "%s/muster.db", rig->folder);
    unlink(path);
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        snprintf(path, sizeof path, "%s/%s", rig->folder, names[i]);
        unlink(path);
    }
}

/* What is there is as far as it came: it may be empty still, and is made whole by the next start. */
static void one_birth(struct trial *trial, unsigned span_us)
{
    remove_database(&trial->rig);
    rig_spawn(&trial->rig, "--once");
    kill_within(&trial->rig, span_us);
    rig_assert_alone();
    rig_spawn(&trial->rig, "--once");
    assert_int_equal(rig_wait(&trial->rig), 1); /* of poison and guarded */
    rig_assert_alone();
    rig_assert_whole(&trial->rig);
    assert_nothing_by_half(trial);
    assert_version(trial);
    assert_int_equal(rig_number(&trial->rig, "SELECT count(*) FROM item"), TARGETS * ITEMS + EMPTIED);
    assert_int_equal(rig_number(&trial->rig, "SELECT count(*) FROM history WHERE what = 'appeared'"),
                     TARGETS * ITEMS + EMPTIED);
}

static void a_database_that_was_not_finished_is_finished_by_the_next_start(void **state)
{
    struct trial trial;
    uint64_t begun = now_us();
    unsigned span_us;

    (void)state;
    begin(&trial);
    rig_spawn(&trial.rig, "--once");
    finish_single_pass(&trial);
    span_us = (unsigned)(now_us() - begun);
    for (int i = 0; i < rounds() / 4; i++)
        one_birth(&trial, span_us);
    end(&trial);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_is_lost_and_nothing_by_half_after_a_kill_at_any_moment),
        cmocka_unit_test(a_database_that_was_not_finished_is_finished_by_the_next_start),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
