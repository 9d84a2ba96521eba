/* The schema, as numbered steps. Step N brings a database of version N - 1 to version N; a step is never changed once
 * it was released. */
#ifndef SCHEMA_H
#define SCHEMA_H

#include "err.h"

struct sql;

#define SCHEMA_APPLICATION 0x6d757374 /* "must": PRAGMA application_id */
#define SCHEMA_VERSION 1              /* PRAGMA user_version of what this program writes */

/* The statements of step `version`, 1 to SCHEMA_VERSION. */
const char *schema_step(int version);

#endif
