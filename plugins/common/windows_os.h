/* Which Windows it is: version, build, service pack, edition, kind, architecture; and what only the registry tells. */
#ifndef WINDOWS_OS_H
#define WINDOWS_OS_H

#include "windows.h"

/* Win32_OperatingSystem: vital, and the first of all, as the others ask for its version. */
extern const struct windows_section windows_os;

/* InstallationType, release and revision; needs windows_os. */
extern const struct windows_section windows_release;

#endif
