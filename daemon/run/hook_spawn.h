/* Starting a hook script: hook_run.h says what it finds. */
#ifndef HOOK_SPAWN_H
#define HOOK_SPAWN_H

#include "err.h"
#include "hook_run.h"

#include <stdbool.h>
#include <sys/types.h>

struct hook_spawned {
    pid_t pid;
    int output; /* our end of its standard output and error; close-on-exec */
};

/* The script is a child of this process from then on. False: it is missing, not to be trusted, or cannot be started, as
 * the sentence says, and nothing is left of it. For the loop's thread: the umask is another one while this runs. */
bool hook_spawn(const struct hook_run_input *input, struct hook_spawned *spawned, struct err *err);

#endif
