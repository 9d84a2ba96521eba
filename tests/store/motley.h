/* Fleets of all sorts, at random: hosts, machines from inside and outside, what is on them, and who protects them, of
 * many systems, with facts missing here and there.
 *
 *     motley_scan((struct motley){ .world = world, .seed = 7 });
 *     motley_scan((struct motley){ world, 7, "host-", { "os.build", { .type = VALUE_TEXT, .text = "6.0.6002" } } });
 */
#ifndef MOTLEY_H
#define MOTLEY_H

#include "world.h"

enum { MOTLEY_SERVERS = 3, MOTLEY_MACHINES = 26 };

/* Backup servers, of which no scan shows the product. */
extern const char *const motley_servers[MOTLEY_SERVERS];

/* The same seed gives the same fleet, but for one fact of all that is called so. */
struct motley {
    struct test_world *world;
    unsigned seed;
    const char *names; /* the beginning of a name: m-, host-, esx-, volume-, sql-, db-, s1; NULL: nothing is changed */
    struct attribute fact;
};

/* Commits it as a complete scan. */
void motley_scan(struct motley fleet);

#endif
