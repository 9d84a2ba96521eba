/* Computers of winpeer, scanned by the plugin without a host, one after the other.
 *
 *     site_begin("{\"hosts\": [{\"name\": \"fs1\", \"version\": \"2016\"}]}");
 *     site_scan("fs1");
 *     assert_string_equal(site_text("machine", "os.build"), "10.0.14393");
 *     site_end(); */
#ifndef SITE_H
#define SITE_H

#include "mock.h"
#include "peer_child.h"

#include <stdbool.h>

extern struct site {
    struct peer *peer;
    struct mock *mock; /* of the last scan or doctor */
} site;

void site_begin(const char *fleet);
void site_end(void);

/* Makes a mock that leads to the host, over TLS or sealed; site_try and site_doctor then run it. */
void site_aim(const char *host, bool tls);

/* The same with another value of one option. */
void site_aim_with(const char *host, bool tls, const char *option, const char *value);

/* Sealed; the scan must end well. */
void site_scan(const char *host);

/* Plays the trick, scans sealed, and lets the host be honest again. True: the scan ended well. */
bool site_try(const char *host, const char *trick);

/* The only item of that kind; fails the test where there is none, or there are several. */
const struct item *site_item(const char *kind);
const char *site_text(const char *kind, const char *attribute); /* of that; NULL: it has none */

/* The list as one text, blanks between; NULL: it has none. Lives until the next call. */
const char *site_list(const struct item *item, const char *attribute);

/* Why an attribute is unread; NULL: nothing says so. */
const char *site_unread(const struct item *item, const char *attribute);

#endif
