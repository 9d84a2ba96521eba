#include "status.h"

#include "answer.h"
#include "delivery.h"
#include "judging.h"
#include "mem.h"
#include "rejudge.h"
#include "reporter.h"
#include "str.h"
#include "unit.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define AT_ONCE 100 /* records, before it is asked whether the peer takes them */

static void send_daemon(const struct verbs *verbs, struct peer *peer)
{
    const struct fleet *fleet = verbs->fleet;
    const char *trouble = worker_trouble(fleet->worker);
    char numbers[6][ANSWER_NUMBER_SIZE];
    const struct control_field fields[] = {
        { "pid", answer_number(numbers[0], getpid()) },
        { "version", verbs->version },
        { "uptime_s", answer_number(numbers[1], (fleet_now().mono - verbs->started) / 1000) },
        { "state", fleet->stopping    ? "stopping"
                   : fleet->reloading ? "reloading"
                                      : "running" },
        { "database", trouble == NULL ? "fine" : trouble },
        { "config", verbs->config_file },
        { "targets", answer_number(numbers[2], (int64_t)fleet->count) },
        { "running", answer_number(numbers[3], (int64_t)schedule_running(fleet->schedule)) },
        { "editions", answer_number(numbers[5], (int64_t)rules_basis(fleet->rules)->matrix->edition_count) },
        { "judging", rejudge_is_running(fleet->rejudge) ? "under way" : "done" },
        { "queued_commits", answer_number(numbers[4], (int64_t)worker_pending(fleet->worker)) },
    };

    ANSWER_SEND(peer, "daemon", fields);
}

static void send_plugin(const struct plugin *plugin, struct peer *peer)
{
    bool ready = host_is_ready(plugin->host);
    const char *full = host_name(plugin->host), *blank = full == NULL ? NULL : strrchr(full, ' ');
    char pid[ANSWER_NUMBER_SIZE];
    const struct control_field fields[] = {
        { "name", plugin->name },
        { "version", blank == NULL ? NULL : blank + 1 },
        { "state", ready                     ? "ready"
                   : plugin->trouble == NULL ? "starting"
                                             : "unready" },
        { "pid", answer_number(pid, host_pid(plugin->host)) },
        { "confinement", host_confinement(plugin->host) },
        { "message", plugin->trouble == NULL ? "" : plugin->trouble },
    };

    ANSWER_SEND(peer, "plugin", fields);
}

static void send_hook(const struct delivery_hook *hook, struct peer *peer)
{
    char since[CLOCK_TEXT_SIZE];
    const struct control_field fields[] = {
        { "name", hook->name },
        { "state", hook->state },
        { "since", answer_time(since, hook->since) },
        { "message", hook->message },
    };

    ANSWER_SEND(peer, "hook", fields);
}

static void send_report(const struct reporter_report *report, struct peer *peer)
{
    char times[2][CLOCK_TEXT_SIZE];
    const struct control_field fields[] = {
        { "name", report->name },
        { "state", report->state },
        { "made", answer_time(times[0], report->made) },
        { "next", answer_time(times[1], report->next) },
        { "message", report->message },
    };

    ANSWER_SEND(peer, "report", fields);
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
    if (target->quiet_window != NULL)
        return "maintenance";
    if (target->credential != NULL && schedule_credential_state(target->credential)->word == CREDENTIAL_HELD)
        return "held";
    return schedule_state(target->entry)->quarantined ? "quarantined" : "waiting";
}

/* A good scan has nothing to say but that it wants something of somebody; then there is room for why there is none. */
static const char *message_of(const struct target *target, struct str *text)
{
    char items[COUNT_TEXT_SIZE], until[CLOCK_TEXT_SIZE];

    if (target->quiet_window != NULL && target->last.held == 0 && target->last.message[0] == '\0') {
        str_format(text, "maintenance %s until %s", target->quiet_window, clock_text(target->quiet_until, until));
        return str_text(text);
    }
    if (target->last.held == 0 || target->last.message[0] != '\0')
        return target->last.message;
    str_format(text, "not seen any more: %s; if really gone: muster accept %s",
               count_text(target->last.held, "item", items), target->name);
    return str_text(text);
}

