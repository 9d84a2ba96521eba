/* Records and plugins on standard output, as JSON lines or as a table for people. */
#ifndef PRINT_H
#define PRINT_H

#include "arena.h"
#include "foreground.h"
#include "plugin.h"
#include "str.h"
#include "stream.h"
#include "vec.h"

#include <stdio.h>

/* How many items of one kind there were. */
struct tally {
    const char *kind;
    uint64_t count;
};

struct print {
    enum output output;
    FILE *out;
    struct arena arena; /* the names of kinds; wiped, for the token */
    struct bytes token; /* what the run kept last; size 0: nothing */
    vec(struct tally) tallies;
    struct str line;
    size_t columns; /* of the table */
    size_t failed_steps;
    bool progress; /* standard error is a terminal that shows nothing else meanwhile */
    uint64_t items;
};

/* To be given to a stream, with a struct print as its context. */
extern const struct stream_handler print_handler;

void print_init(struct print *print, enum output output, FILE *out);

/* The last line: what the stream's end says. Only a scan has one. */
void print_end(struct print *print, const struct stream *stream);

void print_finish(struct print *print);

/* A plugin's metadata and option table. */
void print_plugin(const struct plugin *plugin, enum output output);

#endif
