/* A process that leads a session of its own, and all that it started, as far as /proc shows it: the processes of its
 * session, and the descendants of these, whatever session they went to. What has left the session and lost the parent
 * that was in it cannot be known any more. */
#ifndef BROOD_H
#define BROOD_H

#include <stddef.h>
#include <sys/types.h>

/* Sends them a signal; 0 sends none. The leader, a child of this process that was not waited for, gets it too. Returns
 * how many there were but for the leader, dead ones left out. From any thread; takes a look at every process of the
 * machine. */
size_t brood_signal(pid_t leader, int number);

#endif
