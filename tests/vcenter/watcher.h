/* Who scans a peer again and again, as the daemon does: hands each scan the token of the last one, and keeps the
 * inventory that comes of what they say. The real plugin, in this process.
 *
 *     struct watcher watcher;
 *     watcher_begin(&watcher, fleet);
 *     watcher_scan(&watcher, COMPLETE);
 *     vcfleet_tell(fleet, "destroy\tDC0_H0_VM0");
 *     watcher_scan(&watcher, DELTA);
 *     watcher_compare(&watcher);           // with what a scan by itself sees now
 *     watcher_end(&watcher);               // gives the token back, and asserts that no session is left
 *
 * What is not as it should be fails the test. */
#ifndef WATCHER_H
#define WATCHER_H

#include "err.h"
#include "map.h"
#include "message.h"
#include "mock.h"
#include "vcfleet_test.h"

#include <stdbool.h>
#include <stddef.h>

#define WATCHER_OPTIONS 8

struct watcher_option {
    const char *name, *value;
};

struct watcher {
    struct vcfleet *fleet;
    struct watcher_option options[WATCHER_OPTIONS]; /* instead of, or besides, those that lead to the peer */
    struct mock *mock;                              /* of the last scan */
    unsigned char *token;                           /* NULL: none */
    size_t token_size;
    struct map items; /* struct seen, by kind and key */
};

void watcher_begin(struct watcher *watcher, struct vcfleet *fleet);
void watcher_end(struct watcher *watcher);

/* Gives an option, of all scans from now on; one that was given before is replaced. */
void watcher_set(struct watcher *watcher, const char *name, const char *value);

/* A scan that ends well, and so; 0: complete or as a delta. */
void watcher_scan(struct watcher *watcher, enum completeness completeness);

/* A scan that fails, with this class and all of these words (NULL: of no interest). Its token is dropped, and given
 * back. */
void watcher_fails(struct watcher *watcher, enum err_class class, const char *words);

/* The token is given back (the release callback), and there is none any more. */
void watcher_release(struct watcher *watcher);

/* A scan of its own, that reads everything at once, sees exactly what is in the inventory. */
void watcher_compare(struct watcher *watcher);

/* Whether the inventory has a vm of this name. */
bool watcher_has(const struct watcher *watcher, const char *name);

/* Whether the last scan warned with these words. */
bool watcher_warned(const struct watcher *watcher, const char *words);

#endif
