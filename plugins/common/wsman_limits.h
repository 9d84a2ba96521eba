/* How much a computer may be asked at once, by the generation of its WinRM (MS-WSMV 2.2.4.10 with its product notes)
 * and by what it refuses. Pure. */
#ifndef WSMAN_LIMITS_H
#define WSMAN_LIMITS_H

#include "wsman_read.h"

#include <stdbool.h>
#include <stdint.h>

struct wsman_limits {
    uint32_t envelope; /* bytes of a reply */
    uint32_t elements; /* items of a reply */
};

/* What every generation takes. */
void wsman_limits_init(struct wsman_limits *limits);

/* What the generation takes that Identify's ProductVersion tells ("OS: 6.2.9200 SP: 0.0 Stack: 3.0"). A text that tells
 * none, or NULL, changes nothing. */
void wsman_limits_identify(struct wsman_limits *limits, const char *version);

/* Whether the fault says that too much was asked for, and less can be asked for now. */
bool wsman_limits_shrink(struct wsman_limits *limits, const struct wsman_fault *fault);

#endif
