/* What the account must be allowed for a scan of a Windows computer: proven one by one by doctor; in words: README.md.
 */
#ifndef RIGHTS_H
#define RIGHTS_H

#include "wsman_doctor.h"

extern const struct wsman_doctor_right rights_needed[];
extern const size_t rights_count;

#endif
