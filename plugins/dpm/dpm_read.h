/* DPMDB from its columns to its records: each section is asked once, and fails alone. */
#ifndef DPM_READ_H
#define DPM_READ_H

#include "dpmdb.h"
#include "err.h"
#include "holdings.h"
#include "section.h"

#include <stdbool.h>

/* What of the objects is there and may be seen. */
bool dpm_read_schema(struct dpmdb *dpmdb, struct schema *schema, struct err *err);

/* All sections, joined; each that could not be read is a warning. False: the session is over, or neither data sources
 * nor replicas could be read (class unsupported). */
bool dpm_read_all(struct dpmdb *dpmdb, struct holdings *holdings, struct err *err);

/* Sends the records; *completeness is partial where some may be missing. False: the backup server has no name. */
bool dpm_read_emit(const struct dpmdb *dpmdb, struct holdings *holdings, int *completeness, struct err *err);

#endif
