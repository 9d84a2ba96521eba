/* Rows of the action log on their way into the database, by a job of the worker. */
#ifndef ACTION_JOB_H
#define ACTION_JOB_H

#include "action.h"

#include <stdint.h>

#define ACTION_JOB_NAME_SIZE 256

struct worker;

/* The name that a user has now: "uid 1000" where there is none that can be shown, "system" for ACTION_SYSTEM. It may
 * ask a directory service, and so is for the worker's thread. Returns name. */
const char *action_job_name(int64_t uid, char name[ACTION_JOB_NAME_SIZE]);

/* Writes the action of this user (action->by.name is looked up here), whose texts are copied. done is called in the
 * loop, once, also where it could not be written: the log has said so then. */
void action_job_submit(struct worker *worker, const struct action *action, void (*done)(void *context), void *context);

#endif
