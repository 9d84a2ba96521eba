/* Tokens that are given back: for each, a run of its plugin's release, with the options that made it and the secret as
 * it is then. Nobody waits for it but a daemon that stops: it has no slot, says nothing about its target or credential,
 * and leaves no row. That it fails is a line in the log. */
#ifndef HANDBACK_H
#define HANDBACK_H

#include "list.h"
#include "token.h"

#include <stddef.h>

#define HANDBACK_MS 10000   /* for one of them */
#define HANDBACK_AT_ONCE 16 /* so many are under way together; the others wait */

struct fleet;
struct origin;

/* Those of a fleet. */
struct handbacks {
    struct list waiting;
    size_t running, pending; /* pending: also those that wait */
};

void handbacks_init(struct handbacks *handbacks);

/* Takes the token out of where it is. It is wiped where there is nothing to give back; else it is given back as soon as
 * there is room and its plugin is ready. One that is not is waited for, but not by a daemon that stops, not in a single
 * pass, and not where no target needs that plugin any more. */
void handback_order(struct fleet *fleet, struct origin *origin, struct token *token);

/* Looks whether some of those that wait can begin. fleet_wake does it. */
void handbacks_go(struct fleet *fleet);

/* Those that wait are given up, for want of time. */
void handbacks_give_up(struct fleet *fleet);

#endif
