#include "act.h"

#include "action_job.h"
#include "clock.h"
#include "delivery.h"
#include "log.h"
#include "mem.h"
#include "peer.h"
#include "rejudge.h"
#include "worker.h"

#include <stdlib.h>

struct act_job {
    struct job job;
    struct verbs *verbs;
    struct peer *peer; /* NULL once it has gone away */
    act_run *run;
    struct arena arena; /* of what was asked */
    char *by;           /* for the log */
    uid_t user;
    struct act act;
};

static bool run(struct job *job, struct store *store, struct err *err)
{
    struct act_job *self = (struct act_job *)(void *)job;
    char name[ACTION_JOB_NAME_SIZE];
    bool good;

    arena_reset(&self->act.arena);
    str_clear(&self->act.answer);
    self->act.unjudged = false;
    self->act.store = store;
    self->act.by = (struct actor){ self->user, action_job_name(self->user, name) };
    self->act.now = clock_wall_ms(&clock_system);
    good = self->run(&self->act, err);
    self->act.by.name = NULL;
    return good;
}

static void done(struct job *job, bool good, const struct err *err)
{
    struct act_job *self = (struct act_job *)(void *)job;
    const char *answer = str_text(&self->act.answer);

    if (good)
        log_info("%s: %s", self->by, answer);
    if (self->peer != NULL && good)
        peer_done(self->peer, 0, "%s", answer);
    else if (self->peer != NULL)
        peer_done(self->peer, 1, "%s", err->text);
    if (good && self->act.unjudged)
        rejudge_start(self->verbs->fleet->rejudge);
    if (good)
        delivery_act(self->verbs->fleet->delivery);
    arena_finish(&self->act.arena);
    str_finish(&self->act.answer);
    arena_finish(&self->arena);
    free(self->by);
    free(self);
}

static void abandoned(void *context)
{
    struct act_job *self = context;

    self->peer = NULL;
}

void act_start(struct verbs *verbs, struct peer *peer, const struct control_request *request, act_run *run_it)
{
    struct act_job *self;
    const char **arguments;

    if (verbs->fleet->stopping) {
        peer_done(peer, 1, "the daemon is stopping");
        return;
    }
    self = mem_new(1, sizeof *self);
    arena_init(&self->arena, ARENA_PLAIN);
    arena_init(&self->act.arena, ARENA_PLAIN);
    arguments = arena_alloc(&self->arena, (request->count + 1) * sizeof *arguments);
    for (size_t i = 0; i < request->count; i++)
        arguments[i] = arena_text(&self->arena, request->arguments[i]);
    self->job.run = run;
    self->job.done = done;
    self->verbs = verbs;
    self->peer = peer;
    self->run = run_it;
    self->by = mem_text(peer_name(peer));
    self->user = peer_user(peer);
    self->act.arguments = arguments;
    self->act.count = request->count;
    peer_watch(peer, abandoned, self);
    worker_submit(verbs->fleet->worker, &self->job);
}
