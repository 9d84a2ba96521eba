/* A source's text as a configuration: pure but for the files that are named in it, which are looked at only if asked.
 */
#ifndef INTERPRET_H
#define INTERPRET_H

#include "config.h"
#include "source.h"

#include <stdbool.h>

/* Fills the configuration, whose arena is ready and in which defaults may be set already. False: a problem was added
 * that is no warning. */
bool interpret(struct config *config, const struct source *source, bool look, struct config_problems *problems);

#endif
