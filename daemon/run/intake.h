/* What a run has sent so far: its stream understood, kept in a batch, and counted in the budget. */
#ifndef INTAKE_H
#define INTAKE_H

#include "batch.h"
#include "budget.h"
#include "message.h"
#include "stream.h"

#include <stddef.h>

struct intake_events {
    void (*resume)(void *context); /* after INTAKE_PAUSE: it may be read on */
    void (*log)(void *context, const struct message_log *log);
    void (*step)(void *context, const struct message_step *step);
};

struct intake {
    struct stream stream;
    struct batch batch;
    struct budget *budget;
    struct budget_share *share; /* NULL without a budget, or once it is the caller's */
    const struct intake_events *events;
    void *context;
};

/* A NULL budget has no limit. events must outlive the intake. */
void intake_init(struct intake *intake, struct budget *budget, const struct intake_events *events, void *context);

/* Gives everything back, the share too. */
void intake_finish(struct intake *intake);

/* How much to read at once, so that the loop gets round to everybody else soon, however many scans pour in. */
#define INTAKE_PORTION ((size_t)64 * 1024)
size_t intake_portion(const struct intake *intake);

enum intake_answer {
    INTAKE_GO_ON,
    INTAKE_PAUSE,  /* read no more until resume is called */
    INTAKE_BROKEN, /* nothing more is worth reading: stream.err says why */
};

enum intake_answer intake_take(struct intake *intake, const void *bytes, size_t size);

/* No more will come: the share is settled. */
void intake_close(struct intake *intake);

#endif
