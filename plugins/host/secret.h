/* Secrets for a run in the foreground: from a private file or from the terminal, never from the command line. */
#ifndef SECRET_H
#define SECRET_H

#include "arena.h"
#include "err.h"

/* The first line of a file that only its owner may read; NULL with the reason. */
const char *secret_from_file(const char *path, struct arena *arena, struct err *err);

/* Asks on the terminal without showing what is typed; NULL with the reason where there is no terminal. */
const char *secret_from_terminal(const char *name, struct arena *arena, struct err *err);

#endif
