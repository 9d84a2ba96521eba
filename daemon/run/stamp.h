/* Which files a process was started from: to notice that they are others now.
 *
 * A file is told by its device, number, size and time of its last change. One that is not there is one more state, so
 * that its coming and its going are changes too. */
#ifndef STAMP_H
#define STAMP_H

#include <stdbool.h>
#include <stddef.h>

struct stamp;

/* Looks at the files now. The paths are copied. */
struct stamp *stamp_create(const char *const *paths, size_t count);
void stamp_destroy(struct stamp *stamp);

/* Whether every file is still what it was. */
bool stamp_is_current(const struct stamp *stamp);

#endif
