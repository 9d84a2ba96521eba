/* Alerts on their way out, with an outbox that is none, and real scripts. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "delivery.h"

#include "clock.h"
#include "fleet.h"
#include "log.h"
#include "maintenance.h"
#include "mem.h"
#include "outbox.h"
#include "peer.h"
#include "rules.h"
#include "store.h"
#include "str.h"
#include "tick.h"
#include "vec.h"

#include <fcntl.h>
#include <ftw.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define PATIENCE_MS 60000
#define ALERTS 32
#define HOUR_MS INT64_C(3600000)

/* ---------------------------------------------------------------------- what stands in for the store and rules ---- */

enum fate { WAITING, DELIVERED, DEAD };

static struct {
    struct {
        const char *hook;
        enum fate fate;
        unsigned tries, settled;
    } alerts[ALERTS];
    size_t count, events; /* events: that nobody has collected */
    size_t steps, ticks, takes;
    unsigned refused_steps, refused_settles; /* so many times the database says no */
    unsigned patience;                       /* tries after which an alert is dead; 0: never */
    bool failing[2];                         /* the hooks a and b */
    int64_t next_tick;
    size_t hooks_seen; /* by the last step */
} outbox;

bool outbox_step(struct store *store, const struct outbox_setting *setting, size_t most, struct outbox_step *step,
                 struct err *err)
{
    (void)store;
    outbox.steps++;
    outbox.hooks_seen = setting->hooks->count;
    if (outbox.refused_steps > 0) {
        outbox.refused_steps--;
        return err_set(err, ERR_SYSTEM, "no step");
    }
    assert_true(most > 0);
    for (size_t i = 0; i < setting->hooks->count && outbox.events > 0; i++)
        outbox.alerts[outbox.count++].hook = setting->hooks->list[i].name[0] == 'a' ? "a" : "b";
    step->frozen = outbox.events > 0 ? setting->hooks->count : 0;
    outbox.events -= outbox.events > 0;
    step->more = outbox.events > 0;
    return true;
}

bool outbox_take(struct store *store, const struct hook *hook, int64_t now, struct outbox_alert *alert, struct err *err)
{
    (void)store, (void)now, (void)err;
    outbox.takes++;
    for (size_t i = 0; i < outbox.count; i++) {
        if (outbox.alerts[i].fate != WAITING || strcmp(outbox.alerts[i].hook, hook->name) != 0)
            continue;
        *alert = (struct outbox_alert){ .id = (int64_t)i + 1,
                                        .what = EVENT_SCAN_FAILING,
                                        .count = 1,
                                        .tries = outbox.alerts[i].tries,
                                        .payload = mem_text("{}\n") };
        snprintf(alert->key, sizeof alert->key, "key%zu", i + 1);
        return true;
    }
    return true;
}

void outbox_alert_finish(struct outbox_alert *alert)
{
    free(alert->payload);
}

bool outbox_settle(struct store *store, const struct hook *hook, const struct outbox_outcome *outcome, int64_t now,
                   struct outbox_after *after, struct err *err)
{
    bool *failing = &outbox.failing[hook->name[0] == 'b'];

    (void)store;
    if (outbox.refused_settles > 0) {
        outbox.refused_settles--;
        return err_set(err, ERR_SYSTEM, "no settling");
    }
    outbox.alerts[outcome->alert - 1].tries++;
    outbox.alerts[outcome->alert - 1].settled++;
    after->turned = *failing == outcome->delivered;
    after->dead =
        !outcome->delivered && outbox.patience > 0 && outbox.alerts[outcome->alert - 1].tries >= outbox.patience;
    after->next = now + 10;
    *failing = !outcome->delivered;
    outbox.alerts[outcome->alert - 1].fate = outcome->delivered ? DELIVERED : after->dead ? DEAD : WAITING;
    return true;
}

