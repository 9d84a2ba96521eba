/* A program of the project, run as a person runs it. */
#ifndef PROGRAM_H
#define PROGRAM_H

#include <stddef.h>
#include <sys/types.h>

struct program {
    double seconds; /* from fork to its end */
    size_t printed; /* bytes on standard output */
    int status;     /* of its exit; -1: it did not end by itself */
};

/* Runs it to its end; what it says on standard error is not shown. words: its arguments, the name first, NULL last. */
void program_run(struct program *program, const char *path, const char *const *words);

/* Starts one whose standard error is a file. notify: where it says that it is ready (sd_notify). */
pid_t program_start(const char *path, const char *const *words, const char *error, const char *notify);

/* Starts one as program_start does, and comes back when it says that it is ready. folder: for the socket. */
pid_t program_start_ready(const char *path, const char *const *words, const char *error, const char *folder);

/* Its only child: of a daemon with one plugin, the plugin's host, which waits for its scans and so has their time. */
pid_t program_child(pid_t pid);

/* Milliseconds of processor that it has had, and that the children had that it has waited for. */
double program_ms(pid_t pid);
double program_children_ms(pid_t pid);

/* Asks it to end, and waits until it has. */
void program_stop(pid_t pid);

#endif
