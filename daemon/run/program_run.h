/* One run of a program that is not ours to wait for: a hook script, or muster with a report to write. It is a process
 * with a session of its own, some text on its standard input (a file in memory: it is there as a whole, whatever
 * becomes of this process), and an environment of the caller's words only.
 *
 * Its folder is /, and no other descriptor is open. Exit status 0 is good. At the timeout its processes get SIGTERM,
 * and two seconds later SIGKILL; whatever is left of its session when it ends is killed too. Of what it writes, the
 * last PROGRAM_OUTPUT bytes are kept; one that writes without end is read without end, until its timeout. One that does
 * not read its input is no failure. */
#ifndef PROGRAM_RUN_H
#define PROGRAM_RUN_H

#include "err.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>
#include <uv.h>

#define PROGRAM_OUTPUT ((size_t)2048)
#ifndef PROGRAM_TERM_MS
#define PROGRAM_TERM_MS 2000
#endif

struct program_run;

/* Everything is copied, or needed only while program_run_start runs. */
struct program {
    const char *path;      /* absolute; must be a program that nobody else may change (trust_program) */
    const char *also;      /* a file that nobody else may change either (trust_file); NULL: none */
    char *const *words;    /* the whole of argv, NULL at the end; NULL: the path alone */
    char *const *settings; /* its environment, NAME=VALUE, NULL at the end */
    const char *input;     /* on its standard input */
    mode_t mask;           /* its umask */
    int64_t timeout_ms;
};

/* good, or a sentence why not, ready for the log: the program's path, how it ended, and its last output, escaped.
 * output: the same bytes alone, valid UTF-8, also where it went well. */
struct program_result {
    bool good;
    const char *message, *output;
    int64_t wall_ms;
};

/* Never fails: a program that is missing, is no file, may not be run, or may be written by others is told through done,
 * as all else is. done is called once, from the loop, never from within this call; the run is freed when it returns. */
struct program_run *program_run_start(uv_loop_t *loop, const struct program *program,
                                      void (*done)(void *context, const struct program_result *result), void *context);

/* Ends it now: done comes with a sentence that says so. */
void program_run_cancel(struct program_run *run);

#endif
