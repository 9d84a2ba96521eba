/* Trying hooks: a script is run with a sample because somebody asked for it (muster hook test). Behind delivery.h. */
#ifndef HOOK_TRIAL_H
#define HOOK_TRIAL_H

#include "hook.h"
#include "list.h"

struct fleet;
struct peer;

/* Joins the list until it is over. The peer gets a record `result` and is answered; where it goes away first, the
 * script is ended. over is called in the loop, once, when the trial has left the list. The hook is not needed any more
 * when this returns. */
void trial_start(struct list *trials, struct fleet *fleet, const struct hook *hook, struct peer *peer,
                 void (*over)(void *context), void *context);

/* Ends the scripts of all of them now. */
void trials_cancel(struct list *trials);

#endif
