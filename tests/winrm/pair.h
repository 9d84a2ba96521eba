/* Both sides of a security context in one process: negotiate.c, and the acceptor.
 *
 *     pair_begin(&settings, "ntlm");      (they have shaken hands)
 *     pair_says("hello");                 (one sealed message each way)
 *     pair_end(); */
#ifndef PAIR_H
#define PAIR_H

#include "acceptor.h"
#include "negotiate.h"

struct sealed {
    struct str header, data;
};

extern struct pair {
    struct negotiate *client;
    int legs; /* tokens of the client */
    struct err err;
} pair;

/* Shakes hands; fails the test where either side refuses. */
void pair_begin(const struct negotiate_settings *settings, const char *mechanism);
void pair_end(void);

/* False where the client (pair.err tells) or the acceptor refuses. */
bool pair_shakes(const struct negotiate_settings *settings, const char *mechanism, const void *expected, size_t size);

/* What one side sealed; what it was passes to the caller. */
struct sealed pair_client_seals(const char *text);
struct sealed pair_server_seals(const char *text);
void sealed_finish(struct sealed *sealed);

/* Whether the other side opens it, and it is that text. */
bool pair_client_opens(const struct sealed *sealed, const char *text);
bool pair_server_opens(const struct sealed *sealed, const char *text);

/* A text both ways. */
void pair_says(const char *text);

#endif
