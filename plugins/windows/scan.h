/* A Windows computer from inside: which sections are looked at, in which order. */
#ifndef SCAN_H
#define SCAN_H

#include "err.h"
#include "muster_plugin.h"
#include "wsman.h"

#include <stdbool.h>

/* Looks and sends. False: the scan fails. */
bool scan_computer(struct muster *m, struct wsman *wsman, int *completeness, struct err *err);

#endif
