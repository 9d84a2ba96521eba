/* A new configuration for the running daemon: checked in a process of its own, read, told to the database, then in
 * force. Wherever that fails, the former one stays. */
#include "action.h"
#include "action_job.h"
#include "clock.h"
#include "daemon_parts.h"
#include "delivery.h"
#include "judging.h"
#include "log.h"
#include "mem.h"
#include "notify.h"
#include "peer.h"
#include "reporter.h"
#include "startup.h"
#include "str.h"
#include "unit.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PROBLEMS_KEPT ((size_t)8192) /* bytes of problems in a row of the action log */
#define STATE_SIZE 128

struct reload_job {
    struct job job;
    struct daemon *daemon;
    struct config *config;
    struct startup startup;
    struct rules *rules;
    int64_t user;
    char before[STATE_SIZE], after[STATE_SIZE];
    char *remarks;
};

/* ------------------------------------------------------------------------------------------------- the answers ---- */

static void on_peer_gone(void *context)
{
    struct daemon *daemon = context;

    daemon->reload_peer = NULL;
}

/* Whole ones only. */
static void keep_problem(struct daemon *daemon, const char *text)
{
    struct str *kept = &daemon->reload_problems;

    if (daemon->reload_unkept > 0 || kept->length + strlen(text) > PROBLEMS_KEPT)
        daemon->reload_unkept++;
    else
        str_format(kept, "%s%s", kept->length == 0 ? "" : "; ", text);
}

static void say_problem(struct daemon *daemon, const char *text)
{
    const struct control_field fields[] = { { "text", text } };

    keep_problem(daemon, text);
    log_warning("%s", text);
    if (daemon->reload_peer != NULL)
        peer_send(daemon->reload_peer, "problem", fields, 1);
}

static void say_lines(struct daemon *daemon, const char *text)
{
    char *lines = mem_text(text), *rest = lines, *line;

    while ((line = strsep(&rest, "\n")) != NULL) {
        if (line[0] != '\0')
            say_problem(daemon, line);
    }
    free(lines);
}

static void end(struct daemon *daemon, unsigned status, const char *text)
{
    struct peer *peer = daemon->reload_peer;

    daemon->reload_peer = NULL;
    daemon->fleet.reloading = daemon->fleet.paused = false;
    log_write(status == 0 ? LOG_LEVEL_INFO : LOG_LEVEL_ERROR, "%s", text);
    if (peer != NULL)
        peer_done(peer, status, "%s", text);
    if (!daemon->stopping)
        notify_send("READY=1");
    fleet_wake(&daemon->fleet);
    if (daemon->reload_again && !daemon->stopping)
        daemon_reload(daemon, NULL);
}

/* What is in force, or is to be, in words; the hash is that of the table basis. */
static void describe(char state[STATE_SIZE], size_t targets, const struct rules *rules)
{
    const struct hash128 *hash = &rules_basis(rules)->hash;
    const unsigned char *bytes = (const unsigned char *)hash;
    char count[COUNT_TEXT_SIZE], hex[2 * sizeof *hash + 1];

    for (size_t i = 0; i < sizeof *hash; i++)
        snprintf(hex + 2 * i, 3, "%02x", bytes[i]);
    snprintf(state, STATE_SIZE, "%s, basis %s", count_text(targets, "target", count), hex);
}

static void end_refused(void *context)
{
    end(context, DAEMON_CONFIGURATION, "the configuration was not taken; the former one stays in force");
}

static const char *problems_kept(struct daemon *daemon)
{
    struct str *kept = &daemon->reload_problems;
    char more[COUNT_TEXT_SIZE];

    if (daemon->reload_unkept > 0)
        str_format(kept, "%s%s", kept->length == 0 ? "" : "; and ",
                   count_text(daemon->reload_unkept, kept->length == 0 ? "problem" : "more problem", more));
    daemon->reload_unkept = 0;
    return str_text(kept);
}

/* Whoever asked is told once it stands in the log. */
static void record_refusal(struct daemon *daemon, void (*done)(void *context))
{
    char state[STATE_SIZE];

    describe(state, daemon->config->targets.count, daemon->fleet.rules);
    action_job_submit(daemon->worker,
                      &(struct action){ .at = clock_wall_ms(&clock_system),
                                        .by.uid = daemon->reload_user,
                                        .what = "reload",
                                        .subject = daemon->options->config_file,
                                        .before = state,
                                        .after = state,
                                        .result = "refused",
                                        .message = problems_kept(daemon) },
                      done, daemon);
}

/* Where the daemon stops, the worker may take nothing new any more. */
static void refuse(struct daemon *daemon)
{
    if (daemon->stopping)
        end_refused(daemon);
    else
        record_refusal(daemon, end_refused);
}

static void end_nothing(void *context)
{
    (void)context;
}

void daemon_reload_cancel(struct daemon *daemon)
{
    if (daemon->check == NULL)
        return;
    check_config_cancel(daemon->check);
    daemon->check = NULL;
    keep_problem(daemon, "the daemon was stopped before the configuration was looked at");
    record_refusal(daemon, end_nothing);
}

/* ------------------------------------------------------------------------------------------------- into force ---- */

static bool differs(const char *a, const char *b)
{
    return (a == NULL) != (b == NULL) || (a != NULL && strcmp(a, b) != 0);
}

