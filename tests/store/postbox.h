/* A docket and a hook that waits for what comes of it.
 *
 *     docket_host(box->docket, "h1", "6.0.6002", NULL);
 *     docket_scan(box->docket);
 *     postbox_step(box, POSTBOX_GRACE);
 *     assert_string_equal(postbox_news(box), "hook finding.opened 1 act: h1: host protection is unsupported\n");
 *
 * The time of the outbox is the docket's, and what is added to it. */
#ifndef POSTBOX_H
#define POSTBOX_H

#include "docket.h"
#include "event_row.h"
#include "outbox.h"

#define POSTBOX_MINUTE INT64_C(60000)
#define POSTBOX_GRACE (5 * POSTBOX_MINUTE)

enum { POSTBOX_MAX_HOOKS = 4, POSTBOX_MAX_QUIET = 8 };

struct postbox {
    struct docket *docket;
    struct test_world *world;
    struct hook list[POSTBOX_MAX_HOOKS]; /* the first one is called "hook"; all have its grace, and no window */
    struct hooks hooks;
    struct outbox_quiet quiet[POSTBOX_MAX_QUIET];
    struct outbox_setting setting;
    struct outbox_step step; /* the last one */
    size_t most, frozen;     /* events in a step; alerts made by the last postbox_step */
    int64_t now;
    int64_t told; /* the last alert that postbox_news gave */
};

/* For cmocka: *state is the box. The hook is known already: what happens from now on is news to it. */
int postbox_open(void **state);
int postbox_close(void **state);

/* Another hook, known from now on, with the grace of the first. */
struct hook *postbox_hook(struct postbox *box, const char *name);

/* So much later than now, and not before the last scan, all that is to be done. */
void postbox_step(struct postbox *box, int64_t later);

/* "HOOK EVENT COUNT CLASS: TITLE" of each alert since the last call, each with a newline. */
const char *postbox_news(struct postbox *box);

/* An event about what no part of a scan brings. */
void postbox_event(struct postbox *box, const struct event_row *event);

/* The payload of the newest alert; and of one of its members, as JSON gives it ("$.findings[0].asset.name"). */
const char *postbox_payload(struct postbox *box);
const char *postbox_member(struct postbox *box, const char *path);

/* The target is in maintenance from now on. */
void postbox_hush(struct postbox *box, int64_t target, const char *window, int64_t until);

#endif
