#include "daemon.h"

#include "clock.h"
#include "daemon_parts.h"
#include "delivery.h"
#include "fingerprint.h"
#include "log.h"
#include "mem.h"
#include "notify.h"
#include "paths.h"
#include "problem.h"
#include "reporter.h"
#include "startup.h"
#include "state.h"
#include "unit.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define GRACE_MS 5000                           /* for scans and hooks in flight when the daemon stops */
#define HOUSEKEEPING_MS ((uint64_t)3600 * 1000) /* between looks at what is older than the retention */
#define STUCK_MS ((int64_t)15 * 60 * 1000)      /* a store job that takes longer is no progress */
#define LOG_LINES 100                           /* a second: more is a storm */
#define FORGET_ROWS 500                         /* of one step of forgetting */

/* ----------------------------------------------------------------------------------------------- housekeeping ---- */

struct forget_job {
    struct job job;
    struct daemon *daemon;
    int64_t horizon;
    bool more;
};

static bool run_forget(struct job *job, struct store *store, struct err *err)
{
    struct forget_job *self = (struct forget_job *)(void *)job;

    return state_forget(store, self->horizon, FORGET_ROWS, &self->more, err);
}

/* One small step at a time, so that scans are stored in between. */
static void forget_done(struct job *job, bool good, const struct err *err)
{
    struct forget_job *self = (struct forget_job *)(void *)job;

    if (!good)
        log_warning("what is older than the retention could not be forgotten: %s", err->text);
    if (good && self->more && !self->daemon->stopping) {
        worker_submit(self->daemon->worker, job);
        return;
    }
    fleet_wake(&self->daemon->fleet);
    free(self);
}

static void on_housekeeping(uv_timer_t *timer)
{
    struct daemon *daemon = timer->data;
    struct forget_job *self = mem_new(1, sizeof *self);

    self->job.run = run_forget;
    self->job.done = forget_done;
    self->daemon = daemon;
    self->horizon = clock_wall_ms(&clock_system) - daemon->config->retention_ms;
    worker_submit(daemon->worker, &self->job);
    rejudge_tick(daemon->fleet.rejudge);
    delivery_wake(daemon->fleet.delivery); /* the wall clock may have been set */
    reporter_wake(daemon->fleet.reporter);
}

/* The loop is alive when this runs; the store is when its job is not an old one. */
static void on_watchdog(uv_timer_t *timer)
{
    struct daemon *daemon = timer->data;

    if (daemon->worker == NULL || worker_busy_ms(daemon->worker) < STUCK_MS)
        notify_send("WATCHDOG=1");
}

static void on_recovered(void *context)
{
    struct daemon *daemon = context;

    fleet_wake(&daemon->fleet);
}

/* ---------------------------------------------------------------------------------------------------- the stop ---- */

static void close_handles(struct daemon *daemon)
{
    for (size_t i = 0; i < sizeof daemon->signals / sizeof *daemon->signals; i++)
        uv_close((uv_handle_t *)&daemon->signals[i], NULL);
    uv_close((uv_handle_t *)&daemon->housekeeping, NULL);
    uv_close((uv_handle_t *)&daemon->watchdog, NULL);
}

static void on_control_closed(void *context)
{
    struct daemon *daemon = context;

    if (daemon->pass != NULL)
        daemon_once_finish(daemon);
    fleet_finish(&daemon->fleet);
    close_handles(daemon);
}

/* Nothing is committed any more; whoever waited was told. */
static void on_worker_closed(void *context)
{
    struct daemon *daemon = context;

    daemon->worker = daemon->fleet.worker = NULL;
    rejudge_destroy(daemon->fleet.rejudge);
    daemon->fleet.rejudge = NULL;
    delivery_destroy(daemon->fleet.delivery);
    daemon->fleet.delivery = NULL;
    reporter_destroy(daemon->fleet.reporter);
    daemon->fleet.reporter = NULL;
    store_close(daemon->store);
    daemon->store = NULL;
    control_server_close(daemon->control, on_control_closed, daemon);
}

/* Hosts, hooks and reports, which end beside each other: what they bring must still be stored. */
static void on_part_closed(void *context)
{
    struct daemon *daemon = context;

    if (--daemon->closing > 0)
        return;
    if (daemon->worker != NULL) {
        worker_close(daemon->worker, on_worker_closed, daemon);
        return;
    }
    store_close(daemon->store); /* open where what comes after it could not begin */
    daemon->store = NULL;
    on_control_closed(daemon);
}

static void on_plugins_closed(void *context)
{
    struct daemon *daemon = context;

    daemon->plugins = daemon->fleet.plugins = NULL;
    on_part_closed(daemon);
}

static void on_fleet_stopped(void *context, int64_t left_ms)
{
    struct daemon *daemon = context;

    plugins_close(daemon->plugins, left_ms, on_plugins_closed, daemon);
}

