/* The peer in a cmocka test: what does not work fails the test, with the sentence.
 *
 *     struct vcfleet *fleet = vcfleet_begin("-vm", "3", NULL);
 *     vcfleet_tell(fleet, "rename\t%s\t%s", "DC0_H0_VM0", "web 01");
 *     assert_int_equal(vcfleet_requests(fleet, "Login"), 1);
 *     vcfleet_stop(fleet);
 *
 * and in main(), before the tests:
 *
 *     if (vcfleet_absent() != 0)
 *         return vcfleet_absent();
 *
 * so that CTest reports a test without a peer as skipped (needs_vcfleet(NAME) in its CMakeLists.txt). */
#ifndef VCFLEET_TEST_H
#define VCFLEET_TEST_H

#include "vcfleet.h"

/* 0 where there can be a peer. Else says why not, and returns the exit status: 77 (skipped), or 1 where the environment
 * has CI=true or MUSTER_PEERS=required. */
int vcfleet_absent(void);

/* Options as words, NULL at their end. */
struct vcfleet *vcfleet_begin(const char *option, ...) __attribute__((sentinel));

/* Sends a command; its answer, as of vcfleet_command. */
const char *vcfleet_tell(struct vcfleet *fleet, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* HTTP requests since the start or the last command "reset": of a method, or (NULL) all. */
int64_t vcfleet_requests(struct vcfleet *fleet, const char *method);

/* Sessions that are open now. */
int64_t vcfleet_sessions(struct vcfleet *fleet);

#endif
