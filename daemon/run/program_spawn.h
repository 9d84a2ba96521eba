/* Starting a program: program_run.h says what it finds. */
#ifndef PROGRAM_SPAWN_H
#define PROGRAM_SPAWN_H

#include "err.h"
#include "program_run.h"

#include <stdbool.h>
#include <sys/types.h>

struct program_spawned {
    pid_t pid;
    int output; /* our end of its standard output and error; close-on-exec */
};

/* The program is a child of this process from then on. False: it is missing, not to be trusted, or cannot be started,
 * as the sentence says, and nothing is left of it. For the loop's thread: the umask is another one while this runs. */
bool program_spawn(const struct program *program, struct program_spawned *spawned, struct err *err);

#endif
