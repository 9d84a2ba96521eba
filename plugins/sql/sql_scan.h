/* A scan: the instances of one computer, or of one failover cluster instance's name. */
#ifndef SQL_SCAN_H
#define SQL_SCAN_H

#include "err.h"
#include "mssql.h"
#include "muster_plugin.h"
#include "sql_scout.h"

#include <stdbool.h>

/* Finds the instances, looks at each and sends it. Each is logged into once with the one credential; the first that
 * refuses it ends all logins, and muster_refused() tells. What cannot be logged into, for whatever reason, is recorded
 * as it is seen from outside. False: the scan fails: nothing is there. */
bool sql_scan(struct muster *m, const struct mssql_settings *settings, const struct sql_scout_settings *scout,
              int *completeness, struct err *err);

#endif
