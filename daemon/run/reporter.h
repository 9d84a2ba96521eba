/* The reports that the configuration has written by themselves: what is due is written, one report at a time, and is
 * kept in the database, from which hooks hear of it. One that cannot be written is tried again, ever later. */
#ifndef REPORTER_H
#define REPORTER_H

#include <stddef.h>
#include <stdint.h>

struct fleet;
struct peer;
struct report_order;
struct reporter;

/* What the program is called with; paths. */
struct reporter_places {
    const char *program, *database, *control;
};

/* The fleet, with its rules and its worker, must outlive it. The places are copied. Nothing happens before
 * reporter_start. */
struct reporter *reporter_create(struct fleet *fleet, const struct reporter_places *places);

/* Everything is up: looks what is due. */
void reporter_start(struct reporter *reporter);

/* The rules are others, or the wall clock may have been set. NULL is allowed. */
void reporter_wake(struct reporter *reporter);

/* Writes this one of the fleet's present rules as soon as no other is being written; the peer is answered when it is
 * done. */
void reporter_ask(struct reporter *reporter, const struct report_order *order, struct peer *peer);

/* A report, as far as this daemon knows since it began. Texts are borrowed until the next turn of the loop. */
struct reporter_report {
    const char *name, *state; /* state: waiting, running or failing */
    const char *message;      /* why it fails; NULL where it does not */
    int64_t made, next;       /* wall: start of the last one that was written, 0: none was; when the next is begun */
};
size_t reporter_reports(const struct reporter *reporter); /* NULL is allowed */
struct reporter_report reporter_report_at(const struct reporter *reporter, size_t index);

/* Nothing new is begun; what is being written gets grace_ms, then is ended, and whoever waits is told. stopped is
 * called when nothing is in flight; store jobs may still wait. */
void reporter_stop(struct reporter *reporter, int64_t grace_ms, void (*stopped)(void *context), void *context);

/* When it is stopped and the worker is closed. NULL is allowed. */
void reporter_destroy(struct reporter *reporter);

#endif
