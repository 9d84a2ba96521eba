/* SharePoint by the registry: version, and which farm. */
#ifndef SHAREPOINT_H
#define SHAREPOINT_H

#include "windows.h"

/* sharepoint.version of the computer, and a record of kind sharepoint_farm that it is hosted on. The farm's key is the
 * GUID of its configuration database, else the database's name, else the computer's key: the account may not read the
 * former (sharepoint.farm_key in README.md). What the farm holds is in its databases: unread. */
extern const struct windows_section sharepoint_section;

#endif
