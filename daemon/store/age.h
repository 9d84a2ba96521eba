/* How old what a target said may be, and from when on it is stale. Of the store alone. */
#ifndef AGE_H
#define AGE_H

/* In milliseconds, of the row t of the table target. */
#define AGE_MOST "coalesce(t.max_age_ms, 3 * t.every_ms)"

#endif
