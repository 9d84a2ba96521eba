/* Installed updates. */
#ifndef WINDOWS_HOTFIXES_H
#define WINDOWS_HOTFIXES_H

#include "windows.h"

/* Win32_QuickFixEngineering: the numbers alone, for their dates are texts in the language of the computer. */
extern const struct windows_section windows_hotfixes;

#endif
