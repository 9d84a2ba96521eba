/* What is installed beside Windows that rules ask for: Windows Management Framework, the Visual C++ runtime. */
#ifndef SOFTWARE_H
#define SOFTWARE_H

#include "windows.h"

extern const struct windows_section software_wmf;

/* Of Windows Server 2012 and 2012 R2 only, which are all that a rule asks about. */
extern const struct windows_section software_runtime;

#endif
