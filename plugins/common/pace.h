/* Whether a server that has begun to answer goes on at a pace that is worth waiting for. Pure.
 *
 * Until its first byte a server may think as long as the deadline lasts; after that, PACE_BYTES must come in each
 * PACE_MS, or it is one that drips to keep us. */
#ifndef PACE_H
#define PACE_H

#include <stdbool.h>
#include <stdint.h>

#define PACE_MS 30000
#define PACE_BYTES 30720 /* 1 KiB a second */

/* Zeroed before the reply begins. */
struct pace {
    bool begun;
    int64_t since_ms;
    uint64_t since_bytes;
};

/* At that time so many bytes of the reply are there in all. False: too slow. Until the reply has begun it is not to be
 * called. */
bool pace_holds(struct pace *pace, int64_t now_ms, uint64_t bytes);

#endif
