/* Exchange by the registry: version and roles. */
#ifndef EXCHANGE_H
#define EXCHANGE_H

#include "windows.h"

/* A record of kind exchange_server where roles of it are installed, not tools alone. Its databases and its group are in
 * Active Directory, which is not read: unread, but for what a computer that is no node of a cluster cannot have. After
 * windows_cluster. */
extern const struct windows_section exchange_section;

#endif