/* What the daemon takes up only when it starts. */
static void say_what_waits(struct daemon *daemon, const struct config *fresh)
{
    const struct config *former = daemon->config;
    const struct {
        const char *key, *before, *after;
    } fixed[] = {
        { "database", former->database, fresh->database },
        { "control", former->control, fresh->control },
        { "readers", former->readers, fresh->readers },
        { "operators", former->operators, fresh->operators },
    };

    for (size_t i = 0; i < sizeof fixed / sizeof *fixed; i++) {
        struct str text = STR_EMPTY;

        if (differs(fixed[i].before, fixed[i].after)) {
            str_format(&text, "%s: another %s is taken up only by a restart", fresh->file, fixed[i].key);
            say_problem(daemon, str_text(&text));
        }
        str_finish(&text);
    }
}

static void put_in_force(struct reload_job *self)
{
    struct daemon *daemon = self->daemon;
    struct config *former = daemon->config;

    log_set_level(self->config->log_level);
    plugins_configure(daemon->plugins, self->config);
    fleet_configure(&daemon->fleet, &self->startup, rules_keep(self->rules));
    rejudge_start(daemon->fleet.rejudge);
    delivery_wake(daemon->fleet.delivery);
    reporter_wake(daemon->fleet.reporter);
    daemon->config = self->config;
    daemon->verbs.config_file = self->config->file;
    config_unload(former);
}

static void on_stored(struct job *job, bool good, const struct err *err)
{
    struct reload_job *self = (struct reload_job *)(void *)job;
    struct daemon *daemon = self->daemon;
    char text[80], targets[COUNT_TEXT_SIZE];

    if (good && !daemon->stopping) {
        put_in_force(self);
        snprintf(text, sizeof text, "the configuration is in force: %s",
                 count_text(daemon->fleet.count, "target", targets));
    }
    startup_finish(&self->startup);
    rules_release(self->rules);
    free(self->remarks);
    if (!good || daemon->stopping)
        config_unload(self->config);
    free(self);
    if (good && !daemon->stopping) {
        end(daemon, DAEMON_DONE, text);
        return;
    }
    say_problem(daemon, good ? "the daemon is stopping" : err->text);
    refuse(daemon);
}

static bool record(const struct reload_job *self, struct store *store, struct err *err)
{
    char name[ACTION_JOB_NAME_SIZE];
    const struct action action = {
        .at = clock_wall_ms(&clock_system),
        .by = { self->user, action_job_name(self->user, name) },
        .what = "reload",
        .subject = self->daemon->options->config_file,
        .before = self->before,
        .after = self->after,
        .result = "done",
        .message = self->remarks,
    };

    return action_log(store, &action, err);
}

static bool run(struct job *job, struct store *store, struct err *err)
{
    struct reload_job *self = (struct reload_job *)(void *)job;

    return startup_load(&self->startup, store, rules_identities(self->rules), err) && record(self, store, err);
}

static void take(struct daemon *daemon, struct config *fresh, struct knowledge *knowledge)
{
    struct reload_job *self = mem_new(1, sizeof *self);

    daemon->fleet.paused = true;
    say_what_waits(daemon, fresh);
    self->job.run = run;
    self->job.done = on_stored;
    self->daemon = daemon;
    self->config = fresh;
    self->rules = rules_create(fresh, knowledge);
    startup_init(&self->startup, fresh);
    self->user = daemon->reload_user;
    describe(self->before, daemon->config->targets.count, daemon->fleet.rules);
    describe(self->after, fresh->targets.count, self->rules);
    self->remarks = mem_text(problems_kept(daemon));
    worker_submit(daemon->worker, &self->job);
}

/* The child found nothing wrong: reading the same here costs nothing but its time. */
static void on_checked(void *context, bool good, const char *text)
{
    struct daemon *daemon = context;
    struct config_problems problems;
    struct config *fresh = NULL;
    struct knowledge *knowledge;

    daemon->check = NULL;
    say_lines(daemon, text);
    config_problems_init(&problems);
    if (good)
        fresh = daemon_load(daemon->options->config_file, &knowledge, &problems);
    if (good && fresh == NULL) {
        config_problems_print(&problems);
        keep_problem(daemon, "it was right when it was checked and is not any more; the daemon's log says why");
    }
    config_problems_finish(&problems);
    if (fresh != NULL)
        take(daemon, fresh, knowledge);
    else
        refuse(daemon);
}

static void refuse_now(struct daemon *daemon, struct peer *peer)
{
    const char *why = daemon->options->once ? "a single pass does not reload" : "a reload is under way already";

    if (peer != NULL)
        peer_done(peer, 1, "%s", why);
    else if (!daemon->options->once)
        daemon->reload_again = true;
}

void daemon_reload(void *context, struct peer *peer)
{
    struct daemon *daemon = context;
    char state[80];

    if (daemon->fleet.reloading || daemon->options->once) {
        refuse_now(daemon, peer);
        return;
    }
    daemon->reload_again = false;
    snprintf(state, sizeof state, "RELOADING=1\nMONOTONIC_USEC=%" PRId64, clock_mono_ms(&clock_system) * 1000);
    notify_send(state);
    log_info("reloading %s", daemon->options->config_file);
    daemon->fleet.reloading = true;
    daemon->reload_peer = peer;
    daemon->reload_user = peer == NULL ? ACTION_SYSTEM : (int64_t)peer_user(peer);
    daemon->reload_unkept = 0;
    str_clear(&daemon->reload_problems);
    if (peer != NULL)
        peer_watch(peer, on_peer_gone, daemon);
    daemon->check = check_config_start(&daemon->loop, daemon->options->config_file, on_checked, daemon);
}
