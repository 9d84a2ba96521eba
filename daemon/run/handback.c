#include "handback.h"

#include "arena.h"
#include "credential.h"
#include "fleet.h"
#include "log.h"
#include "mem.h"
#include "origin.h"
#include "scan.h"

#include <stdlib.h>

#define LEAST_MS 100 /* with less than that left of a stop, none begins */

struct handback {
    struct list link; /* while it waits */
    struct fleet *fleet;
    struct origin *origin;
    struct token token;
};

void handbacks_init(struct handbacks *handbacks)
{
    *handbacks = (struct handbacks){ 0 };
    list_init(&handbacks->waiting);
}

static void destroy(struct handback *self)
{
    self->fleet->handbacks.pending--;
    token_finish(&self->token);
    origin_release(self->origin);
    free(self);
}

static void tell_failure(const struct handback *self, const char *why)
{
    log_warning("%s: what its token holds on the target could not be given back: %s", self->origin->target->name, why);
}

static void give_up(struct handback *self, const char *why)
{
    tell_failure(self, why);
    destroy(self);
}

/* ---------------------------------------------------------------------------------------------------- the run ---- */

static void on_ended(void *context, struct scan *scan, struct scan_end *end)
{
    struct handback *self = context;
    struct fleet *fleet = self->fleet;

    (void)scan;
    if (end->outcome.good)
        log_debug("%s: its token was given back", self->origin->target->name);
    else
        tell_failure(self, end->outcome.err.text);
    fleet->handbacks.running--;
    destroy(self);
    fleet_wake(fleet);
}

static void on_log(void *context, struct scan *scan, const struct message_log *log)
{
    const struct handback *self = context;

    (void)scan;
    log_write((enum log_level)log->level, "%s: %s", self->origin->target->name, log->text);
}

static const struct scan_events events = { .ended = on_ended, .log = on_log };

/* What one that begins now may take; less than LEAST_MS: it should not begin. */
static int64_t deadline(const struct fleet *fleet)
{
    int64_t left = fleet->stopping ? fleet->stop_at - fleet_now().mono : HANDBACK_MS;

    return left > HANDBACK_MS ? HANDBACK_MS : left;
}

static bool start(struct handback *self, struct arena *arena, struct err *err)
{
    const struct config_target *config = self->origin->target;
    struct host *host = self->origin->plugin->host;
    struct scan_request request = {
        .mode = RUN_RELEASE,
        .deadline_ms = deadline(self->fleet),
        .memory_mb = config->memory_mb,
        .cpu_s = config->cpu_s,
        .token = { self->token.bytes, self->token.size },
    };
    const char *secret = NULL;

    if (config->credential != NULL && (secret = credential_read(config->credential, arena, err)) == NULL)
        return false;
    request.options = config_request(config, host_table(host), secret, arena);
    return scan_start(host, self->fleet->budget, &request, &events, self, err) != NULL;
}

static void begin(struct handback *self)
{
    struct arena arena;
    struct err err;

    arena_init(&arena, ARENA_SECRET);
    if (start(self, &arena, &err)) {
        self->fleet->handbacks.running++;
        token_finish(&self->token);
    } else {
        give_up(self, err.text);
    }
    arena_finish(&arena);
}

/* --------------------------------------------------------------------------------------------------- the line ---- */

static bool is_ready(const struct handback *self)
{
    return self->fleet->plugins != NULL && self->origin->plugin->host != NULL &&
           host_is_ready(self->origin->plugin->host);
}

static bool may_wait(const struct handback *self)
{
    return !self->fleet->stopping && !self->fleet->once && self->origin->plugin->used;
}

static void begin_those_that_can(struct fleet *fleet)
{
    struct handbacks *handbacks = &fleet->handbacks;

    list_each (node, &handbacks->waiting) {
        struct handback *self = list_entry(node, struct handback, link);

        if (handbacks->running >= HANDBACK_AT_ONCE || deadline(fleet) < LEAST_MS)
            return;
        if (!is_ready(self) && may_wait(self))
            continue;
        list_remove(node);
        if (is_ready(self))
            begin(self);
        else
            give_up(self, "its plugin host is not ready");
    }
}

void handbacks_give_up(struct fleet *fleet)
{
    list_each (node, &fleet->handbacks.waiting) {
        list_remove(node);
        give_up(list_entry(node, struct handback, link), "the daemon has no more time for it");
    }
}

void handbacks_go(struct fleet *fleet)
{
    if (fleet->stopping && fleet->stopped == NULL)
        handbacks_give_up(fleet);
    else
        begin_those_that_can(fleet);
}

void handback_order(struct fleet *fleet, struct origin *origin, struct token *token)
{
    struct handback *self;

    if (token->size == 0 || !origin_releases(origin)) {
        token_finish(token);
        return;
    }
    self = mem_new(1, sizeof *self);
    self->fleet = fleet;
    self->origin = origin_keep(origin);
    token_move(&self->token, token);
    list_append(&fleet->handbacks.waiting, &self->link);
    fleet->handbacks.pending++;
    handbacks_go(fleet);
}
