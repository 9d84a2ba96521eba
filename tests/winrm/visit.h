/* One session of wsman.c with a host of winpeer, and what came of it.
 *
 *     visit_to("new", VISIT_SEALED);
 *     visit_asks("root/cimv2", "SELECT HotFixID FROM Win32_QuickFixEngineering");
 *     assert_int_equal(visit.instances, 2); */
#ifndef VISIT_H
#define VISIT_H

#include "peer_child.h"
#include "wsman.h"

#include <stdbool.h>
#include <stddef.h>

enum visit_transport { VISIT_SEALED, VISIT_TLS }; /* both by NTLM */

extern struct visit {
    struct wsman_settings settings; /* may be changed until the first call */
    struct wsman *wsman;
    struct err err;
    size_t instances;
    char last[256];    /* the text of the last instance's first property */
    size_t refuse_at;  /* the taker refuses this instance; 0: none */
    int64_t left_ms;   /* what it thinks is left */
    int64_t paused_ms; /* how long it waited, which takes no time here */
    size_t pauses;
} visit;

/* The fleet of the tests (fleet.json): "old" (2008 SP2), "middle" (2008 R2 SP1) and "new" (2016), each with 45
 * hotfixes; "strict" and "strict384" want logins that are bound to their certificates, "nobasic" takes no Basic,
 * "registry" has keys of the test. An option of winpeer more, or NULL; and its end. */
void visits_begin(const char *option, const char *value);
void visits_end(void);
struct peer *visits_peer(void);

void visit_to(const char *host, enum visit_transport transport);
void visit_end(void);

/* A query; what it brings is counted. */
bool visit_tries(const char *space, const char *wql);
void visit_asks(const char *space, const char *wql); /* which must succeed */

/* All hotfixes. */
bool visit_tries_hotfixes(void);

/* The query that was tried last failed: with this class, meaning and words. */
void visit_failed(enum err_class class, enum wsman_meaning meaning, const char *words);

/* Counted by the host since visit_to. */
int64_t visit_count(const char *what);

#endif
