/* Names of targets, as people ask for them. */
#ifndef TARGET_NAME_H
#define TARGET_NAME_H

#include <stdbool.h>

/* Whether the pattern (pattern.h) fits the name, or that of the entry whose hosts are targets: NAME, of NAME/HOST. */
bool target_name_fits(const char *pattern, const char *name);

#endif
