/* A credential's secret, read anew for each run, so that a rotation needs no restart. */
#ifndef CREDENTIAL_H
#define CREDENTIAL_H

#include "arena.h"
#include "config.h"
#include "err.h"

#include <stddef.h>

#define CREDENTIAL_MAX 4096 /* bytes of a secret */

/* The secret as a C string in the arena, which must be a wiping one. A single line end (also of DOS) at the end of a
 * file is no part of it. NULL with a sentence (class config) otherwise: a file that others may read or write, an empty
 * one, one with a NUL or a second line, one that is too long. A file that systemd made may be readable by its group. */
const char *credential_read(const struct config_credential *credential, struct arena *arena, struct err *err);

#endif
