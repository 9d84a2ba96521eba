/* What the login must be allowed, proven right by right, with the grant that mends it. */
#ifndef SQL_DOCTOR_H
#define SQL_DOCTOR_H

#include "mssql_doctor.h"

/* context is the configured host. */
void sql_doctor_examine(void *context, struct muster *m, const char *label, const struct sql_scout_instance *found,
                        struct mssql *mssql);

#endif
