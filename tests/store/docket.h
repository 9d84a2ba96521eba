/* A world whose scans are judged by the small matrix: hosts, virtual machines and what is on them, a line of code each,
 * and what the verdicts on them are, as text.
 *
 *     docket_host(docket, "h1", "10.0.14393", NULL);
 *     docket_vm(docket, "web", "10.0.14393", "h1", NULL);
 *     docket_scan(docket);
 *     assert_string_equal(docket_verdicts(docket, "web"), "agent supported, image supported"); */
#ifndef DOCKET_H
#define DOCKET_H

#include "charter.h"
#include "world.h"

struct docket {
    struct test_world *world;
    struct charter charter;
    int64_t target; /* the one that docket_scan scans */
    int64_t news;   /* the last row of the past that docket_past told */
};

/* For cmocka: *state is the docket. */
int docket_open(void **state);
int docket_close(void **state);

/* Items of the next scan; the name is the key too. What may be NULL is left out. A host's cluster and a machine that
 * runs on a cluster are named by keys. */
struct item *docket_item(struct docket *docket, const char *kind, const char *name);
void docket_host(struct docket *docket, const char *name, const char *build, const char *cluster);
void docket_vm(struct docket *docket, const char *name, const char *build, const char *host, const char *cluster);
void docket_machine(struct docket *docket, const char *name, const char *build);
void docket_volume(struct docket *docket, const char *name, const char *machine, const char *filesystem);

/* Commits them as one complete scan. */
void docket_scan(struct docket *docket);

/* "METHOD VERDICT, METHOD VERDICT" of the asset of that name; "" where it has none. */
const char *docket_verdicts(struct docket *docket, const char *name);

/* "NAME METHOD VERDICT" of all rows of the past that came since the last call, each with a newline. */
const char *docket_past(struct docket *docket);

/* Judges everything anew in slices of so many assets, until nothing is left; returns how many slices it took. */
unsigned docket_rejudge(struct docket *docket, size_t assets, bool again, struct rejudge_result *total);

#endif
