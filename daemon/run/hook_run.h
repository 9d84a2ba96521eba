/* One run of a hook script: a process with the payload on its standard input, which is a file in memory: it is there as
 * a whole, whatever becomes of this process.
 *
 * Its environment is PATH=/usr/sbin:/usr/bin:/sbin:/bin, LANG=C.UTF-8, and MUSTER_EVENT, MUSTER_CLASS, MUSTER_ID,
 * MUSTER_COUNT, MUSTER_TRY, MUSTER_HOOK, MUSTER_SETTINGS: words and numbers of ours and of the configuration, never a
 * name from the fleet. Its folder is /, its umask 077, no other descriptor is open, and it has a session of its own.
 *
 * Exit status 0 means delivered. How it is ended, and what is kept of its output, program_run.h says. */
#ifndef HOOK_RUN_H
#define HOOK_RUN_H

#include "err.h"
#include "event.h"
#include "hook.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <uv.h>

struct hook_run;

struct hook_run_input {
    const struct hook *hook; /* name, run, settings and timeout are copied */
    const char *payload;     /* copied, as is key */
    const char *key;
    enum event_what what;
    enum need need;
    size_t count;
    unsigned tries; /* before this one */
};

/* delivered, or a sentence why not, ready for the log: the script's path, how it ended, and its last output, escaped.
 * output: the same bytes alone, valid UTF-8, also where it went well. */
struct hook_run_result {
    bool delivered;
    const char *message, *output;
    int64_t wall_ms;
};

/* Never fails: a script that is missing, is no file, may not be run, or may be written by others (trust_file) is told
 * through done, as all else is. done is called once, from the loop, never from within this call; the run is freed when
 * it returns. */
struct hook_run *hook_run_start(uv_loop_t *loop, const struct hook_run_input *input,
                                void (*done)(void *context, const struct hook_run_result *result), void *context);

/* Ends it now: done comes with a sentence that says so. */
void hook_run_cancel(struct hook_run *run);

#endif
