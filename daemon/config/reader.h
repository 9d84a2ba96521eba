/* What everything that is read by tables of keys (setting.h) needs: where from, where to, and where to say what is
 * wrong. It is the first member of whatever else is known meanwhile (draft.h, knowledge_parts.h). */
#ifndef READER_H
#define READER_H

#include "arena.h"
#include "config.h"
#include "intern.h"
#include "source.h"

#include <libconfig.h>
#include <stdbool.h>
#include <stddef.h>

struct group;

struct reader {
    struct arena *arena;  /* for what is read */
    struct intern *texts; /* texts go there instead, each once; may be NULL */
    const struct source *source;
    struct config_problems *problems;
};

/* The text, kept as the reader keeps texts. */
const char *reader_text(const struct reader *reader, const char *text);

/* The whole source by its table of keys, into what `to` points at; after, which may be NULL, is called with the same at
 * the end. False: it cannot be read as a configuration at all, and a problem says why. True says nothing about problems
 * of single settings. */
bool reader_read(struct reader *reader, const struct group *root, void *to,
                 void (*after)(struct reader *reader, const config_setting_t *setting, void *to));

#endif
