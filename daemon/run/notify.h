/* What the daemon tells its service manager: sd_notify(3), which is one datagram to the socket that NOTIFY_SOCKET
 * names. Written here because libsystemd would bring more memory with it than the idle daemon may have. Silent where
 * nobody asked. */
#ifndef NOTIFY_H
#define NOTIFY_H

#include <stdint.h>

/* state: lines as sd_notify(3) has them, such as "READY=1\nSTATUS=...". */
void notify_send(const char *state);

/* Milliseconds within which the manager wants to hear "WATCHDOG=1" (half of them is a good interval); 0: it does not.
 */
int64_t notify_watchdog_ms(void);

#endif
