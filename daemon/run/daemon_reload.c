/* A new configuration for the running daemon: checked in a process of its own, read, told to the database, then in
 * force. Wherever that fails, the former one stays. */
#include "clock.h"
#include "daemon_parts.h"
#include "log.h"
#include "mem.h"
#include "notify.h"
#include "startup.h"
#include "str.h"
#include "unit.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct reload_job {
    struct job job;
    struct daemon *daemon;
    struct config *config;
    struct startup startup;
    struct rules *rules;
};

/* ------------------------------------------------------------------------------------------------- the answers ---- */

static void on_peer_gone(void *context)
{
    struct daemon *daemon = context;

    daemon->reload_peer = NULL;
}

static void say_problem(struct daemon *daemon, const char *text)
{
    const struct control_field fields[] = { { "text", text } };

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

static void refuse(struct daemon *daemon)
{
    end(daemon, DAEMON_CONFIGURATION, "the configuration was not taken; the former one stays in force");
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

static bool run(struct job *job, struct store *store, struct err *err)
{
    struct reload_job *self = (struct reload_job *)(void *)job;

    return startup_load(&self->startup, store, rules_identities(self->rules), err);
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
    if (good && fresh == NULL)
        config_problems_print(&problems);
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
    if (peer != NULL)
        peer_watch(peer, on_peer_gone, daemon);
    daemon->check = check_config_start(&daemon->loop, daemon->options->config_file, on_checked, daemon);
}
