/* Bytes as the file of a time zone: whatever is read of it shows some time, and finds what it shows at that time or
 * before, never later. */
#include "arena.h"
#include "zone.h"

#include <stdint.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void expect(bool truth)
{
    if (!truth)
        abort();
}

static void check(const struct zone *zone, int64_t wall)
{
    const struct zone_time local = zone_local(zone, wall);
    int64_t found = zone_wall(zone, &local);
    const struct zone_time again = zone_local(zone, found);

    expect(local.month >= 1 && local.month <= 12 && local.day >= 1 && local.day <= 31 && local.hour < 24 &&
           local.weekday >= 0 && local.weekday < 7);
    expect(found <= wall);
    expect(again.day == local.day && again.hour == local.hour && again.minute == local.minute &&
           again.second == local.second);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena arena;
    const struct zone *zone;

    arena_init(&arena, ARENA_PLAIN);
    zone = zone_read(data, size, &arena, NULL);
    if (zone != NULL) {
        for (int64_t wall = INT64_C(-3000000000000); wall < INT64_C(5000000000000); wall += INT64_C(37000000003))
            check(zone, wall / 1000 * 1000);
    }
    arena_finish(&arena);
    return 0;
}