char *outbox_sample(const struct hook *hook, int64_t now, char key[OUTBOX_KEY_SIZE])
{
    (void)hook, (void)now;
    snprintf(key, OUTBOX_KEY_SIZE, "sample");
    return mem_text("{\"event\":\"hook.test\"}\n");
}

bool tick_run(struct store *store, const struct tick_setting *setting, int64_t *next, struct err *err)
{
    (void)store, (void)err;
    outbox.ticks++;
    *next = outbox.next_tick > setting->now ? outbox.next_tick : setting->now + 24 * HOUR_MS;
    return true;
}

enum store_trouble __wrap_store_trouble(const struct store *store);
enum store_trouble __wrap_store_trouble(const struct store *store)
{
    (void)store;
    return STORE_FINE;
}

struct rules {
    struct hooks hooks;
    struct hook list[2];
    int references;
};

struct rules *rules_keep(struct rules *rules)
{
    rules->references++;
    return rules;
}

void rules_release(struct rules *rules)
{
    if (rules != NULL)
        rules->references--;
}

const struct hooks *rules_hooks(const struct rules *rules)
{
    return &rules->hooks;
}

const struct basis *rules_basis(const struct rules *rules)
{
    (void)rules;
    return NULL;
}

/* Only so that nobody needs the real ones. */
const struct identity_rules *rules_identities(const struct rules *rules)
{
    (void)rules;
    return NULL;
}

const struct maintenance *rules_maintenance(const struct rules *rules)
{
    static const struct maintenance none;

    (void)rules;
    return &none;
}

/* What the peer of a trial was told. */
static struct {
    void (*gone)(void *context);
    void *context;
    bool done;
    unsigned status;
    char output[200], message[400];
} peer;

static struct peer *const somebody = (struct peer *)(void *)&peer; /* which nobody looks into */

void peer_send(struct peer *unused, const char *name, const struct control_field *fields, size_t count)
{
    (void)unused, (void)name;
    for (size_t i = 0; i < count; i++) {
        if (strcmp(fields[i].name, "output") == 0)
            snprintf(peer.output, sizeof peer.output, "%s", fields[i].value);
    }
}

void peer_done(struct peer *unused, unsigned status, const char *format, ...)
{
    va_list args;

    (void)unused;
    va_start(args, format);
    vsnprintf(peer.message, sizeof peer.message, format, args);
    va_end(args);
    peer.done = true;
    peer.status = status;
}

void peer_watch(struct peer *unused, void (*gone)(void *context), void *context)
{
    (void)unused;
    peer.gone = gone;
    peer.context = context;
}

/* ---------------------------------------------------------------------------------------------------- the desk ---- */

static struct {
    char folder[64], paths[2][96];
    uv_loop_t loop;
    uv_timer_t guard;
    struct fleet fleet;
    struct rules rules[2];
    struct delivery *delivery;
    int64_t patience;
    bool stopped, closed, late;
    struct str log;
} desk;

static void on_log(void *context, enum log_level level, const char *line)
{
    (void)context;
    if (level != LOG_LEVEL_DEBUG)
        str_format(&desk.log, "%s: %s\n", log_level_word(level), line);
}

static void write_file(const char *path, const char *text)
{
    int file = open(path, O_CREAT | O_TRUNC | O_WRONLY | O_CLOEXEC, 0700);

    assert_true(file >= 0 && write(file, text, strlen(text)) == (ssize_t)strlen(text));
    close(file);
}

/* The hook a or b, for it alone, or for both (scripts NULL: none). */
static void set_rules(struct rules *rules, const char *a, const char *b)
{
    const char *scripts[] = { a, b };

    for (int i = 0; i < 2; i++) {
        struct str text = STR_EMPTY;

        if (scripts[i] == NULL)
            continue;
        str_format(&text, "#!/bin/sh\ncd %s\n%s\n", desk.folder, scripts[i]);
        write_file(desk.paths[i], str_text(&text));
        str_finish(&text);
        rules->list[rules->hooks.count++] =
            (struct hook){ .name = i == 0 ? "a" : "b", .run = desk.paths[i], .timeout_ms = PATIENCE_MS };
    }
    rules->hooks.list = rules->list;
}

