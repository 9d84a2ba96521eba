/* What a run came to, on its way into the database. */
#ifndef COMMIT_JOB_H
#define COMMIT_JOB_H

#include "scan.h"
#include "target.h"

/* Takes the batch over, and tells those who wait for a scan of the target once it is committed. The schedule has judged
 * the run already: its state goes along. */
void commit_job_submit(struct target *target, struct scan_end *end);

/* The same of a run that could not begin, or was refused: only its failure is recorded. */
void commit_job_submit_failure(struct target *target, const struct err *err);

/* Stores a credential's state by itself. */
struct fleet;
struct fleet_credential;
void commit_job_submit_credential(struct fleet *fleet, const struct fleet_credential *credential);

#endif
