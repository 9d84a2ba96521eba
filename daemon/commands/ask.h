/* Asking the daemon: one request over its control socket, records as they come, one answer. Blocking. */
#ifndef ASK_H
#define ASK_H

#include "control.h"
#include "err.h"

#include <stddef.h>

/* The record is borrowed until this returns. */
typedef void ask_record(void *context, const struct control_record *record);

struct ask {
    const char *socket; /* its path */
    const char *verb;
    const char *const *arguments;
    size_t count;
    int silence_ms; /* how long the daemon may say nothing; 0: as long as it likes */
    ask_record *record;
    void *context;
};

enum ask_result {
    ASK_ANSWERED, /* status and text of the daemon's end */
    ASK_DOWN,     /* nobody listens there */
    ASK_FAILED,   /* no right to ask, no daemon of ours, or no end to its answer */
};

struct ask_answer {
    int status;
    struct err
        err; /* ASK_ANSWERED: the daemon's own sentence in text, "" for none; else what went wrong, and what to do */
};

enum ask_result ask_daemon(const struct ask *ask, struct ask_answer *answer);

#endif
