/* A configuration as large as one wants, for tests and measurements. */
#ifndef CROWD_H
#define CROWD_H

#include "str.h"

#include <stddef.h>

/* Appends so many targets, each with options, tags and one of twenty credentials, as a whole configuration; needs the
 * plugins vmware and file. */
void fleet_write(struct str *out, size_t targets);

#endif