/* What a script writes is no event of the loop, so it is looked at now and then. */
static void on_look(uv_timer_t *timer)
{
    (void)timer;
    desk.late = clock_mono_ms(&clock_system) > desk.patience;
}

static int begin(void **state)
{
    (void)state;
    umask(022);
    memset(&outbox, 0, sizeof outbox);
    memset(&desk, 0, sizeof desk);
    memset(&peer, 0, sizeof peer);
    signal(SIGPIPE, SIG_IGN); /* as the daemon has it */
    log_set_sink(on_log, NULL);
    strcpy(desk.folder, "/tmp/test_delivery_XXXXXX");
    if (mkdtemp(desk.folder) == NULL)
        return -1;
    snprintf(desk.paths[0], sizeof desk.paths[0], "%s/a.sh", desk.folder);
    snprintf(desk.paths[1], sizeof desk.paths[1], "%s/b.sh", desk.folder);
    uv_loop_init(&desk.loop);
    uv_timer_init(&desk.loop, &desk.guard);
    fleet_init(&desk.fleet, &desk.loop, NULL, NULL);
    desk.fleet.paused = true;
    desk.fleet.worker = worker_create(&desk.loop, NULL, NULL, NULL);
    return 0;
}

static void until(bool (*holds)(void))
{
    desk.late = false;
    desk.patience = clock_mono_ms(&clock_system) + PATIENCE_MS;
    uv_timer_start(&desk.guard, on_look, 5, 5);
    while (!holds() && !desk.late)
        uv_run(&desk.loop, UV_RUN_ONCE);
    if (desk.late)
        fail_msg("waited in vain; the log: %s", str_text(&desk.log));
    uv_timer_stop(&desk.guard);
}

static bool is_idle(void)
{
    return delivery_is_idle(desk.delivery) && worker_pending(desk.fleet.worker) == 0;
}

static bool is_stopped(void)
{
    return desk.stopped;
}

static bool is_closed(void)
{
    return desk.closed;
}

static void set_true(void *flag)
{
    *(bool *)flag = true;
}

static void start(const char *a, const char *b)
{
    set_rules(&desk.rules[0], a, b);
    desk.fleet.rules = rules_keep(&desk.rules[0]);
    desk.delivery = delivery_create(&desk.fleet);
    delivery_start(desk.delivery);
    until(is_idle);
}

static void happen(size_t events)
{
    outbox.events += events;
    delivery_wake(desk.delivery);
}

static void stop(int64_t grace_ms)
{
    delivery_stop(desk.delivery, grace_ms, set_true, &desk.stopped);
    until(is_stopped);
}

static int take_away(const char *path, const struct stat *status, int type, struct FTW *where)
{
    (void)status, (void)type, (void)where;
    return remove(path);
}

static int end(void **state)
{
    (void)state;
    if (!desk.stopped)
        stop(0);
    worker_close(desk.fleet.worker, set_true, &desk.closed);
    until(is_closed);
    delivery_destroy(desk.delivery);
    desk.fleet.worker = NULL;
    fleet_finish(&desk.fleet);
    uv_close((uv_handle_t *)&desk.guard, NULL);
    uv_run(&desk.loop, UV_RUN_DEFAULT);
    assert_int_equal(uv_loop_close(&desk.loop), 0);
    assert_int_equal(desk.rules[0].references, 0);
    assert_int_equal(desk.rules[1].references, 0);
    log_set_sink(NULL, NULL);
    str_finish(&desk.log);
    return nftw(desk.folder, take_away, 8, FTW_DEPTH | FTW_PHYS);
}

