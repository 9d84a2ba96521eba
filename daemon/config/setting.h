/* Settings read by tables: a group is a table of keys, a key says how its value is read and where it goes. Whatever
 * does not fit becomes a problem at its own line, and reading goes on.
 *
 *     static const struct key keys[] = {
 *         { .name = "name", .read = setting_name, .offset = offsetof(struct thing, name), .required = true },
 *         { .name = "every", .read = setting_duration, .offset = offsetof(struct thing, every), .min = 1000, .max = ...
 * },
 *     };
 *     static const struct group group = { "thing", keys, sizeof keys / sizeof keys[0] };
 *     setting_group(reader, setting, &group, &thing);
 *
 * Texts and arrays are copied into the reader's arena (texts to where it keeps texts). A key that is not given leaves
 * its place alone. */
#ifndef SETTING_H
#define SETTING_H

#include "config.h"
#include "source.h"

#include <libconfig.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SETTING_MAX_NAME 200  /* bytes of a name */
#define SETTING_MAX_LIST 4096 /* elements of a list of texts */

struct reader;
struct key;

typedef void setting_reader(struct reader *reader, const config_setting_t *setting, const struct key *key, void *to);

struct group {
    const char *what; /* "target", for sentences */
    const struct key *keys;
    size_t count;
};

struct key {
    const char *name;
    setting_reader *read;
    size_t offset;       /* of its place in what the group is read into */
    size_t count_offset; /* setting_names and setting_words: of the number of elements, a size_t */
    bool required;
    const char *example;       /* how to write it, where it is required and neither a text nor a setting_list */
    int64_t min, max;          /* numbers, sizes in bytes, durations in milliseconds */
    const char *const *words;  /* setting_word and setting_words: those that are possible, NULL at the end */
    const struct group *group; /* setting_inner, and setting_list for its elements */
    void (*element)(struct reader *reader, const config_setting_t *setting); /* setting_list */
};

/* Their places are: a const char * for name, text, path, word and kind; an int64_t for size, duration and day; a
 * size_t for count; a const char *const * and a size_t for names and words. */
setting_reader setting_name;     /* one line to show: at most SETTING_MAX_NAME bytes, printable, no blanks around it */
setting_reader setting_text;     /* any text that is not empty */
setting_reader setting_path;     /* made absolute: relative ones start at the folder of the file they stand in */
setting_reader setting_word;     /* one of a few */
setting_reader setting_kind;     /* a kind of the data dictionary (attribute.h) */
setting_reader setting_size;     /* "256MiB" */
setting_reader setting_duration; /* "1h" */
setting_reader setting_count;    /* 16 */
setting_reader setting_day;      /* "2027-06-30": the last millisecond of that day, UTC */
setting_reader setting_names;    /* [ "a", "b" ] */
setting_reader setting_words;    /* the same, each one of a few */
setting_reader setting_inner;    /* { ... }, its keys in the same struct as the key itself */
setting_reader setting_list;     /* ( { ... }, { ... } ) */

/* Reads a group, which must be one, into what `to` points at. */
void setting_group(struct reader *reader, const config_setting_t *setting, const struct group *group, void *to);

/* The parts of the above, for other readers. NULL or false: a problem was added. */
const char *setting_is_text(struct reader *reader, const config_setting_t *setting, const char *example);
bool setting_is_group(struct reader *reader, const config_setting_t *setting);
bool setting_is_list(struct reader *reader, const config_setting_t *setting); /* of groups */

/* What libconfig has there, unchanged; NULL where there is none. */
const config_setting_t *setting_member(const config_setting_t *group, const char *name);
const config_setting_t *setting_element(const config_setting_t *list, size_t index);

/* Says what was expected in place of what stands there. */
void setting_unexpected(struct reader *reader, const config_setting_t *setting, const char *expected);

/* A problem at the setting, its name in front. */
void setting_problem(struct reader *reader, const config_setting_t *setting, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

struct config_place setting_place(const struct reader *reader, const config_setting_t *setting);

#endif