void daemon_stop(struct daemon *daemon, int status)
{
    if (daemon->stopping)
        return;
    daemon->stopping = true;
    daemon->status = status;
    notify_send("STOPPING=1");
    if (daemon->ready)
        log_info("stopping");
    daemon_reload_cancel(daemon);
    uv_timer_stop(&daemon->housekeeping);
    if (daemon->fleet.rejudge != NULL)
        rejudge_stop(daemon->fleet.rejudge);
    daemon->closing = 1U + (daemon->fleet.delivery != NULL) + (daemon->fleet.reporter != NULL);
    if (daemon->fleet.delivery != NULL)
        delivery_stop(daemon->fleet.delivery, GRACE_MS, on_part_closed, daemon);
    if (daemon->fleet.reporter != NULL)
        reporter_stop(daemon->fleet.reporter, GRACE_MS, on_part_closed, daemon);
    fleet_stop(&daemon->fleet, GRACE_MS, on_fleet_stopped, daemon);
}

/* --------------------------------------------------------------------------------------------------- the start ---- */

static bool refuse_plugin(const struct plugin *plugin, struct config_place place, struct config_problems *problems)
{
    problem_add(problems, place, "plugin %s: %s", plugin->name, plugin->trouble);
    return false;
}

/* Checks every target's options by the plugins' tables. Returns whether all are right; problems gets the rest. */
static bool check_options(const struct daemon *daemon, const struct config *config, struct config_problems *problems)
{
    bool good = true;

    for (size_t i = 0; i < config->plugins.count; i++) {
        const struct plugin *plugin = plugins_find(daemon->plugins, config->plugins.items[i].name);
        const struct option_table *table = host_table(plugin->host);

        if (table != NULL)
            good = config_check_options(config, i, table, problems) && good;
        else if (daemon->options->check_only)
            good = refuse_plugin(plugin, config->plugins.items[i].place, problems);
    }
    return good;
}

static bool open_database(struct daemon *daemon, struct err *err)
{
    const struct store_options options = { .path = daemon->config->database, .readers = daemon->config->readers };

    daemon->store = store_open(&options, err);
    return daemon->store != NULL && fingerprint_load_key(daemon->config->database, &daemon->fleet.key, err);
}

/* A single pass makes no report by itself. */
static void create_reporter(struct daemon *daemon)
{
    struct arena arena;

    if (daemon->options->once)
        return;
    arena_init(&arena, ARENA_PLAIN);
    daemon->fleet.reporter =
        reporter_create(&daemon->fleet, &(struct reporter_places){ .program = paths_command(&arena),
                                                                   .database = daemon->config->database,
                                                                   .control = daemon->config->control });
    arena_finish(&arena);
}

static bool load_fleet(struct daemon *daemon, struct err *err)
{
    struct rules *rules = rules_create(daemon->config, daemon->knowledge);
    struct startup startup;
    bool good;

    daemon->knowledge = NULL;
    startup_init(&startup, daemon->config);
    good = startup_load(&startup, daemon->store, rules_identities(rules), err);
    if (good) {
        daemon->worker = daemon->fleet.worker = worker_create(&daemon->loop, daemon->store, on_recovered, daemon);
        daemon->fleet.paused = true; /* nothing starts before all is up */
        fleet_configure(&daemon->fleet, &startup, rules_keep(rules));
        daemon->fleet.rejudge = rejudge_create(&daemon->fleet);
        daemon->fleet.delivery = delivery_create(&daemon->fleet);
        create_reporter(daemon);
    }
    rules_release(rules);
    startup_finish(&startup);
    return good;
}

static bool open_control(struct daemon *daemon, struct err *err)
{
    const struct control_server_options options = {
        .path = daemon->config->control,
        .readers = daemon->config->readers,
        .operators = daemon->config->operators,
    };

    daemon->verbs = (struct verbs){
        .fleet = &daemon->fleet,
        .version = MUSTER_VERSION,
        .config_file = daemon->config->file,
        .started = clock_mono_ms(&clock_system),
        .reload = daemon_reload,
        .context = daemon,
    };
    daemon->control = control_server_create(&daemon->loop, &options, verbs_table, &daemon->verbs, err);
    return daemon->control != NULL;
}

static void go(struct daemon *daemon)
{
    char targets[COUNT_TEXT_SIZE];

    daemon->ready = true;
    daemon->fleet.once = daemon->options->once;
    notify_send("READY=1");
    log_info("ready: %s, database %s", count_text(daemon->fleet.count, "target", targets), daemon->config->database);
    uv_timer_start(&daemon->housekeeping, on_housekeeping, 60000, HOUSEKEEPING_MS);
    daemon->fleet.paused = false;
    rejudge_start(daemon->fleet.rejudge);
    delivery_start(daemon->fleet.delivery);
    if (daemon->fleet.reporter != NULL)
        reporter_start(daemon->fleet.reporter);
    if (daemon->options->once)
        daemon_once_start(daemon);
    fleet_wake(&daemon->fleet);
    if (daemon->reload_again)
        daemon_reload(daemon, NULL);
}

static void bring_up(struct daemon *daemon)
{
    struct err err = ERR_EMPTY;

    if (open_database(daemon, &err) && load_fleet(daemon, &err) && open_control(daemon, &err)) {
        go(daemon);
        return;
    }
    log_error("%s", err.text);
    daemon_stop(daemon, err.class == ERR_CONFIG ? DAEMON_CONFIGURATION : DAEMON_FAILED);
}

