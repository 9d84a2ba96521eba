/* What the doctor proves beyond a login: that the database is there, and each object that is read, by the columns that
 * it shows and the right to read it. Nothing of them is read: views cost the server. */
#ifndef DPM_RIGHTS_H
#define DPM_RIGHTS_H

#include "err.h"
#include "muster_plugin.h"

#include <stdbool.h>

/* All steps, those of mssql_doctor.h among them. False: the credential was refused. */
bool dpm_rights_doctor(struct muster *m, struct err *err);

#endif
