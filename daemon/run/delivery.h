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

/* Something may have been written that hooks are told of: a commit, a verdict judged anew; or the rules are others.
 * Many calls before the next turn of the loop are one. NULL is allowed. */
void delivery_wake(struct delivery *delivery);

/* The same after an act of somebody, which may also bring nearer what the clock changes. NULL is allowed. */
void delivery_act(struct delivery *delivery);

/* Runs the script of this hook with a sample now; the peer is answered when it ends, with its output. */
void delivery_test(struct delivery *delivery, const struct hook *hook, struct peer *peer);

/* A hook, as far as this daemon knows since it began. Texts are borrowed until the next turn of the loop. */
struct delivery_hook {
    const char *name, *state; /* state: untried, running, fine or failing */
    const char *message;      /* why it fails; NULL where it does not */
    int64_t since;            /* wall: of the first failure in a row, or of the last success; 0: untried */
};
size_t delivery_hooks(const struct delivery *delivery);
struct delivery_hook delivery_hook_at(const struct delivery *delivery, size_t index);

/* Whether nothing is in flight, nothing is due now, and all events are collected. */
bool delivery_is_idle(const struct delivery *delivery);

/* Nothing new is begun; scripts in flight get grace_ms, then are killed (their alerts are tried again by the next
 * daemon, under the same keys). stopped is called when none is left. */
void delivery_stop(struct delivery *delivery, int64_t grace_ms, void (*stopped)(void *context), void *context);

/* When it is stopped and the worker is closed. NULL is allowed. */
void delivery_destroy(struct delivery *delivery);

#endif
