/* A file system that fails on order: a VFS of SQLite over the machine's own.
 *
 *     faults_install();
 *     faults_set(&(struct fault){ .calls = FAULT_WRITE, .at = 3, .torn = true });
 *     ... the third write from here on fails, half of it done ...
 *     faults_set(NULL);
 *
 * For what is opened while it is installed. For one thread. Shared memory (PATH-shm) is not looked at. */
#ifndef FAULTS_H
#define FAULTS_H

#include <stdbool.h>

enum fault_call {
    FAULT_READ = 1 << 0,
    FAULT_WRITE = 1 << 1,
    FAULT_SYNC = 1 << 2,
    FAULT_TRUNCATE = 1 << 3,
    FAULT_OPEN = 1 << 4,
};

struct fault {
    unsigned calls; /* which are counted */
    unsigned at;    /* which of them fails, 1 being the first; 0: none */
    int code;       /* what SQLite is told; 0: the usual input or output error */
    bool torn;      /* a write that fails was done by half */
    bool lasting;   /* all that change anything fail from then on, of whatever kind: as if the process had died */
};

void faults_install(void);
void faults_remove(void);

/* Counts from zero again. NULL: nothing fails. */
void faults_set(const struct fault *fault);

/* How many calls were counted, and whether one was made to fail. */
unsigned faults_count(void);
bool faults_struck(void);

#endif
