/* Azure Backup Server and Data Protection Manager, by the registry and the versions of their files: the server, or the
 * protection agent of one. */
#ifndef BACKUP_H
#define BACKUP_H

#include "windows.h"

/* On a server a record of kind backup_server, whose DPMDB is where the registry says. On what it protects
 * backup.agent_* of the computer. */
extern const struct windows_section backup_section;

#endif
