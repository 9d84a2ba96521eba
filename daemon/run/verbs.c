#include "verbs.h"

#include "clock.h"
#include "commit.h"
#include "log.h"
#include "mem.h"
#include "session.h"
#include "text.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define NUMBER_SIZE 24

static const char *number(char buffer[NUMBER_SIZE], int64_t value)
{
    snprintf(buffer, NUMBER_SIZE, "%" PRId64, value);
    return buffer;
}

/* NULL, which the peer shows as not known, for a time that never was. */
static const char *time_text(char buffer[CLOCK_TEXT_SIZE], int64_t wall)
{
    return wall == 0 ? NULL : clock_text(wall, buffer);
}

#define SEND(peer, name, fields) peer_send(peer, name, fields, sizeof(fields) / sizeof *(fields))

/* While the daemon stops its parts go one by one: nothing is begun any more. */
static bool is_stopping(const struct verbs *verbs, struct peer *peer)
{
    if (verbs->fleet->stopping)
        peer_done(peer, 1, "the daemon is stopping");
    return verbs->fleet->stopping;
}

/* ------------------------------------------------------------------------------------------------------ status ---- */

static void send_daemon(const struct verbs *verbs, struct peer *peer)
{
    const struct fleet *fleet = verbs->fleet;
    const char *trouble = worker_trouble(fleet->worker);
    char numbers[5][NUMBER_SIZE];
    const struct control_field fields[] = {
        { "pid", number(numbers[0], getpid()) },
        { "version", verbs->version },
        { "uptime_s", number(numbers[1], (fleet_now().mono - verbs->started) / 1000) },
        { "state", fleet->stopping    ? "stopping"
                   : fleet->reloading ? "reloading"
                                      : "running" },
        { "database", trouble == NULL ? "fine" : trouble },
        { "config", verbs->config_file },
        { "targets", number(numbers[2], (int64_t)fleet->count) },
        { "running", number(numbers[3], (int64_t)schedule_running(fleet->schedule)) },
        { "queued_commits", number(numbers[4], (int64_t)worker_pending(fleet->worker)) },
    };

    SEND(peer, "daemon", fields);
}

static void send_plugin(const struct plugin *plugin, struct peer *peer)
{
    bool ready = host_is_ready(plugin->host);
    const char *full = host_name(plugin->host), *blank = full == NULL ? NULL : strrchr(full, ' ');
    char pid[NUMBER_SIZE];
    const struct control_field fields[] = {
        { "name", plugin->name },
        { "version", blank == NULL ? NULL : blank + 1 },
        { "state", ready                     ? "ready"
                   : plugin->trouble == NULL ? "starting"
                                             : "unready" },
        { "pid", number(pid, host_pid(plugin->host)) },
        { "confinement", host_confinement(plugin->host) },
        { "message", plugin->trouble == NULL ? "" : plugin->trouble },
    };

    SEND(peer, "plugin", fields);
}

static const char *credential_word(enum credential_word word)
{
    static const char *const words[] = {
        [CREDENTIAL_UNTRIED] = "untried", [CREDENTIAL_GOOD] = "good", [CREDENTIAL_HELD] = "held"
    };

    return words[word];
}

static const char *target_state(const struct target *target)
{
    if (target->scan != NULL)
        return "running";
    if (target->credential != NULL && schedule_credential_state(target->credential)->word == CREDENTIAL_HELD)
        return "held";
    return schedule_state(target->entry)->quarantined ? "quarantined" : "waiting";
}

/* A good scan has nothing to say but that it wants something of somebody. */
static const char *message_of(const struct target *target, struct str *text)
{
    if (target->last.held == 0 || target->last.message[0] != '\0')
        return target->last.message;
    str_format(text, "%llu items are not seen any more; if they are gone: muster accept %s",
               (unsigned long long)target->last.held, target->name);
    return str_text(text);
}

static void send_target(const struct fleet *fleet, const struct target *target, struct peer *peer)
{
    const struct target_last *last = &target->last;
    struct str text = STR_EMPTY;
    char numbers[3][NUMBER_SIZE], times[3][CLOCK_TEXT_SIZE];
    int64_t next = schedule_next_at(fleet->schedule, target->entry, fleet_now());
    const struct control_field fields[] = {
        { "name", target->name },
        { "plugin", target->plugin->name },
        { "state", target_state(target) },
        { "result", last->result },
        { "message", message_of(target, &text) },
        { "started", time_text(times[0], last->started_at) },
        { "ended", time_text(times[1], last->ended_at) },
        { "next", time_text(times[2], next) },
        { "attempts", number(numbers[0], schedule_state(target->entry)->attempts) },
        { "items", number(numbers[1], (int64_t)last->items) },
        { "held_removals", number(numbers[2], (int64_t)last->held) },
    };

    SEND(peer, "target", fields);
    str_finish(&text);
}

static void send_credential(const struct fleet_credential *credential, struct peer *peer)
{
    const struct credential_state *state = schedule_credential_state(credential->schedule);
    char times[2][CLOCK_TEXT_SIZE];
    const struct control_field fields[] = {
        { "name", credential->name },
        { "state", credential_word(state->word) },
        { "since", time_text(times[0], state->held_at) },
        { "next", time_text(times[1], state->retry_at) },
        { "target", state->target },
        { "why", state->why },
    };

    SEND(peer, "credential", fields);
}

