#include "points.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

static bool is_thorough(void)
{
    const char *text = getenv("MUSTER_THOROUGH");

    return text != NULL && text[0] != '\0';
}

/* splitmix64: small, and any seed will do. */
static uint64_t next_random(void)
{
    static uint64_t state;
    static bool seeded;
    uint64_t mixed;

    if (!seeded) {
        const char *text = getenv("MUSTER_SEED");

        state = text != NULL ? strtoull(text, NULL, 10) : (uint64_t)getpid();
        seeded = true;
        print_message("MUSTER_SEED=%llu\n", (unsigned long long)state);
    }
    mixed = state += 0x9e3779b97f4a7c15;
    mixed = (mixed ^ (mixed >> 30)) * 0xbf58476d1ce4e5b9;
    mixed = (mixed ^ (mixed >> 27)) * 0x94d049bb133111eb;
    return mixed ^ (mixed >> 31);
}

unsigned points_random(unsigned limit)
{
    return (unsigned)(next_random() % limit);
}

struct points points_of(unsigned total, unsigned most, unsigned thorough)
{
    unsigned parts = is_thorough() ? thorough : most;

    return (struct points){ .total = total, .parts = parts == 0 || parts > total ? total : parts };
}

static unsigned begin_of(const struct points *points, unsigned part)
{
    return (unsigned)((uint64_t)points->total * part / points->parts);
}

bool points_next(struct points *points, unsigned *point)
{
    unsigned begin, size;

    if (points->part == points->parts)
        return false;
    begin = begin_of(points, points->part);
    size = begin_of(points, ++points->part) - begin;
    *point = begin + 1 + (size > 1 ? points_random(size) : 0);
    return true;
}
