#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "outpost.h"

#include "clock.h"
#include "log.h"
#include "maintenance.h"
#include "mem.h"
#include "outpost.h"
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
#include <time.h>
#include <unistd.h>

struct outpost outpost;

/* ---------------------------------------------------------------------- what stands in for the store and rules ---- */

bool outbox_step(struct store *store, const struct outbox_setting *setting, size_t most, struct outbox_step *step,
                 struct err *err)
{
    (void)store;
    outpost.steps++;
    outpost.hooks_seen = setting->hooks->count;
    if (outpost.refused_steps > 0) {
        outpost.refused_steps--;
        return err_set(err, ERR_SYSTEM, "no step");
    }
    assert_true(most > 0);
    for (size_t i = 0; i < setting->hooks->count && outpost.events > 0; i++)
        outpost.alerts[outpost.count++].hook = setting->hooks->list[i].name[0] == 'a' ? "a" : "b";
    step->frozen = outpost.events > 0 ? setting->hooks->count : 0;
    outpost.events -= outpost.events > 0;
    step->more = outpost.events > 0;
    return true;
}

bool outbox_take(struct store *store, const struct hook *hook, int64_t now, struct outbox_alert *alert, struct err *err)
{
    (void)store, (void)now, (void)err;
    outpost.takes++;
    for (size_t i = 0; i < outpost.count; i++) {
        if (outpost.alerts[i].fate != WAITING || strcmp(outpost.alerts[i].hook, hook->name) != 0)
            continue;
        *alert = (struct outbox_alert){ .id = (int64_t)i + 1,
                                        .what = EVENT_SCAN_FAILING,
                                        .count = 1,
                                        .tries = outpost.alerts[i].tries,
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
    bool *failing = &outpost.failing[hook->name[0] == 'b'];

    (void)store;
    if (outpost.refused_settles > 0) {
        outpost.refused_settles--;
        return err_set(err, ERR_SYSTEM, "no settling");
    }
    outpost.alerts[outcome->alert - 1].tries++;
    outpost.alerts[outcome->alert - 1].settled++;
    after->turned = *failing == outcome->delivered;
    after->dead =
        !outcome->delivered && outpost.patience > 0 && outpost.alerts[outcome->alert - 1].tries >= outpost.patience;
    after->next = now + (outpost.retry_ms == 0 ? 10 : outpost.retry_ms);
    *failing = !outcome->delivered;
    outpost.alerts[outcome->alert - 1].fate = outcome->delivered ? DELIVERED : after->dead ? DEAD : WAITING;
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
    outpost.ticks++;
    *next = outpost.next_tick > setting->now ? outpost.next_tick : setting->now + 24 * OUTPOST_HOUR_MS;
    return true;
}

/* NOLINTNEXTLINE(bugprone-reserved-identifier,cert-dcl37-c,cert-dcl51-cpp): the linker's name */
enum store_trouble __wrap_store_trouble(const struct store *store);
enum store_trouble __wrap_store_trouble(const struct store *store)
{
    (void)store;
    return STORE_FINE;
}

/* NOLINTNEXTLINE(bugprone-reserved-identifier,cert-dcl37-c,cert-dcl51-cpp): the linker's names */
int __real_clock_gettime(clockid_t id, struct timespec *now);
int __wrap_clock_gettime(clockid_t id, struct timespec *now);
int __wrap_clock_gettime(clockid_t id, struct timespec *now)
{
    int result = __real_clock_gettime(id, now);

    now->tv_sec += id == CLOCK_REALTIME ? outpost.clock_s : 0;
    return result;
}

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

struct peer *const outpost_peer = (struct peer *)(void *)&outpost; /* which nobody looks into */

void peer_send(struct peer *unused, const char *name, const struct control_field *fields, size_t count)
{
    (void)unused, (void)name;
    for (size_t i = 0; i < count; i++) {
        if (strcmp(fields[i].name, "output") == 0)
            snprintf(outpost.output, sizeof outpost.output, "%s", fields[i].value);
    }
}

void peer_done(struct peer *unused, unsigned status, const char *format, ...)
{
    struct str text = STR_EMPTY;
    va_list args;

    (void)unused;
    va_start(args, format);
    str_vformat(&text, format, args);
    va_end(args);
    snprintf(outpost.message, sizeof outpost.message, "%s", str_text(&text));
    str_finish(&text);
    outpost.answered = true;
    outpost.status = status;
}

void peer_watch(struct peer *unused, void (*gone)(void *context), void *context)
{
    (void)unused;
    outpost.gone = gone;
    outpost.gone_context = context;
}

/* ---------------------------------------------------------------------------------------------------- the desk ---- */

static void on_log(void *context, enum log_level level, const char *line)
{
    (void)context;
    if (level != LOG_LEVEL_DEBUG)
        str_format(&outpost.log, "%s: %s\n", log_level_word(level), line);
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
        str_format(&text, "#!/bin/sh\ncd %s\n%s\n", outpost.folder, scripts[i]);
        write_file(outpost.paths[i], str_text(&text));
        str_finish(&text);
        rules->list[rules->hooks.count++] =
            (struct hook){ .name = i == 0 ? "a" : "b", .run = outpost.paths[i], .timeout_ms = OUTPOST_PATIENCE_MS };
    }
    rules->hooks.list = rules->list;
}

/* What a script writes is no event of the loop, so it is looked at now and then. */
static void on_look(uv_timer_t *timer)
{
    (void)timer;
    outpost.late = clock_mono_ms(&clock_system) > outpost.late_at;
}

int outpost_open(void **state)
{
    (void)state;
    umask(022);
    memset(&outpost, 0, sizeof outpost);
    signal(SIGPIPE, SIG_IGN); /* as the daemon has it */
    log_set_sink(on_log, NULL);
    strcpy(outpost.folder, "/tmp/test_delivery_XXXXXX");
    if (mkdtemp(outpost.folder) == NULL)
        return -1;
    snprintf(outpost.paths[0], sizeof outpost.paths[0], "%s/a.sh", outpost.folder);
    snprintf(outpost.paths[1], sizeof outpost.paths[1], "%s/b.sh", outpost.folder);
    uv_loop_init(&outpost.loop);
    uv_timer_init(&outpost.loop, &outpost.guard);
    fleet_init(&outpost.fleet, &outpost.loop, NULL, NULL);
    outpost.fleet.paused = true;
    outpost.fleet.worker = worker_create(&outpost.loop, NULL, NULL, NULL);
    return 0;
}

/* Its thread may be in the outbox. */
static bool is_at_work(void)
{
    return outpost.fleet.worker != NULL && worker_pending(outpost.fleet.worker) > 0;
}

void outpost_until(bool (*holds)(void))
{
    outpost.late = false;
    outpost.late_at = clock_mono_ms(&clock_system) + OUTPOST_PATIENCE_MS;
    uv_timer_start(&outpost.guard, on_look, 5, 5);
    while ((is_at_work() || !holds()) && !outpost.late)
        uv_run(&outpost.loop, UV_RUN_ONCE);
    if (outpost.late)
        fail_msg("waited in vain; the log: %s", str_text(&outpost.log));
    uv_timer_stop(&outpost.guard);
}

bool outpost_is_idle(void)
{
    return delivery_is_idle(outpost.delivery);
}

static bool is_stopped(void)
{
    return outpost.stopped;
}

static bool is_closed(void)
{
    return outpost.closed;
}

static void set_true(void *flag)
{
    *(bool *)flag = true;
}

void outpost_start(const char *a, const char *b)
{
    set_rules(&outpost.rules[0], a, b);
    outpost.fleet.rules = rules_keep(&outpost.rules[0]);
    outpost.delivery = delivery_create(&outpost.fleet);
    delivery_start(outpost.delivery);
    outpost_until(outpost_is_idle);
}

void outpost_happen(size_t events)
{
    outpost.events += events;
    delivery_wake(outpost.delivery);
}

void outpost_stop(int64_t grace_ms)
{
    delivery_stop(outpost.delivery, grace_ms, set_true, &outpost.stopped);
    outpost_until(is_stopped);
}

void outpost_close_worker(void)
{
    struct worker *worker = outpost.fleet.worker;

    outpost.fleet.worker = NULL;
    if (worker == NULL)
        return;
    worker_close(worker, set_true, &outpost.closed);
    outpost_until(is_closed);
}

void outpost_change_rules(const char *a, const char *b)
{
    rules_release(outpost.fleet.rules);
    set_rules(&outpost.rules[1], a, b);
    outpost.fleet.rules = rules_keep(&outpost.rules[1]);
    delivery_wake(outpost.delivery);
}

static int take_away(const char *path, const struct stat *status, int type, struct FTW *where)
{
    (void)status, (void)type, (void)where;
    return remove(path);
}

int outpost_close(void **state)
{
    (void)state;
    if (!outpost.stopped)
        outpost_stop(0);
    outpost_close_worker();
    delivery_destroy(outpost.delivery);
    fleet_finish(&outpost.fleet);
    uv_close((uv_handle_t *)&outpost.guard, NULL);
    uv_run(&outpost.loop, UV_RUN_DEFAULT);
    assert_int_equal(uv_loop_close(&outpost.loop), 0);
    assert_int_equal(outpost.rules[0].references, 0);
    assert_int_equal(outpost.rules[1].references, 0);
    log_set_sink(NULL, NULL);
    str_finish(&outpost.log);
    return nftw(outpost.folder, take_away, 8, FTW_DEPTH | FTW_PHYS);
}

const char *outpost_read(const char *name)
{
    static char text[4096];
    char path[128];
    FILE *file;
    size_t size = 0;

    snprintf(path, sizeof path, "%s/%s", outpost.folder, name);
    file = fopen(path, "r");
    if (file != NULL) {
        size = fread(text, 1, sizeof text - 1, file);
        fclose(file);
    }
    text[size] = '\0';
    return text;
}
