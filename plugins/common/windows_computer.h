/* The computer itself: name, domain, model, identity, addresses. */
#ifndef WINDOWS_COMPUTER_H
#define WINDOWS_COMPUTER_H

#include "windows.h"

/* Win32_ComputerSystem and Win32_ComputerSystemProduct: vital, as the computer's key comes of them: its SMBIOS UUID,
 * else its name. After windows_os. */
extern const struct windows_section windows_computer;

extern const struct windows_section windows_bios;      /* hardware.serial */
extern const struct windows_section windows_enclosure; /* hardware.asset_tag */

/* Addresses of the adapters that have some. */
extern const struct windows_section windows_network;

/* What the registry says: the DNS suffix, which need not be the domain's name (id.fqdn is corrected by it), the
 * organisational unit, and of a virtual machine of Hyper-V its GUID and its host. After those above. */
extern const struct windows_section windows_place;

#endif
