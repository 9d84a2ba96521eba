/* A file whose lock says that one process alone works here. The kernel takes the lock back when the process ends,
 * however it ends; the file stays. */
#ifndef LOCK_H
#define LOCK_H

#include "err.h"

#include <stdbool.h>

/* Makes the file where there is none, locks it and writes the process id into it. *fd is what holds the lock: to be
 * closed to give it back. Refused (class system) with the other one's process id while it is held. The folder must be
 * trusted (trust.h). For one call per file and process: the lock does not guard a process against itself. */
bool lock_take(const char *path, int *fd, struct err *err);

#endif
