/* Instances of SQL Server by the registry: offered to the plugin that can look into them, and no record of our own, for
 * their versions in the registry lag behind. */
#ifndef SQL_INSTANCES_H
#define SQL_INSTANCES_H

#include "windows.h"

/* Offers each with the name by which this computer was reached, and its fixed or last port where the registry tells. */
extern const struct windows_section sql_instances_section;

#endif
