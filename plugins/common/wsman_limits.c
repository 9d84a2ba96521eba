#include "wsman_limits.h"

#include "version.h"

#include <stddef.h>
#include <string.h>

#define LEAST_ENVELOPE 32768 /* what WinRM can be configured to at least (MaxEnvelopeSizekb) */

/* Newest first. Of 2.0 are Windows 7 and Server 2008 R2, and Server 2008 with KB968930. */
static const struct generation {
    const char *stack;
    struct wsman_limits limits;
} generations[] = {
    { "3.0", { 512000, 1000 } },
    { "2.0", { 153600, 1000 } },
    { "0", { 153600, 20 } },
};

#define OLDEST (sizeof generations / sizeof generations[0] - 1)

void wsman_limits_init(struct wsman_limits *limits)
{
    *limits = generations[OLDEST].limits;
}

void wsman_limits_identify(struct wsman_limits *limits, const char *version)
{
    const char *stack = version != NULL ? strstr(version, "Stack: ") : NULL;

    for (size_t i = 0; stack != NULL && i <= OLDEST; i++) {
        if (version_compare(stack + strlen("Stack: "), generations[i].stack) >= 0) {
            *limits = generations[i].limits;
            return;
        }
    }
}

enum limit { LIMIT_ENVELOPE, LIMIT_ELEMENTS };

/* By the number of Windows's fault (wsmerror.h), or else by the last part of FaultDetail (DSP0226, 14.6). */
static const struct rule {
    uint32_t number;
    const char *detail;
    enum limit limit;
} rules[] = {
    { 0x80338047, "MaxEnvelopeSize", LIMIT_ENVELOPE },      { 0x80338048, "MaxEnvelopeSizeExceeded", LIMIT_ENVELOPE },
    { 0x80338049, "ServiceEnvelopeLimit", LIMIT_ENVELOPE }, { 0x8033806E, "MaxEnvelopePolicy", LIMIT_ENVELOPE },
    { 0x8033806C, "MaxElements", LIMIT_ELEMENTS },          { 0x8033811D, "MaxElements", LIMIT_ELEMENTS },
    { 0x8033802F, "MaxElements", LIMIT_ELEMENTS },
};

static uint32_t halve(uint32_t number, uint32_t least)
{
    return number / 2 > least ? number / 2 : least;
}

static bool shrink(struct wsman_limits *limits, enum limit limit)
{
    struct wsman_limits before = *limits;

    if (limit == LIMIT_ENVELOPE)
        limits->envelope = halve(limits->envelope, LEAST_ENVELOPE);
    else
        limits->elements = halve(limits->elements, 1);
    return limits->envelope != before.envelope || limits->elements != before.elements;
}

bool wsman_limits_shrink(struct wsman_limits *limits, const struct wsman_fault *fault)
{
    for (size_t i = 0; i < sizeof rules / sizeof rules[0]; i++) {
        if (fault->number == rules[i].number || strcmp(fault->detail, rules[i].detail) == 0)
            return shrink(limits, rules[i].limit);
    }
    return false;
}
