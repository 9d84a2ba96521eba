/* musterd --once: one pass over all targets. */
#include "daemon_parts.h"
#include "delivery.h"
#include "mem.h"
#include "rejudge.h"
#include "unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

struct pass_target {
    struct watcher watcher;
    struct pass *pass;
    bool begun; /* also again, where its host died under it; never, where it was refused */
};

struct pass {
    struct daemon *daemon;
    bool live; /* standard output is a terminal: one line shows how far it is */
    size_t count, running, ended, failed;
    struct pass_target targets[];
};

static void show(const struct pass *pass)
{
    char targets[COUNT_TEXT_SIZE];

    if (!pass->live)
        return;
    printf("\r\033[K%zu of %s scanned, %zu under way, %zu failed", pass->ended,
           count_text(pass->count, "target", targets), pass->running, pass->failed);
    fflush(stdout);
}

static void told(struct watcher *watcher, struct target *target, const struct news *news)
{
    struct pass_target *self = (struct pass_target *)(void *)watcher;
    struct pass *pass = self->pass;

    (void)target;
    if (news->kind == NEWS_BEGUN && !self->begun) {
        self->begun = true;
        pass->running++;
    }
    if (news->kind == NEWS_ENDED) {
        pass->running -= self->begun ? 1 : 0;
        pass->ended++;
        pass->failed += news->good ? 0 : 1;
    }
    show(pass);
}

static void on_idle(void *context)
{
    struct daemon *daemon = context;

    bool failed = daemon->pass != NULL && (daemon->pass->failed > 0 || rejudge_has_failed(daemon->fleet.rejudge));

    if (daemon->pass != NULL && daemon->fleet.count == 0 && delivery_is_idle(daemon->fleet.delivery))
        daemon_stop(daemon, failed ? DAEMON_FAILED : DAEMON_DONE);
}

void daemon_once_start(struct daemon *daemon)
{
    size_t count = daemon->fleet.count, i = 0;
    struct pass *pass = mem_new(1, sizeof *pass + count * sizeof *pass->targets);

    pass->daemon = daemon;
    pass->count = count;
    pass->live = isatty(STDOUT_FILENO) != 0;
    daemon->pass = pass;
    daemon->fleet.idle = on_idle;
    daemon->fleet.idle_context = daemon;
    list_each (node, &daemon->fleet.targets) {
        struct pass_target *each = &pass->targets[i++];

        *each = (struct pass_target){ .watcher = { .told = told, .mode = RUN_SCAN }, .pass = pass };
        list_init(&each->watcher.link);
        fleet_ask(&daemon->fleet, list_entry(node, struct target, link), &each->watcher);
    }
}

void daemon_once_finish(struct daemon *daemon)
{
    struct pass *pass = daemon->pass;
    char targets[COUNT_TEXT_SIZE];

    if (pass->live)
        printf("\r\033[K");
    printf("%s: %zu scanned, %zu failed\n", count_text(pass->count, "target", targets), pass->ended - pass->failed,
           pass->count - (pass->ended - pass->failed));
    daemon->pass = NULL;
    free(pass);
}
