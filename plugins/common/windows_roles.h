/* Installed roles and features, by names that are the same in every language: those that matter to protection. */
#ifndef WINDOWS_ROLES_H
#define WINDOWS_ROLES_H

#include "windows.h"

/* os.roles and hyperv.role. Win32_OptionalFeature since Windows Server 2008 R2 and Windows 7; before,
 * Win32_ServerFeature of servers. After windows_os. */
extern const struct windows_section windows_roles;

/* The same of what is older. */
extern const struct windows_section windows_roles_2008;

#endif
