/* A configuration as one text: a file, with what it includes put in place of each @include, and a map from the lines of
 * that text back to the files. libconfig is given this text and never opens anything itself.
 *
 *     struct source source;
 *     if (!source_read(&source, path, SOURCE_TRUSTED, arena, NULL, &place, &err))
 *         ... err at place ...
 *     source_finish(&source);
 *
 * A file that is included must be a regular file of ours (trust.h) in valid UTF-8 without a NUL, in which each quote
 * and comment that is opened is closed. Its name is relative to the folder of the file that includes it. */
#ifndef SOURCE_H
#define SOURCE_H

#include "arena.h"
#include "config.h"
#include "err.h"
#include "hash.h"
#include "sha256.h"
#include "str.h"
#include "vec.h"

#include <stdbool.h>
#include <stddef.h>

#define SOURCE_MAX_BYTES (8U << 20) /* of all files together */
#define SOURCE_MAX_DEPTH 10         /* files that include each other */
#define SOURCE_MAX_INCLUDES 1000

struct source_file {
    const char *name;   /* as it is shown: as it was given, or the folder of the including one and what stands there */
    const char *folder; /* absolute: what relative paths in it are relative to */
};

/* A stretch of the text that comes from one file. */
struct source_segment {
    int first; /* its first line in the text */
    const struct source_file *file;
    int line; /* of the file, where it starts */
};

struct source {
    struct arena *arena;
    const char *name; /* of the first file, as it is shown; NULL: a source that a test made by hand */
    struct str text;  /* ends with a newline */
    int lines;        /* whole ones in the text */
    vec(struct source_segment) segments;
    size_t includes, bytes; /* what was read so far */
};

enum source_care {
    SOURCE_TRUSTED,  /* every file must be one that nobody else can change */
    SOURCE_READABLE, /* what must not be read is left out, whoever it belongs to */
};

/* A text as if a file of that name held it. */
struct source_text {
    const char *name, *text;
    size_t size;
};

/* A file that was read, and what its bytes are, as they lie there. */
struct source_sum {
    const char *name; /* as in source_file */
    struct hash128 hash;
    char sha256[SHA256_HEX_SIZE];
};

/* Of all files that were read, a file before what it includes; one that is included twice is there twice. */
struct source_sums {
    vec(struct source_sum) list;
};

/* Names of files are put into the arena, which must outlive all places. On failure *place is where it went wrong. The
 * source must be finished either way. Sums are added where they are wanted, and NULL where they are not: of what may
 * hold a secret. */
bool source_read(struct source *source, const char *path, enum source_care care, struct arena *arena,
                 struct source_sums *sums, struct config_place *place, struct err *err);

/* The same for a text that is at hand. It cannot include anything. */
bool source_take(struct source *source, const struct source_text *text, struct arena *arena, struct source_sums *sums,
                 struct config_place *place, struct err *err);

/* The text is wiped: it may hold a secret. */
void source_finish(struct source *source);

/* Where a line of the text comes from, and the folder of that file. What has no line is about the first file itself. */
struct config_place source_place(const struct source *source, int line);
const char *source_folder(const struct source *source, int line);

#endif
