#include "grid.h"

#include "hash.h"

#include <string.h>

#define SPREAD_MS 60000

uint64_t grid_hash(const char *name)
{
    return hash64(&hash_stable_key, name, strlen(name));
}

int64_t grid_every(int64_t every_ms)
{
    if (every_ms < 1)
        return 1;
    return every_ms < GRID_EVERY_MAX ? every_ms : GRID_EVERY_MAX;
}

int64_t grid_after(uint64_t hash, int64_t every_ms, int64_t wall)
{
    int64_t phase = (int64_t)(hash % (uint64_t)every_ms);
    int64_t since = (wall - phase) % every_ms;

    if (since < 0)
        since += every_ms;
    return wall - since + every_ms;
}

int64_t grid_soon(uint64_t hash, int64_t every_ms, int64_t wall)
{
    int64_t most = every_ms < SPREAD_MS ? every_ms : SPREAD_MS;
    int64_t to_grid = grid_after(hash, every_ms, wall) - wall;

    /* Else it would run twice within the minute. The phase has used the hash's low bits. */
    return to_grid <= most ? to_grid : (int64_t)((hash >> 32) % (uint64_t)most);
}