static void status(void *context, struct peer *peer, const struct control_request *request)
{
    const struct verbs *verbs = context;
    const struct fleet *fleet = verbs->fleet;

    (void)request;
    if (is_stopping(verbs, peer))
        return;
    send_daemon(verbs, peer);
    for (size_t i = 0; i < plugins_count(fleet->plugins); i++) {
        if (plugins_at(fleet->plugins, i)->host != NULL)
            send_plugin(plugins_at(fleet->plugins, i), peer);
    }
    list_each (node, &fleet->targets) {
        const struct target *target = list_entry(node, struct target, link);

        if (!target->removed)
            send_target(fleet, target, peer);
    }
    list_each (node, &fleet->credentials)
        send_credential(list_entry(node, struct fleet_credential, link), peer);
    peer_done(peer, 0, "%s", "");
}

/* --------------------------------------------------------------------------------------------- scan and doctor ---- */

static void unknown_target(const struct fleet *fleet, struct peer *peer, const char *name)
{
    const char **names = mem_new(fleet->count + 1, sizeof *names);
    char quoted[TEXT_QUOTE_SIZE], near[TEXT_QUOTE_SIZE];
    const char *nearest;
    size_t count = 0;

    list_each (node, &fleet->targets)
        names[count++] = list_entry(node, struct target, link)->name;
    nearest = text_nearest(name, names, count);
    if (nearest == NULL)
        peer_done(peer, 64, "there is no target \"%s\"; muster status lists them", text_quote(quoted, name));
    else
        peer_done(peer, 64, "there is no target \"%s\"; did you mean \"%s\"?", text_quote(quoted, name),
                  text_quote(near, nearest));
    free(names);
}

/* The targets that a request names, all of them where it names none. NULL: the peer was told what is wrong. */
static struct target **named(struct fleet *fleet, struct peer *peer, const struct control_request *request,
                             size_t *count)
{
    size_t most = request->count == 0 ? fleet->count : request->count;
    struct target **targets = mem_new(most + 1, sizeof(struct target *));

    *count = 0;
    if (request->count == 0) {
        list_each (node, &fleet->targets) {
            if (!list_entry(node, struct target, link)->removed)
                targets[(*count)++] = list_entry(node, struct target, link);
        }
    }
    for (size_t i = 0; i < request->count; i++) {
        struct target *target = fleet_find(fleet, request->arguments[i]);

        if (target == NULL) {
            unknown_target(fleet, peer, request->arguments[i]);
            free(targets);
            return NULL;
        }
        targets[(*count)++] = target;
    }
    return targets;
}

static void start_session(struct fleet *fleet, struct peer *peer, enum run_mode mode,
                          const struct control_request *request)
{
    size_t count;
    struct target **targets = named(fleet, peer, request, &count);

    if (targets == NULL)
        return;
    session_start(fleet, peer, mode, targets, count);
    free(targets);
}

static void scan(void *context, struct peer *peer, const struct control_request *request)
{
    struct verbs *verbs = context;

    if (!is_stopping(verbs, peer))
        start_session(verbs->fleet, peer, RUN_SCAN, request);
}

static void doctor(void *context, struct peer *peer, const struct control_request *request)
{
    struct verbs *verbs = context;

    if (request->count != 1)
        peer_done(peer, 64, "doctor takes the name of one target");
    else if (!is_stopping(verbs, peer))
        start_session(verbs->fleet, peer, RUN_DOCTOR, request);
}

static void reload(void *context, struct peer *peer, const struct control_request *request)
{
    struct verbs *verbs = context;

    (void)request;
    if (!is_stopping(verbs, peer))
        verbs->reload(verbs->context, peer);
}

/* ----------------------------------------------------------------------------------------------------- accept ---- */

struct accept_job {
    struct job job;
    struct fleet *fleet;
    struct peer *peer; /* NULL once it has gone away */
    char *name, *by;
    int64_t target;
    struct commit_result result;
};

static bool run_accept(struct job *job, struct store *store, struct err *err)
{
    struct accept_job *self = (struct accept_job *)(void *)job;

    return commit_accept(store, self->target, self->by, clock_wall_ms(&clock_system), &self->result, err);
}

static void accept_done(struct job *job, bool good, const struct err *err)
{
    struct accept_job *self = (struct accept_job *)(void *)job;
    struct target *target = fleet_find(self->fleet, self->name);

    if (good && target != NULL)
        target->last.held = 0;
    if (good)
        log_info("%s: %s accepted that %llu items are gone", self->name, self->by,
                 (unsigned long long)self->result.gone);
    if (self->peer != NULL && good)
        peer_done(self->peer, 0, "%llu items of %s are marked gone", (unsigned long long)self->result.gone, self->name);
    else if (self->peer != NULL)
        peer_done(self->peer, 1, "%s", err->text);
    free(self->name);
    free(self->by);
    fleet_wake(self->fleet);
    free(self);
}

static void accept_abandoned(void *context)
{
    struct accept_job *self = context;

    self->peer = NULL;
}

static void accept_removals(void *context, struct peer *peer, const struct control_request *request)
{
    struct verbs *verbs = context;
    struct target *target = request->count == 1 ? fleet_find(verbs->fleet, request->arguments[0]) : NULL;
    struct accept_job *self;

    if (is_stopping(verbs, peer))
        return;
    if (target == NULL) {
        if (request->count == 1)
            unknown_target(verbs->fleet, peer, request->arguments[0]);
        else
            peer_done(peer, 64, "accept takes the name of one target");
        return;
    }
    self = mem_new(1, sizeof *self);
    self->job.run = run_accept;
    self->job.done = accept_done;
    self->fleet = verbs->fleet;
    self->peer = peer;
    self->name = mem_text(target->name);
    self->by = mem_text(peer_name(peer));
    self->target = target->id;
    peer_watch(peer, accept_abandoned, self);
    worker_submit(verbs->fleet->worker, &self->job);
}

const struct control_verb verbs_table[] = {
    { "status", false, status },         { "scan", true, scan }, { "doctor", true, doctor }, { "reload", true, reload },
    { "accept", true, accept_removals }, { NULL, false, NULL },
};
