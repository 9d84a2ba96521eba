/* A plugin's options: what its table allows, what a configuration or command line gives, and the values that come of
 * it. One set of rules for the daemon's configuration, the plugin host and --once. */
#ifndef OPTION_H
#define OPTION_H

#include "arena.h"
#include "err.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define OPTION_MAX_TEXT 65536  /* bytes of one text */
#define OPTION_MAX_LIST 4096   /* elements of a list */
#define OPTION_MAX_COUNT 256   /* options of one plugin */
#define OPTION_MAX_CHOICES 256 /* words of a choice, each no longer than a name */
#define OPTION_MAX_HELP 4096   /* bytes of an option's help */

/* The plugin ABI has the same numbers (plugins/muster_plugin.h). */
#define OPTION_TYPES(X)                                                                                                \
    X(TEXT, "text", "any text")                                                                                        \
    X(INT, "int", "a whole number")                                                                                    \
    X(BOOL, "bool", "true or false (also yes, no, on, off)")                                                           \
    X(SECRET, "secret", "a secret")                                                                                    \
    X(CHOICE, "choice", "one of a few words")                                                                          \
    X(DURATION, "duration", "a duration such as 30s, 5m, 1h or 7d")                                                    \
    X(LIST, "list", "a list of texts")                                                                                 \
    X(PATH, "path", "an absolute path")

enum option_type {
    OPTION_NO_TYPE,
#define X(name, word, meaning) OPTION_##name,
    OPTION_TYPES(X)
#undef X
        OPTION_TYPE_COUNT,
};

/* One line of a plugin's table; min and max bound numbers and durations (ms) where they differ. */
struct option_spec {
    const char *name;
    enum option_type type;
    bool required;
    const char *fallback; /* as it would be written; NULL: none */
    const char *help;
    const char *const *choices; /* OPTION_CHOICE: ends with NULL */
    int64_t min, max;
};

struct option_table {
    const struct option_spec *specs;
    size_t count;
};

/* What was given for one option: one text, or a list's elements. */
struct option_given {
    const char *name;
    const char *const *texts;
    size_t count;
};

struct option_list {
    const struct option_given *given;
    size_t count;
};

/* Indexed as the table is. A number is a whole number, a truth (0, 1) or milliseconds; texts[0] is the text of all
 * other types. */
struct option_value {
    bool set;
    int64_t number;
    const char *const *texts;
    size_t count;
};

/* The type's word ("duration") and what it takes, for people. */
const char *option_type_word(enum option_type type);
const char *option_type_meaning(enum option_type type);

/* Whether the table itself makes sense: names, types, choices, fallbacks that fit (else class bug). */
bool option_table_check(const struct option_table *table, struct err *err);

/* The place of a name in the table, table->count where it is not in it. */
size_t option_find(const struct option_table *table, const char *name);

/* One value out of what was given; texts are copied into the arena. */
bool option_parse(const struct option_spec *spec, const struct option_given *given, struct arena *arena,
                  struct option_value *value, struct err *err);

typedef void option_problem(void *context, const char *option, const char *sentence);

/* All values of the table, fallbacks filled in; values has room for table->count. Each problem (unknown, given twice,
 * missing, wrong type, out of bounds) is reported by itself. Returns how many there were; 0: all is well. A secret's
 * text is in no sentence. */
size_t option_resolve(const struct option_table *table, const struct option_list *list, struct arena *arena,
                      struct option_value *values, option_problem *problem, void *context);

#endif
