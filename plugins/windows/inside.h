/* A Windows computer from inside: which sections are looked at, in which order. */
#ifndef INSIDE_H
#define INSIDE_H

#include "err.h"
#include "muster_plugin.h"
#include "wsman.h"

#include <stdbool.h>

/* Looks and sends. False: the scan fails. */
bool inside_scan(struct muster *m, struct wsman *wsman, int *completeness, struct err *err);

#endif