static const char *read_log(const char *name)
{
    static char text[4096];
    char path[128];
    FILE *file;
    size_t size = 0;

    snprintf(path, sizeof path, "%s/%s", desk.folder, name);
    file = fopen(path, "r");
    if (file != NULL) {
        size = fread(text, 1, sizeof text - 1, file);
        fclose(file);
    }
    text[size] = '\0';
    return text;
}

static void must_say(const char *text, const char *words)
{
    if (strstr(text, words) == NULL)
        fail_msg("no \"%s\" in: %s", words, text);
}

static size_t count_in(const char *text, const char *words)
{
    size_t count = 0;

    for (const char *at = strstr(text, words); at != NULL; at = strstr(at + 1, words))
        count++;
    return count;
}

/* --------------------------------------------------------------------------------------------------- the tests ---- */

static void what_happens_is_told_to_each_hook_once(void **state)
{
    (void)state;
    start("echo $MUSTER_ID $MUSTER_TRY >>log", "echo $MUSTER_ID >>log");
    happen(1);
    until(is_idle);
    assert_int_equal(outbox.alerts[0].fate + outbox.alerts[1].fate, 2 * DELIVERED);
    must_say(read_log("log"), "key1 1\n");
    must_say(read_log("log"), "key2\n");
    assert_int_equal(count_in(read_log("log"), "key"), 2);
    assert_string_equal(str_text(&desk.log), "");
}

static void many_calls_are_one_step(void **state)
{
    size_t before;

    (void)state;
    start("", NULL);
    before = outbox.steps;
    for (int i = 0; i < 1000; i++)
        delivery_wake(desk.delivery);
    until(is_idle);
    assert_int_equal(outbox.steps, before + 1);
}

static void what_is_more_than_a_step_takes_further_ones(void **state)
{
    (void)state;
    start("", NULL);
    happen(8);
    until(is_idle);
    assert_int_equal(outbox.count, 8);
    for (size_t i = 0; i < outbox.count; i++)
        assert_int_equal(outbox.alerts[i].fate, DELIVERED);
}

static void a_hook_has_one_run_at_a_time(void **state)
{
    (void)state;
    start("mkdir lock || exit 1; sleep 0.01; rmdir lock", NULL);
    happen(8);
    until(is_idle);
    assert_string_equal(str_text(&desk.log), "");
}

/* The first one ends only where the second one runs meanwhile, and the other way round. */
static void hooks_run_beside_each_other(void **state)
{
    (void)state;
    start("[ -p one ] || mkfifo one; [ -p two ] || mkfifo two; read line <one; echo x >two",
          "[ -p one ] || mkfifo one; [ -p two ] || mkfifo two; echo x >one; read line <two");
    happen(1);
    until(is_idle);
    assert_int_equal(outbox.alerts[0].fate + outbox.alerts[1].fate, 2 * DELIVERED);
}

static bool b_is_delivered(void)
{
    return outbox.count > 3 && outbox.alerts[1].fate == DELIVERED && outbox.alerts[3].fate == DELIVERED &&
           worker_pending(desk.fleet.worker) == 0;
}

static void a_hook_that_hangs_holds_up_no_other(void **state)
{
    (void)state;
    start("exec sleep 1000", "");
    happen(2);
    until(b_is_delivered);
    assert_int_equal(outbox.alerts[0].fate, WAITING);
    assert_false(delivery_is_idle(desk.delivery));
}

static bool second_is_delivered(void)
{
    return outbox.alerts[1].fate == DELIVERED && is_idle();
}

static void a_failure_is_said_once_and_the_recovery_once(void **state)
{
    (void)state;
    start("echo x >>tries; [ $(wc -l <tries) -gt 4 ] || { echo no route; exit 7; }", NULL);
    happen(2);
    until(second_is_delivered);
    assert_int_equal(outbox.alerts[0].tries, 5);
    assert_int_equal(count_in(str_text(&desk.log), "\n"), 2);
    must_say(str_text(&desk.log), "warning: hook a: alert 1 is not delivered, and tried again: /tmp/test_delivery_");
    must_say(str_text(&desk.log), "a.sh ended with exit status 7; it wrote: no route\n");
    must_say(str_text(&desk.log), "info: hook a: alert 1 is delivered; it works again\n");
}

