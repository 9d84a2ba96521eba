#include "pace.h"

bool pace_holds(struct pace *pace, int64_t now_ms, uint64_t bytes)
{
    if (pace->begun && now_ms - pace->since_ms < PACE_MS)
        return true;
    if (pace->begun && bytes - pace->since_bytes < PACE_BYTES)
        return false;
    *pace = (struct pace){ .begun = true, .since_ms = now_ms, .since_bytes = bytes };
    return true;
}
