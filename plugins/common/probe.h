/* Whether a server can be found and reached at all, for doctors: its name, its port. Nothing is sent. */
#ifndef PROBE_H
#define PROBE_H

#include "err.h"
#include "str.h"

#include <stdbool.h>
#include <stdint.h>

#define PROBE_MAX_HOST 255

struct probe {
    char host[PROBE_MAX_HOST + 1]; /* without the brackets of IPv6 */
    char port[8];
};

/* From scheme://host[:port][/...]. False: there is none in it, or it is too long. */
bool probe_read(struct probe *probe, const char *url, const char *default_port);

/* Resolves the name; adds the addresses, blanks between. False: class unreachable, with the resolver's words. */
bool probe_name(const struct probe *probe, struct str *addresses, struct err *err);

/* The other way round: adds the name that its first address has. False: class unreachable; it has none. */
bool probe_reverse(const struct probe *probe, struct str *name, struct err *err);

/* Connects to one address after the other, as the resolver lists them, for at most so long in all; adds the one that
 * answered. False: class unreachable or timeout, with what the last one said. */
bool probe_route(const struct probe *probe, int64_t left_ms, struct str *address, struct err *err);

#endif
