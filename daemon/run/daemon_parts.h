/* What daemon.c and its two other files share: the parts, and what the present phase is. */
#ifndef DAEMON_PARTS_H
#define DAEMON_PARTS_H

#include "budget.h"
#include "check_config.h"
#include "config.h"
#include "control_server.h"
#include "daemon.h"
#include "fleet.h"
#include "knowledge.h"
#include "plugins.h"
#include "rejudge.h"
#include "store.h"
#include "str.h"
#include "verbs.h"
#include "worker.h"

#include <stdbool.h>
#include <uv.h>

struct pass; /* --once: daemon_once.c */

struct daemon {
    const struct daemon_options *options;
    uv_loop_t loop;
    struct config *config;
    struct knowledge *knowledge; /* until the rules have taken it */
    struct plugins *plugins;
    struct store *store;
    struct worker *worker;
    struct budget *budget;
    struct fleet fleet;
    struct verbs verbs;
    struct control_server *control;
    struct pass *pass;
    struct check_config *check; /* a reload that looks at the configuration */
    struct peer *reload_peer;   /* who asked for it; NULL: a signal did, or it went away */
    int64_t reload_user;        /* the uid of whoever asked, for the action log */
    struct str reload_problems; /* what was wrong so far, as far as it is kept for the action log */
    unsigned reload_unkept;     /* problems beyond that */
    bool reload_again;          /* a signal asked for another one meanwhile: the files may have changed since */
    uv_signal_t signals[3];
    uv_timer_t housekeeping, watchdog;
    bool ready; /* everything is up */
    bool stopping;
    unsigned closing; /* parts that are to be closed before the worker */
    int status;       /* the exit status */
};

/* Begins to stop, with this exit status. Harmless when it has begun. */
void daemon_stop(struct daemon *daemon, int status);

/* The configuration, and what it says where the knowledge is. NULL: problems has why. */
struct config *daemon_load(const char *file, struct knowledge **knowledge, struct config_problems *problems);

/* daemon_reload.c. peer: who asked, NULL for a signal. */
void daemon_reload(void *context, struct peer *peer);

/* When the daemon stops: ends a look at the configuration that is under way. */
void daemon_reload_cancel(struct daemon *daemon);

/* daemon_once.c: asks for a scan of every target; when the last is over, the daemon stops with the pass's status. */
void daemon_once_start(struct daemon *daemon);
void daemon_once_finish(struct daemon *daemon);

#endif
