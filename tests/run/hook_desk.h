/* One script after another, run by hook_run on a loop of their own, with less patience than the daemon has. Orphans
 * come to this process, so that nothing can be left behind unseen: each run asserts that no process and no descriptor
 * is.
 *
 *     hook_desk_run("#!/bin/sh\nexit 3\n");
 *     hook_desk_says(hook_desk.message, "exit status 3"); */
#ifndef HOOK_DESK_H
#define HOOK_DESK_H

#include "hook_run.h"

#include <stddef.h>
#include <sys/types.h>
#include <uv.h>

#define HOOK_DESK_PATIENCE_MS 90000

struct hook_desk {
    char folder[64], script[96], settings[96];
    uv_loop_t loop;
    uv_timer_t guard;
    size_t descriptors; /* that are open when none of ours is */
    struct hook hook;
    struct hook_run_input input;
    size_t over, delivered; /* over: runs that are not */
    char *message, *output; /* of the last run that ended */
};

extern struct hook_desk hook_desk;

/* cmocka's set-up of the group, and set-up and tear-down of a test. */
int hook_desk_warm(void **state);
int hook_desk_open(void **state);
int hook_desk_close(void **state);

void hook_desk_write(const char *text, mode_t mode); /* the script */
void hook_desk_run_it(void);                         /* the script, whatever it is, to its end */
void hook_desk_run(const char *text);                /* one of that text */

/* For several at once. */
void hook_desk_begin(void);
struct hook_run *hook_desk_start(void);
void hook_desk_finish(void);

/* Fails the test where the words are not in the text. */
void hook_desk_says(const char *text, const char *words);

#endif
