/* What the account must be allowed for a scan of a Hyper-V host: proven one by one by doctor; in words: README.md. */
#ifndef HYPERV_RIGHTS_H
#define HYPERV_RIGHTS_H

#include "wsman_doctor.h"

extern const struct wsman_doctor_right rights_needed[];
extern const size_t rights_count;

#endif