static bool first_is_dead(void)
{
    return outbox.alerts[0].fate == DEAD && is_idle();
}

static void what_is_given_up_is_an_error(void **state)
{
    (void)state;
    outbox.patience = 2;
    start("exit 1", NULL);
    happen(1);
    until(first_is_dead);
    must_say(str_text(&desk.log), "error: hook a: alert 1 is given up: /tmp/test_delivery_");
    must_say(str_text(&desk.log), "; it is tried again by: muster alerts --retry 1\n");
}

static bool first_is_delivered(void)
{
    return outbox.alerts[0].fate == DELIVERED && is_idle();
}

static void a_database_that_refuses_is_asked_again(void **state)
{
    (void)state;
    start("echo $MUSTER_ID >>log", NULL);
    outbox.refused_steps = 2;
    outbox.refused_settles = 2;
    happen(1);
    until(first_is_delivered);
    assert_int_equal(count_in(read_log("log"), "key1"), 3);
    assert_int_equal(count_in(str_text(&desk.log), "error: what hooks are to be told could not be collected"), 1);
    must_say(str_text(&desk.log), "error: hook a: what came of a try could not be stored, and it is tried again");
}

static void without_hooks_nothing_is_collected(void **state)
{
    (void)state;
    start(NULL, NULL);
    happen(3);
    until(is_idle);
    assert_int_equal(outbox.steps, 0);
    assert_int_equal(outbox.ticks, 1);
}

static void nothing_wakes_the_loop_when_all_is_told(void **state)
{
    (void)state;
    start("", NULL);
    happen(1);
    until(is_idle);
    assert_true(uv_backend_timeout(&desk.loop) > 23 * HOUR_MS);
}

static size_t ticks_wanted;

static bool has_ticked(void)
{
    return worker_pending(desk.fleet.worker) == 0 && outbox.ticks >= ticks_wanted;
}

static void the_clock_is_looked_at_when_it_says_so(void **state)
{
    size_t before;

    (void)state;
    start("", NULL);
    before = outbox.ticks;
    outbox.next_tick = clock_wall_ms(&clock_system) + 20;
    desk.fleet.rules->references--;
    set_rules(&desk.rules[1], "", NULL);
    desk.fleet.rules = rules_keep(&desk.rules[1]);
    delivery_wake(desk.delivery);
    ticks_wanted = before + 2;
    until(has_ticked);
    until(is_idle);
}

static bool a_runs(void)
{
    return read_log("running")[0] != '\0';
}

static void other_rules_bring_other_hooks_and_end_none_in_flight(void **state)
{
    (void)state;
    start("mkfifo go; echo x >running; read line <go; echo a >>log", NULL);
    happen(1);
    until(a_runs);
    rules_release(desk.fleet.rules);
    set_rules(&desk.rules[1], NULL, "[ $MUSTER_TRY = 1 ] && echo b >>log; [ ! -p go ] || echo x >go");
    desk.fleet.rules = rules_keep(&desk.rules[1]);
    happen(1);
    until(is_idle);
    assert_int_equal(outbox.alerts[0].fate, DELIVERED);
    assert_int_equal(outbox.alerts[1].fate, DELIVERED);
    assert_int_equal(outbox.count, 2);
    must_say(read_log("log"), "a\n");
    must_say(read_log("log"), "b\n");
}

static void the_last_hook_that_leaves_is_told_to_the_outbox(void **state)
{
    (void)state;
    start("", NULL);
    assert_int_equal(outbox.hooks_seen, 1);
    rules_release(desk.fleet.rules);
    desk.fleet.rules = rules_keep(&desk.rules[1]);
    delivery_wake(desk.delivery);
    until(is_idle);
    assert_int_equal(outbox.hooks_seen, 0);
}

