/* The fleet of ./run demo with what a peer plays added to it, as ./run adds it: by the demo's own files. */
#ifndef DEMO_SITE_H
#define DEMO_SITE_H

#include "peer_child.h"
#include "rig.h"

struct demo_site {
    struct rig rig;
    struct peer *peer; /* the site's, from demo_site_begin on */
};

/* Runs a line of shell in the rig's folder. */
void demo_site_shell(struct demo_site *site, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* fill writes the file "configured" beside the demo's fleet: the configuration, with what the peer plays. Then the
 * daemon runs, and has scanned all. */
void demo_site_begin(struct demo_site *site, struct peer *peer, void (*fill)(struct demo_site *site));
void demo_site_end(struct demo_site *site);

#endif
