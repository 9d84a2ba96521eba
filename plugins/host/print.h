/* Records and plugins on standard output, as JSON lines or as a table for people. */
#ifndef PRINT_H
#define PRINT_H

#include "foreground.h"
#include "plugin.h"
#include "str.h"
#include "stream.h"

struct print {
    enum output output;
    const char *const *kinds;          /* the plugin's */
    uint64_t counts[PLUGIN_MAX_KINDS]; /* how many items of each */
    struct str line;
    size_t columns; /* of the table */
    size_t failed_steps;
    bool progress; /* standard error is a terminal, and standard output is not */
    uint64_t items;
};

/* To be given to a stream, with a struct print as its context. */
extern const struct stream_handler print_handler;

void print_init(struct print *print, enum output output, const struct plugin *plugin);

/* The last line: what the stream's end says. Only a scan has one. */
void print_end(struct print *print, const struct stream *stream);

void print_finish(struct print *print);

/* A plugin's metadata and option table. */
void print_plugin(const struct plugin *plugin, enum output output);

#endif
