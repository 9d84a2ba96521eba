/* libconfig's tree of a source's text, which must have passed vet(). libconfig opens no file for it. */
#ifndef TREE_H
#define TREE_H

#include "err.h"
#include "source.h"

#include <libconfig.h>
#include <stdbool.h>

/* False: what is still wrong (a name that is twice in a group) with its line quoted, and that line in the source's
 * text. The tree must be finished either way. */
bool tree_parse(config_t *tree, const struct source *source, int *line, struct err *err);

/* Wipes all strings: a secret may be among them. */
void tree_finish(config_t *tree);

#endif
