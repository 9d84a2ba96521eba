/* A process that leads a session of its own, and all that it started, as far as /proc shows it: the processes of its
 * session, and the descendants of these, whatever session they went to. Who was seen once is known from then on, though
 * its parent may be gone. What left the session and lost its parent before anybody looked cannot be known.
 *
 *     struct brood brood;
 *     brood_init(&brood, leader);
 *     left = brood_signal(&brood, SIGTERM);
 *     brood_finish(&brood); */
#ifndef BROOD_H
#define BROOD_H

#include "vec.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/* A number is used again; with the time of its start it is not. */
struct brood_member {
    pid_t pid;
    uint64_t start;
};

struct brood {
    pid_t leader;
    vec(struct brood_member) members; /* that were seen alive by the last look, but for the leader */
};

/* The leader is a child of this process that has not been waited for. */
void brood_init(struct brood *brood, pid_t leader);
void brood_finish(struct brood *brood);

/* Whether nobody is left of a leader that is dead and did not live long. So it is most of the time, and that is found
 * in no time: for the loop. False too where so many processes were started meanwhile that it would take long. */
bool brood_is_empty(const struct brood *brood);

/* Sends them a signal, and the leader too; 0 sends none. Returns how many there were but for the leader, dead ones left
 * out. From any thread; takes a look at every process of the machine. */
size_t brood_signal(struct brood *brood, int number);

#endif