static void end_check(struct daemon *daemon)
{
    char targets[COUNT_TEXT_SIZE], editions[COUNT_TEXT_SIZE];

    printf("%s: %s, %s of the matrix, no error\n", daemon->config->file,
           count_text(daemon->config->targets.count, "target", targets),
           count_text(knowledge_matrix(daemon->knowledge)->edition_count, "edition", editions));
    daemon_stop(daemon, DAEMON_DONE);
}

/* All plugins are loaded, or refused: their option tables are here. */
static void on_settled(void *context)
{
    struct daemon *daemon = context;
    struct config_problems problems;
    bool good;

    if (daemon->stopping)
        return;
    config_problems_init(&problems);
    good = check_options(daemon, daemon->config, &problems);
    config_problems_print(&problems);
    config_problems_finish(&problems);
    if (!good)
        daemon_stop(daemon, DAEMON_CONFIGURATION);
    else if (daemon->options->check_only)
        end_check(daemon);
    else
        bring_up(daemon);
}

static void on_plugin(void *context, struct plugin *plugin)
{
    struct daemon *daemon = context;

    fleet_plugin(&daemon->fleet, plugin);
}

static void on_signal(uv_signal_t *signal, int number)
{
    struct daemon *daemon = signal->data;

    if (number != SIGHUP)
        daemon_stop(daemon, daemon->options->once ? DAEMON_FAILED : DAEMON_DONE);
    else if (daemon->ready)
        daemon_reload(daemon, NULL);
    else
        daemon->reload_again = true;
}

static void take_signals(struct daemon *daemon)
{
    static const int numbers[] = { SIGTERM, SIGINT, SIGHUP };

    signal(SIGPIPE, SIG_IGN);
    signal(SIGXFSZ, SIG_IGN); /* a file that may not grow is an error of its write */
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
        uv_signal_init(&daemon->loop, &daemon->signals[i]);
        daemon->signals[i].data = daemon;
        uv_signal_start(&daemon->signals[i], on_signal, numbers[i]);
    }
}

static void set_timers(struct daemon *daemon)
{
    int64_t watchdog_ms = notify_watchdog_ms();

    uv_timer_init(&daemon->loop, &daemon->housekeeping);
    uv_timer_init(&daemon->loop, &daemon->watchdog);
    daemon->housekeeping.data = daemon->watchdog.data = daemon;
    if (watchdog_ms > 0)
        uv_timer_start(&daemon->watchdog, on_watchdog, 0, (uint64_t)(watchdog_ms / 2));
}

static void set_log(const struct config *config)
{
    log_set_level(config->log_level);
    log_set_limit(LOG_LINES, 10 * LOG_LINES);
    if (config->log_json) {
        log_set_format(LOG_JSON);
        setenv("MUSTER_LOG_FORMAT", "json", 1); /* for the plugin hosts */
    }
}

/* What a failure may leave behind is the process's end to clean up; what a good end leaves is a defect. */
static int run(struct daemon *daemon)
{
    static const struct plugins_events events = { .ready = on_plugin, .unready = on_plugin, .settled = on_settled };

    if (daemon->options->check_only)
        unsetenv("NOTIFY_SOCKET"); /* it may have a daemon's environment, and is not the service */
    uv_loop_init(&daemon->loop);
    daemon->budget = budget_create((size_t)daemon->config->scan_memory);
    daemon->plugins = plugins_create(&daemon->loop, &events, daemon);
    fleet_init(&daemon->fleet, &daemon->loop, daemon->plugins, daemon->budget);
    take_signals(daemon);
    set_timers(daemon);
    plugins_configure(daemon->plugins, daemon->config);
    uv_run(&daemon->loop, UV_RUN_DEFAULT);
    if (uv_loop_close(&daemon->loop) != 0)
        log_error("something was still open at the end");
    budget_destroy(daemon->budget);
    str_finish(&daemon->reload_problems);
    return daemon->status;
}

struct config *daemon_load(const char *file, struct knowledge **knowledge, struct config_problems *problems)
{
    struct config *config = config_load(file, problems);

    *knowledge = NULL;
    if (config == NULL)
        return NULL;
    *knowledge = knowledge_load(config->products, config->matrix, SOURCE_TRUSTED, problems);
    if (*knowledge != NULL && knowledge_check_config(*knowledge, config, problems))
        return config;
    knowledge_unload(*knowledge);
    *knowledge = NULL;
    config_unload(config);
    return NULL;
}

int daemon_run(const struct daemon_options *options)
{
    struct daemon daemon = { .options = options };
    struct config_problems problems;
    int status = DAEMON_CONFIGURATION;

    config_problems_init(&problems);
    daemon.config = daemon_load(options->config_file, &daemon.knowledge, &problems);
    config_problems_print(&problems);
    config_problems_finish(&problems);
    if (daemon.config != NULL) {
        set_log(daemon.config);
        status = run(&daemon);
    }
    knowledge_unload(daemon.knowledge);
    config_unload(daemon.config);
    return status;
}