static void send_target(const struct fleet *fleet, const struct target *target, struct peer *peer)
{
    const struct target_last *last = &target->last;
    struct str text = STR_EMPTY;
    char numbers[3][ANSWER_NUMBER_SIZE], times[4][CLOCK_TEXT_SIZE];
    int64_t next = schedule_next_at(fleet->schedule, target->entry, fleet_now());
    const struct control_field fields[] = {
        { "name", target->name },
        { "plugin", target->plugin->name },
        { "state", target_state(target) },
        { "result", last->result },
        { "message", message_of(target, &text) },
        { "started", answer_time(times[0], last->started_at) },
        { "ended", answer_time(times[1], last->ended_at) },
        { "next", answer_time(times[2], next) },
        { "attempts", answer_number(numbers[0], schedule_state(target->entry)->attempts) },
        { "items", answer_number(numbers[1], (int64_t)last->items) },
        { "held_removals", answer_number(numbers[2], (int64_t)last->held) },
        { "window", target->quiet_window },
        { "until", answer_time(times[3], target->quiet_window == NULL ? 0 : target->quiet_until) },
    };

    ANSWER_SEND(peer, "target", fields);
    str_finish(&text);
}

static void send_credential(const struct fleet_credential *credential, struct peer *peer)
{
    const struct credential_state *state = schedule_credential_state(credential->schedule);
    char times[2][CLOCK_TEXT_SIZE];
    const struct control_field fields[] = {
        { "name", credential->name },
        { "state", credential_word(state->word) },
        { "since", answer_time(times[0], state->held_at) },
        { "next", answer_time(times[1], state->retry_at) },
        { "target", state->target },
        { "why", state->why },
    };

    ANSWER_SEND(peer, "credential", fields);
}

/* -------------------------------------------------------------------------------------- as fast as it is taken ---- */

/* Targets and credentials may come and go between two portions: how far it is, is told by their numbers. */
struct status {
    const struct verbs *verbs;
    uint64_t target, credential; /* the last one that was sent */
};

static bool send_targets(struct status *status, struct peer *peer)
{
    const struct fleet *fleet = status->verbs->fleet;
    size_t sent = 0;

    list_each (node, &fleet->targets) {
        const struct target *target = list_entry(node, struct target, link);

        if (target->number <= status->target || target->removed)
            continue;
        if (sent++ == AT_ONCE)
            return true;
        send_target(fleet, target, peer);
        status->target = target->number;
    }
    return false;
}

static bool send_credentials(struct status *status, struct peer *peer)
{
    size_t sent = 0;

    list_each (node, &status->verbs->fleet->credentials) {
        const struct fleet_credential *credential = list_entry(node, struct fleet_credential, link);

        if (credential->number <= status->credential)
            continue;
        if (sent++ == AT_ONCE)
            return true;
        send_credential(credential, peer);
        status->credential = credential->number;
    }
    return false;
}

static bool send_more(void *context, struct peer *peer)
{
    struct status *status = context;
    bool stopping = status->verbs->fleet->stopping; /* its parts go one by one */

    if (!stopping && (send_targets(status, peer) || send_credentials(status, peer)))
        return true;
    free(status);
    if (stopping)
        peer_done(peer, 1, "the daemon is stopping");
    else
        peer_done(peer, 0, "%s", "");
    return false;
}

void status_start(const struct verbs *verbs, struct peer *peer)
{
    const struct fleet *fleet = verbs->fleet;
    struct status *status = mem_new(1, sizeof *status);

    status->verbs = verbs;
    send_daemon(verbs, peer);
    for (size_t i = 0; fleet->plugins != NULL && i < plugins_count(fleet->plugins); i++) {
        const struct plugin *plugin = plugins_at(fleet->plugins, i);

        if (plugin->used && plugin->host != NULL)
            send_plugin(plugin, peer);
    }
    for (size_t i = 0; i < delivery_hooks(fleet->delivery); i++) {
        const struct delivery_hook hook = delivery_hook_at(fleet->delivery, i);

        send_hook(&hook, peer);
    }
    for (size_t i = 0; i < reporter_reports(fleet->reporter); i++) {
        const struct reporter_report report = reporter_report_at(fleet->reporter, i);

        send_report(&report, peer);
    }
    peer_watch(peer, free, status);
    peer_feed(peer, send_more, status);
}
