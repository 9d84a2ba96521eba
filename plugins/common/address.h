/* Addresses of networks, as hosts and guests report them. Pure. */
#ifndef ADDRESS_H
#define ADDRESS_H

#include "arena.h"

#include <stdbool.h>

bool address_is(const char *text);

/* An IP address in its usual spelling; NULL for what is none, and for those that say nothing of where it is: loopback,
 * link-local and unspecified ones. */
const char *address_ip(struct arena *arena, const char *text);

/* A MAC address in lower case with colons; NULL for what is none. */
const char *address_mac(struct arena *arena, const char *text);

#endif
