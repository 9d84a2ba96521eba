/* One specimen among its neighbours, and what must come of it.
 *
 *     static const struct trial trials[] = {
 *         { "a segfault is told with its signal", "segfault", .class = ERR_BUG, .words = { "signal 11" } },
 *     };
 *     int main(void) { return trials_run("deaths", trials, sizeof trials / sizeof trials[0]); }
 *
 * With TRIAL_TELL in the environment, the sentences are printed.
 *
 * Each trial starts a host of its own and in it three scans: a neighbour that is in flight for as long as the bad one
 * is, the bad one, and a neighbour after it. The neighbours get the option well, with which a specimen does as it
 * should, and must be good. Nothing may be left behind. */
#ifndef TRIAL_H
#define TRIAL_H

#include "client.h"

#include <stdbool.h>
#include <stddef.h>

struct trial {
    const char *sentence;            /* the test's name */
    const char *specimen;            /* its file, without .so */
    const char *const *flags;        /* of the host */
    struct client_option options[3]; /* of the bad scan */
    struct message_order order;      /* what is 0 is as usual */
    bool good;
    enum completeness completeness;         /* of a good one; 0: complete */
    enum err_class class;                   /* of a bad one */
    const char *words[4];                   /* all of these in the reason */
    const char *warning, *why, *log, *note; /* in the last of each that came; NULL: of no interest */
    uint64_t recorded;                      /* items; 0: of no interest */
    const char *needs;                      /* "Landlock" or "seccomp": the test is skipped where the kernel has none */
};

/* Each trial is a test of its own. Returns what main() returns. */
int trials_run(const char *group, const struct trial *trials, size_t count);

/* The same for plugins that are refused before any scan: sentence, specimen, flags, class and words count. */
int refusals_run(const char *group, const struct trial *trials, size_t count);

/* Flags of the host. */
extern const char *const no_seccomp[];
extern const char *const no_landlock[];
extern const char *const no_confinement[];

/* The same in steps. Each fails the test where something is not as it should be. */
void trial_start(struct client *client, const char *specimen, const char *const *flags);
void trial_needs(struct client *client, const char *layer); /* skips the test without it */
void trial_is_good(struct client *client, struct scan *scan);
void trial_is_bad(struct client *client, struct scan *scan, enum err_class class, const char *words);
void trial_neighbour(struct client *client);                     /* a scan from beginning to end */
void trial_go_on(struct client *client, struct scan *neighbour); /* one that was only ordered */
void trial_stop(struct client *client);
void trial_is_refused(const char *path, const char *const *flags, enum err_class class, const char *words);

/* A teardown for tests in steps: takes away what a test that failed has left. */
int trial_end(void **state);

/* The path of a specimen. */
const char *trial_path(const char *specimen);

#endif