static void a_stop_lets_scripts_end_and_begins_none(void **state)
{
    (void)state;
    start("echo x >running; sleep 0.1", NULL);
    happen(2);
    until(a_runs);
    stop(PATIENCE_MS);
    worker_close(desk.fleet.worker, set_true, &desk.closed);
    until(is_closed);
    desk.fleet.worker = worker_create(&desk.loop, NULL, NULL, NULL); /* for the end to close */
    desk.closed = false;
    assert_int_equal(outbox.alerts[0].fate, DELIVERED);
    assert_int_equal(outbox.alerts[1].settled, 0);
}

static void what_outlasts_the_grace_is_ended_and_left_for_another_time(void **state)
{
    (void)state;
    start("trap '' TERM; echo x >running; while :; do sleep 1000; done", "");
    happen(1);
    until(a_runs);
    stop(10);
    assert_int_equal(outbox.alerts[0].settled, 0);
    assert_int_equal(outbox.alerts[0].fate, WAITING);
}

static bool peer_is_told(void)
{
    return peer.done;
}

static void a_hook_is_tried_with_a_sample(void **state)
{
    (void)state;
    start("read line; echo $MUSTER_EVENT $MUSTER_ID \"$line\"; [ -e good ]", NULL);
    delivery_test(desk.delivery, &desk.rules[0].list[0], somebody);
    assert_false(delivery_is_idle(desk.delivery));
    until(peer_is_told);
    assert_int_equal(peer.status, 1);
    assert_string_equal(peer.output, "hook.test sample {\"event\":\"hook.test\"}\n");
    must_say(peer.message, "a.sh ended with exit status 1");
    assert_int_equal(outbox.takes, 1);
}

static void a_trial_ends_with_whoever_asked(void **state)
{
    (void)state;
    start("exec sleep 1000", NULL);
    delivery_test(desk.delivery, &desk.rules[0].list[0], somebody);
    peer.gone(peer.context);
    until(is_idle);
    assert_false(peer.done);
}

static void a_trial_ends_with_the_daemon(void **state)
{
    (void)state;
    start("exec sleep 1000", NULL);
    delivery_test(desk.delivery, &desk.rules[0].list[0], somebody);
    stop(0);
    assert_int_equal(peer.status, 1);
    must_say(peer.message, "was ended before it was done");
}

#define AT_DESK(test) cmocka_unit_test_setup_teardown(test, begin, end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        AT_DESK(what_happens_is_told_to_each_hook_once),
        AT_DESK(many_calls_are_one_step),
        AT_DESK(what_is_more_than_a_step_takes_further_ones),
        AT_DESK(a_hook_has_one_run_at_a_time),
        AT_DESK(hooks_run_beside_each_other),
        AT_DESK(a_hook_that_hangs_holds_up_no_other),
        AT_DESK(a_failure_is_said_once_and_the_recovery_once),
        AT_DESK(what_is_given_up_is_an_error),
        AT_DESK(a_database_that_refuses_is_asked_again),
        AT_DESK(without_hooks_nothing_is_collected),
        AT_DESK(nothing_wakes_the_loop_when_all_is_told),
        AT_DESK(the_clock_is_looked_at_when_it_says_so),
        AT_DESK(other_rules_bring_other_hooks_and_end_none_in_flight),
        AT_DESK(the_last_hook_that_leaves_is_told_to_the_outbox),
        AT_DESK(a_stop_lets_scripts_end_and_begins_none),
        AT_DESK(what_outlasts_the_grace_is_ended_and_left_for_another_time),
        AT_DESK(a_hook_is_tried_with_a_sample),
        AT_DESK(a_trial_ends_with_whoever_asked),
        AT_DESK(a_trial_ends_with_the_daemon),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
