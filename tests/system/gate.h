/* Whom the specimen "login" talks to: lets in who says the right word, and counts. A thread of the test.
 *
 *     struct gate gate;
 *     gate_open(&gate, "right");
 *     ... options = { port = gate.port; } ...
 *     assert_int_equal(gate.refused, 1);
 *     gate_close(&gate);
 */
#ifndef GATE_H
#define GATE_H

#include <pthread.h>
#include <stdatomic.h>

struct gate {
    int listener, stop[2];
    unsigned port;
    const char *_Atomic right;
    const char *_Atomic hater; /* an address of this machine where nobody is let in; NULL: none */
    atomic_int refused, admitted;
    pthread_t thread;
};

/* Listens at all addresses of this machine. The word is borrowed. */
void gate_open(struct gate *gate, const char *right);
void gate_close(struct gate *gate);

#endif
