/* Alerts on their way out: steps of the outbox as store jobs, and hook scripts run for what is due, one at a time for
 * each hook. What the clock changes (tick.h) is looked at here too. */
#ifndef DELIVERY_H
#define DELIVERY_H

#include "hook.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct fleet;
struct delivery;
struct peer;

/* The fleet, with its rules and its worker, must outlive it. Nothing happens before delivery_start. */
struct delivery *delivery_create(struct fleet *fleet);

/* Everything is up: looks at what waits, and at the clock. */
void delivery_start(struct delivery *delivery);

/* Something may have been written that hooks are told of: a commit, a verdict judged anew, an act of somebody; or the
 * rules are others. Many calls before the next turn of the loop are one. NULL is allowed. */
void delivery_wake(struct delivery *delivery);

/* Runs the script of this hook with a sample now; the peer is answered when it ends, with its output. */
void delivery_test(struct delivery *delivery, const struct hook *hook, struct peer *peer);

/* Whether nothing is in flight, nothing is due now, and all events are collected. */
bool delivery_is_idle(const struct delivery *delivery);

/* Nothing new is begun; scripts in flight get grace_ms, then are killed (their alerts are tried again by the next
 * daemon, under the same keys). stopped is called when none is left. */
void delivery_stop(struct delivery *delivery, int64_t grace_ms, void (*stopped)(void *context), void *context);

/* When it is stopped and the worker is closed. NULL is allowed. */
void delivery_destroy(struct delivery *delivery);

#endif
