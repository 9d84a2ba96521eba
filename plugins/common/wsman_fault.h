/* What a fault means for the part of a scan that made the call, and its sentence for an administrator. Pure. */
#ifndef WSMAN_FAULT_H
#define WSMAN_FAULT_H

#include "err.h"
#include "wsman_read.h"

#include <stdbool.h>

/* What a failure means for the part of a scan that made the call. */
enum wsman_meaning {
    WSMAN_FATAL = 1, /* the scan cannot go on: connection, login, deadline */
    WSMAN_ABSENT,    /* no such namespace or class: the role is not there */
    WSMAN_REFUSED,   /* access denied to this class alone */
    WSMAN_BROKEN,    /* anything else that concerns this call alone */
};

enum wsman_meaning wsman_fault_meaning(const struct wsman_fault *fault);

/* Whether it is for want of something that comes back (a quota): the call is worth another try after a while. */
bool wsman_fault_passes(const struct wsman_fault *fault);

/* The sentence: server (host:port), what was asked ("a query in root/cimv2"), the fault's code and words, and what to
 * do. Always false. */
bool wsman_fault_tell(const struct wsman_fault *fault, const char *server, const char *what, struct err *err);

#endif
