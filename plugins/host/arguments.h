/* name=value words of a command line, as what was given for a plugin's options. */
#ifndef ARGUMENTS_H
#define ARGUMENTS_H

#include "arena.h"
#include "err.h"
#include "option.h"

#include <stdbool.h>

/* A name that is there several times is a list. For a secret NAME, NAME_file=FILE reads it from a private file, a
 * value on the command line is refused (others can see it), and a required one that is missing is asked for on the
 * terminal. A relative path is made absolute. Everything lies in the arena, which should be a wiping one. */
bool arguments_read(const struct option_table *table, char *const *words, size_t count, struct arena *arena,
                    struct option_list *list, struct err *err);

#endif
