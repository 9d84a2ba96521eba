/* Lines at the bottom of a terminal that say what goes on: one for each thing under way, rewritten as it changes, gone
 * when it ends. Where the output is no terminal nothing of it is shown. */
#ifndef LIVE_H
#define LIVE_H

#include "str.h"
#include "table.h"
#include "vec.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct live_line {
    char *name; /* on the heap */
    int64_t items;
};

struct live {
    const struct style *style;
    bool shown;    /* a terminal */
    size_t height; /* lines of it that stand there now */
    vec(struct live_line) lines;
    struct str text;
};

void live_init(struct live *live, const struct style *style, bool terminal);

/* Takes the lines off the terminal. */
void live_finish(struct live *live);

/* One more thing under way, or what it has come to. */
void live_set(struct live *live, const char *name, int64_t items);
void live_end(struct live *live, const char *name);

/* A line, with its newline, that stays; above the others. */
void live_print(struct live *live, const char *line);

#endif
