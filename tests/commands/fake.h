/* A daemon that is none: listens on a control socket in a folder, takes one request, answers what it was told to, and
 * ends. A process of its own, so that the asking side may block. */
#ifndef FAKE_H
#define FAKE_H

#include "control.h"
#include "str.h"

#include <stddef.h>
#include <sys/types.h>

enum fake_way {
    FAKE_WHOLE,   /* sends all and closes */
    FAKE_BYTES,   /* the same, byte by byte */
    FAKE_CUT,     /* closes within the last message */
    FAKE_GARBAGE, /* sends what is no frame behind the rest */
    FAKE_SILENT,  /* sends nothing until the asking side hangs up */
    FAKE_DEAF,    /* closes without having read the request */
};

struct fake {
    pid_t pid;
    char socket[100];
    int request; /* what it was asked, as it reads it */
};

/* The socket is there when it returns. answer: frames, as control_write makes them. */
void fake_start(struct fake *fake, const char *folder, const struct str *answer, enum fake_way way);

/* Waits for its end; the request's words with blanks between go into words. */
void fake_finish(struct fake *fake, char *words, size_t size);

/* Appends a record with these names and values, NULL-terminated: name, value, name, value, NULL. */
void fake_record(struct str *answer, const char *name, ...) __attribute__((sentinel));
void fake_done(struct str *answer, unsigned status, const char *text);

#endif
