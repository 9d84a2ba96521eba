#include "action_job.h"

#include "arena.h"
#include "log.h"
#include "mem.h"
#include "utf8.h"
#include "worker.h"

#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ENTRY_SIZE ((size_t)64 << 10) /* of a user's whole entry */

const char *action_job_name(int64_t uid, char name[ACTION_JOB_NAME_SIZE])
{
    char *entry = mem_new(1, ENTRY_SIZE);
    struct passwd user, *found = NULL;

    snprintf(name, ACTION_JOB_NAME_SIZE, "uid %lld", (long long)uid);
    if (uid == ACTION_SYSTEM)
        snprintf(name, ACTION_JOB_NAME_SIZE, "system");
    else if (getpwuid_r((uid_t)uid, &user, entry, ENTRY_SIZE, &found) == 0 && found != NULL &&
             user.pw_name[0] != '\0' && strlen(user.pw_name) < ACTION_JOB_NAME_SIZE &&
             utf8_valid(user.pw_name, strlen(user.pw_name)))
        snprintf(name, ACTION_JOB_NAME_SIZE, "%s", user.pw_name);
    free(entry);
    return name;
}

struct action_job {
    struct job job;
    struct action action;
    struct arena arena;
    void (*done)(void *context);
    void *context;
};

static bool run(struct job *job, struct store *store, struct err *err)
{
    const struct action_job *self = (const struct action_job *)(const void *)job;
    struct action action = self->action;
    char name[ACTION_JOB_NAME_SIZE];

    action.by.name = action_job_name(action.by.uid, name);
    return action_log(store, &action, err);
}

static void on_done(struct job *job, bool good, const struct err *err)
{
    struct action_job *self = (struct action_job *)(void *)job;

    if (!good)
        log_error("%s %s could not be told to the action log: %s", self->action.what, self->action.subject, err->text);
    arena_finish(&self->arena);
    self->done(self->context);
    free(self);
}

void action_job_submit(struct worker *worker, const struct action *action, void (*done)(void *context), void *context)
{
    struct action_job *self = mem_new(1, sizeof *self);

    arena_init(&self->arena, ARENA_PLAIN);
    self->job.run = run;
    self->job.done = on_done;
    self->done = done;
    self->context = context;
    self->action = *action;
    self->action.what = arena_text(&self->arena, action->what);
    self->action.subject = arena_text(&self->arena, action->subject);
    self->action.before = arena_text(&self->arena, action->before);
    self->action.after = arena_text(&self->arena, action->after);
    self->action.result = arena_text(&self->arena, action->result);
    self->action.message = arena_text(&self->arena, action->message);
    worker_submit(worker, &self->job);
}
