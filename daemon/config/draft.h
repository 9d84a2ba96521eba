/* What is known while a configuration is being read: the raw entries, before they are checked against each other. */
#ifndef DRAFT_H
#define DRAFT_H

#include "config.h"
#include "map.h"
#include "reader.h"
#include "vec.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* An entry of `targets` as it is written. */
struct entry {
    const char *name, *was, *plugin, *credential, *scope;
    int64_t every_ms, max_age_ms, deadline_ms, memory, cpu_ms;
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

struct draft {
    struct reader reader; /* first: draft_of */
    struct config *config;
    bool look; /* whether the files that are named are looked at */
    vec(struct entry) entries;
    vec(struct plugin_slots) slots;
    struct map names;    /* of targets, to their struct config_place */
    size_t far_searches; /* how often a long list was searched for a similar name */
    bool full;           /* more targets than there may be: said once */
};

/* Of a reader that reads a configuration. */
static inline struct draft *draft_of(struct reader *reader)
{
    return (struct draft *)(void *)reader;
}

/* The nearest of many names, NULL where none is near or enough were searched for: a configuration that is wrong a
 * thousand times must not take minutes. */
const char *draft_nearest(struct draft *draft, const char *name, const char *const *candidates, size_t count);

/* A copy in lower case (ASCII), in the arena: for names that are compared without regard to case. */
const char *draft_lowered(struct draft *draft, const char *name);

#endif
