#include "hook_trial.h"

#include "answer.h"
#include "clock.h"
#include "fleet.h"
#include "hook_run.h"
#include "log.h"
#include "mem.h"
#include "outbox.h"
#include "peer.h"

#include <stdlib.h>

struct trial {
    struct list link;
    struct hook_run *run;
    struct peer *peer; /* NULL: it went away */
    char *name;
    void (*over)(void *context);
    void *context;
};

static void on_gone(void *context)
{
    struct trial *trial = context;

    trial->peer = NULL;
    hook_run_cancel(trial->run);
}

static void answer(const struct trial *trial, const struct hook_run_result *result)
{
    char wall[ANSWER_NUMBER_SIZE];
    const struct control_field fields[] = {
        { "hook", trial->name },
        { "delivered", result->delivered ? "true" : "false" },
        { "message", result->message },
        { "output", result->output },
        { "wall_ms", answer_number(wall, result->wall_ms) },
    };

    ANSWER_SEND(trial->peer, "result", fields);
    peer_done(trial->peer, result->delivered ? 0 : 1, "%s", result->message);
}

static void on_done(void *context, const struct hook_run_result *result)
{
    struct trial *trial = context;

    log_info("hook %s was tried: %s", trial->name, result->delivered ? "it works" : result->message);
    if (trial->peer != NULL)
        answer(trial, result);
    list_remove(&trial->link);
    trial->over(trial->context);
    free(trial->name);
    free(trial);
}

void trial_start(struct list *trials, struct fleet *fleet, const struct hook *hook, struct peer *peer,
                 void (*over)(void *context), void *context)
{
    struct trial *trial = mem_new(1, sizeof *trial);
    char key[OUTBOX_KEY_SIZE], *payload = outbox_sample(hook, clock_wall_ms(&clock_system), key);
    const struct hook_run_input input = {
        .hook = hook, .payload = payload, .key = key, .what = EVENT_HOOK_TEST, .count = 1
    };

    trial->peer = peer;
    trial->name = mem_text(hook->name);
    trial->over = over;
    trial->context = context;
    list_append(trials, &trial->link);
    trial->run = hook_run_start(fleet->loop, &input, on_done, trial);
    free(payload);
    peer_watch(peer, on_gone, trial);
}

void trials_cancel(struct list *trials)
{
    list_each (node, trials)
        hook_run_cancel(list_entry(node, struct trial, link)->run);
}
