#include "verbs.h"

#include "action_job.h"
#include "clock.h"
#include "commit.h"
#include "delivery.h"
#include "log.h"
#include "mem.h"
#include "peer.h"
#include "session.h"
#include "status.h"
#include "text.h"
#include "unit.h"
#include "verbs_alerts.h"
#include "verbs_exemption.h"
#include "verbs_hook.h"
#include "verbs_report.h"

#include <stdlib.h>
#include <string.h>

/* While the daemon stops its parts go one by one: nothing is begun any more. */
static bool is_stopping(const struct verbs *verbs, struct peer *peer)
{
    if (verbs->fleet->stopping)
        peer_done(peer, 1, "the daemon is stopping");
    return verbs->fleet->stopping;
}

static void status(void *context, struct peer *peer, const struct control_request *request)
{
    const struct verbs *verbs = context;

    (void)request;
    if (!is_stopping(verbs, peer))
        status_start(verbs, peer);
}

/* --------------------------------------------------------------------------------------------- scan and doctor ---- */

void verbs_unknown(struct peer *peer, const char *what, const char *name, const char *const *names, size_t count)
{
    char quoted[TEXT_QUOTE_SIZE], near[TEXT_QUOTE_SIZE];
    const char *nearest = text_nearest(name, names, count);

    text_quote(quoted, name);
    if (count == 0)
        peer_done(peer, 64, "there is no %s \"%s\": the configuration has none; add it there, and reload", what,
                  quoted);
    else if (nearest == NULL)
        peer_done(peer, 64, "there is no %s \"%s\"; muster status lists them", what, quoted);
    else
        peer_done(peer, 64, "there is no %s \"%s\"; did you mean \"%s\"?", what, quoted, text_quote(near, nearest));
}

static void unknown_target(const struct fleet *fleet, struct peer *peer, const char *name)
{
    const char **names = mem_new(fleet->count + 1, sizeof *names);
    size_t count = 0;

    list_each (node, &fleet->targets) {
        const struct target *target = list_entry(node, struct target, link);

        if (!target->removed)
            names[count++] = target->name;
    }
    verbs_unknown(peer, "target", name, names, count);
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
    uid_t user;
    int64_t target;
    struct commit_result result;
};

static bool run_accept(struct job *job, struct store *store, struct err *err)
{
    struct accept_job *self = (struct accept_job *)(void *)job;
    char name[ACTION_JOB_NAME_SIZE];
    const struct actor by = { self->user, action_job_name(self->user, name) };

    return commit_accept(store, self->target, &by, clock_wall_ms(&clock_system), &self->result, err);
}

static void accept_done(struct job *job, bool good, const struct err *err)
{
    struct accept_job *self = (struct accept_job *)(void *)job;
    struct target *target = fleet_find(self->fleet, self->name);
    char items[COUNT_TEXT_SIZE];

    count_text(self->result.gone, "item", items);
    if (good && target != NULL)
        target->last.held = 0;
    if (good)
        log_info("%s: %s accepted the removal of %s", self->name, self->by, items);
    if (self->peer != NULL && good)
        peer_done(self->peer, 0, "%s of %s marked gone", items, self->name);
    else if (self->peer != NULL)
        peer_done(self->peer, 1, "%s", err->text);
    free(self->name);
    free(self->by);
    delivery_wake(self->fleet->delivery);
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
    self->user = peer_user(peer);
    self->target = target->id;
    peer_watch(peer, accept_abandoned, self);
    worker_submit(verbs->fleet->worker, &self->job);
}

const struct control_verb verbs_table[] = {
    { "status", false, status },
    { "scan", true, scan },
    { "doctor", true, doctor },
    { "reload", true, reload },
    { "accept", true, accept_removals },
    { "exempt", true, verbs_exempt },
    { "exempt_end", true, verbs_exempt_end },
    { "retire", true, verbs_retire },
    { "retry", true, verbs_retry },
    { "hook_test", true, verbs_hook_test },
    { "report", true, verbs_report },
    { NULL, false, NULL },
};
