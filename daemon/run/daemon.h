/* The daemon as a whole: the only part that knows all the others. It starts them in their order, reloads, and stops
 * them in the reverse order. */
#ifndef DAEMON_H
#define DAEMON_H

#include <stdbool.h>

struct daemon_options {
    const char *config_file;
    bool once;       /* one pass over all targets, then the end */
    bool check_only; /* looks at the configuration and the plugins' options, starts nothing else */
};

/* Exit statuses; docs/commands.md has them too. */
enum { DAEMON_DONE = 0, DAEMON_FAILED = 1, DAEMON_USAGE = 64, DAEMON_CONFIGURATION = 78 };

/* Runs until it is told to stop (SIGTERM, SIGINT) or has nothing more to do. Returns an exit status. */
int daemon_run(const struct daemon_options *options);

#endif
