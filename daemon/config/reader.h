/* What is known while a configuration is being read: the raw entries, before they are checked against each other. */
#ifndef READER_H
#define READER_H

#include "config.h"
#include "map.h"
#include "setting.h"
#include "source.h"
#include "vec.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* An entry of `targets` as it is written. */
struct entry {
    const char *name, *was, *plugin, *credential, *scope;
    int64_t every_ms, deadline_ms, memory, cpu_ms;
    const char *const *tags;
    size_t tag_count;
    const char *const *hosts;
    size_t host_count;
    struct option_given *options; /* with room for one more */
    struct config_place *option_places;
    const char **option_folders;
    size_t option_count;
    struct config_place place, credential_place, hosts_place;
};

/* An entry of `slots.plugins`. */
struct plugin_slots {
    const char *plugin;
    size_t slots;
    struct config_place place;
};

struct reader {
    struct config *config;
    const struct source *source;
    struct config_problems *problems;
    bool look; /* whether the files that are named are looked at */
    vec(struct entry) entries;
    vec(struct plugin_slots) slots;
    struct map names;    /* of targets, to their struct config_place */
    size_t far_searches; /* how often a long list was searched for a similar name */
    bool full;           /* more targets than there may be: said once */
};

/* The nearest of many names, NULL where none is near or enough were searched for: a configuration that is wrong a
 * thousand times must not take minutes. */
const char *reader_nearest(struct reader *reader, const char *name, const char *const *candidates, size_t count);

#endif
