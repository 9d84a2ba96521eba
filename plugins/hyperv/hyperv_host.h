/* One Hyper-V host while it is looked at: the computer, its place in a cluster, its virtual machines.
 *
 *     struct host host;
 *     host_init(&host, m, wsman);
 *     if (host_look(&host, &err))
 *         host_emit(&host, &sent);
 *     host_finish(&host);
 *
 * What is refused or broken is unread, with the reason; no Hyper-V at all is no failure: the computer is then a record
 * of kind machine. A virtual machine that cannot be understood is left out with a warning, and the rest stands. */
#ifndef HYPERV_HOST_H
#define HYPERV_HOST_H

#include "cluster.h"
#include "machine.h"
#include "map.h"
#include "windows.h"

#include <stdbool.h>

/* A part of what is read of machines. */
enum host_part { HOST_SETTINGS, HOST_VERSIONS, HOST_RESOURCES, HOST_SHARED, HOST_EXCHANGE, HOST_PARTS };

struct host {
    struct windows windows; /* first: sections are handed this */
    struct cluster cluster;
    struct machines machines;
    const struct space *space;   /* the namespace that answers; NULL: none */
    bool visible;                /* the management service can be seen */
    bool answered;               /* of the section that was looked at last: it was read to its end */
    bool missing;                /* of the same: its namespace is not there */
    const char *why[HOST_PARTS]; /* the part was not read; NULL: it was */
};

/* Records of one scan: of what several hosts see, each is sent once. */
struct sent {
    struct arena arena;
    struct map map;
    struct map hosts; /* full name by key */
};

void sent_init(struct sent *sent);
void sent_finish(struct sent *sent);

void host_init(struct host *host, struct muster *m, struct wsman *wsman);
void host_finish(struct host *host);

/* False: the scan fails. */
bool host_look(struct host *host, struct err *err);

/* Sends all records, and offers the guests that name themselves. */
void host_emit(struct host *host, struct sent *sent);

/* Looks at one section as windows_look does, and keeps in answered and missing how it ended; err says why it was not
 * read. */
bool host_section(struct host *host, const struct windows_section *section, struct err *err);

/* What a section's functions are handed. */
struct host *host_of(struct windows *windows);

#endif
