/* Files of databases: where they lie, and how large they are. */
#ifndef FILES_H
#define FILES_H

#include "sql_section.h"

/* After the databases and the volumes. Files of a database that was not shown tell that one was kept back. */
extern const struct section files_section;

#endif
